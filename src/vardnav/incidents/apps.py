from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "vardnav.incidents"
    label = "incidents"
