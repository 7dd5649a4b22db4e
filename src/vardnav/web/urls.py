"""Every page."""

from django.urls import path

from vardnav.web.admin.urls import urlpatterns as admin
from vardnav.web.clinic.urls import urlpatterns as clinic
from vardnav.web.frame.views import theme
from vardnav.web.identity.urls import urlpatterns as identity
from vardnav.web.incidents.urls import urlpatterns as incidents
from vardnav.web.public.urls import urlpatterns as public
from vardnav.web.region.urls import urlpatterns as region
from vardnav.web.resident.urls import urlpatterns as resident
from vardnav.web.reviews.urls import urlpatterns as reviews
from vardnav.web.search.urls import urlpatterns as search

app_name = "web"
urlpatterns = [
    path("utseende/", theme, name="theme"),
    *identity,
    *public,
    *resident,
    *clinic,
    *search,
    *region,
    *admin,
    *reviews,
    *incidents,
]
