"""vardnav region: a region's registers in and out."""

import getpass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vardnav.cli.progress import console, shown
from vardnav.cli.ready import ready

if TYPE_CHECKING:
    from vardnav.extracts.actions import FaultyExtract
    from vardnav.extracts.faults import Faults

app = typer.Typer(help="A region's registers in and out (docs/extract.md).", no_args_is_help=True)

SHOWN = 100
Folder = Annotated[Path, typer.Argument(help="A folder with one file for each table.")]


@app.command("import")
def import_(
    folder: Folder,
    report: Annotated[
        Path | None,
        typer.Option(help="Where to write all faults, or kept ends, as CSV; else faults.csv in the data folder."),
    ] = None,
) -> None:
    """Read a region's extract into the database: all of it, or nothing."""
    ready()
    from django.conf import settings
    from django.utils.timezone import now

    from vardnav.extracts import actions
    from vardnav.kernel.actor import system

    by = system(f"region import ({getpass.getuser()})")
    try:
        with shown() as progress:
            imported = actions.import_region(folder, by=by, now=now(), progress=progress)
    except actions.FaultyExtract as refusal:
        _show(refusal, report or settings.DATA_DIR / "faults.csv")
        raise
    for name, changed in imported.changed.items():
        console.print(f"{name:>16}: {changed.inserted:>10,} new, {changed.updated:>10,} changed")
    if imported.kept.count:
        path = report or settings.DATA_DIR / "faults.csv"
        _write(imported.kept, path)
        console.print(
            f"Ended here and kept so, though the extract has no end: {imported.kept.count:,} rows. See {path}"
        )


class Format(StrEnum):
    CSV = "csv"
    PARQUET = "parquet"


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    format_: Annotated[Format, typer.Option("--format", help="What files to write.")] = Format.CSV,
    with_protected: Annotated[
        bool, typer.Option("--with-protected", help="Also the whereabouts of people with protected identity.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why; it stands in the log.")] = "",
) -> None:
    """Write the region as files that `vardnav region import` reads. They are patient data: keep them so."""
    ready()
    from django.utils.timezone import now

    from vardnav.extracts import actions
    from vardnav.kernel.actor import system

    with shown() as progress:
        counts = actions.export_region(
            folder,
            by=system(f"region export ({getpass.getuser()})"),
            now=now(),
            as_parquet=format_ is Format.PARQUET,
            with_protected=with_protected,
            reason=reason,
            progress=progress,
        )
    for name, rows in counts.items():
        console.print(f"{name:>16}: {rows:>10,}")


def _show(refusal: "FaultyExtract", report: Path) -> None:
    from rich.table import Table

    whole = refusal.faults.table()
    table = Table("Where", "Value", "Fault and remedy")
    for file, line, column, value, fault, remedy in whole.head(SHOWN).iter_rows():
        table.add_row(f"{file}\nline {line}\n{column}", value, f"{fault}\n{remedy}", end_section=True)
    console.print(table)
    _write(refusal.faults, report)
    console.print(f"Shown: {min(SHOWN, whole.height):,} of {whole.height:,}. All of them: {report}")


def _write(faults: "Faults", report: Path) -> None:
    report.touch(mode=0o600)
    faults.write(report)
