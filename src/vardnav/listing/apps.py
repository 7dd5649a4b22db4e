from django.apps import AppConfig


class ListingConfig(AppConfig):
    name = "vardnav.listing"
    label = "listing"
