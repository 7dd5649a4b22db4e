"""Everything a unit's staff did in a month, with the facts that the rules of risk compare: a handful of statements."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from vardnav.audit import selectors as audit
from vardnav.audit.selectors import Trace
from vardnav.organisation import selectors as organisation
from vardnav.patients import selectors as patients
from vardnav.patients.selectors import Traits
from vardnav.reviews.models import Flag
from vardnav.reviews.rules import LISTS, Patient, ReviewParameters, Seen, Staff, bounds_of, ends_on
from vardnav.reviews.rules.month import SWEDEN
from vardnav.reviews.rules.risks import Name, Span


def facts_of_month(unit_hsa_id: str, month: date, p: ReviewParameters) -> list[tuple[Trace, Seen, str]]:
    """Each line with its facts, and the name of what the unit had to do with the patient that day, in the log's order.

    Call it as a program: it reads residents whom nobody here has a relation to.
    """
    traces = audit.traces_of_unit(unit_hsa_id, *bounds_of(month))
    ids = {one.patient_id for one in traces}
    since, until = month - timedelta(days=p.review_contact_days), ends_on(month)
    contacts = patients.contacts_of(ids, unit_hsa_id, since, until)
    people = _people(ids)
    staff = _staff(traces)
    colleagues = frozenset(_small(name) for name in organisation.names_at(unit_hsa_id, month, until))
    days = {one.id: one.recorded_at.astimezone(SWEDEN).date() for one in traces}
    opened = {(one.user_id, days[one.id], one.patient_id) for one in traces if one.kind not in LISTS}
    that_day = Counter((user, on) for user, on, _ in opened)
    found = []
    for one in traces:
        on, had = days[one.id], contacts.get(one.patient_id, [])
        seen = Seen(
            line_id=one.id,
            on=on,
            kind=one.kind,
            patient=people.get(one.patient_id) or Patient(one.patient_id, ("", "", 0)),
            staff=staff[one.user_id],
            colleagues=colleagues,
            contacts=tuple(span for _, span in had),
            patients_that_day=that_day[one.user_id, on],
            emergency=one.emergency,
            denied=one.denied,
            many=p.review_many_patients,
            contact_days=p.review_contact_days,
        )
        found.append((one, seen, _that_day(had, on)))
    return found


def _that_day(had: list[tuple[str, Span]], on: date) -> str:
    """The relation on the day itself; a need only where nothing else held."""
    names = [name for name, (start, end) in had if start <= on and (end is None or end > on)]
    return next((name for name in names if name != "need"), names[0] if names else "")


def _people(ids: Iterable[int]) -> dict[int, Patient]:
    flagged = set(Flag.objects.filter(ended_at__isnull=True).values_list("person_id", flat=True))
    return {
        one.id: Patient(one.id, _name_of(one), one.household, one.address, one.protected, one.id in flagged)
        for one in patients.traits_of(list(ids)).values()
    }


def _staff(traces: list[Trace]) -> dict[str, Staff]:
    """Names from the professional's record where there is one; else what the account is called, and no year."""
    called = {one.user_id: one.user_name for one in traces}
    known = {hsa_id: _small(name) for hsa_id, name in organisation.names_of(called).items()}
    homes: dict[Name, list[Traits]] = {}
    for one in patients.namesakes_of(set(known.values())):
        homes.setdefault(_name_of(one), []).append(one)
    found = {}
    for user_id, full_name in called.items():
        first, _, last = full_name.lower().rpartition(" ")
        name = known.get(user_id, (first, last, 0))
        here = homes.get(name, [])
        found[user_id] = Staff(
            user_id,
            name,
            frozenset(one.household for one in here if one.household),
            frozenset(one.address for one in here if one.address),
        )
    return found


def _name_of(one: Traits) -> Name:
    return (one.first_name, one.last_name, one.birth_year)


def _small(name: Name) -> Name:
    return (name[0].lower(), name[1].lower(), name[2])
