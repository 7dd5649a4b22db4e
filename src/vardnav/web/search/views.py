"""Search: people (for clinics' staff), clinics and pages, in groups.

A personal number never stands in an address, where logs and histories keep it: the form posts, and a number in an
address is refused.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from vardnav.kernel.actor import Actor, Role
from vardnav.kernel.personal_number import NotAPersonalNumber, parse
from vardnav.listing.selectors import find_people
from vardnav.listing.selectors.clinics import swedish_key
from vardnav.organisation.selectors import clinics
from vardnav.web import clock
from vardnav.web.request import EVERYONE, Request, page
from vardnav.web.search.pages import find_pages

LIKE_A_NUMBER = re.compile(r"\d{6,8}[-+ ]?(\d{4}|R\d{3})", re.IGNORECASE)
PEOPLE_SHOWN = 20
CLINICS_SHOWN = 12
FINDS_PEOPLE = (Role.CLINIC_STAFF, Role.CLINIC_HEAD)


@dataclass(frozen=True, slots=True)
class ClinicHit:
    name: str
    place: str
    phone: str
    url: str


@page(*EVERYONE, methods="GET POST")
def search(request: Request) -> HttpResponse:
    asked = request.POST.get("q", "") if request.method == "POST" else request.GET.get("q", "")
    query = " ".join(asked.split())[:80]
    if request.method != "POST" and LIKE_A_NUMBER.search(query.replace(" ", "")):
        messages.warning(
            request, _("Ett personnummer får inte stå i en adress. Skriv det i sökrutan i stället, så sparas det inte.")
        )
        return redirect("web:search")
    return render(request, "search/search.html", _found(query, request.actor))


def _found(query: str, actor: Actor) -> dict[str, Any]:
    now = clock.now()
    finds_people = actor.role in FINDS_PEOPLE
    number = _number(query, clock.today())
    people = find_people(query, by=actor, now=now, most=PEOPLE_SHOWN) if finds_people and query else []
    units = [] if number or len(query) < 2 else _clinics(query, actor)
    pages = [] if number else find_pages(query, actor)
    return {
        "q": query,
        "finds_people": finds_people,
        "is_number": number == "number",
        "is_wrong_number": number == "wrong",
        "people": people,
        "may_be_more": len(people) == PEOPLE_SHOWN,
        "clinics": units,
        "pages": pages,
        "found": len(people) + len(units) + len(pages),
    }


def _number(query: str, today: date) -> str:
    """ "number", "wrong" (looks like one and is not), or "" for text."""
    try:
        parse(query, today)
    except NotAPersonalNumber:
        return "wrong" if LIKE_A_NUMBER.fullmatch(query.replace(" ", "")) else ""
    return "number"


def _clinics(query: str, actor: Actor) -> list[ClinicHit]:
    """Clinics whose name, town or municipality has every word, with the page the actor may open."""
    words = swedish_key(query).split()
    found = []
    for unit in clinics(localdate(clock.now())):
        text = swedish_key(f"{unit.name} {unit.city or ''} {unit.municipality.name}")
        if all(word in text for word in words):
            place = ", ".join(part for part in (unit.municipality.name, unit.address) if part)
            found.append(ClinicHit(unit.name, place, unit.phone or "", _clinic_url(unit.id, actor)))
    return found[:CLINICS_SHOWN]


def _clinic_url(clinic_id: int, actor: Actor) -> str:
    """Planners look at a clinic's figures; everybody else at the page that is open to all."""
    name = "web:region_clinic" if actor.role is Role.REGION_PLANNER else "web:clinic_page"
    return reverse(name, args=[clinic_id])
