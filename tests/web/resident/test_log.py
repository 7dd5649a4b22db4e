"""Who has read: every line in words, by day and unit, and nobody else's."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

import vardnav
from tests import factories as make
from tests.web.resident.conftest import text_of
from vardnav.audit import actions as audit
from vardnav.audit.models import Line
from vardnav.audit.rules import Activity
from vardnav.kernel.actor import Role
from vardnav.listing import actions, selectors
from vardnav.patients import actions as patients
from vardnav.patients.models import Person
from vardnav.patients.rules import NeedReason
from vardnav.web.resident.log_words import DEEDS

ROOMS = "access|audit|demo|extracts|followup|identity|incidents|listing|parameters|patients|reviews"
KINDS = re.compile(rf'"((?:{ROOMS})\.[a-z_]+\.[a-z_]+|access\.denied)"')
COMMANDS = {"listing.offer.accept"}  # the kind of an idempotency key, not of a line
MADE_OF_PARTS = ("patients.consent.", "patients.emergency.")  # by patients.actions.openings
# Never about one patient; each kind or its beginning.
NOBODYS = (
    *("listing.cap.asked", "listing.cap.withdrawn", "patients.search.missed"),
    *("demo.", "extracts.", "followup.", "identity.", "incidents.", "parameters."),
    *("audit.log.exported", "audit.log.restored", "audit.log.verified", "audit.month."),
    *("reviews.review.", "reviews.line.", "reviews.question", "reviews.figures.", "reviews.flags."),
)


def kinds_in_the_source() -> set[str]:
    root = Path(vardnav.__file__).parent
    files = [file for file in root.rglob("*.py") if "migrations" not in file.parts and file.name != "log_words.py"]
    return {kind for file in files for kind in KINDS.findall(file.read_text())}


def test_every_kind_of_line_about_a_person_has_its_words() -> None:
    found = kinds_in_the_source()
    assert len(found) > 60
    told = {kind for kind in DEEDS if not kind.startswith(MADE_OF_PARTS)}
    assert {kind for kind in found - COMMANDS if not kind.startswith(NOBODYS)} == told


def test_the_log_is_taken_away_as_a_file_with_provider_and_emergency(astrid: Person, client: Client) -> None:
    clinic, other = make.clinic("Ekens vårdcentral"), make.clinic("Andra vårdcentralen")
    sofia = make.staff(clinic, name="=Sofia Exempelgren")
    audit.record(
        "patients.person.read",
        by=sofia,
        now=make.NOW,
        activity=Activity.READ,
        patient_id=astrid.id,
        of=(other.hsa_id, other.care_provider.hsa_id),
        emergency=True,
    )
    page = text_of(client.get("/vem-har-last/"))
    assert "Nödsituation" in page
    assert "Uppgifterna kom från: Andra vårdcentralen" in page
    assert f"Vårdgivare: {clinic.care_provider.name}" in page
    assert "Ser något fel ut?" in page
    answer = client.get("/vem-har-last/hamta.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    line = next(row for row in rows if row[1] == "Ekens vårdcentral")
    assert line[0] == "2026-03-16 10:00:00"
    assert line[2:4] == [clinic.care_provider.name, "'=Sofia Exempelgren, medarbetare"]
    assert line[6:] == ["Ja", "", "Andra vårdcentralen"]
    assert Line.objects.filter(kind="patients.log.downloaded", patient_id=astrid.id).count() == 1


def test_the_log_says_who_where_what_and_why(astrid: Person, client: Client) -> None:
    clinic = make.clinic("Ekens vårdcentral")
    make.listed(astrid, clinic)
    sofia = make.staff(clinic, name="Sofia Exempelgren")
    selectors.person_page(astrid.id, by=sofia, now=make.NOW)
    words = text_of(client.get("/vem-har-last/"))
    assert "mån 16 mars 2026 Ekens vårdcentral Vårdgivare: Vårdgivare region · 063-15 30 00 kl. 10.00" in words
    assert "Läste uppgifterna om vårdcentral och läkare Sofia Exempelgren, medarbetare" in words
    assert "Varför: Listad eller i kö på vårdcentralen" in words


def test_a_stated_need_shows_its_reason_in_words(astrid: Person, client: Client) -> None:
    by = make.staff(make.clinic("Andra vårdcentralen"))
    patients.state_need(astrid.id, reason=NeedReason.OTHER, text="Ringde oss av misstag", by=by, now=make.NOW)
    patients.state_need(astrid.id, reason=NeedReason.IN_THE_ROOM, text="", by=by, now=make.NOW)
    words = text_of(client.get("/vem-har-last/"))
    assert "Varför: Annat skäl: Ringde oss av misstag" in words
    assert "Varför: Personen är här" in words


def test_a_refused_try_shows(astrid: Person, client: Client) -> None:
    other = Client()
    make.log_in(other, make.person("Nyfiken Granne", born=make.LONG_AGO.replace(year=1970)))
    assert other.get(f"/barn/{astrid.id}/").status_code == 403
    words = text_of(client.get("/vem-har-last/"))
    assert "Försökte öppna uppgifterna men nekades Nekades Nyfiken Granne" in words


def test_reading_the_log_is_in_the_log(astrid: Person, client: Client) -> None:
    client.get("/vem-har-last/")
    assert Line.objects.filter(kind="patients.log.read", patient_id=astrid.id).count() == 1
    assert "Läste den här loggen Du själv" in text_of(client.get("/vem-har-last/?alla=on"))
    assert "Läste den här loggen" not in text_of(client.get("/vem-har-last/"))


def test_one_units_lines_can_be_shown_alone(astrid: Person, client: Client) -> None:
    for name in ("Ekens vårdcentral", "Björkens vårdcentral"):
        by = make.staff(make.clinic(name))
        audit.record("listing.care.read", by=by, now=make.NOW, activity=Activity.READ, patient_id=astrid.id)
    page = client.get("/vem-har-last/")
    assert [name for _, name in page.context["units"]] == ["Björkens vårdcentral", "Ekens vårdcentral"]
    hsa_id = page.context["units"][0][0]
    shown = client.get(f"/vem-har-last/?enhet={hsa_id}").context["days"]
    assert [at.unit for day in shown for at in day.units] == ["Björkens vårdcentral"]


def test_the_log_pages_by_key(astrid: Person, client: Client) -> None:
    by = make.staff(make.clinic())
    for minute in range(60):
        at = make.NOW - timedelta(minutes=60 - minute)
        audit.record("listing.care.read", by=by, now=at, activity=Activity.READ, patient_id=astrid.id)
    first = client.get("/vem-har-last/")
    assert first.context["shown"] == 50
    second = client.get(f"/vem-har-last/?after={first.context['next']}")
    assert second.context["shown"] == 10
    assert second.context["next"] is None
    assert client.get("/vem-har-last/?after=hej").context["shown"] == 50


def test_the_same_again_within_the_minute_is_told_once(astrid: Person, client: Client) -> None:
    by = make.staff(make.clinic())
    for second in range(3):
        at = make.NOW + timedelta(seconds=second)
        audit.record("listing.panel.read", by=by, now=at, activity=Activity.READ, patient_id=astrid.id)
    lines = [line for day in client.get("/vem-har-last/").context["days"] for at in day.units for line in at.lines]
    assert [line.times for line in lines] == [3]


def test_a_childs_log_is_its_guardians(astrid: Person, client: Client) -> None:
    elsa = make.child("Elsa Provberg", guardians=(astrid,))
    clinic = make.clinic("Ekens vårdcentral")
    actions.choose_clinic(elsa.id, clinic.id, by=make.resident(astrid), now=make.NOW)
    words = text_of(client.get(f"/barn/{elsa.id}/vem-har-last/?alla=on"))
    assert "Vem har läst om Elsa Provberg" in words
    assert "Listade på en vårdcentral Du själv" in words


@pytest.mark.parametrize("role", list(Role))
def test_staff_have_no_way_to_a_residents_log(astrid: Person, client: Client, role: Role) -> None:
    clinic = make.clinic()
    make.listed(astrid, clinic)
    make.log_in(client, make.staff(clinic, role))
    assert client.get("/vem-har-last/").status_code == 403
