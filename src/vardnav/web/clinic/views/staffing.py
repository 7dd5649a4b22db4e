"""Bemanning: everyone employed today, and what the doctors can carry."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from vardnav.kernel.actor import Role
from vardnav.listing import selectors
from vardnav.organisation.rules import EmploymentRole, Profession
from vardnav.organisation.selectors import Staffed, staff_of
from vardnav.web import clock
from vardnav.web.request import Request, page

ROLES = list(EmploymentRole)


@dataclass(frozen=True, slots=True)
class Group:
    """Those of one profession, and what they make in full-time posts."""

    profession: Profession
    people: list[Staffed]

    @property
    def full_time(self) -> Decimal:
        return sum((one.share for one in self.people), Decimal(0))


@page(Role.CLINIC_HEAD)
def staffing(request: Request) -> HttpResponse:
    on = localdate(clock.now())
    clinic_id = selectors.own_clinic_id(request.actor)
    panel = selectors.panel(clinic_id, on=on)
    people = staff_of(clinic_id, on)
    doctors = [one for one in people if one.profession is Profession.DOCTOR]
    context = {
        "panel": panel,
        "panels": {one.doctor.id: one for one in panel.doctors},
        "doctors": sorted(doctors, key=lambda one: ROLES.index(one.role)),
        "groups": _groups(one for one in people if one.profession is not Profession.DOCTOR),
        "full_time": {role: sum((one.share for one in doctors if one.role is role), Decimal(0)) for role in ROLES},
        "heads": {role: sum(one.role is role for one in doctors) for role in ROLES},
        "handovers": {one.doctor_id: one for one in selectors.handovers(clinic_id, on=on)},
        "on": on,
    }
    return render(request, "clinic/staffing.html", context)


def _groups(people: Iterable[Staffed]) -> list[Group]:
    order = list(Profession)
    ordered = sorted(people, key=lambda one: order.index(one.profession))
    return [Group(profession, list(those)) for profession, those in groupby(ordered, key=lambda one: one.profession)]
