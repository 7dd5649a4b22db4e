"""The second wall: what the database shows to whom, asked of it without any of our checks."""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone

import vardnav
from tests import factories as make
from tests.factories import NOW, SYSTEM
from vardnav.audit import actions as audit
from vardnav.audit.models import Line
from vardnav.config import urls
from vardnav.identity import selectors as identity
from vardnav.identity.actions import end_assignment, issue_key
from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.listing.selectors import has_resident
from vardnav.outbox import actions as outbox
from vardnav.outbox.models import Message
from vardnav.outbox.rules import Template
from vardnav.patients.actions import state_need
from vardnav.patients.models import Block, Guardianship, Need, Person
from vardnav.patients.rules import NeedReason
from vardnav.tables import wall

pytestmark = pytest.mark.django_db
SOURCE = Path(vardnav.__file__).parent


@dataclass
class World:
    people: dict[str, Person]
    actors: dict[str, Actor]
    ids: dict[int, str] = field(default_factory=dict)

    def names(self, ids: Any) -> set[str]:
        return {self.ids[one] for one in ids}


@pytest.fixture
def world() -> World:
    """Residents of two clinics, a family, those who come and go; each with a line in the log and a message."""
    ours, theirs = make.clinic("Vår"), make.clinic("Deras")
    office = make.unit("Kontoret", make.UnitKind.REGION_OFFICE)
    ages = {"astrid": 40, "bo": 50, "johanna": 38, "karl": 39, "elsa": 7, "vera": 19, "leaving": 30, "gone": 31}
    today = make.TODAY
    people = {
        name: make.person(f"{name.title()} Provberg", born=today.replace(year=today.year - age))
        for name, age in {**ages, "queued": 33, "needed": 34}.items()
    }
    for name, at in {"astrid": ours, "bo": theirs, "elsa": ours, "needed": theirs}.items():
        make.listed(people[name], at)
    for name, days in {"leaving": 1, "gone": 0}.items():  # the first day without the clinic
        listing = make.listed(people[name], ours)
        type(listing).objects.filter(id=listing.id).update(ends_on=today + timedelta(days=days))
    make.queued(people["queued"], ours)
    for guardian in ("johanna", "karl"):
        make.guardianship(people["elsa"], people[guardian])
    make.guardianship(people["vera"], people["johanna"])  # of age: nobody's ward any more
    make.guardianship(people["bo"], people["karl"], ends_on=today)
    actors = {
        **{name: make.resident(people[name]) for name in ("astrid", "bo", "johanna", "karl", "elsa")},
        "our staff": make.staff(ours),
        "our head": make.staff(ours, Role.CLINIC_HEAD),
        "their staff": make.staff(theirs),
        "in need": make.staff(ours, name="I Behov"),
        "planner": make.staff(office, Role.REGION_PLANNER),
        "administrator": make.staff(office, Role.ADMINISTRATOR),
        "reviewer": make.staff(office, Role.LOG_REVIEWER),
        "idle": make.actor_of(make.account(name="Utan Uppdrag"), None),
    }
    state_need(people["needed"].id, reason=NeedReason.WANTS_TO_LIST, text="", by=actors["in need"], now=NOW)
    for person in people.values():
        audit.record("test.thing.done", by=SYSTEM, now=NOW, patient_id=person.id)
        outbox.send(Template.LISTING_CHANGED, to=person.id, by=SYSTEM, now=NOW, clinic="Vår")
    Block.objects.create(
        person=people["astrid"],
        unit_hsa_id=theirs.hsa_id,
        unit_name=theirs.name,
        provider_hsa_id=theirs.care_provider.hsa_id,
        how="online",
        made_at=NOW,
        made_by="Astrid",
    )
    return World(people, actors, {person.id: name for name, person in people.items()})


@contextmanager
def serving() -> Iterator[None]:
    """As a process that serves."""
    run("SET ROLE vardnav_app")
    try:
        yield
    finally:
        run("RESET ROLE")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def become(actor: Actor, now: Any = NOW) -> None:
    """By the very statement that every request asks."""
    assert actor.account_id is not None
    assigned = actor.acting.assignment_id if actor.acting else None
    assert identity.actor(actor.account_id, assigned, now) is not None


EVERYBODY = {"astrid", "bo", "johanna", "karl", "elsa", "vera", "leaving", "gone", "queued", "needed"}
OURS = {"astrid", "elsa", "leaving", "queued"}
SEES: dict[str, set[str]] = {
    "astrid": {"astrid"},
    "bo": {"bo"},
    "johanna": {"johanna", "elsa"},
    "karl": {"karl", "elsa"},
    "elsa": {"elsa"},
    "our staff": OURS,
    "our head": OURS,
    "their staff": {"bo", "needed"},
    "in need": OURS | {"needed"},
    "planner": set(),
    "administrator": set(),
    "reviewer": set(),
    "idle": set(),
}


def residents() -> set[int]:
    return set(Person.objects.values_list("id", flat=True))


def letters() -> set[int]:
    return set(Message.objects.values_list("recipient_id", flat=True))


def lines() -> set[int]:
    return set(Line.objects.filter(kind="test.thing.done").values_list("patient_id", flat=True))


@pytest.mark.parametrize("who", SEES)
def test_each_sees_the_rows_that_are_theirs_to_see(world: World, who: str) -> None:
    actor, is_resident = world.actors[who], world.actors[who].kind is ActorKind.RESIDENT
    become(actor)
    with serving():
        assert world.names(residents()) == SEES[who]
        assert world.names(letters()) == (SEES[who] if is_resident else set())
        reviews = actor.role in (Role.ADMINISTRATOR, Role.LOG_REVIEWER)
        assert world.names(lines()) == (EVERYBODY if reviews else SEES[who] if is_resident else set())
        children = set(Guardianship.objects.values_list("child__id", flat=True))
        assert world.names(children) == ({"elsa", "bo"} & SEES[who] if is_resident else set())
        assert Need.objects.count() == (who == "in need")
        assert Block.objects.count() == ("astrid" in SEES[who])


def test_nobody_sees_nothing(world: World) -> None:
    wall.clear()
    with serving():
        assert not residents() | letters() | lines()
        assert not any(model.objects.exists() for model in (Guardianship, Need, Block))


@pytest.mark.parametrize(
    "actor", ["", "|||||", "staff", "staff|clinic_staff||||", "resident|||||", "nonsense|a|b|1|2|"]
)
def test_a_setting_that_says_nobody_shows_nobody(world: World, actor: str) -> None:
    wall.set_actor(actor)
    with serving():
        assert not residents() | letters() | lines()


def test_programs_see_all_and_keys_all_residents(world: World) -> None:
    wall.set_actor(wall.PROGRAM)
    with serving():
        assert world.names(residents()) == world.names(letters()) == world.names(lines()) == EVERYBODY
    wall.set_actor(wall.SERVICE)
    with serving():
        assert world.names(residents()) == EVERYBODY
        assert not letters() | lines()


def test_the_wall_and_the_check_in_the_code_agree_about_a_clinic(world: World) -> None:
    """Two who say the same thing in two languages: when one is changed, the other must be."""
    for who in ("our staff", "their staff"):
        unit = world.actors[who].unit_hsa_id
        assert unit is not None
        held = {name for name, person in world.people.items() if has_resident(person.id, unit, make.TODAY)}
        become(world.actors[who])
        with serving():
            assert world.names(residents()) == held


def test_a_need_and_an_assignment_end_for_the_database_too(world: World) -> None:
    become(world.actors["in need"], NOW + timedelta(hours=8))
    with serving():
        assert "needed" not in world.names(residents())
    acting = world.actors["our staff"].acting
    assert acting is not None
    end_assignment(acting.assignment_id, by=SYSTEM, now=NOW)
    become(world.actors["our staff"])
    with serving():
        assert not residents()


REFUSED = [
    "UPDATE audit_line SET user_name = 'somebody else'",
    "DELETE FROM audit_line",
    "TRUNCATE audit_line",
    "DELETE FROM audit_shard",
    "SELECT FROM audit_line_other",
    "ALTER TABLE audit_line DISABLE TRIGGER ALL",
    "ALTER TABLE patients_person DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE patients_person NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY b_listed_here ON patients_person",
    "CREATE POLICY mine ON patients_person USING (true)",
    "SET LOCAL session_replication_role = replica",
    "CREATE TABLE mine (id int)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION patients_reach() RETURNS bigint[] LANGUAGE sql AS 'SELECT NULL::bigint[]'",
    "UPDATE patients_person SET id = id",
    "UPDATE patients_person SET protected = false",
    "DELETE FROM patients_person",
    "TRUNCATE patients_person CASCADE",
    "DELETE FROM patients_need",
    "UPDATE patients_guardianship SET ends_on = NULL",
    "DELETE FROM identity_account",
    "DELETE FROM django_migrations",
    "COPY patients_person TO PROGRAM 'cat'",
    "SELECT rolpassword FROM pg_authid",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_who_serves_cannot(world: World, statement: str) -> None:
    become(world.actors["astrid"])
    with serving(), pytest.raises(DatabaseError) as refused, transaction.atomic():
        run(statement)
    assert "append-only" not in str(refused.value)  # the privilege itself is missing, before any trigger
    assert getattr(refused.value.__cause__, "sqlstate", "") == "42501"


def test_a_line_is_written_whoever_acts(world: World) -> None:
    wall.clear()
    with serving():
        audit.record("test.other.done", by=SYSTEM, now=NOW, patient_id=world.people["astrid"].id)
        assert not Line.objects.filter(kind="test.other.done").exists()
    assert Line.objects.filter(kind="test.other.done").exists()


# --- Requests ------------------------------------------------------------------------------------


def forgetful(request: HttpRequest) -> JsonResponse:
    """A page whose author has forgotten every check."""
    return JsonResponse([sorted(residents()), sorted(letters()), sorted(lines())], safe=False)


urlpatterns: list[URLPattern | URLResolver] = [path("forgetful/", forgetful), *urls.urlpatterns]
forgetful_pages = pytest.mark.urls(__name__)


@pytest.fixture
def ask(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[set[str]]]:
    monkeypatch.setattr("vardnav.web.clock.now", lambda: NOW)
    clients = {name: Client() for name in (*world.actors, "nobody")}
    for name, actor in world.actors.items():
        make.log_in(clients[name], actor)

    def asked(who: str, **headers: str) -> list[set[str]]:
        return [world.names(ids) for ids in clients[who].get("/forgetful/", headers=headers).json()]

    return asked


@forgetful_pages
def test_a_forgotten_check_shows_nothing_of_others(ask: Callable[..., list[set[str]]]) -> None:
    for who in ("astrid", "johanna", "our staff", "in need", "planner"):
        assert ask(who)[0] == SEES[who], who
    assert ask("nobody") == [set(), set(), set()]


@forgetful_pages
def test_no_request_inherits_the_one_before_it_on_the_same_connection(ask: Callable[..., list[set[str]]]) -> None:
    for who in ("astrid", "nobody", "bo", "astrid", "our staff", "nobody", "their staff", "planner", "johanna"):
        assert ask(who)[0] == SEES.get(who, set()), who


@forgetful_pages
def test_neither_does_one_after_a_key_or_a_session_that_has_ended(
    world: World, ask: Callable[..., list[set[str]]]
) -> None:
    now = timezone.now()
    _, token = issue_key(name="Journalen", scopes=frozenset({"listing:read"}), by=SYSTEM, now=now)
    client = Client()
    client.get("/api/v1/organisation/units", headers={"Authorization": f"Bearer {token}"})
    assert wall._carried[connection.connection] == wall.SERVICE
    assert ask("nobody")[0] == set()
    assert ask("astrid")[0] == {"astrid"}
    type(make.account()).objects.filter(id=world.actors["bo"].account_id).update(is_active=False)
    assert ask("bo")[0] == set()
    client.get("/api/v1/organisation/units", headers={"Authorization": "Bearer vnav_no_such"})
    assert ask("nobody")[0] == set()


def test_a_wrong_proof_leaves_nobody_behind(world: World) -> None:
    become(world.actors["astrid"])
    bo = world.actors["bo"]
    assert bo.account_id is not None
    assert identity.actor(bo.account_id, None, NOW, proof="of another password") is None
    with serving():
        assert not residents()


@pytest.mark.django_db(transaction=True)
def test_a_connection_out_of_the_pool_carries_nobody() -> None:
    wall.set_actor("resident|||1|191212121212|")
    same = connection.connection
    for _ in range(30):  # until it is our turn to have it again
        connection.close()
        assert asked_for_actor() in ("", None)
        if connection.connection is same:
            return
    raise AssertionError("the pool has thrown it away")


def asked_for_actor() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('vardnav.actor', true)")
        found: str | None = cursor.fetchone()[0]
        return found


# --- Programs within somebody's request ----------------------------------------------------------


def test_who_acted_before_acts_after(world: World) -> None:
    for before in (None, "astrid"):
        if before:
            become(world.actors[before])
        for fails in (ArithmeticError, DatabaseError, None):
            with suppress(ArithmeticError, DatabaseError), wall.as_program(), transaction.atomic():
                assert asked_for_actor() == wall.PROGRAM
                with wall.as_program():
                    pass
                assert asked_for_actor() == wall.PROGRAM
                if fails is DatabaseError:
                    run("SELECT 1 / 0")
                if fails:
                    raise fails
            with serving():
                assert world.names(residents()) == ({before} if before else set())


def test_a_failed_transaction_does_not_leave_the_program_behind(world: World) -> None:
    become(world.actors["astrid"])
    with suppress(DatabaseError), transaction.atomic(), wall.as_program():
        run("SELECT 1 / 0")
    with serving():
        assert world.names(residents()) == {"astrid"}


USES = {
    ("patients/selectors/people.py", "guardian_ids"),  # the other guardian counts
    ("patients/selectors/people.py", "family_ids"),  # a newborn's family may be listed anywhere
    ("listing/selectors/people.py", "_shown"),  # a whole clinic in order: ids, shown behind the wall
    ("config/metrics.py", "collect"),  # one number
    ("config/metrics.py", "_log"),  # counts
    ("config/figures.py", "collect"),  # the same, kept a while
    ("reviews/actions/flags.py", "flag"),  # that there is such a person
    ("reviews/actions/draw.py", "draw_review"),  # facts compared, none shown
    ("reviews/selectors/desk.py", "shown_patient"),  # one name, with its line
    ("reviews/selectors/own.py", "traces_of"),  # what a question is about
    ("web/testidp/people.py", "is_a_demo"),  # only that it is one
}


def test_every_place_that_steps_past_the_wall_is_known() -> None:
    found = {
        (str(file.relative_to(SOURCE)), function.name)
        for file in SOURCE.rglob("*.py")
        if file != SOURCE / "tables/wall.py"
        for function in ast.walk(ast.parse(file.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr in ("as_program", "PROGRAM")
    }
    assert found == USES
