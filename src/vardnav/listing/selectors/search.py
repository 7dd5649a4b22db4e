"""Staff find their clinic's own by name, and anybody by the whole number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.kernel.actor import Actor
from vardnav.kernel.personal_number import NotAPersonalNumber, parse
from vardnav.listing.selectors.people import Listed, Wanted, listed_people, own_people_at
from vardnav.patients.rules import Relation
from vardnav.patients.selectors import id_of_number, open_card, relation_of


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Somebody found. Outside the unit only that the number exists shows, until a need is stated."""

    person_id: int
    name: str
    personal_number: str
    birth_date: date | None
    protected: bool
    needs_reason: bool


@transaction.atomic
def find_people(query: str, *, by: Actor, now: datetime, most: int = 20) -> Sequence[SearchHit]:
    """Staff find their clinic's own by name, and anybody by the whole personal number.

    Raises NotYourClinic.
    """
    own_people_at(by)
    try:
        number = parse(query, localdate(now))
    except NotAPersonalNumber:
        if len(query.strip()) < 2:
            return []
        return [_hit(row) for row in listed_people(by=by, now=now, wanted=Wanted(name=query), most=most)]
    person_id = id_of_number(number.value)
    if person_id is None:
        return []
    if relation_of(person_id, by=by, now=now) in (Relation.UNIT, Relation.NEED):
        card, _ = open_card(person_id, by=by, now=now)
        return [SearchHit(card.id, card.name, card.personal_number, card.birth_date, card.protected, False)]
    audit.record("patients.search.hit", by=by, now=now, activity=Activity.READ, patient_id=person_id)
    return [SearchHit(person_id, "", number.value, None, protected=False, needs_reason=True)]


def _hit(row: Listed) -> SearchHit:
    return SearchHit(row.person_id, row.name, row.personal_number, row.birth_date, row.protected, False)
