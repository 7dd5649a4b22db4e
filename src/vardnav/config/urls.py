"""All routes."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from vardnav.config.health import alive, healthz, show_metrics

handler400 = "vardnav.config.broken.bad_request"
handler500 = "vardnav.config.broken.page"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("healthz/alive", alive, name="alive"),
    path("metrics", show_metrics, name="metrics"),
    path("sprak/", include("django.conf.urls.i18n")),
    path("api/", include("vardnav.api.urls")),
    path("", include("vardnav.web.urls")),
]
if settings.DEMO:  # elsewhere it cannot even be imported
    urlpatterns.insert(0, path("testlegitimation/", include("vardnav.web.testidp.urls")))
