from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "vardnav.patients"
    label = "patients"
