"""Vårdnav: the open system a Swedish region runs its primary care on."""
