"""One append-only table; no line, no data (Patient Data Act 4:3, HSLF-FS 2016:40 4:9)."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests import factories
from tests.factories import NOW, SYSTEM
from vardnav.audit import actions as audit
from vardnav.audit import selectors
from vardnav.audit.models import Line
from vardnav.audit.rules import Activity, Outcome
from vardnav.kernel.actor import Role
from vardnav.listing.actions import choose_clinic
from vardnav.listing.models import Listing
from vardnav.listing.selectors import listed_people, my_care

pytestmark = pytest.mark.django_db


def write(**changes: object) -> None:
    audit.record("test.thing.done", **{"by": SYSTEM, "now": NOW, **changes})  # type: ignore[arg-type]


def test_a_line_says_who_did_what_where_why_and_to_whom() -> None:
    by = factories.staff(role=Role.CLINIC_HEAD)
    assert by.acting is not None
    write(by=by, patient_id=7, reason="Akut", resource=("clinic", "SE1"), activity=Activity.READ, what=3)
    line = Line.objects.get()
    assert (line.kind, line.activity, line.outcome) == ("test.thing.done", "read", "done")
    assert (line.user_id, line.user_name, line.account_id) == (by.hsa_id, by.name, by.account_id)
    assert (line.role, line.purpose, line.unit_hsa_id) == ("clinic_head", "care", by.unit_hsa_id)
    assert (line.assignment_id, line.unit_name) == (by.acting.assignment_id, by.acting.unit_name)
    assert (line.patient_id, line.reason, line.recorded_at) == (7, "Akut", NOW)
    assert (line.resource_type, line.resource_id, line.details) == ("clinic", "SE1", {"what": 3})


@pytest.mark.parametrize(
    "sentence",
    [
        "UPDATE audit_line SET user_name = 'somebody else'",
        "DELETE FROM audit_line",
        "TRUNCATE audit_line",
        "TRUNCATE audit_line CASCADE",
        "INSERT INTO audit_line SELECT * FROM audit_line ON CONFLICT (id, recorded_at) DO UPDATE SET kind = 'x'",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_line(sentence: str) -> None:
    write()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sentence)
    assert Line.objects.get().kind == "test.thing.done"


def test_django_cannot_change_or_remove_a_line_either() -> None:
    write()
    line = Line.objects.get()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        line.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Line.objects.all().delete()


def refuse_lines(kind: str) -> None:
    """The database itself refuses a line, as a full disk would."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE audit_line ADD CONSTRAINT the_log_is_full CHECK (kind <> '{kind}') NOT VALID")


def test_a_failing_line_means_no_data() -> None:
    """The reader gets an error, not a card."""
    astrid = factories.person()
    refuse_lines("listing.care.read")
    with pytest.raises(DatabaseError, match="the_log_is_full"), transaction.atomic():
        my_care(astrid.id, by=factories.resident(astrid), now=NOW)


def test_a_failing_line_means_no_page(client: Client) -> None:
    astrid = factories.person()
    factories.log_in(client, astrid)
    client.raise_request_exception = False
    refuse_lines("listing.care.read")
    answer = client.get("/min-vardcentral/")
    assert answer.status_code == 500
    assert "Hemgatan" not in answer.content.decode()


def test_a_failing_line_takes_the_change_with_it() -> None:
    astrid, clinic = factories.person(), factories.clinic()
    refuse_lines("listing.listing.made")
    with pytest.raises(DatabaseError, match="the_log_is_full"), transaction.atomic():
        choose_clinic(astrid.id, clinic.id, by=factories.resident(astrid), now=NOW)
    assert not Listing.objects.exists()


def test_every_row_shown_has_its_line() -> None:
    clinic = factories.clinic()
    people = [factories.person(f"Bo Prov{n}") for n in range(5)]
    for person in people:
        factories.listed(person, clinic)
    shown = listed_people(by=factories.staff(clinic), now=NOW, most=3)
    lines = Line.objects.filter(kind="listing.panel.read")
    assert sorted(lines.values_list("patient_id", flat=True)) == sorted(row.person_id for row in shown)
    assert len(shown) == 3


def test_a_line_rolls_back_with_what_it_tells_of() -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert selectors.count() == 0


@pytest.mark.parametrize("column", ["activity", "outcome", "actor_kind"])
def test_the_words_of_the_log_are_held_by_the_database(column: str) -> None:
    write()
    others = ", ".join(name for name in audit.COLUMNS if name != column)
    with pytest.raises(DatabaseError, match="is_known"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_line ({others}, {column}, shard_id, seq, mac)"
            f" SELECT {others}, 'x', shard_id, seq, mac FROM audit_line"
        )


def test_a_patients_lines_come_newest_first_and_page_by_page() -> None:
    for n in range(5):
        write(patient_id=7, number=n)
    write(patient_id=8)
    first = selectors.of_patient(7, most=3)
    second = selectors.of_patient(7, before=first[-1].id, most=3)
    assert [entry.id for entry in first + second] == sorted((e.id for e in first + second), reverse=True)
    assert (len(first), len(second)) == (3, 2)


def test_a_denial_is_a_line_too() -> None:
    write(outcome=Outcome.DENIED, activity=Activity.ACCESS)
    assert Line.objects.get().outcome == "denied"
