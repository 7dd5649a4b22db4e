"""Import a region's extract as a whole, and export the region as one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.extracts import tables, validate, write
from vardnav.extracts.faults import Faults, FaultyExtract
from vardnav.extracts.format import TABLES
from vardnav.extracts.hold import hold_still
from vardnav.extracts.stage import staged, stored
from vardnav.kernel.actor import Actor
from vardnav.kernel.errors import Refusal
from vardnav.kernel.progress import Progress, silent
from vardnav.listing.actions.bulk import recount
from vardnav.tables.merge import Changed

__all__ = ["FaultyExtract", "Imported", "export_region", "import_region"]

ONE_IMPORT = 7_420_001  # the advisory lock of imports
LEAST_REASON = 10
SERVER_SETTINGS = "SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '512MB'"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has changed, table by table, and the rows whose end here it has kept (docs/extract.md)."""

    changed: dict[str, Changed] = field(default_factory=dict)
    kept: Faults = field(default_factory=Faults)

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
    kept = validate.whole(found, narrow, stored, localdate(now), faults)
    faults.demand_none()
    del narrow
    imported = Imported(kept=kept)
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
        "extracts.region.imported",
        by=by,
        now=now,
        resource=("folder", folder.name),
        inserted_and_updated=counts,
        ends_kept=imported.kept.count,
    )


def export_region(
    folder: Path,
    *,
    by: Actor,
    now: datetime,
    as_parquet: bool = False,
    with_protected: bool = False,
    reason: str = "",
    progress: Progress = silent,
) -> dict[str, int]:
    """Write the region as a new folder of tables that import reads; answers the number of rows of each.

    The whereabouts of people with protected identity are left empty unless they are asked for with a reason.
    All tables show the same instant. The folder gets its name when the line in the log is written.

    Raises Refusal.
    """
    _check_export(folder, with_protected, reason)
    counts: dict[str, int] = {}
    with _part_of(folder) as part:
        with _one_instant():
            for table in TABLES:
                counts[table.name] = write.csv(table, part, with_protected=with_protected, progress=progress)
            audit.record(
                "extracts.region.exported",
                by=by,
                now=now,
                activity=Activity.READ,
                resource=("folder", folder.name),
                reason=reason,
                with_protected=with_protected,
                rows=counts,
            )
        if as_parquet:
            for table in TABLES:
                write.parquet(table, part)
        part.rename(folder)
    return counts


def _check_export(folder: Path, with_protected: bool, reason: str) -> None:
    if folder.exists():
        raise Refusal(f"{folder} exists already; give a folder that does not.")
    if not folder.absolute().parent.is_dir():
        raise Refusal(f"There is no folder {folder.absolute().parent} to write in.")
    if with_protected and len(reason.strip()) < LEAST_REASON:
        raise Refusal(f"Protected people's whereabouts need a --reason of at least {LEAST_REASON} characters.")


@contextmanager
def _one_instant() -> Iterator[None]:
    """All that is read shows the same instant, where this is a transaction of its own."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@contextmanager
def _part_of(folder: Path) -> Iterator[Path]:
    """A folder only we can read, gone again if it does not become the real one."""
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)
