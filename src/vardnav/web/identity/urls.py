from django.urls import path

from vardnav.web.identity import views

urlpatterns = [
    path("", views.start, name="start"),
    path("logga-in/", views.login, name="login"),
    path("logga-ut/", views.logout, name="logout"),
    path("uppdrag/", views.assignments, name="assignments"),
]
