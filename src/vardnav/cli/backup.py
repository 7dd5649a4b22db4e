"""vardnav backup."""

import time
from pathlib import Path
from typing import Annotated

import typer

from vardnav.cli.progress import console, shown
from vardnav.cli.ready import ready

app = typer.Typer()


@app.command()
def backup(folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")]) -> None:
    """Copy the whole database into a folder while others work in it. It is patient data: keep it so."""
    ready()
    from django.utils.timezone import now

    from vardnav.config import backup as whole

    begun = time.monotonic()
    with shown() as progress:
        manifest = whole.back_up(folder, now=now(), progress=progress)
    size = sum(path.stat().st_size for path in folder.iterdir())
    console.print(
        f"{sum(manifest.rows.values()):,} rows in {len(manifest.rows)} tables, {size / 1e6:,.1f} MB,"
        f" {time.monotonic() - begun:.1f} s. The keys are not in it (docs/operations.md)."
    )
