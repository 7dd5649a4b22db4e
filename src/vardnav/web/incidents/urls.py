"""Pages: incidents."""

from django.urls import path

from vardnav.web.incidents import views

urlpatterns = [
    path("incidenter/", views.incidents, name="incidents"),
    path("incidenter/ny/", views.new, name="incident_new"),
    path("incidenter/<int:incident_id>/", views.incident, name="incident"),
    path("incidenter/<int:incident_id>/bedomning/", views.assess, name="incident_assess"),
    path("incidenter/<int:incident_id>/anteckning/", views.note, name="incident_note"),
    path("incidenter/<int:incident_id>/skickat/<slug:step>/", views.send, name="incident_send"),
    path("incidenter/<int:incident_id>/avsluta/", views.close, name="incident_close"),
    path("incidenter/<int:incident_id>/dokument.json", views.document, name="incident_document"),
]
