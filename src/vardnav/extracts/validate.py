"""An extract is judged as a whole before any of it counts."""

from datetime import date
from pathlib import Path

import polars as pl

from vardnav.extracts import across, ends, read, sense
from vardnav.extracts.faults import Faults
from vardnav.extracts.known import Known, Stored
from vardnav.extracts.read import File
from vardnav.extracts.rows import checked
from vardnav.extracts.stage import staging
from vardnav.kernel.errors import Refusal
from vardnav.kernel.progress import Progress


def files(folder: Path, faults: Faults) -> list[File]:
    if not folder.is_dir():
        raise Refusal(f"There is no folder {folder}.")
    found = read.find(folder, faults)
    if not found and not faults.count:
        raise Refusal(f"{folder} holds no table of an extract (docs/extract.md names them).")
    return found


def rows(found: list[File], today: date, faults: Faults, progress: Progress) -> dict[str, pl.DataFrame]:
    """Every value of every file, staged while no fault is known; the narrow frames that remain."""
    narrow = {}
    for file in found:
        with staging(file.table) as stage:
            narrow[file.table.name] = checked(file, stage, today, faults, progress)
    return narrow


def whole(found: list[File], narrow: dict[str, pl.DataFrame], stored: Stored, today: date, faults: Faults) -> Faults:
    """What holds between rows, in the extract and with what the database has; answers what is kept against it."""
    kept = Faults()
    names = {file.table.name: file.name for file in found}
    known = Known(narrow, names, stored)
    ends.keep(known, kept)
    if "region" not in narrow and known.stored("region", ["code"]).is_empty():
        remedy = "Add region with one row: a database serves one region."
        faults.add("region.csv", 0, "", "", "the table is missing", remedy)
    for file in found:
        across.check(file.table, known, faults)
        sense.check(file.table.name, known, today, faults)
    return kept
