"""Blocks (Patient Data Act 4:4): placed, lifted, by whom, once, and at once. Openings (4:5): two steps, and an end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests import factories
from tests.factories import NOW, TODAY
from tests.listing.test_races import at_once
from vardnav.audit.models import Line
from vardnav.kernel.actor import Actor, Role
from vardnav.listing import actions as listing
from vardnav.listing import selectors
from vardnav.listing.rules import NotFromHere, NotQueuing, NotYourClinic, Origin, TooManyChanges
from vardnav.organisation.models import Unit
from vardnav.organisation.rules import ProviderForm
from vardnav.outbox.models import Message
from vardnav.parameters.actions import set_value
from vardnav.parameters.models import Parameter
from vardnav.patients import actions
from vardnav.patients import selectors as patients
from vardnav.patients.models import Block, Need, Opening, Person
from vardnav.patients.rules import (
    LONGEST_OPENING,
    AccessDenied,
    AccessParameters,
    AlreadyBlocked,
    AssuranceTooLow,
    NeedNotStated,
    NeedReason,
    NotBlocked,
    NothingToBlock,
    NothingToOpen,
    OnlyYourUnit,
    OpeningGone,
    OpeningKind,
    ReasonNotGiven,
    Relation,
    RequestNotWritten,
    TooYoungToBlock,
)

pytestmark = pytest.mark.django_db
ASKED = "Bad om det vid besök i dag"
WHY = "Medvetslös, svår andnöd"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def unit() -> Unit:
    """The unit whose data are blocked."""
    return factories.clinic("Ekens vårdcentral")


@pytest.fixture
def astrid(unit: Unit) -> Person:
    """Listed at the unit with a named doctor."""
    made = factories.person()
    factories.listed(made, unit, origin=Origin.CHOSEN, made_at=NOW - timedelta(days=30), since=date(2026, 2, 15))
    factories.named(made, factories.doctor(unit), unit)
    return made


@pytest.fixture
def other(astrid: Person) -> Actor:
    """Staff of another unit of the same care provider, who have stated a need."""
    by = factories.staff(factories.clinic("Alens vårdcentral"), name="Bo")
    actions.state_need(astrid.id, reason=NeedReason.IN_THE_ROOM, text="", by=by, now=NOW)
    return by


def clinic_seen(person: Person, by: Actor, now: datetime = NOW) -> str | None:
    current = selectors.my_care(person.id, by=by, now=now).current
    return current.name if current else None


def place(person: Person, unit: Unit, by: Actor | None = None, **more: Any) -> Block:
    return actions.place_block(
        person.id, unit.hsa_id, by=by or factories.resident(person), now=more.pop("now", NOW), **more
    )


def lift(person: Person, unit: Unit, by: Actor | None = None, **more: Any) -> Block:
    return actions.lift_block(
        person.id, unit.hsa_id, by=by or factories.resident(person), now=more.pop("now", NOW), **more
    )


# --- A block hides, at once ----------------------------------------------------------------------


def test_a_block_hides_at_once_and_lifting_shows_again(astrid: Person, unit: Unit, other: Actor) -> None:
    assert clinic_seen(astrid, other) == unit.name
    place(astrid, unit)
    care = selectors.my_care(astrid.id, by=other, now=NOW)
    assert (care.current, care.doctor, care.counted, care.changes_left) == (None, None, [], None)
    assert care.sight.blocked
    lift(astrid, unit)
    care = selectors.my_care(astrid.id, by=other, now=NOW)
    assert care.current is not None
    assert not care.sight.blocked


def test_the_unit_itself_the_person_and_a_guardian_see_as_before(unit: Unit) -> None:
    parent = factories.person("Johanna Provberg")
    child = factories.child("Tova Provberg", age=15, guardians=(parent,))
    factories.listed(child, unit)
    own = factories.staff(unit)
    place(child, unit, own, request=ASKED)
    for by in (own, factories.resident(child), factories.resident(parent), factories.SYSTEM):
        assert clinic_seen(child, by) == unit.name
        assert not selectors.my_care(child.id, by=by, now=NOW).sight.blocked


def test_a_queue_place_and_a_waiting_choice_are_hidden_too(unit: Unit) -> None:
    parents = factories.person("Johanna Provberg"), factories.person("Erik Provberg")
    child = factories.child("Tova Provberg", age=14, guardians=parents)
    factories.queued(child, unit)
    listing.choose_clinic(child.id, unit.id, by=factories.resident(parents[0]), now=NOW)
    by = factories.staff(factories.clinic("Alens vårdcentral"))
    actions.state_need(child.id, reason=NeedReason.IN_THE_ROOM, text="", by=by, now=NOW)
    before = selectors.my_care(child.id, by=by, now=NOW)
    assert before.place is not None
    assert before.pending is not None
    place(child, unit, factories.staff(unit), request=ASKED)
    after = selectors.my_care(child.id, by=by, now=NOW)
    assert (after.place, after.pending) == (None, None)


def test_a_service_never_sees_what_is_blocked(astrid: Person, unit: Unit) -> None:
    key = Actor(factories.SYSTEM.kind.SERVICE, "key", hsa_id="key:x", scopes=frozenset({"listing:read"}))
    assert clinic_seen(astrid, key) == unit.name
    place(astrid, unit)
    assert clinic_seen(astrid, key) is None
    assert selectors.my_care(astrid.id, by=key, now=NOW).sight.blocked


def test_a_refusal_does_not_tell_what_is_hidden(unit: Unit) -> None:
    """Too many changes, or a place in a queue somewhere: only that it cannot be done from here."""
    berit, ours = factories.person("Berit"), factories.clinic("Alens vårdcentral")
    changed = date(2026, 2, 15)
    made_at = NOW - timedelta(days=60)
    factories.listed(
        berit, factories.clinic("C"), since=date(2026, 1, 1), ends_on=changed, origin=Origin.CHOSEN, made_at=made_at
    )
    factories.listed(berit, unit, since=changed, previous_ends_on=changed, origin=Origin.CHOSEN, made_at=made_at)
    factories.queued(berit, unit)
    by = factories.staff(ours)
    actions.state_need(berit.id, reason=NeedReason.IN_THE_ROOM, text="", by=by, now=NOW)
    with pytest.raises(TooManyChanges):
        listing.choose_clinic(berit.id, ours.id, by=by, now=NOW)
    with pytest.raises(NotYourClinic):
        listing.leave_queue(berit.id, by=by, now=NOW)
    place(berit, unit)
    with pytest.raises(NotFromHere):
        listing.choose_clinic(berit.id, ours.id, by=by, now=NOW)
    with pytest.raises(NotQueuing):
        listing.leave_queue(berit.id, by=by, now=NOW)


def test_another_care_providers_data_do_not_show_without_consent_or_emergency(astrid: Person) -> None:
    private = factories.clinic("Privata", care_provider=factories.care_provider(ProviderForm.PRIVATE))
    by = factories.staff(private)
    actions.state_need(astrid.id, reason=NeedReason.IN_THE_ROOM, text="", by=by, now=NOW)
    assert clinic_seen(astrid, by) is None
    assert not selectors.my_care(astrid.id, by=by, now=NOW).sight.blocked  # nothing is blocked: that is not said
    opened(astrid, by, OpeningKind.CONSENT)
    assert clinic_seen(astrid, by) == "Ekens vårdcentral"


def test_sight_of_a_list_is_one_statement_and_the_same(
    astrid: Person, unit: Unit, other: Actor, django_assert_num_queries: Callable[[int], Any]
) -> None:
    free = factories.person("Fri")
    place(astrid, unit)
    relations = {astrid.id: Relation.NEED, free.id: Relation.UNIT}
    with django_assert_num_queries(0):  # what passes by Django is one: `sql.rows` in `_standing`
        found = patients.sights(relations, by=other, now=NOW)
    assert found == {
        person_id: patients.sight(person_id, relation, by=other, now=NOW) for person_id, relation in relations.items()
    }
    assert (found[astrid.id].blocked, found[free.id].blocked) == (True, False)


# --- Who blocks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("age", [3, 12, 13, 15, 17])
def test_a_guardian_can_neither_place_nor_lift(unit: Unit, age: int) -> None:
    parent = factories.person("Johanna Provberg")
    child = factories.child("Tova Provberg", age=age, guardians=(parent,))
    factories.listed(child, unit)
    by = factories.resident(parent)
    with pytest.raises(AccessDenied):
        place(child, unit, by)
    if age >= 13:
        place(child, unit, factories.staff(unit), request=ASKED)
        with pytest.raises(AccessDenied):
            lift(child, unit, by)
        assert Block.objects.get().lifted_at is None


def test_a_guardian_does_not_see_what_a_child_has_blocked(unit: Unit) -> None:
    parent = factories.person("Johanna Provberg")
    child = factories.child("Tova Provberg", age=15, guardians=(parent,))
    factories.listed(child, unit)
    place(child, unit, factories.staff(unit), request=ASKED)
    seen = patients.blocks_of(child.id, by=factories.resident(parent), now=NOW)
    assert (seen.is_guardian, seen.may_block, seen.units) == (True, False, [])


def test_a_guardian_is_not_told_of_a_block_where_a_region_lets_younger_children_block(unit: Unit) -> None:
    Parameter.objects.create(
        name="blocks_at_unit_from", value=10, starts_on=date(2020, 1, 1), source="x", set_at=NOW, set_by="x"
    )
    parent = factories.person("Johanna Provberg")
    child = factories.child("Tova Provberg", age=12, guardians=(parent,))
    factories.listed(child, unit)
    place(child, unit, factories.staff(unit), request=ASKED)
    lift(child, unit, factories.staff(unit), request=ASKED)
    by = factories.resident(parent)
    assert [one.template for one in patients.messages_of(child.id, by=by, now=NOW)] == []
    kinds = {one.kind for one in patients.log_of(child.id, by=by, now=NOW, whole=True).entries}
    assert kinds == {"patients.messages.read", "patients.log.downloaded"}
    own = factories.resident(child)
    assert len(patients.messages_of(child.id, by=own, now=NOW)) == 2
    assert "patients.block.placed" in {one.kind for one in patients.log_of(child.id, by=own, now=NOW).entries}


@pytest.mark.parametrize(
    ("age", "online", "at_unit"), [(12, False, False), (13, False, True), (15, False, True), (16, True, True)]
)
def test_from_which_age(unit: Unit, age: int, online: bool, at_unit: bool) -> None:
    child = factories.child("Tova Provberg", age=age)
    factories.listed(child, unit)
    for by, may, request in ((factories.resident(child), online, ""), (factories.staff(unit), at_unit, ASKED)):
        if may:
            place(child, unit, by, request=request)
            lift(child, unit, by, request=request)
        else:
            with pytest.raises(TooYoungToBlock):
                place(child, unit, by, request=request)


def test_the_age_is_a_value_of_the_region(unit: Unit) -> None:
    child = factories.child("Tova Provberg", age=14)
    factories.listed(child, unit)
    set_value(
        "blocks_alone_from", 14, starts_on=TODAY, source="RS 1", known=(AccessParameters,), by=factories.SYSTEM, now=NOW
    )
    assert place(child, unit).how == "online"


def test_staff_decide_about_their_own_unit_only_and_write_how_they_were_asked(
    astrid: Person, unit: Unit, other: Actor
) -> None:
    with pytest.raises(OnlyYourUnit):
        place(astrid, unit, other, request=ASKED)
    own = factories.staff(unit)
    with pytest.raises(RequestNotWritten):
        place(astrid, unit, own, request="ja")
    block = place(astrid, unit, own, request=ASKED)
    assert (block.how, block.request, block.made_by) == ("at_unit", ASKED, own.name)
    with pytest.raises(RequestNotWritten):
        lift(astrid, unit, own, request="")


@pytest.mark.parametrize("role", [Role.REGION_PLANNER, Role.ADMINISTRATOR])
def test_who_gives_no_care_blocks_nothing(astrid: Person, unit: Unit, role: Role) -> None:
    with pytest.raises(AccessDenied):
        place(astrid, unit, factories.staff(unit, role), request=ASKED)


def test_only_a_unit_that_has_or_had_something_is_blocked(unit: Unit) -> None:
    berit, earlier = factories.person("Berit"), factories.clinic("Förra")
    factories.listed(berit, earlier, since=date(2020, 1, 1), ends_on=date(2021, 1, 1))
    with pytest.raises(NothingToBlock):
        place(berit, unit)
    assert place(berit, earlier).unit_name == "Förra"


def test_one_block_stands_and_it_is_lifted_once(astrid: Person, unit: Unit) -> None:
    place(astrid, unit)
    with pytest.raises(AlreadyBlocked):
        place(astrid, unit)
    lift(astrid, unit)
    with pytest.raises(NotBlocked):
        lift(astrid, unit)
    place(astrid, unit, now=NOW + MINUTE)
    assert Block.objects.filter(person=astrid).count() == 2


def test_the_person_reads_of_it_and_the_log_has_it(astrid: Person, unit: Unit) -> None:
    own = factories.staff(unit)
    place(astrid, unit, own, request=ASKED)
    lift(astrid, unit)
    told = Message.objects.filter(recipient_id=astrid.id).order_by("id")
    assert [(one.template, one.facts) for one in told] == [
        ("block.placed", {"unit": unit.name}),
        ("block.lifted", {"unit": unit.name}),
    ]
    line = Line.objects.get(kind="patients.block.placed")
    assert (line.reason, line.resource_unit_hsa_id) == (ASKED, unit.hsa_id)
    assert Line.objects.filter(kind="patients.block.lifted", patient_id=astrid.id).exists()


@pytest.mark.parametrize("assurance", [0, 2])
def test_a_weak_login_opens_nothing(astrid: Person, unit: Unit, other: Actor, assurance: int) -> None:
    own, weak = factories.resident(astrid), {"assurance": assurance}
    tries: list[Callable[[], object]] = [
        lambda: selectors.my_care(astrid.id, by=replace(own, **weak), now=NOW),
        lambda: place(astrid, unit, replace(own, **weak)),
        lambda: patients.children_of(by=replace(own, **weak), now=NOW),
        lambda: selectors.pending_for_me(by=replace(own, **weak), now=NOW),
        lambda: selectors.listed_page(by=replace(other, **weak), now=NOW),
        lambda: selectors.queue_of(by=replace(other, **weak), now=NOW),
        lambda: selectors.new_listings(by=replace(other, **weak), now=NOW),
        lambda: selectors.find_people("Astrid", by=replace(other, **weak), now=NOW),
        lambda: selectors.register_of(by=replace(factories.staff(unit, Role.CLINIC_HEAD), **weak), now=NOW),
        lambda: actions.state_need(
            astrid.id, reason=NeedReason.IN_THE_ROOM, text="", by=replace(other, **weak), now=NOW
        ),
    ]
    for one in tries:
        with pytest.raises(AssuranceTooLow):
            one()


# --- Openings ------------------------------------------------------------------------------------


def asked(person: Person, by: Actor, kind: OpeningKind = OpeningKind.EMERGENCY, now: datetime = NOW) -> Opening:
    return actions.ask_to_open(person.id, kind, reason=WHY, by=by, now=now)


def opened(
    person: Person, by: Actor, kind: OpeningKind = OpeningKind.EMERGENCY, now: datetime = NOW, **more: Any
) -> Opening:
    units = more.pop("units", None) or [
        one.unit.hsa_id for one in patients.steps_of(person.id, asked(person, by, kind, now).id, by=by, now=now).hidden
    ]
    step = asked(person, by, kind, now)
    return actions.open_units(person.id, step.id, units, reason=WHY, by=by, now=now, **more)


def test_the_first_step_shows_which_units_and_nothing_of_theirs(astrid: Person, unit: Unit, other: Actor) -> None:
    place(astrid, unit)
    step = asked(astrid, other)
    assert clinic_seen(astrid, other) is None
    seen = patients.steps_of(astrid.id, step.id, by=other, now=NOW)
    assert [(one.unit.name, one.is_blocked) for one in seen.hidden] == [(unit.name, True)]
    assert clinic_seen(astrid, other) is None


def test_an_emergency_opens_in_two_steps_and_closes_by_itself(astrid: Person, unit: Unit, other: Actor) -> None:
    place(astrid, unit)
    made = opened(astrid, other)
    assert clinic_seen(astrid, other) == unit.name
    assert made.ends_at == NOW + 4 * HOUR
    assert clinic_seen(astrid, other, NOW + 4 * HOUR - timedelta(seconds=1)) == unit.name
    assert clinic_seen(astrid, other, NOW + 4 * HOUR) is None


def test_it_is_closed_before_its_time(astrid: Person, unit: Unit, other: Actor) -> None:
    place(astrid, unit)
    made = opened(astrid, other)
    actions.close_opening(astrid.id, made.id, by=other, now=NOW + MINUTE)
    assert clinic_seen(astrid, other, NOW + MINUTE) is None
    with pytest.raises(OpeningGone):
        actions.close_opening(astrid.id, made.id, by=other, now=NOW + MINUTE)


def test_an_emergency_is_who_opened_its_alone_and_a_consent_the_units(astrid: Person, unit: Unit, other: Actor) -> None:
    place(astrid, unit)
    at = factories.Unit.objects.get(hsa_id=other.unit_hsa_id)
    colleague = factories.staff(at, name="Cia")
    actions.state_need(astrid.id, reason=NeedReason.IN_THE_ROOM, text="", by=colleague, now=NOW)
    opened(astrid, other, OpeningKind.EMERGENCY)
    assert clinic_seen(astrid, colleague) is None
    opened(astrid, colleague, OpeningKind.CONSENT, hours=1)
    assert clinic_seen(astrid, other) == clinic_seen(astrid, colleague) == unit.name
    assert clinic_seen(astrid, colleague, NOW + HOUR) is None


def test_only_the_chosen_units_open(astrid: Person, unit: Unit, other: Actor) -> None:
    second = factories.clinic("Björkens vårdcentral")
    factories.queued(astrid, second)
    place(astrid, unit)
    place(astrid, second)
    opened(astrid, other, units=[second.hsa_id])
    care = selectors.my_care(astrid.id, by=other, now=NOW)
    assert care.current is None
    assert care.place is not None
    assert care.sight.blocked


@pytest.mark.parametrize("hours", [-3, 0, 1, 8, 99])
def test_a_consent_lasts_as_chosen_within_what_the_region_allows(
    astrid: Person, unit: Unit, other: Actor, hours: int
) -> None:
    place(astrid, unit)
    made = opened(astrid, other, OpeningKind.CONSENT, hours=hours)
    assert made.ends_at == NOW + max(1, min(hours, 8)) * HOUR


def test_a_block_placed_after_an_opening_closes_it(astrid: Person, unit: Unit, other: Actor) -> None:
    place(astrid, unit)
    opened(astrid, other, now=NOW + MINUTE)
    lift(astrid, unit, now=NOW + 2 * MINUTE)
    place(astrid, unit, now=NOW + 3 * MINUTE)
    assert clinic_seen(astrid, other, NOW + 3 * MINUTE) is None


def test_steps_cannot_be_skipped_borrowed_or_taken_late(astrid: Person, unit: Unit, other: Actor) -> None:
    place(astrid, unit)
    at = factories.Unit.objects.get(hsa_id=other.unit_hsa_id)
    colleague = factories.staff(at, name="Cia")
    actions.state_need(astrid.id, reason=NeedReason.IN_THE_ROOM, text="", by=colleague, now=NOW)
    step = asked(astrid, other)

    def second(by: Actor, opening_id: int, now: datetime = NOW, reason: str = WHY, units: object = None) -> object:
        chosen = [unit.hsa_id] if units is None else units
        return actions.open_units(astrid.id, opening_id, chosen, reason=reason, by=by, now=now)  # type: ignore[arg-type]

    for refused, attempt in [
        (OpeningGone, lambda: second(other, 10**9)),
        (OpeningGone, lambda: second(colleague, step.id)),
        (OpeningGone, lambda: second(other, step.id, now=NOW + 30 * MINUTE)),
        (ReasonNotGiven, lambda: second(other, step.id, reason="akut")),
        (NothingToOpen, lambda: second(other, step.id, units=[])),
        (NothingToOpen, lambda: second(other, step.id, units=["SE-finns-inte"])),
        (ReasonNotGiven, lambda: actions.ask_to_open(astrid.id, OpeningKind.EMERGENCY, reason="", by=other, now=NOW)),
    ]:
        with pytest.raises(refused):
            attempt()
    second(other, step.id)
    with pytest.raises(OpeningGone):
        second(other, step.id)


def test_without_a_relation_nothing_is_asked(astrid: Person, unit: Unit) -> None:
    for by in (factories.staff(factories.clinic("X")), factories.resident(factories.person("Bo")), factories.SYSTEM):
        with pytest.raises(AccessDenied):
            asked(astrid, by)


def test_the_person_is_told_unit_and_time_and_no_health(astrid: Person, unit: Unit, other: Actor) -> None:
    place(astrid, unit)
    opened(astrid, other)
    told = Message.objects.get(template="opened.in_emergency")
    assert told.recipient_id == astrid.id
    assert told.facts == {"unit": "Alens vårdcentral", "opened_at": NOW.isoformat()}


def test_what_is_read_under_an_emergency_is_marked_in_the_log(astrid: Person, unit: Unit, other: Actor) -> None:
    place(astrid, unit)
    clinic_seen(astrid, other)
    assert not Line.objects.filter(emergency=True).exists()
    opened(astrid, other)
    clinic_seen(astrid, other)
    marked = Line.objects.filter(emergency=True).order_by("id").values_list("kind", "reason", "resource_unit_hsa_id")
    assert list(marked)[-2:] == [
        ("patients.emergency.opened", WHY, unit.hsa_id),
        ("listing.care.read", "", other.unit_hsa_id),
    ]
    clinic_seen(astrid, other, NOW + 5 * HOUR)
    assert not Line.objects.latest("id").emergency


def test_a_need_in_an_emergency_says_why_and_marks_what_is_read(astrid: Person) -> None:
    by = factories.staff(factories.clinic("Akuten"))
    with pytest.raises(NeedNotStated):
        actions.state_need(astrid.id, reason=NeedReason.EMERGENCY, text="", by=by, now=NOW)
    actions.state_need(astrid.id, reason=NeedReason.EMERGENCY, text=WHY, by=by, now=NOW)
    patients.open_card(astrid.id, by=by, now=NOW)
    lines = list(Line.objects.filter(patient_id=astrid.id).order_by("id"))
    assert [(one.kind, one.emergency, one.purpose) for one in lines] == [
        ("patients.need.stated", True, "care"),
        ("patients.person.read", True, "care"),
    ]
    assert lines[0].reason == f"emergency: {WHY}"


# --- What the database refuses -------------------------------------------------------------------


def test_the_database_knows_one_standing_block(astrid: Person, unit: Unit) -> None:
    fields = {"person": astrid, "unit_hsa_id": unit.hsa_id, "unit_name": "x", "provider_hsa_id": "y", "how": "online"}
    Block.objects.create(**fields, made_at=NOW, made_by="x")
    with pytest.raises(IntegrityError, match="one_block_stands"), transaction.atomic():
        Block.objects.create(**fields, made_at=NOW, made_by="x")


@pytest.mark.parametrize(
    "changed",
    [
        {"opened_at": None},  # ends without having been opened
        {"opened_at": NOW - MINUTE},  # before it was asked for
        {"opened_at": NOW + HOUR, "ends_at": NOW + 2 * HOUR},  # long after it was asked for
        {"ends_at": None},
        {"ends_at": NOW + LONGEST_OPENING + timedelta(seconds=1)},
        {"ends_at": NOW},
        {"units": []},
        {"opened_reason": ""},
        {"reason": ""},
        {"closed_at": NOW - MINUTE},
    ],
    ids=str,
)
def test_the_database_knows_an_opening(astrid: Person, changed: dict[str, Any]) -> None:
    right: dict[str, Any] = {
        "person": astrid, "account_id": 1, "unit_hsa_id": "SE1", "kind": "emergency", "reason": WHY,
        "asked_at": NOW, "asked_by": "x", "units": ["SE2"], "opened_reason": WHY, "opened_at": NOW,
        "opened_by": "x", "ends_at": NOW + LONGEST_OPENING,
    }  # fmt: skip
    Opening.objects.create(**right)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.create(**{**right, **changed})


STATE = {
    Need: set(),
    Block: {"lifted_at", "lifted_by", "lifted_how", "lift_request"},
    Opening: {"units", "opened_reason", "opened_at", "opened_by", "ends_at", "closed_at", "closed_by"},
}
NOT_YET_SET = {"closed_at", "closed_by", "lift_request"}
ANOTHER = {
    "varchar": "'x'", "text": "'x'", "int8": "-7", "timestamptz": "'2031-01-01Z'", "_varchar": "ARRAY['x']",
}  # fmt: skip


@pytest.mark.parametrize("model", list(STATE), ids=lambda model: model.__name__)
def test_what_somebody_has_stated_stands(model: type[Need | Block | Opening], astrid: Person, unit: Unit) -> None:
    """No column but those of its state is ever changed, and no row deleted: not even by SQL."""
    by = factories.staff(factories.clinic("Alens vårdcentral"))
    actions.state_need(astrid.id, reason=NeedReason.OTHER, text="Ringer från apoteket", by=by, now=NOW)
    place(astrid, unit)
    opened(astrid, by, units=[unit.hsa_id])
    lift(astrid, unit)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = %s", [table])
        columns = dict(cursor.fetchall())
        for name, kind in columns.items():
            change = f"UPDATE {table} SET {name} = {ANOTHER[kind]}"
            with transaction.atomic():
                if name in NOT_YET_SET and name in STATE[model]:
                    cursor.execute(change)  # once
                    change = change.replace("x", "y").replace("2031", "2032")
                with pytest.raises(IntegrityError, match=r"stand|set once"), transaction.atomic():
                    cursor.execute(change)
                transaction.set_rollback(True)
        with pytest.raises(IntegrityError, match="nothing is deleted"), transaction.atomic():
            cursor.execute(f"DELETE FROM {table}")


# --- Races ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_who_place_and_lift_at_once_leave_one_block_at_most() -> None:
    unit = factories.clinic("Ekens vårdcentral")
    astrid = factories.person()
    factories.listed(astrid, unit)
    by = factories.resident(astrid)

    def flip(number: int) -> dict[str, object]:
        (place if number % 3 else lift)(astrid, unit, by)
        return {"result": "done"}

    answers = at_once([lambda number=number: flip(number) for number in range(16)])
    assert set(answers) <= {"done", "already_blocked", "not_blocked"}
    assert answers["done"] >= 1
    assert Block.objects.filter(person=astrid, lifted_at=None).count() <= 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_blocks_at_once_are_one() -> None:
    unit = factories.clinic("Ekens vårdcentral")
    astrid = factories.person()
    factories.listed(astrid, unit)
    by = factories.resident(astrid)

    def once() -> dict[str, object]:
        place(astrid, unit, by)
        return {"result": "done"}

    assert at_once([once] * 16) == {"done": 1, "already_blocked": 15}
