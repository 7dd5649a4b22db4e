"""Who has read or changed my data: by day, by unit, newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render

from vardnav.audit.selectors import Entry
from vardnav.kernel.actor import ActorKind
from vardnav.patients import selectors as patients
from vardnav.patients.selectors import Card
from vardnav.web import clock
from vardnav.web.frame.formats import local_date
from vardnav.web.request import Request, page
from vardnav.web.resident.log_words import deed, where, who, why
from vardnav.web.resident.subject import subject_of


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody did in one minute, in words; `times` lines of the log say the same."""

    at: datetime
    who: str
    deed: str
    why: str
    denied: bool
    times: int


@dataclass(frozen=True, slots=True)
class AtUnit:
    unit: str
    lines: list[Said]


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    units: list[AtUnit]


@page(ActorKind.RESIDENT)
def my_log(request: Request, child_id: int | None = None) -> HttpResponse:
    by = request.actor
    subject = subject_of(by, child_id)
    unit = request.GET.get("enhet", "")
    everyone = "alla" in request.GET
    log = patients.log_of(
        subject.person_id,
        by=by,
        now=clock.now(),
        unit=unit,
        not_mine=not everyone and not unit,
        before=_number(request.GET.get("after")),
    )
    name = _name_of(request, child_id)
    context = {
        "subject": subject,
        "name": name,
        "days": list(by_day(log.entries, by.personal_number or "")),
        "units": log.units,
        "unit": unit,
        "everyone": everyone,
        "next": log.next_before,
        "shown": len(log.entries),
        "paged": "after" in request.GET,
    }
    return render(request, "resident/my_log.html", context)


def _name_of(request: Request, child_id: int | None) -> str:
    if child_id is None:
        return request.actor.name
    card: Card = patients.open_card(child_id, by=request.actor, now=clock.now(), kind="patients.child.read")[0]
    return card.name


def by_day(entries: Iterable[Entry], me: str) -> Iterator[Day]:
    """Lines (newest first) under their day and, within the day, under the unit that stands first in it."""
    for on, of_day in groupby(entries, key=lambda entry: local_date(entry.recorded_at)):
        units: dict[str, list[Entry]] = {}
        for entry in of_day:
            units.setdefault(where(entry), []).append(entry)
        yield Day(on, [AtUnit(unit, list(_say(lines, me))) for unit, lines in units.items()])


def _say(entries: Iterable[Entry], me: str) -> Iterator[Said]:
    """The same done again within the minute is told once, with its number of times."""

    def told(entry: Entry) -> tuple[datetime, str, str, str, bool]:
        minute = entry.recorded_at.replace(second=0, microsecond=0)
        return minute, who(entry, me), deed(entry), why(entry), entry.outcome == "denied"

    for words, alike in groupby(entries, key=told):
        yield Said(*words, times=len(list(alike)))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
