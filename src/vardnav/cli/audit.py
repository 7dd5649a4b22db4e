"""vardnav audit: look at the log from the server's own terminal."""

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from vardnav.cli.ready import ready

if TYPE_CHECKING:
    from vardnav.audit.selectors import Reviewed

app = typer.Typer(help="The append-only log of what was done and read.", no_args_is_help=True)
EVERY_SECONDS = 1.0


@app.command()
def tail(
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many of the last lines.", min=1, max=10_000)] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on printing new lines until Ctrl-C.")] = False,
) -> None:
    """Print the last lines. Residents stand as ids; reasons about them are not shown."""
    ready()
    from vardnav.audit import selectors

    shown = selectors.latest(lines)
    _print(shown)
    while follow:
        time.sleep(EVERY_SECONDS)
        new = selectors.latest(10_000, after=shown[-1].id if shown else 0)
        _print(new)
        shown = new or shown


@app.command()
def count(days: Annotated[int, typer.Option(help="Of how many days.", min=1)] = 1) -> None:
    """Count lines: all of them, and by kind over the last days."""
    ready()
    from django.utils import timezone

    from vardnav.audit import selectors

    typer.echo(f"{selectors.count()} lines in all. The last {days} day(s):")
    for kind, number in selectors.count_by_kind(since=timezone.now() - timedelta(days=days)):
        typer.echo(f"{number:>12}  {kind}")


def _print(lines: "list[Reviewed]") -> None:
    for line in lines:
        who = line.user or line.actor_kind
        patient = f" patient {line.patient_id}" if line.patient_id is not None else ""
        denied = " DENIED" if line.outcome == "denied" else ""
        where = f" at {line.unit_name}" if line.unit_name else ""
        typer.echo(f"{line.recorded_at:%Y-%m-%d %H:%M:%S} {line.kind}{denied} by {who}{where}{patient}")
