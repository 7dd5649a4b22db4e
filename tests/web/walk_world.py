"""The people of the walk: one of each who can come to a page, and residents whom they are and are not something to."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests import factories
from vardnav.identity.actions import end_assignment
from vardnav.identity.models import ApiKey
from vardnav.incidents.actions import open_incident
from vardnav.incidents.rules import Harm
from vardnav.kernel.actor import Actor, Role
from vardnav.listing.models import Cap, PendingChoice
from vardnav.organisation.models import Professional, Unit
from vardnav.patients.actions import state_need
from vardnav.patients.models import Person
from vardnav.patients.rules import NeedReason, Relation
from vardnav.patients.selectors import open_card
from vardnav.reviews.actions import draw_review
from vardnav.reviews.models import Flag


@dataclass
class World:
    ours: Unit
    theirs: Unit
    doctor: Professional
    their_doctor: Professional
    targets: dict[str, Person]
    actors: dict[str, Actor | None]  # None: nobody is logged in
    ids: dict[str, Any] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        """A browser as this person has it after logging in."""
        client = Client(raise_request_exception=False)
        actor = self.actors[who]
        if actor is not None:
            factories.log_in(client, actor)
        return client


# How each stands to each; what is not written is no relation.
RELATIONS: dict[tuple[str, str], Relation] = {
    ("astrid", "astrid"): Relation.SELF,
    ("bo", "bo"): Relation.SELF,
    ("johanna", "johanna"): Relation.SELF,
    ("johanna", "elsa"): Relation.GUARDIAN,
    ("johanna", "tor"): Relation.GUARDIAN_OF_TEENAGER,
    ("our staff", "astrid"): Relation.UNIT,
    ("our staff", "elsa"): Relation.UNIT,
    ("our staff", "hidden"): Relation.UNIT,
    ("our head", "astrid"): Relation.UNIT,
    ("our head", "elsa"): Relation.UNIT,
    ("our head", "hidden"): Relation.UNIT,
    ("their staff", "bo"): Relation.UNIT,
    ("their head", "bo"): Relation.UNIT,
    ("their staff in need", "bo"): Relation.UNIT,
    ("their staff in need", "astrid"): Relation.NEED,
}


def relation(who: str, target: str) -> Relation:
    return RELATIONS.get((who, target), Relation.NONE)


def build() -> World:
    factories.region()
    ours, theirs = factories.clinic("Vår vårdcentral"), factories.clinic("Deras vårdcentral")
    doctor = factories.doctor(ours)
    targets = _targets(ours, theirs)
    actors = _actors(targets, ours, theirs)
    world = World(ours, theirs, doctor, factories.doctor(theirs, "Lars Ek"), targets, actors)
    world.ids = _ids(world)
    return world


def _born(age: int) -> date:
    today = timezone.localdate()
    return date(today.year - age - 1, 12, 28) if (today.month, today.day) < (12, 28) else date(today.year - age, 1, 3)


def _targets(ours: Unit, theirs: Unit) -> dict[str, Person]:
    """First names that no page has by itself, so that one found in an answer is a person shown."""
    named = {"astrid": 41, "bo": 52, "johanna": 38, "elsa": 7, "tor": 14, "vera": 17, "hidden": 44}
    people = {
        name: factories.person(
            f"Xq{name} Walkson",
            born=_born(age),
            address=f"Xqgatan-{name} 1",
            phone=f"070-1740{number:03}",
            email=f"xq{name}@example.se",
            protected=name == "hidden",
        )
        for number, (name, age) in enumerate(named.items())
    }
    for name in ("elsa", "tor", "vera"):
        factories.guardianship(people[name], people["johanna"])
    for name in ("astrid", "elsa", "hidden"):
        factories.listed(people[name], ours, since=date(2026, 1, 1), welcomed=False)
    factories.listed(people["bo"], theirs)
    return people


def _actors(targets: dict[str, Person], ours: Unit, theirs: Unit) -> dict[str, Actor | None]:
    office = factories.unit("Regionkontoret", factories.UnitKind.REGION_OFFICE)
    staff = factories.staff
    actors: dict[str, Actor | None] = {
        "nobody": None,
        **{name: factories.resident(targets[name]) for name in ("astrid", "bo", "johanna")},
        "our staff": staff(ours, name="Vår Medarbetare"),
        "our head": staff(ours, Role.CLINIC_HEAD, name="Vår Chef"),
        "their staff": staff(theirs, name="Deras Medarbetare"),
        "their head": staff(theirs, Role.CLINIC_HEAD, name="Deras Chef"),
        "their staff in need": staff(theirs, name="Annan Medarbetare"),
        "planner": staff(office, Role.REGION_PLANNER, name="Regionens Planerare"),
        "administrator": staff(office, Role.ADMINISTRATOR, name="Regionens Administratör"),
        "reviewer": staff(ours, Role.LOG_REVIEWER, name="Vår Granskare"),
        "region reviewer": staff(office, Role.LOG_REVIEWER, name="Regionens Granskare"),
        "ended": staff(ours, name="Förra Medarbetaren"),
        "idle": factories.actor_of(factories.account(name="Utan Uppdrag"), None),
    }
    now = timezone.now()
    in_need, ended = actors["their staff in need"], actors["ended"]
    assert in_need is not None
    assert ended is not None
    assert ended.acting is not None
    state_need(targets["astrid"].id, reason=NeedReason.WANTS_TO_LIST, text="", by=in_need, now=now)
    end_assignment(ended.acting.assignment_id, by=factories.SYSTEM, now=now)
    return actors


def _reviewed(world: World) -> dict[str, Any]:
    """A review of what our staff did with Astrid, a flag on Bo, an incident."""
    now = timezone.now()
    staff, administrator = world.actors["our staff"], world.actors["administrator"]
    assert staff is not None
    assert administrator is not None
    open_card(world.targets["astrid"].id, by=staff, now=now)
    month = timezone.localdate(now).replace(day=1)
    review = draw_review(world.ours.hsa_id, world.ours.name, month, by=factories.SYSTEM, now=now)
    flag = Flag.objects.create(person=world.targets["bo"], reason="Känd", flagged_at=now, flagged_by="test")
    incident = open_incident(
        title="Något",
        text="Hände",
        harms=[Harm.INTEGRITY],
        significant=True,
        concerns_people=True,
        aware_at=now,
        by=administrator,
        now=now,
    )
    return {
        "review_id": review.id,
        "item_id": review.sampled.get().id,
        "flag_id": flag.id,
        "incident_id": incident.id,
        "step": "early_warning",
    }


def _ids(world: World) -> dict[str, Any]:
    """What stands in the addresses that name no resident."""
    now = timezone.now()
    spare = factories.account(name="Någon Annan")
    cap = Cap.objects.create(
        clinic=world.ours,
        heads=5000,
        starts_on=now.date(),
        ends_on=now.date() + timedelta(days=90),
        state="asked",
        asked_at=now,
        asked_by="Vår Chef",
    )
    key = ApiKey.objects.create(
        name="Ett system",
        prefix="walk",
        digest="x",
        scopes=["organisation:read"],
        issued_at=now,
        issued_by="test",
        expires_at=now + timedelta(days=1),
    )
    choice = PendingChoice.objects.create(
        person=world.targets["elsa"],
        clinic=world.theirs,
        asker=world.targets["bo"],
        asked_at=now,
        asked_by="test",
        expires_at=now + timedelta(days=3),
        state="waiting",
    )
    return {
        "clinic_id": world.theirs.id,
        "cap_id": cap.id,
        "key_id": key.id,
        "session_id": 0,
        "who": "invanare",
        "choice_id": choice.id,
        "account_id": spare.id,
        "passkey_id": 1,
        "assignment_id": factories.assignment(spare, at=world.ours).id,
        "name": "ceiling",
        "topic": "vardcentral",
        "code": world.ours.municipality_id,
        **_reviewed(world),
        "form": "csv",
        "what": "valt",
        "how": "nod",
        "unit": world.ours.hsa_id,
        "opening_id": 1,
        "year": now.year,
        "month": now.month,
    }
