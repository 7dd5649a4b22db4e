from django.urls import path

from vardnav.web.testidp import views

app_name = "testidp"
urlpatterns = [
    path(".well-known/openid-configuration", views.metadata, name="metadata"),
    path("jwks", views.jwks, name="jwks"),
    path("token", views.token, name="token"),
    path("authorize", views.authorize, name="authorize"),
    path("end-session", views.end_session, name="end_session"),
]
