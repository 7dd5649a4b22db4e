"""Pages: search."""

from django.urls import path

from vardnav.web.search import views

urlpatterns = [path("sok/", views.search, name="search")]
