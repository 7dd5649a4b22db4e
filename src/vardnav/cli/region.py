"""vardnav region: a region's registers in and out."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vardnav.cli.progress import console, shown
from vardnav.cli.ready import ready

if TYPE_CHECKING:
    from vardnav.extracts.faults import Faults

app = typer.Typer(help="A region's registers in and out (docs/extract.md).", no_args_is_help=True)

SHOWN = 100


@app.callback()
def group() -> None:
    """Stays a group also while it has one command."""


Folder = Annotated[Path, typer.Argument(help="A folder with one file for each table.")]


@app.command("import")
def import_(
    folder: Folder,
    report: Annotated[
        Path | None, typer.Option(help="Where to write all faults as CSV; else faults.csv in the data folder.")
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
        _show(refusal.faults, report or settings.DATA_DIR / "faults.csv")
        raise
    for name, changed in imported.changed.items():
        console.print(f"{name:>16}: {changed.inserted:>10,} new, {changed.updated:>10,} changed")


def _show(faults: "Faults", report: Path) -> None:
    from rich.table import Table

    whole = faults.table()
    table = Table("File", "Line", "Column", "Value", "Fault", "Remedy")
    for row in whole.head(SHOWN).iter_rows():
        table.add_row(*(str(value) for value in row))
    console.print(table)
    report.touch(mode=0o600)
    faults.write(report)
    console.print(f"Shown: {min(SHOWN, whole.height):,} of {whole.height:,}. All of them: {report}")
