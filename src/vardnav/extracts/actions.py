"""Import a region's extract as a whole, and export the region as one."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.extracts import tables, validate
from vardnav.extracts.faults import Faults, FaultyExtract
from vardnav.extracts.hold import hold_still
from vardnav.extracts.stage import staged, stored
from vardnav.kernel.actor import Actor
from vardnav.kernel.errors import Refusal
from vardnav.kernel.progress import Progress, silent
from vardnav.listing.actions.bulk import recount
from vardnav.tables.merge import Changed

__all__ = ["FaultyExtract", "Imported", "import_region"]

ONE_IMPORT = 7_420_001  # the advisory lock of imports
SERVER_SETTINGS = "SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '512MB'"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has changed, table by table."""

    changed: dict[str, Changed] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(change.rows for change in self.changed.values())


@transaction.atomic
def import_region(folder: Path, *, by: Actor, now: datetime, progress: Progress = silent) -> Imported:
    """Bring a folder of tables into the database: all of it, or nothing.

    Readers go on undisturbed; whoever changes something waits while the tables are compared and merged.

    Raises FaultyExtract, Refusal (another import runs, there is no extract).
    """
    faults = Faults()
    found = validate.files(folder, faults)
    _alone()
    narrow = validate.rows(found, localdate(now), faults, progress)
    hold_still()
    progress("comparing", 0, 0)
    validate.whole(found, narrow, stored, localdate(now), faults)
    faults.demand_none()
    del narrow
    imported = Imported()
    for nr, file in enumerate(found):
        progress("merging", nr, len(found) + 1)
        imported.changed[file.table.name] = tables.merge(file.table.name, staged(file.table), by=by, now=now)
    progress("merging", len(found), len(found) + 1)
    recount(localdate(now))
    _record(imported, folder, by, now)
    progress("merging", len(found) + 1, len(found) + 1)
    return imported


def _alone() -> None:
    """Raises Refusal: two imports would mix."""
    with connection.cursor() as cursor:
        cursor.execute(SERVER_SETTINGS)
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_IMPORT])
        if not cursor.fetchone()[0]:
            raise Refusal("Another import is running; try again when it is done.")


def _record(imported: Imported, folder: Path, by: Actor, now: datetime) -> None:
    counts = {name: [change.inserted, change.updated] for name, change in imported.changed.items()}
    audit.record(
        "extracts.region.imported", by=by, now=now, resource=("folder", folder.name), inserted_and_updated=counts
    )
