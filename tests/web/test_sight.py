"""THE WALK OF WHAT IS HIDDEN: every desk page by everyone, about somebody who has data at a unit that is not theirs.

Page x relation x state {nothing blocked, blocked, opened by consent, in an emergency, an opening that has ended} x care
provider {same, other}. What should show is not written here: it follows from the two tables of patients.rules.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.api.conftest import bearer
from tests.web.test_walk import FINE, PATIENT_PAGES, PATTERNS, may_come, methods
from vardnav.audit.models import Line
from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.listing.models import NamedDoctor
from vardnav.organisation.models import Professional, Unit
from vardnav.organisation.rules import ProviderForm
from vardnav.patients import actions
from vardnav.patients.models import Person
from vardnav.patients.rules import Barrier, Deed, NeedReason, OpeningKind, Relation, Whose, allows, shown

pytestmark = pytest.mark.django_db

UNIT_NAME, DOCTOR = "Xqenheten", "Xqdoktor Ek"
WHY = "Behövs för vården nu"
LISTS = ("today", "panel", "panel_download", "queue", "search", "welcome", "panel_name_doctor")
ABOUT = sorted(name for name in PATIENT_PAGES if name.startswith("person"))
OWN = ("my_clinic", "child_my_clinic")
MUST_SHOW = {"person", *OWN, "api"}  # the pages that show the unit to whoever may see it
NAMES_THE_UNITS = "person_open_units"  # the second step: which units, by name, and nothing of theirs


@dataclass
class Sighted:
    """One person with data at a unit, and everybody who may want to see them."""

    person: Person
    unit: Unit
    ours: Unit
    state: Barrier
    provider: ProviderForm
    actors: dict[str, Actor | None] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    openers: set[str] = field(default_factory=set)
    asked: dict[str, int] = field(default_factory=dict)
    service: dict[str, str] = field(default_factory=dict)

    def barrier(self, who: str) -> Barrier:
        """What stands between this one and the data: an emergency opens for who opened it, and nobody else."""
        if self.state in (Barrier.CONSENT, Barrier.EMERGENCY) and who not in self.openers:
            return Barrier.BLOCKED
        return self.state

    def whose(self, who: str) -> Whose:
        if who == "its own staff":
            return Whose.OWN_UNIT
        return Whose.SAME_PROVIDER if self.provider is ProviderForm.REGION else Whose.OTHER_PROVIDER

    def may(self, who: str, deed: Deed) -> bool:
        actor = self.actors[who]
        return actor is not None and allows(actor, self.relations[who], deed)

    def sees(self, who: str) -> bool:
        if who == "service":
            return shown(ActorKind.SERVICE, self.whose(who), self.barrier(who))
        actor = self.actors[who]
        assert actor is not None
        reads = self.may(who, Deed.READ) and self.may(who, Deed.READ_OTHER_UNITS)
        return reads and shown(actor.kind, self.whose(who), self.barrier(who))


def sighted(state: Barrier, provider: ProviderForm) -> Sighted:
    """A youth listed, with a named doctor, at the unit; waiting in our queue; somebody else has stated a need."""
    now = timezone.now()
    factories.region()
    ours, third = factories.full_clinic("Vår vårdcentral"), factories.clinic("Tredje vårdcentralen")
    unit = factories.clinic(UNIT_NAME, care_provider=factories.care_provider(provider))
    today = timezone.localdate(now)
    person = factories.person("Xqtova Walkson", born=date(today.year - 15, 1, 1))
    parent = factories.person("Johanna Walkson")
    factories.guardianship(person, parent)
    _data_at(unit, person)
    factories.queued(person, ours, joined_at=now)
    made = Sighted(person, unit, ours, state, provider)
    staff = factories.staff
    made.actors = {
        "the person": factories.resident(person),
        "guardian": factories.resident(parent),
        "our staff": staff(ours, name="Vår Medarbetare"),
        "our colleague": staff(ours, Role.CLINIC_HEAD, name="Vår Chef"),
        "staff in need": staff(third, name="Tredje Medarbetaren"),
        "its own staff": staff(unit, name="Enhetens Medarbetare"),
        "a stranger": staff(third, name="Okänd Medarbetare"),
        "planner": staff(factories.unit("Kontoret", factories.UnitKind.REGION_OFFICE), Role.REGION_PLANNER),
    }
    made.relations = {
        "the person": Relation.SELF,
        "guardian": Relation.GUARDIAN_OF_TEENAGER,
        "our staff": Relation.UNIT,
        "our colleague": Relation.UNIT,
        "staff in need": Relation.NEED,
        "its own staff": Relation.UNIT,
        "a stranger": Relation.NONE,
        "planner": Relation.NONE,
    }
    in_need, own = made.actors["staff in need"], made.actors["its own staff"]
    assert in_need is not None
    assert own is not None
    actions.state_need(person.id, reason=NeedReason.IN_THE_ROOM, text="", by=in_need, now=now)
    if state is not Barrier.NONE:
        actions.place_block(person.id, unit.hsa_id, request="Bad om det vid besök", by=own, now=now)
    _open(made, now)
    for who in ("our staff", "our colleague", "staff in need"):
        by = made.actors[who]
        assert by is not None
        made.asked[who] = actions.ask_to_open(person.id, OpeningKind.EMERGENCY, reason=WHY, by=by, now=now).id
    made.service = bearer("listing:read")
    return made


def _data_at(unit: Unit, person: Person) -> None:
    factories.listed(person, unit, since=date(2019, 2, 3))
    first, _, last = DOCTOR.partition(" ")
    doctor: Professional = factories.doctor(unit, f"{first} {last}")
    factories.named(person, doctor, unit, since=date(2019, 2, 4))
    assert NamedDoctor.objects.filter(person=person, ends_on=None).exists()


def _open(made: Sighted, now: datetime) -> None:
    """Consent opens for the unit, so for the colleague too; an emergency for who opened it."""
    if made.state not in (Barrier.CONSENT, Barrier.EMERGENCY, Barrier.ENDED):
        return
    kind = OpeningKind.EMERGENCY if made.state is Barrier.EMERGENCY else OpeningKind.CONSENT
    for who in ("our staff", "staff in need"):
        by = made.actors[who]
        assert by is not None
        asked = actions.ask_to_open(made.person.id, kind, reason=WHY, by=by, now=now)
        opened = actions.open_units(made.person.id, asked.id, [made.unit.hsa_id], reason=WHY, hours=1, by=by, now=now)
        if made.state is Barrier.ENDED:
            actions.close_opening(made.person.id, opened.id, by=by, now=now + timedelta(seconds=1))
        made.openers.add(who)
    if kind is OpeningKind.CONSENT:
        made.openers |= {"our colleague", "a stranger"}  # of the two units; a stranger still has no relation


@dataclass
class Judged:
    """One request, and what is wrong with its answer."""

    what: str
    wrong: list[str]


def requests(made: Sighted) -> Iterator[tuple[str, str, str, HttpResponse]]:
    """Page, who and method with the answer; each is undone before the next."""
    for name in (*ABOUT, *LISTS, *OWN):
        for who, actor in made.actors.items():
            if not _is_worth_asking(name, who, made.state):
                continue
            for method in ("get",) if name in OWN else methods(name):
                yield from _asked(made, name, who, method, actor)
    client = Client(raise_request_exception=False)
    body = {"personal_number": made.person.personal_number}
    answer = client.post("/api/v1/listing/person", body, content_type="application/json", headers=made.service)
    yield "api", "service", "post", answer


def _is_worth_asking(name: str, who: str, state: Barrier) -> bool:
    if name in OWN:
        return (name, who) in {("my_clinic", "the person"), ("child_my_clinic", "guardian")}
    if who == "planner":  # turned away at the door whatever the state
        return state is Barrier.BLOCKED
    return who not in {"the person", "guardian"}


def _asked(
    made: Sighted, name: str, who: str, method: str, actor: Actor | None
) -> Iterator[tuple[str, str, str, HttpResponse]]:
    client = Client(raise_request_exception=False)
    assert actor is not None
    with transaction.atomic():
        factories.log_in(client, actor)
        ask: Callable[..., HttpResponse] = getattr(client, method)
        answer = ask(_address(name, made, who), _body(name, made) if method == "post" else {})
        yield name, who, method, answer
        transaction.set_rollback(True)


def _address(name: str, made: Sighted, who: str) -> str:
    given: dict[str, Any] = {"person_id": made.person.id, "child_id": made.person.id, "how": "nod", "form": "csv"}
    given["opening_id"] = made.asked.get(who, 0)
    return reverse(f"web:{name}", kwargs={each: given[each] for each in PATTERNS[name].pattern.converters})


def _body(name: str, made: Sighted) -> dict[str, Any]:
    filled: dict[str, dict[str, Any]] = {
        "person_end_doctor": {"why": "Läkaren har slutat"},
        "person_take_in": {"exemption": "care_home"},
        "person_block": {"request": "Bad om det vid besök", "what": "place"},
        "person_open": {"reason": WHY},
        "person_open_units": {"reason": WHY, "units": []},
        "search": {"q": made.person.personal_number},
    }
    return {"key": str(uuid4()), **filled.get(name, {})}


def judge(made: Sighted, name: str, who: str, method: str, answer: HttpResponse) -> Judged:
    text = answer.content.decode("utf-8", "replace")
    wrong = list(_wrong_status(made, name, who, method, answer)) if who != "service" else []
    sees = made.sees(who)
    named = UNIT_NAME in text and who != "its own staff"  # whose every page has its own name at the top
    if named and not sees and not (name == NAMES_THE_UNITS and made.may(who, Deed.OPEN_HIDDEN)):
        wrong.append("names the unit")
    contacts = who == "service" or made.may(who, Deed.READ_CHOSEN_CONTACTS)
    own = who == "its own staff" and (name in LISTS or name.startswith("person"))  # its own doctors, to choose among
    if DOCTOR in text and not (sees and contacts) and not own:
        wrong.append("names the doctor")
    if sees and name in MUST_SHOW and method != "post" and UNIT_NAME not in text:
        wrong.append("hides what should show")
    if name == "person" and answer.status_code == 200 and who != "its own staff":
        says = "Det finns spärrade uppgifter" in text
        if says is not (made.barrier(who) in (Barrier.BLOCKED, Barrier.ENDED)):
            wrong.append("says wrongly whether something is blocked")
    if name == "person" and answer.status_code == 200:
        wrong += _wrong_line(made, who, answer)
    state = f"{made.state.value}, {made.provider.value}"
    return Judged(f"{method.upper()} {name} by {who} [{state}]: {answer.status_code}", wrong)


def _wrong_line(made: Sighted, who: str, answer: HttpResponse) -> list[str]:
    """What is read under an emergency says so, and nothing else does."""
    lines = Line.objects.filter(request_id=answer["X-Request-ID"], patient_id=made.person.id, activity="read")
    expected = made.barrier(who) is Barrier.EMERGENCY
    return [] if lines and all(line.emergency is expected for line in lines) else ["the line is wrong"]


def _wrong_status(made: Sighted, name: str, who: str, method: str, answer: HttpResponse) -> Iterator[str]:
    actor = made.actors[who]
    if answer.status_code == 405:  # a view that answers the other method only
        return
    if not may_come(name, actor):
        if answer.status_code != 403:
            yield "not turned away"
        return
    about = PATIENT_PAGES.get(name)
    deed = None if about is None else (about.get if method == "get" else about.post)
    if deed is None or made.may(who, deed):
        if answer.status_code not in FINE and not _is_by_rule(name, made, who):
            yield "refused"
    elif answer.status_code != 403 and not (name == "person_doctor" and answer.status_code == 422):  # no such doctor
        yield "let in"


def _is_by_rule(name: str, made: Sighted, who: str) -> bool:
    """Refused by a rule of listing: who is listed elsewhere has no doctor or welcome here, nor a place in our queue."""
    if name == "person_leave_queue":
        return not who.startswith("our")
    return name in {"person_doctor", "person_end_doctor", "person_welcome"} and who != "its own staff"


def test_what_is_hidden_shows_to_nobody_on_any_page(capsys: pytest.CaptureFixture[str]) -> None:
    judged: list[Judged] = []
    for provider in (ProviderForm.REGION, ProviderForm.PRIVATE):
        for state in Barrier:
            with transaction.atomic():
                made = sighted(state, provider)
                judged += [judge(made, *one) for one in requests(made)]
                transaction.set_rollback(True)
    wrong = [f"{one.what}: {', '.join(one.wrong)}" for one in judged if one.wrong]
    with capsys.disabled():
        print(f"\nwhat is hidden: {len(judged)} combinations judged, {len(wrong)} wrong")  # noqa: T201 - the figure is the point
    assert len(judged) > 1000
    assert not wrong, "\n".join(wrong[:30])
