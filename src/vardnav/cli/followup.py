"""vardnav followup: the region's figures."""

from typing import Annotated

import typer

from vardnav.cli.ready import ready
from vardnav.kernel.errors import Refusal

app = typer.Typer(help="The region's figures.", no_args_is_help=True)
MOST_MONTHS = 120


@app.callback()
def followup() -> None:
    """The region's figures."""


@app.command()
def snapshot(
    history: Annotated[int, typer.Option(help="Also the ends of so many months before this one.")] = 0,
) -> None:
    """Count today for every clinic and municipality; safe to run again."""
    if not 0 <= history <= MOST_MONTHS:
        raise Refusal(f"--history must be from 0 to {MOST_MONTHS} months.")
    ready()
    import time

    from django.utils import timezone

    from vardnav.followup import actions
    from vardnav.kernel.actor import system
    from vardnav.organisation import selectors

    if selectors.region() is None:
        raise Refusal("There is no region yet. Run: vardnav region import, or vardnav demo load.")
    begun = time.monotonic()
    rows = actions.take_history(history, by=system("vardnav followup"), now=timezone.now())
    typer.echo(f"{history + 1} day(s) counted, {rows} rows of clinics, in {time.monotonic() - begun:.1f} s.")
