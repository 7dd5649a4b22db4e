"""The log as others want it: every element they require is there, for whatever was done."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from tests import factories
from tests.audit.conftest import write
from tests.factories import NOW, SYSTEM
from vardnav.audit import selectors
from vardnav.audit.models import Line
from vardnav.audit.rules import Activity, Outcome
from vardnav.audit.selectors import Format
from vardnav.kernel.actor import Actor, ActorKind, Role

pytestmark = pytest.mark.django_db
SYSTEM_ID = "SE5599990009-SYS"

# path: (longest, of what); every one is required by StoreLog 2.0.8 or by its contract's types
STORELOG = {
    "logId": 36,
    "system.systemId": 32,
    "activity.activityType": 256,
    "activity.startDate": 23,
    "activity.purpose": 256,
    "user.userId": 32,
    "user.careProvider.careProviderId": 32,
    "user.careUnit.careUnitId": 32,
    "resources.resource.0.resourceType": 50,
    "resources.resource.0.careProvider.careProviderId": 32,
}
ACTIVITY_TYPES = {"Läsa", "Skriva", "Signera", "Utskrift", "Vidimera", "Radera", "Nödöppning"}
PURPOSES = {
    "Vård och behandling",
    "Kvalitetssäkring",
    "Annan dokumentation enligt lag",
    "Statistik",
    "Administration",
    "Kvalitetsregister",
}
FHIR = [
    "resourceType",
    "type.system",
    "type.code",
    "subtype.0.code",
    "action",
    "recorded",
    "outcome",
    "agent.0.who.identifier.value",
    "agent.0.who.identifier.system",
    "agent.0.purposeOfUse.0.coding.0.code",
    "agent.1.type.coding.0.code",
    "agent.2.type.coding.0.code",
    "source.observer.identifier.value",
    "entity.0.what",
]
PATIENT = ["entity.1.what.reference", "entity.1.type.code", "entity.1.role.code"]


def at(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document[int(name)] if name.isdigit() else document[name]
    return document


def exported(form: Format, *, numbers: Mapping[int, str] | None = None) -> list[dict[str, Any]]:
    found = selectors.export(
        form,
        starts_at=datetime(2000, 1, 1, tzinfo=UTC),
        ends_at=datetime(2100, 1, 1, tzinfo=UTC),
        system_id=SYSTEM_ID,
        numbers_of=lambda ids: {id_: (numbers or {}).get(id_, "201212121212") for id_ in ids},
        by=SYSTEM,
        now=NOW,
    )
    return [json.loads(json.dumps(one)) for one in found]


def check_storelog(document: dict[str, Any]) -> None:
    for path, longest in STORELOG.items():
        value = at(document, path)
        assert isinstance(value, str), path
        assert 0 < len(value) <= longest, path
    UUID(document["logId"])
    assert at(document, "activity.activityType") in ACTIVITY_TYPES
    assert at(document, "activity.purpose") in PURPOSES
    datetime.strptime(document["activity"]["startDate"], "%Y-%m-%dT%H:%M:%S.%f")  # noqa: DTZ007 - it has no zone
    assert len(at(document, "resources.resource.0.patient.patientId")) == 12


def check_fhir(document: dict[str, Any], *, about_patient: bool) -> None:
    for path in FHIR + (PATIENT if about_patient else []):
        assert at(document, path), path
    assert [agent["requestor"] for agent in document["agent"]] == [True, False, False]
    assert document["outcome"] in {"0", "4", "8", "12"}
    assert document["action"] in set("CRUDE")
    assert datetime.fromisoformat(document["recorded"]).tzinfo is not None
    if about_patient and document["outcome"] == "0" and at(document, "type.code") == "rest":
        assert "/IHE.BasicAudit.Patient" in document["meta"]["profile"][0]


def check_all() -> set[str]:
    """Every line of the log as both; answers the kinds that staff did about patients."""
    lines = {str(one.id): one for one in Line.objects.all()}
    about = [one for one in lines.values() if one.patient_id is not None]
    by_staff = [one for one in about if one.actor_kind == ActorKind.STAFF and one.outcome == Outcome.DONE]
    documents = exported(Format.STORELOG)
    assert len(documents) == len(by_staff)
    for one in documents:
        check_storelog(one)
    events = exported(Format.FHIR)
    assert len(events) >= len(lines)
    patients = [event for event in events if len(event["entity"]) > 1]
    assert len(patients) == len(about)
    for event in events:
        check_fhir(event, about_patient=event in patients)
    return {one.kind for one in by_staff}


def everybody() -> list[Actor]:
    clinic = factories.clinic()
    astrid = factories.person()
    found = [factories.staff(clinic, role) for role in Role]
    return [*found, factories.resident(astrid), SYSTEM, Actor(kind=ActorKind.SERVICE, name="key:other")]


def test_whoever_did_whatever_every_required_element_is_there() -> None:
    for by in everybody():
        for activity in Activity:
            for patient in (None, 7):
                write(by=by, activity=activity, patient_id=patient)
                write(by=by, activity=activity, patient_id=patient, outcome=Outcome.DENIED)
                write(by=by, patient_id=patient, emergency=True, resource=("clinic", "SE1"), of=("SE1", "SE2"))
    check_all()


def test_the_whole_of_a_walk_through_the_program_can_be_exported(walked: None) -> None:
    kinds = check_all()
    assert {"listing.panel.read", "patients.person.read"} & kinds
    assert len(kinds) > 5, kinds


def test_one_line_as_storelog_has_it() -> None:
    by = factories.staff()
    assert by.acting is not None
    write(by=by, patient_id=7, activity=Activity.READ, resource=("journal", "x"), of=("SE-U", "SE-P"), emergency=True)
    line = Line.objects.get()
    (one,) = exported(Format.STORELOG, numbers={7: "198001019876"})
    assert one["system"] == {"systemId": SYSTEM_ID, "systemName": "Vårdnav"}
    assert one["activity"] == {
        "activityType": "Nödöppning",
        "activityLevel": "test.thing.done",
        "startDate": "2026-03-16T10:00:00.000",  # Swedish time
        "purpose": "Vård och behandling",
    }
    assert one["user"]["userId"] == by.hsa_id
    assert one["user"]["careUnit"] == {"careUnitId": by.unit_hsa_id, "careUnitName": by.acting.unit_name}
    assert one["user"]["careProvider"] == {"careProviderId": by.provider_hsa_id}
    assert one["resources"]["resource"] == [
        {
            "resourceType": "journal",
            "careProvider": {"careProviderId": "SE-P"},
            "patient": {"patientId": "198001019876"},
            "careUnit": {"careUnitId": "SE-U"},
        }
    ]
    again = exported(Format.STORELOG)[0]
    assert again["logId"] == one["logId"]
    assert line.id


def test_what_is_not_for_the_log_service_stays() -> None:
    write(by=factories.resident(factories.person()), patient_id=7)
    write(by=factories.staff(), patient_id=7, outcome=Outcome.DENIED)
    write(by=factories.staff())
    assert exported(Format.STORELOG) == []
    assert len(exported(Format.FHIR)) == 3 + 2  # and the two exports


def test_an_export_pages_through_lines_of_one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "EXPORTED_AT_ONCE", 3)
    by = factories.staff()
    for number in range(8):
        write(number % 2, by=by, patient_id=number)
    numbers = {number: f"19800101{number:04}" for number in range(8)}
    found = [at(one, "resources.resource.0.patient.patientId") for one in exported(Format.STORELOG, numbers=numbers)]
    assert sorted(found) == sorted(numbers.values())


def test_an_export_is_itself_logged() -> None:
    exported(Format.FHIR)
    line = Line.objects.get(kind="audit.log.exported")
    assert line.details["form"] == "fhir"


@pytest.mark.parametrize("missing", ["provider", "unit", "purpose", "owner", "user"])
def test_the_database_refuses_a_line_by_staff_that_lacks_what_is_required(missing: str) -> None:
    from dataclasses import replace

    by = factories.staff()
    assert by.acting is not None
    without = {
        "provider": replace(by, acting=replace(by.acting, provider_hsa_id="")),
        "unit": replace(by, acting=replace(by.acting, unit_hsa_id="")),
        "user": replace(by, hsa_id="", personal_number="", name=""),
        "purpose": replace(by, acting=None),
        "owner": by,
    }
    changes: dict[str, Any] = {"of": ("", "")} if missing == "owner" else {}
    with pytest.raises(DatabaseError, match="audit_staff_tell_where_they_stand"), transaction.atomic():
        write(by=without[missing], patient_id=7, **changes)
    write(
        by=without[missing], patient_id=7, outcome=Outcome.DENIED, **changes
    )  # who was refused need not stand anywhere


@pytest.fixture
def walked(anchors: Path) -> None:
    """Each page that a clinic's staff may open or send, for a resident of theirs."""
    from tests.web.test_walk import PATTERNS, address, body, may_come
    from tests.web.walk_world import build

    world = build()
    for who in ("our staff", "our head"):
        for name in sorted(PATTERNS):
            if name == "logout" or not may_come(name, world.actors[who]):
                continue
            try:
                path = address(name, world, world.targets["astrid"])
            except KeyError:
                continue  # an address of something that this world does not have
            client = world.client(who)
            client.get(path)
            client.post(path, body(name, world, who))


def test_the_month_of_an_export_is_half_open() -> None:
    by = factories.staff()
    for offset in (timedelta(0), timedelta(days=1)):
        write(by=by, patient_id=7, now=NOW + offset)
    found = selectors.export(
        Format.STORELOG,
        starts_at=NOW,
        ends_at=NOW + timedelta(days=1),
        system_id=SYSTEM_ID,
        numbers_of=lambda ids: {},
        by=SYSTEM,
        now=NOW + timedelta(days=9),
    )
    assert len(list(found)) == 1
