from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "vardnav.live"
    label = "live"
