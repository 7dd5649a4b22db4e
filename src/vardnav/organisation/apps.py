from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "vardnav.organisation"
    label = "organisation"
