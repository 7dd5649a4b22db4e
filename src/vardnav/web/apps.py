from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "vardnav.web"
    label = "web"
    verbose_name = "Vårdnav"

    def ready(self) -> None:
        from vardnav.web import checks  # noqa: F401 - registers what `check --deploy` asks
