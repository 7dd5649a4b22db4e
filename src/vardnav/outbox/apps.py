from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "vardnav.outbox"
    label = "outbox"
