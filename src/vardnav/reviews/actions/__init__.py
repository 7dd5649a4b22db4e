"""The only writers of reviews."""

from vardnav.reviews.actions.draw import draw_extra, draw_month, draw_review
from vardnav.reviews.actions.flags import flag, unflag
from vardnav.reviews.actions.judge import answer, finish, judge, report_incident
from vardnav.reviews.actions.remind import remind

__all__ = [
    "answer",
    "draw_extra",
    "draw_month",
    "draw_review",
    "finish",
    "flag",
    "judge",
    "remind",
    "report_incident",
    "unflag",
]
