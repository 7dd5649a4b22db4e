"""Find a clinic, and the page of one. Open to all; who is logged in also sees the travel time from home."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vardnav.kernel.actor import Actor, ActorKind
from vardnav.kernel.point import Point
from vardnav.listing import selectors as listing
from vardnav.listing.selectors import ClinicRow, MyCare
from vardnav.listing.selectors.clinics import Order
from vardnav.organisation.selectors import languages_of_clinics
from vardnav.patients import selectors as patients
from vardnav.places import selectors as places
from vardnav.web import clock
from vardnav.web.frame.formats import minutes
from vardnav.web.request import Request, open_to_all, page
from vardnav.web.resident.forms import FindForm
from vardnav.web.resident.subject import Subject, subject_of, url_for

AT_A_TIME = 20
MOST = 100  # cards on one page: whoever wants more narrows the search
A_DAY = 24 * 3600


@open_to_all()
def find_clinic(request: Request) -> HttpResponse:
    return _found(request, reader(request))


@page(ActorKind.RESIDENT)
def child_find_clinic(request: Request, child_id: int) -> HttpResponse:
    return _found(request, subject_of(request.actor, child_id))


def reader(request: Request) -> Subject | None:
    """The resident who is logged in; None for staff and for nobody."""
    actor: Actor | None = request.actor
    return subject_of(actor) if actor and actor.kind is ActorKind.RESIDENT else None


@dataclass(frozen=True, slots=True)
class Search:
    form: FindForm
    rows: list[ClinicRow]
    has_travel: bool
    from_home: bool


def search(request: Request, subject: Subject | None, with_doctors: int) -> Search:
    home = None
    if subject is not None:
        home = patients.home_of(subject.person_id, by=request.actor, now=clock.now())
    on, municipalities = clock.today(), places.municipalities()
    form = FindForm(
        request.GET,
        municipalities=[(one.code, one.name) for one in municipalities],
        languages=languages_of_clinics(on),
        from_home=home is not None,
    )
    chosen = next((one for one in municipalities if one.code == form.asked("fran")), None)
    origin = Point(chosen.latitude, chosen.longitude) if chosen else home
    rows = listing.find_clinics(
        on=on,
        home=origin,
        query=form.asked("q"),
        language=form.asked("sprak"),
        only_with_room=bool(form.asked("plats")),
        order=Order(form.asked("ordning") or Order.TRAVEL),
        with_doctors=with_doctors,
    )
    return Search(form, rows, has_travel=origin is not None, from_home=home is not None)


def _found(request: Request, subject: Subject | None) -> HttpResponse:
    most = min(max(_number(request.GET.get("visa")), AT_A_TIME), MOST)
    found = search(request, subject, with_doctors=most)
    shown = min(most, len(found.rows))
    query = request.GET.copy()
    query.pop("visa", None)
    more = query.copy()
    more["visa"] = str(shown + AT_A_TIME)
    context: dict[str, Any] = {
        "search": found,
        "form": found.form,
        "subject": subject,
        "rows": found.rows[:shown],
        "count": len(found.rows),
        "more": more.urlencode() if shown < len(found.rows) else "",
        "query": query.urlencode(),
        "asked": any(found.form.asked(name) for name in ("q", "sprak", "plats")),
    }
    if subject is not None and subject.is_child:
        context["name"] = _name_of_child(request, subject)
    return render(request, "resident/find_clinic.html", context)


def _name_of_child(request: Request, subject: Subject) -> str:
    return patients.open_card(subject.person_id, by=request.actor, now=clock.now(), kind="patients.child.read")[0].name


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0


@open_to_all()
def clinic_points(request: Request) -> HttpResponse:
    """The clinics that the list shows, as points for the map."""
    return _points(request, reader(request))


@page(ActorKind.RESIDENT)
def child_clinic_points(request: Request, child_id: int) -> HttpResponse:
    return _points(request, subject_of(request.actor, child_id))


def _points(request: Request, subject: Subject | None) -> HttpResponse:
    about = subject if subject and subject.is_child else None
    features = [_point(row, about) for row in search(request, subject, with_doctors=0).rows]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _point(row: ClinicRow, about: Subject | None) -> dict[str, Any]:
    label = [_room(row)]
    if row.minutes is not None:
        label.insert(0, minutes(row.minutes))
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row.longitude, row.latitude]},
        "properties": {
            "name": row.name,
            "href": url_for(about, "clinic_page", clinic_id=row.id),
            "label": ", ".join(label),
            "status": "success" if row.has_room else "warning",
        },
    }


def _room(row: ClinicRow) -> str:
    if row.has_room:
        return _("Har plats")
    if not row.waiting:
        return _("Full")
    return ngettext("%(n)s står i kö", "%(n)s står i kö", row.waiting) % {"n": row.waiting}


@open_to_all()
def municipality_shapes(_request: Request) -> HttpResponse:
    """The municipalities' boundaries, the map's ground; they change once in a decade."""
    features = [
        {"type": "Feature", "geometry": one.boundary, "properties": {"name": one.name}} for one in places.boundaries()
    ]
    answer = JsonResponse({"type": "FeatureCollection", "features": features})
    answer["Cache-Control"] = f"public, max-age={A_DAY}"
    return answer


@open_to_all()
def clinic_page(request: Request, clinic_id: int) -> HttpResponse:
    return _clinic(request, clinic_id, reader(request))


@page(ActorKind.RESIDENT)
def child_clinic_page(request: Request, clinic_id: int, child_id: int) -> HttpResponse:
    return _clinic(request, clinic_id, subject_of(request.actor, child_id))


def _clinic(request: Request, clinic_id: int, subject: Subject | None) -> HttpResponse:
    care: MyCare | None = None
    if subject is not None:
        care = listing.my_care(subject.person_id, by=request.actor, now=clock.now())
    on = clock.today()
    clinic = listing.clinic_card(clinic_id, on=on, home=care.home if care else None)
    if clinic is None:
        raise Http404
    context = {
        "clinic": clinic,
        "doctors": listing.panel(clinic_id, on=on).doctors,
        "care": care,
        "subject": subject,
        "may_begin": request.actor is None or request.actor.kind is ActorKind.RESIDENT,
    }
    return render(request, "resident/clinic_page.html", context)
