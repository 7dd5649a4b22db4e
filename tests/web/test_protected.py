"""Protected identity: address, phone and whereabouts are nowhere, on no page, for nobody; and the mark is plain to see.

The walk asks every page for the same; here is what is written meanwhile (log, outbox, the process's own log), what is
taken away (CSV, XLSX, extract), what travel is reckoned from, and what programs are answered.
"""

import io
import json
import logging
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.api.conftest import bearer
from tests.web.test_walk import PATTERNS, address, count_the_day, may_come
from tests.web.walk_world import World, build
from vardnav.kernel.actor import Role
from vardnav.listing import actions as listing
from vardnav.listing.selectors import my_care
from vardnav.patients import actions, selectors
from vardnav.patients.bulk import rows
from vardnav.patients.models import Person
from vardnav.places.models import Area
from vardnav.tables import sql

pytestmark = pytest.mark.django_db
MARK = "Skyddade personuppgifter"
AREA = "Xqhemligområdet"


@pytest.fixture
def world() -> World:
    """As the walk's, but the protected one lives in an area whose name is theirs alone."""
    made = build()
    hidden = made.targets["hidden"]
    area = factories.area(latitude=61.2345, longitude=13.5432)
    Area.objects.filter(id=area.id).update(name=AREA)
    Person.objects.filter(id=hidden.id).update(area=area, household="xqhushall", postal_code="999 99", city="Xqort")
    hidden.refresh_from_db()
    count_the_day()
    return made


def whereabouts(who: Person) -> list[str]:
    """What must stand nowhere. The clinic's own place is known to all; the home's is not."""
    return [
        *(str(who.address), str(who.phone), str(who.email), str(who.postal_code), str(who.city), str(who.household)),
        *(AREA, who.area.code, "61.2345", "13.5432", "61.234", "13.543"),
    ]


def found(who: Person, text: str) -> list[str]:
    return [one for one in whereabouts(who) if one in text]


def test_no_page_says_where_a_protected_person_is(world: World) -> None:
    hidden = world.targets["hidden"]
    own = factories.resident(hidden)
    world.actors["hidden"] = own
    for name in PATTERNS:
        for who in ("nobody", "hidden", "our staff", "our head", "planner", "administrator"):
            if not may_come(name, world.actors[who]):
                continue
            answer = world.client(who).get(address(name, world, hidden))
            text = answer.content.decode("utf-8", "replace") + answer.headers.get("Location", "")
            assert not found(hidden, text), f"{name} for {who}"


@pytest.mark.parametrize("name", ["person", "person_block", "person_open", "panel", "today"])
def test_the_mark_is_shown_to_those_who_handle_the_data(name: str, world: World) -> None:
    text = world.client("our head").get(address(name, world, world.targets["hidden"])).content.decode()
    assert MARK in text


def test_what_is_taken_away_does_not_say_it(world: World) -> None:
    hidden, client = world.targets["hidden"], world.client("our head")
    for form in ("csv", "xlsx"):
        answer = client.post(reverse("web:panel_download", kwargs={"form": form}))
        assert answer.status_code == 200
        text = unpacked(b"".join(answer)) if form == "xlsx" else b"".join(answer).decode()
        assert "Xqhidden" in text  # listed there: the name is in the list, the home is not
        assert not found(hidden, text), form


def unpacked(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(one).decode("utf-8", "replace") for one in book.namelist())


def test_an_extract_says_it_only_when_it_is_asked_to(world: World) -> None:
    hidden = world.targets["hidden"]
    of = f"SELECT r.* FROM ({rows('residents', with_protected=False)}) r WHERE personal_number = %s"
    assert not found(hidden, str(sql.rows(of, [hidden.personal_number])))
    of = of.replace(rows("residents", with_protected=False), rows("residents", with_protected=True))
    assert found(hidden, str(sql.rows(of, [hidden.personal_number])))


def test_what_is_written_meanwhile_does_not_say_it(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log, the outbox and the process's own log, of all that is done with such a person."""
    hidden, now = world.targets["hidden"], timezone.now()
    by, own = factories.staff(world.ours, Role.CLINIC_HEAD), factories.resident(hidden)
    with caplog.at_level(logging.DEBUG):
        my_care(hidden.id, by=by, now=now)
        selectors.home_of(hidden.id, by=own, now=now)
        listing.name_doctor(hidden.id, world.doctor.id, by=by, now=now)
        actions.place_block(hidden.id, world.ours.hsa_id, by=own, now=now)
        listing.choose_clinic(hidden.id, world.theirs.id, by=own, now=now)
        world.client("our head").get(address("person", world, hidden))
    for table in ("audit_line", "outbox_message", "patients_block"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT json_agg(t) FROM {table} t")
            written: Any = cursor.fetchone()[0]
        assert not found(hidden, json.dumps(written, ensure_ascii=False, default=str)), table
    assert not found(hidden, caplog.text)
    assert hidden.personal_number not in caplog.text


def test_no_program_is_told_it(world: World) -> None:
    hidden, client = world.targets["hidden"], world.client("nobody")
    answer = client.post(
        "/api/v1/listing/person",
        {"personal_number": hidden.personal_number},
        content_type="application/json",
        headers=bearer("listing:read"),
    )
    assert answer.status_code == 200
    assert answer.json()["protected"] is True
    assert not found(hidden, answer.content.decode())


def test_no_travel_is_reckoned_from_the_home(world: World) -> None:
    hidden, now = world.targets["hidden"], timezone.now()
    own = factories.resident(hidden)
    assert selectors.home_of(hidden.id, by=own, now=now) is None
    assert my_care(hidden.id, by=own, now=now).home is None
