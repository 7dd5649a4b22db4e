from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "vardnav.reviews"
    label = "reviews"
