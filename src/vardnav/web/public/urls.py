from django.urls import path

from vardnav.web.public import views

urlpatterns = [
    path("tillganglighet/", views.accessibility, name="accessibility"),
    path("om/", views.about, name="about"),
    path("dina-uppgifter/", views.privacy, name="privacy"),
    path("hjalp/", views.help_index, name="help"),
    path("hjalp/<slug:topic>/", views.help_topic, name="help_topic"),
]
