import csv
import io
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.web.admin.test_accounts import text
from vardnav.audit import actions as audit
from vardnav.audit.models import Line
from vardnav.kernel.actor import Actor
from vardnav.listing.selectors import my_care
from vardnav.patients.actions import state_need
from vardnav.patients.models import Person
from vardnav.patients.rules import NeedReason


@pytest.fixture
def astrid(admin: Actor) -> Person:
    """Somebody whose data she herself and a clinic have read."""
    made, now = factories.person("Xqastrid Logg"), timezone.now()
    clinic = factories.clinic()
    staff = factories.staff(clinic, name="Sofia Personal")
    my_care(made.id, by=factories.resident(made), now=now)
    state_need(made.id, reason=NeedReason.OTHER, text="Ringer om sin diabetes", by=staff, now=now)
    my_care(made.id, by=staff, now=now)
    return made


def search(client: Client, **wanted: object) -> HttpResponse:
    return client.post("/logg/", wanted)


def kinds(answer: HttpResponse) -> list[str]:
    return re.findall(r'<th scope="row"><code>([^<]+)</code>', answer.content.decode())


def test_lines_are_found_by_patient_user_kind_and_period(client: Client, astrid: Person) -> None:
    today = timezone.localdate().isoformat()
    assert kinds(search(client, patient=astrid.personal_number)) == [
        "listing.care.read",
        "patients.need.stated",
        "listing.care.read",
    ]
    assert kinds(search(client, kind="patients.need"))[0] == "patients.need.stated"
    staff = Line.objects.get(kind="patients.need.stated").user_id
    assert kinds(search(client, user=staff)) == ["listing.care.read", "patients.need.stated"]
    assert kinds(search(client, kind="patients.", starts_on=today, ends_on=today)) == ["patients.need.stated"]
    assert not kinds(search(client, kind="patients.", ends_on="2020-01-01"))


def test_administrators_see_ids_and_no_names_and_no_health(client: Client, astrid: Person) -> None:
    shown = text(search(client))
    assert str(astrid.id) in shown
    assert "Sofia Personal" in shown
    assert "Invånare" in shown
    for hidden in ("Xqastrid", astrid.personal_number, "diabetes"):
        assert hidden not in shown


def test_who_searched_is_itself_a_line_that_the_patient_sees(client: Client, admin: Actor, astrid: Person) -> None:
    search(client, patient=astrid.personal_number)
    line = Line.objects.get(kind="audit.log.searched")
    assert (line.user_name, line.patient_id, line.activity) == ("Anton Admin", astrid.id, "read")
    assert astrid.personal_number not in str(line.details)


def test_a_number_that_nobody_has_finds_nothing(client: Client, astrid: Person) -> None:
    assert not kinds(search(client, patient="20190101-R001"))
    assert search(client, patient="123").status_code == 422


def test_a_search_stands_in_no_address(client: Client, astrid: Person) -> None:
    """GET filters are not read at all."""
    assert kinds(client.get("/logg/", {"kind": "nothing.at.all"}))
    assert astrid.personal_number not in search(client, patient=astrid.personal_number).headers.get("Location", "")


def test_many_lines_come_in_pages(client: Client, admin: Actor) -> None:
    for number in range(120):
        audit.record("test.line.written", by=factories.SYSTEM, now=timezone.now(), number=number)
    seen, before = 0, ""
    for _ in range(3):
        answer = search(client, kind="test.", before=before)
        seen += len(kinds(answer))
        found = re.search(r'name="before" value="(\d+)"', answer.content.decode())
        before = found[1] if found else ""
    assert (seen, before) == (120, "")


def test_the_download_is_logged_and_safe_to_open(client: Client, astrid: Person) -> None:
    audit.record("test.line.written", by=factories.system("=1+1"), now=timezone.now())
    answer = client.post("/logg/hamta/", {})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:2] == ["Tid", "Händelse"]
    assert rows[1][1] == "test.line.written"
    assert rows[1][4] == "'=1+1"
    assert astrid.personal_number not in answer.content.decode()
    assert Line.objects.filter(kind="audit.log.downloaded").count() == 1
    assert "attachment" in answer["Content-Disposition"]


def test_a_search_that_cannot_be_read_keeps_what_was_written(client: Client, admin: Actor) -> None:
    answer = client.post("/logg/", {"kind": "Stora Bokstäver", "starts_on": "i går"})
    assert answer.status_code == 422
    assert "Stora Bokstäver" in answer.content.decode()
    assert client.post("/logg/hamta/", {"starts_on": "i går"}).status_code == 422
