"""vardnav restore."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from vardnav.cli.progress import console, shown
from vardnav.cli.ready import ready

app = typer.Typer()


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="What `vardnav backup` made.")],
    into: Annotated[
        str, typer.Option("--into", help="postgresql://... of the database to fill; else the one of the settings.")
    ] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Remove what the database holds first.")] = False,
) -> None:
    """Fill an empty database from a backup, and say whether all of it is there."""
    if into:
        os.environ.pop("VARDNAV_OWNER_URL", None)
        os.environ["DATABASE_URL"] = into
    ready(migrated=False)
    from vardnav.config import backup as whole

    begun = time.monotonic()
    with shown() as progress:
        found = whole.put_back(folder, replace=replace, progress=progress)
    for fault in found.faults:
        console.print(f"  {fault}")
    for lost in found.lost:
        console.print(f"  written after the backup, and lost: {lost}")
    verdict = "differs from" if found.faults else "is as"
    rows = found.manifest.rows
    console.print(
        f"The database {verdict} the backup of {found.manifest.made_at}: {sum(rows.values()):,} rows in {len(rows)}"
        f" tables, {found.lines:,} lines of the log verified, {time.monotonic() - begun:.1f} s."
    )
    if found.faults:
        raise typer.Exit(1)
    console.print("Now: vardnav migrate, vardnav check, and vardnav audit anchor --restored WHY (docs/operations.md).")
