"""Who may open whose data (Patient Data Act 4:1): role x relation x deed, and how a relation comes and goes."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests import factories
from tests.factories import NOW, TODAY
from tests.patients.access_page import everyone, page
from vardnav.audit.models import Line
from vardnav.kernel.actor import Actor, ActorKind, Role, system
from vardnav.patients import actions, selectors
from vardnav.patients.models import Person
from vardnav.patients.rules import (
    AccessDenied,
    AssuranceTooLow,
    Barrier,
    Deed,
    GuardianParameters,
    NeedNotStated,
    NeedReason,
    Relation,
    Whose,
    age,
    allows,
    check,
    guardian_relation,
    shown,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules" / "access.md"

# Written by hand, so that a change of the table in the code is a change somebody has to want twice.
ALLOWED = """
resident     self       read read_chosen_contacts read_other_units read_log choose block
resident     guardian   read read_chosen_contacts read_other_units read_log choose
resident     guardian_of_teenager read read_other_units choose
clinic_staff unit       read read_chosen_contacts read_other_units choose care block open_hidden
clinic_staff need       read read_other_units choose block open_hidden
clinic_head  unit       read read_chosen_contacts read_other_units choose care block open_hidden
clinic_head  need       read read_other_units choose block open_hidden
"""
TABLE = {(who, relation): set(deeds) for who, relation, *deeds in map(str.split, ALLOWED.strip().splitlines())}
PEOPLE = {name: actor for name, actor in everyone().items() if "service" not in name}


@pytest.mark.parametrize("deed", list(Deed))
@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize("who", list(PEOPLE))
def test_the_table(who: str, relation: Relation, deed: Deed) -> None:
    assert allows(PEOPLE[who], relation, deed) is (deed.value in TABLE.get((who, relation.value), set()))


# Likewise: which unit's data show through what stands between.
SHOWN = """
resident own_unit       none blocked consent emergency ended
resident same_provider  none blocked consent emergency ended
resident other_provider none blocked consent emergency ended
staff    own_unit       none blocked consent emergency ended
staff    same_provider  none consent emergency
staff    other_provider consent emergency
service  own_unit       none
service  same_provider  none
service  other_provider none
"""
SIGHT = {(kind, whose): set(barriers) for kind, whose, *barriers in map(str.split, SHOWN.strip().splitlines())}


@pytest.mark.parametrize("barrier", list(Barrier))
@pytest.mark.parametrize("whose", list(Whose))
@pytest.mark.parametrize("kind", [ActorKind.RESIDENT, ActorKind.STAFF, ActorKind.SERVICE])
def test_the_table_of_sight(kind: ActorKind, whose: Whose, barrier: Barrier) -> None:
    assert shown(kind, whose, barrier) is (barrier.value in SIGHT[kind.value, whose.value])


@pytest.mark.parametrize("assurance", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("who", ["resident", "clinic_staff"])
def test_patient_data_demand_a_login_of_level_three(who: str, assurance: int) -> None:
    by = replace(PEOPLE[who], assurance=assurance)
    relation = Relation.SELF if who == "resident" else Relation.UNIT
    if assurance >= 3:
        check(by, relation, Deed.READ, 1)
        return
    with pytest.raises(AssuranceTooLow):
        check(by, relation, Deed.READ, 1)


@pytest.mark.parametrize("relation", list(Relation))
def test_a_service_does_what_its_scopes_say_whatever_the_relation(relation: Relation) -> None:
    by = everyone()
    assert {deed for deed in Deed if allows(by["service, listing:read"], relation, deed)} == {
        Deed.READ,
        Deed.READ_CHOSEN_CONTACTS,
        Deed.READ_OTHER_UNITS,
    }
    assert {deed for deed in Deed if allows(by["service, listing:write"], relation, deed)} == {Deed.CHOOSE, Deed.CARE}
    assert not [deed for deed in Deed if allows(by["service, organisation:read"], relation, deed)]


def test_the_page_tells_the_table_as_it_is() -> None:
    """If the change is meant: `python -m tests.patients.access_page > docs/rules/access.md`."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2013, 3, 16), date(2026, 3, 15), 12),
        (date(2013, 3, 16), date(2026, 3, 16), 13),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2012, 2, 29), date(2028, 2, 29), 16),
        (date(2025, 12, 31), date(2026, 1, 1), 0),
    ],
)
def test_age_in_whole_years(born: date, on: date, years: int) -> None:
    assert age(born, on) == years


@pytest.mark.parametrize(
    ("years", "relation"),
    [
        (0, Relation.GUARDIAN),
        (12, Relation.GUARDIAN),
        (13, Relation.GUARDIAN_OF_TEENAGER),
        (15, Relation.GUARDIAN_OF_TEENAGER),
        (16, Relation.NONE),
        (17, Relation.NONE),
    ],
)
def test_a_guardian_sees_less_as_the_child_grows(years: int, relation: Relation) -> None:
    assert guardian_relation(years, GuardianParameters()) is relation


# --- How relations come and go -------------------------------------------------------------------


@pytest.fixture
def astrid(db: None) -> Person:
    return factories.person(protected=False)


def relation_of(person: Person, by: Actor, now: object = NOW) -> Relation:
    return selectors.relation_of(person.id, by=by, now=now)  # type: ignore[arg-type]


def test_nobody_is_anything_to_a_stranger(astrid: Person) -> None:
    for by in (factories.resident(factories.person("Bo")), factories.staff(), everyone()["region_planner"]):
        assert relation_of(astrid, by) is Relation.NONE


def test_on_the_thirteenth_birthday_the_guardian_sees_less(astrid: Person) -> None:
    child = factories.person("Elsa", born=date(TODAY.year - 13, TODAY.month, TODAY.day))
    factories.guardianship(child, astrid)
    by = factories.resident(astrid)
    assert relation_of(child, by, NOW - timedelta(days=1)) is Relation.GUARDIAN
    assert relation_of(child, by) is Relation.GUARDIAN_OF_TEENAGER


def test_a_guardianship_that_has_ended_is_no_relation(astrid: Person) -> None:
    child = factories.child()
    factories.guardianship(child, astrid, ends_on=TODAY)
    by = factories.resident(astrid)
    assert relation_of(child, by, NOW - timedelta(days=1)) is Relation.GUARDIAN
    assert relation_of(child, by) is Relation.NONE


def test_a_unit_has_those_who_are_listed_or_wait_there(astrid: Person) -> None:
    clinic, full = factories.clinic(), factories.full_clinic()
    factories.listed(astrid, clinic, since=TODAY + timedelta(days=1))
    factories.queued(astrid, full)
    for at in (clinic, full):
        assert relation_of(astrid, factories.staff(at)) is Relation.UNIT


def test_a_listing_that_has_ended_is_no_relation(astrid: Person) -> None:
    clinic = factories.clinic()
    factories.listed(astrid, clinic, ends_on=TODAY)
    by = factories.staff(clinic)
    assert relation_of(astrid, by, NOW - timedelta(days=1)) is Relation.UNIT
    assert relation_of(astrid, by) is Relation.NONE


def test_a_need_opens_for_one_at_one_unit_and_closes_by_itself(astrid: Person) -> None:
    clinic = factories.clinic()
    sofia, colleague = factories.staff(clinic), factories.staff(clinic, name="Bo")
    actions.state_need(astrid.id, reason=NeedReason.IN_THE_ROOM, text="", by=sofia, now=NOW)
    elsewhere = factories.assignment(factories.Account.objects.get(id=sofia.account_id), at=factories.clinic("Annan"))
    same_person = factories.actor_of(factories.Account.objects.get(id=sofia.account_id), elsewhere)
    assert relation_of(astrid, sofia) is Relation.NEED
    assert relation_of(astrid, colleague) is Relation.NONE
    assert relation_of(astrid, same_person) is Relation.NONE
    assert relation_of(astrid, sofia, NOW + timedelta(hours=8) - timedelta(seconds=1)) is Relation.NEED
    assert relation_of(astrid, sofia, NOW + timedelta(hours=8)) is Relation.NONE


def test_a_stated_need_leaves_its_reason(astrid: Person) -> None:
    by = factories.staff()
    actions.state_need(astrid.id, reason=NeedReason.OTHER, text="Ringer från apoteket", by=by, now=NOW)
    line = Line.objects.get(patient_id=astrid.id)
    assert (line.kind, line.reason, line.user_id) == ("patients.need.stated", "other: Ringer från apoteket", by.hsa_id)


def test_another_reason_must_be_told(astrid: Person) -> None:
    with pytest.raises(NeedNotStated):
        actions.state_need(astrid.id, reason=NeedReason.OTHER, text="vet ej", by=factories.staff(), now=NOW)


@pytest.mark.parametrize("role", [Role.REGION_PLANNER, Role.ADMINISTRATOR])
def test_who_gives_no_care_cannot_state_a_need(astrid: Person, role: Role) -> None:
    for by in (factories.staff(role=role), factories.resident(astrid), system("job")):
        with pytest.raises(AccessDenied):
            actions.state_need(astrid.id, reason=NeedReason.IN_THE_ROOM, text="", by=by, now=NOW)


# --- What is answered ----------------------------------------------------------------------------


def test_a_card_is_read_with_its_line_and_the_relation_in_it(astrid: Person) -> None:
    by = factories.resident(astrid)
    card, relation = selectors.open_card(astrid.id, by=by, now=NOW)
    assert (card.name, relation) == ("Astrid Exempelsson", Relation.SELF)
    line = Line.objects.get()
    assert (line.kind, line.activity, line.patient_id) == ("patients.person.read", "read", astrid.id)
    assert line.details == {"relation": "self"}


def test_without_a_relation_no_card_and_no_line_of_a_read(astrid: Person) -> None:
    with pytest.raises(AccessDenied):
        selectors.open_card(astrid.id, by=factories.staff(), now=NOW)
    assert not Line.objects.exists()


def test_somebody_who_does_not_exist_is_refused_like_a_stranger(db: None) -> None:
    with pytest.raises(AccessDenied):
        selectors.open_card(10**12, by=factories.staff(), now=NOW)


def test_protected_identity_has_no_address_for_anybody(db: None) -> None:
    clinic = factories.clinic()
    hidden = factories.person("Dold Exempel", protected=True)
    factories.listed(hidden, clinic)
    for by in (factories.resident(hidden), factories.staff(clinic), factories.SYSTEM):
        card, _ = selectors.open_card(hidden.id, by=by, now=NOW)
        assert card.protected
        assert (card.address, card.phone, card.email, card.area_id) == ("", "", "", None)


def test_children_are_shown_until_they_choose_alone(astrid: Person) -> None:
    for years in (3, 14, 16):
        factories.child(f"Barn{years} Ek", age=years, guardians=(astrid,))
    shown = selectors.children_of(by=factories.resident(astrid), now=NOW)
    assert [(child.name, child.relation) for child in shown] == [
        ("Barn14 Ek", Relation.GUARDIAN_OF_TEENAGER),
        ("Barn3 Ek", Relation.GUARDIAN),
    ]
    assert Line.objects.filter(kind="patients.child.read").count() == 2
