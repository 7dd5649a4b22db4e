"""What has been written to a resident, and who has read or changed their data: theirs alone to see."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.audit import selectors as audit_selectors
from vardnav.audit.rules import Activity, user_id
from vardnav.audit.selectors import Entry
from vardnav.kernel.actor import Actor
from vardnav.outbox import selectors as outbox
from vardnav.outbox.rules import Template
from vardnav.outbox.selectors import Received
from vardnav.patients.rules import Deed, Relation
from vardnav.patients.selectors.relation import check_access

# A block is the child's own: no guardian is told that there is one, whatever ages the region has set.
OF_BLOCKS = (Template.BLOCK_PLACED, Template.BLOCK_LIFTED)
LINES_OF_BLOCKS = ("patients.block.placed", "patients.block.lifted")


@transaction.atomic
def messages_of(person_id: int, *, by: Actor, now: datetime, most: int = 50) -> list[Received]:
    """What has been written to a resident, newest first.

    Raises AccessDenied; the messages name the doctor, so a teenager's guardian has no part of them.
    """
    relation = check_access(person_id, Deed.READ_LOG, by=by, now=now)
    _record_read("patients.messages.read", person_id, relation, by=by, now=now)
    return outbox.of_recipient(person_id, without=() if relation is Relation.SELF else OF_BLOCKS, most=most)


@dataclass(frozen=True, slots=True)
class Log:
    """A page of what was done with a resident's data, newest first."""

    entries: list[Entry]
    units: list[tuple[str, str]]  # HSA-id and name of every unit that stands in the whole log
    next_before: int | None


LOG_PAGE = 50
LOG_FILE = 20_000


@transaction.atomic
def log_of(
    person_id: int,
    *,
    by: Actor,
    now: datetime,
    unit: str = "",
    not_mine: bool = False,
    before: int | None = None,
    whole: bool = False,
) -> Log:
    """Who has read or changed a resident's data (Patient Data Act 8:5); reading the log is in it too.

    `whole` is for a file: the newest twenty thousand lines at once.

    Raises AccessDenied.
    """
    relation = check_access(person_id, Deed.READ_LOG, by=by, now=now)
    kind, most = ("patients.log.downloaded", LOG_FILE) if whole else ("patients.log.read", LOG_PAGE)
    _record_read(kind, person_id, relation, by=by, now=now)
    rows = audit_selectors.of_patient(
        person_id,
        unit=unit,
        not_by=user_id(by) if not_mine else "",
        without=() if relation is Relation.SELF else LINES_OF_BLOCKS,
        before=before,
        most=most + 1,
    )
    return Log(
        entries=rows[:most],
        units=audit_selectors.units_of_patient(person_id),
        next_before=rows[most - 1].id if len(rows) > most else None,
    )


def _record_read(kind: str, person_id: int, relation: Relation, *, by: Actor, now: datetime) -> None:
    audit.record(kind, by=by, now=now, activity=Activity.READ, patient_id=person_id, relation=relation.value)
