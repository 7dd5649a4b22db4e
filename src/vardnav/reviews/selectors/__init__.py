"""The doors to reviews: lists and figures for those who follow, lines for those who judge."""

from vardnav.reviews.selectors.desk import Desk, Item, Shown, desk, shown_patient
from vardnav.reviews.selectors.facts import facts_of_month
from vardnav.reviews.selectors.follow import (
    Asked,
    Figures,
    Row,
    Waiting,
    asked_of,
    figures,
    flags,
    is_regional_reviewer,
    review_units,
    reviews,
    waiting_for,
)
from vardnav.reviews.selectors.own import of_sampled

__all__ = [
    "Asked",
    "Desk",
    "Figures",
    "Item",
    "Row",
    "Shown",
    "Waiting",
    "asked_of",
    "desk",
    "facts_of_month",
    "figures",
    "flags",
    "is_regional_reviewer",
    "of_sampled",
    "review_units",
    "reviews",
    "shown_patient",
    "waiting_for",
]
