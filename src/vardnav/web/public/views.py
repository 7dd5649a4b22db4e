"""Pages that anybody may read: help, how data is handled, accessibility, what Vårdnav is."""

from importlib.metadata import version
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from vardnav.listing.rules import ListingParameters
from vardnav.parameters.selectors import in_force
from vardnav.patients.rules import GuardianParameters
from vardnav.web import clock
from vardnav.web.request import open_to_all

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TOPICS: dict[str, "_StrPromise"] = {
    "vardcentral": _("Välja och byta vårdcentral"),
    "fast-lakare": _("Fast läkare"),
    "ko": _("När en vårdcentral är full"),
    "barn": _("Barn och vårdnadshavare"),
    "vem-har-last": _("Vem har läst mina uppgifter"),
    "skyddade-uppgifter": _("Skyddade personuppgifter"),
}


@open_to_all()
def help_index(request: HttpRequest) -> HttpResponse:
    return render(request, "public/help.html", {"topics": TOPICS.items()})


@open_to_all()
def help_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """One subject, with the region's values of today in the text."""
    if topic not in TOPICS:
        raise Http404
    today = clock.today()
    context = {
        "topic": topic,
        "title": TOPICS[topic],
        "others": [(slug, title) for slug, title in TOPICS.items() if slug != topic],
        "listing": in_force(ListingParameters, today),
        "ages": in_force(GuardianParameters, today),
    }
    return render(request, "public/topic.html", context)


@open_to_all()
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "public/about.html", {"version": version("vardnav")})


@open_to_all()
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html", {"contact": contact()})


@open_to_all()
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html", {"contact": contact()})


def contact() -> str:
    """The region's address for questions about these pages; empty where none is set."""
    return str(settings.CONTACT_EMAIL)
