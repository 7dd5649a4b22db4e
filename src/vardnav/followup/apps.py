from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "vardnav.followup"
    label = "followup"
