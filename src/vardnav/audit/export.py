"""The log's lines as others want them: Inera StoreLog 2.0.8, and FHIR AuditEvent (IHE BALP). See docs/audit.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from vardnav.audit.models import Line
from vardnav.audit.rules import Activity, Outcome
from vardnav.kernel.actor import ActorKind, Purpose

Document = dict[str, Any]
SWEDEN = ZoneInfo("Europe/Stockholm")  # StoreLog's instants have no zone
LINES = UUID("8f0e7e0a-5a53-4d3f-9d3c-2b7d1a6c0f11")
NAME = "Vårdnav"
LONGEST_TYPE = 50


class Format(StrEnum):
    STORELOG = "storelog"
    FHIR = "fhir"


@dataclass(frozen=True, slots=True)
class Exporter:
    """Who we are, and the numbers of the patients whose lines are exported."""

    system_id: str  # HSA-id
    numbers: Mapping[int, str]

    def log_id(self, line: Line) -> str:
        """The same each time a line is exported."""
        return str(uuid5(LINES, f"{self.system_id}/{line.id}"))


def is_of_storelog(line: Line) -> bool:
    """StoreLog is for what staff did with patients' data; users are HSA-ids there."""
    return line.actor_kind == ActorKind.STAFF and line.outcome == Outcome.DONE and line.patient_id is not None


# --- StoreLog ------------------------------------------------------------------------------------

ACTIVITIES = {Activity.READ: "Läsa", Activity.WRITE: "Skriva", Activity.ACCESS: "Läsa"}
EMERGENCY = "Nödöppning"
PURPOSES = {
    Purpose.CARE: "Vård och behandling",
    Purpose.ADMINISTRATION: "Administration",
    Purpose.FOLLOWUP: "Kvalitetssäkring",
}


def storelog(line: Line, exporter: Exporter) -> Document:
    return {
        "logId": exporter.log_id(line),
        "system": {"systemId": exporter.system_id, "systemName": NAME},
        "activity": {
            "activityType": EMERGENCY if line.emergency else ACTIVITIES[Activity(line.activity)],
            "activityLevel": line.kind[:LONGEST_TYPE],
            "startDate": line.recorded_at.astimezone(SWEDEN).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3],
            "purpose": PURPOSES[Purpose(line.purpose)],
        },
        "user": {
            "userId": line.user_id,
            "name": line.user_name,
            "assignment": line.role,
            "careProvider": {"careProviderId": line.provider_hsa_id},
            "careUnit": {"careUnitId": line.unit_hsa_id, "careUnitName": line.unit_name},
        },
        "resources": {"resource": [_resource(line, exporter)]},
    }


def _resource(line: Line, exporter: Exporter) -> Document:
    made: Document = {
        "resourceType": line.resource_type[:LONGEST_TYPE],
        "careProvider": {"careProviderId": line.resource_provider_hsa_id},
    }
    number = exporter.numbers.get(line.patient_id or 0)
    if number:
        made["patient"] = {"patientId": number}
    if line.resource_unit_hsa_id:
        made["careUnit"] = {"careUnitId": line.resource_unit_hsa_id}
    return made


# --- FHIR ----------------------------------------------------------------------------------------

PROFILE = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
REASONS = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
HSA_ID, PERSONAL_NUMBER = "urn:oid:1.2.752.29.4.19", "urn:oid:1.2.752.129.2.1.3.1"
FHIR_PURPOSES = {Purpose.CARE: "TREAT", Purpose.ADMINISTRATION: "HOPERAT", Purpose.FOLLOWUP: "HQUALIMP"}
BREAK_THE_GLASS, ASKED_BY_PATIENT, OPERATION = "BTG", "PATRQT", "HOPERAT"
SOURCE, DESTINATION = ("110153", "Source Role ID"), ("110152", "Destination Role ID")


def fhir(line: Line, exporter: Exporter) -> Document:
    """An AuditEvent of FHIR R4; of a BALP profile when it is one of data that was read or written."""
    activity = Activity(line.activity)
    is_done = line.outcome == Outcome.DONE
    made: Document = {
        "resourceType": "AuditEvent",
        "id": exporter.log_id(line),
        **_event(activity),
        "recorded": line.recorded_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "outcome": "0" if is_done else "8",
        "agent": [_user(line), *_machines(line, activity, exporter)],
        "source": {"observer": _hsa(exporter.system_id, NAME), "type": [_source_type()]},
        "entity": [_data(line), *_patient(line, exporter)],
    }
    if is_done and activity is not Activity.ACCESS:
        what = "Read" if activity is Activity.READ else "Update"
        made["meta"] = {"profile": [f"{PROFILE}{'Patient' if line.patient_id is not None else ''}{what}"]}
    return made


def _event(activity: Activity) -> Document:
    if activity is Activity.ACCESS:
        return {
            "type": {"system": DICOM, "code": "110114", "display": "User Authentication"},
            "subtype": [{"system": DICOM, "code": "110122", "display": "Login"}],
            "action": "E",
        }
    read = activity is Activity.READ
    return {
        "type": {
            "system": "http://terminology.hl7.org/CodeSystem/audit-event-type",
            "code": "rest",
            "display": "Restful Operation",
        },
        "subtype": [{"system": "http://hl7.org/fhir/restful-interaction", "code": "read" if read else "update"}],
        "action": "R" if read else "U",
    }


def _user(line: Line) -> Document:
    made: Document = {
        "type": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                    "code": "IRCP",
                    "display": "information recipient",
                }
            ]
        },
        "who": _who(line),
        "requestor": True,
        "purposeOfUse": [{"coding": [{"system": REASONS, "code": _purpose(line)}]}],
    }
    if line.role:
        made["role"] = [{"text": line.role}]
    if line.unit_hsa_id:
        made["location"] = {"identifier": _identifier(HSA_ID, line.unit_hsa_id), "display": line.unit_name}
    return made


def _who(line: Line) -> Document:
    if line.actor_kind == ActorKind.STAFF:
        return _hsa(line.user_id, line.user_name)
    system = PERSONAL_NUMBER if line.actor_kind == ActorKind.RESIDENT else "urn:vardnav:program"
    return {"identifier": _identifier(system, line.user_id), "display": line.user_name}


def _purpose(line: Line) -> str:
    if line.emergency:
        return BREAK_THE_GLASS
    if line.actor_kind == ActorKind.RESIDENT:
        return ASKED_BY_PATIENT
    return FHIR_PURPOSES[Purpose(line.purpose)] if line.purpose else OPERATION


def _machines(line: Line, activity: Activity, exporter: Exporter) -> list[Document]:
    """The client and the server: what is read flows out of the server, what is written into it."""
    client, server = (DESTINATION, SOURCE) if activity is Activity.READ else (SOURCE, DESTINATION)
    return [
        _machine(client, {"display": f"request {line.request_id}" if line.request_id else "the server itself"}),
        _machine(server, _hsa(exporter.system_id, NAME)),
    ]


def _machine(role: tuple[str, str], who: Document) -> Document:
    coding = {"system": DICOM, "code": role[0], "display": role[1]}
    return {"type": {"coding": [coding]}, "who": who, "requestor": False}


def _data(line: Line) -> Document:
    kind = line.resource_type or line.kind.split(".")[1]
    what: Document = {"display": line.kind}
    if line.resource_id:
        what["identifier"] = _identifier(f"urn:vardnav:{kind}", line.resource_id)
    made: Document = {"what": what, "type": _entity_type("2"), "role": _entity_role("4"), "name": kind}
    if line.resource_provider_hsa_id:
        made["detail"] = [{"type": "careProvider", "valueString": line.resource_provider_hsa_id}]
    return made


def _patient(line: Line, exporter: Exporter) -> list[Document]:
    if line.patient_id is None:
        return []
    what: Document = {"reference": f"Patient/{line.patient_id}"}
    number = exporter.numbers.get(line.patient_id)
    if number:
        what["identifier"] = _identifier(PERSONAL_NUMBER, number)
    return [{"what": what, "type": _entity_type("1"), "role": _entity_role("1")}]


def _identifier(system: str, value: str) -> Document:
    return {"system": system, "value": value}


def _hsa(value: str, display: str) -> Document:
    return {"identifier": _identifier(HSA_ID, value), "display": display}


def _entity_type(code: str) -> Document:
    return {"system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": code}


def _entity_role(code: str) -> Document:
    return {"system": "http://terminology.hl7.org/CodeSystem/object-role", "code": code}


def _source_type() -> Document:
    return {"system": "http://terminology.hl7.org/CodeSystem/security-source-type", "code": "4"}


DOCUMENTS = {Format.STORELOG: storelog, Format.FHIR: fhir}
