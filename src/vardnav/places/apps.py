from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "vardnav.places"
    label = "places"
