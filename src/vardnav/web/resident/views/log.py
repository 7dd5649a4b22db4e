"""Who has read or changed my data: by day, by unit, newest first."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from vardnav.audit.selectors import Entry
from vardnav.kernel.actor import ActorKind
from vardnav.organisation import selectors as organisation
from vardnav.organisation.selectors import Reach
from vardnav.patients import selectors as patients
from vardnav.patients.selectors import Card
from vardnav.web import clock
from vardnav.web.frame.formats import local_date
from vardnav.web.request import Request, page
from vardnav.web.resident.log_words import deed, where, who, why
from vardnav.web.resident.subject import subject_of

Units = dict[str, Reach]
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run as a formula


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody did in one minute, in words; `times` lines of the log say the same."""

    at: datetime
    who: str
    deed: str
    why: str
    denied: bool
    emergency: bool
    whose: str  # the unit whose data it was, where that was another
    times: int


@dataclass(frozen=True, slots=True)
class AtUnit:
    """What a unit did that day; how to reach it, and the care provider that answers for it."""

    unit: str
    provider: str
    phone: str
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
        "days": list(by_day(log.entries, by.personal_number or "", _units(log.entries))),
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


@page(ActorKind.RESIDENT)
def my_log_file(request: Request, child_id: int | None = None) -> HttpResponse:
    """The whole log as a file (Patient Data Act 8:5), each line by itself."""
    by = request.actor
    subject = subject_of(by, child_id)
    log = patients.log_of(subject.person_id, by=by, now=clock.now(), whole=True)
    units, me = _units(log.entries), by.personal_number or ""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(
        [
            *(_("Tid"), _("Enhet"), _("Vårdgivare"), _("Vem"), _("Vad"), _("Varför"), _("Nödsituation"), _("Nekades")),
            _("Uppgifter från"),
        ]
    )
    writer.writerows([_cell(value) for value in _cells(entry, units, me)] for entry in log.entries)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="vem-har-last.csv"'
    return answer


def _cells(entry: Entry, units: Units, me: str) -> list[str]:
    at = timezone.localtime(entry.recorded_at)
    return [
        f"{at:%Y-%m-%d %H:%M:%S}",
        where(entry),
        _provider(entry, units),
        who(entry, me),
        deed(entry),
        why(entry),
        _("Ja") if entry.emergency else "",
        _("Ja") if entry.outcome == "denied" else "",
        _whose(entry, units),
    ]


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(DANGEROUS) else value


def _units(entries: Iterable[Entry]) -> Units:
    """The units that a page of the log names."""
    named = {entry.unit_hsa_id for entry in entries} | {entry.resource_unit_hsa_id for entry in entries}
    return organisation.reach(named - {""})


def _provider(entry: Entry, units: Units) -> str:
    return units[entry.unit_hsa_id].provider if entry.unit_hsa_id in units else ""


def _whose(entry: Entry, units: Units) -> str:
    """Named only where somebody read what another unit had."""
    other = entry.resource_unit_hsa_id
    return units[other].name if other in units and other != entry.unit_hsa_id and entry.unit_hsa_id else ""


def by_day(entries: Iterable[Entry], me: str, known: Units) -> Iterator[Day]:
    """Lines (newest first) under their day and, within the day, under the unit that stands first in it."""
    for on, of_day in groupby(entries, key=lambda entry: local_date(entry.recorded_at)):
        units: dict[str, list[Entry]] = {}
        for entry in of_day:
            units.setdefault(where(entry), []).append(entry)
        yield Day(on, [_at_unit(unit, lines, me, known) for unit, lines in units.items()])


def _at_unit(unit: str, lines: list[Entry], me: str, known: Units) -> AtUnit:
    there = known.get(lines[0].unit_hsa_id)
    return AtUnit(unit, there.provider if there else "", there.phone if there else "", list(_say(lines, me, known)))


def _say(entries: Iterable[Entry], me: str, known: Units) -> Iterator[Said]:
    """The same done again within the minute is told once, with its number of times."""

    def told(entry: Entry) -> tuple[datetime, str, str, str, bool, bool, str]:
        minute = entry.recorded_at.replace(second=0, microsecond=0)
        denied, whose = entry.outcome == "denied", _whose(entry, known)
        return minute, who(entry, me), deed(entry), why(entry), denied, entry.emergency, whose

    for words, alike in groupby(entries, key=told):
        yield Said(*words, times=len(list(alike)))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
