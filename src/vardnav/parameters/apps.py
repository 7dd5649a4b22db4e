from django.apps import AppConfig


class ParametersConfig(AppConfig):
    name = "vardnav.parameters"
    label = "parameters"
