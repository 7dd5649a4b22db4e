"""vardnav demo: a region of made-up people to look at."""

import json
import os
import re
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from vardnav.cli import serve as serving
from vardnav.cli.progress import console, shown
from vardnav.cli.ready import ready
from vardnav.config import stack
from vardnav.config.stack import Stack
from vardnav.kernel.errors import Refusal

app = typer.Typer(help="A region of made-up people to look at.", no_args_is_help=True)

REGIONS = ("jamtland-harjedalen", "vasterbotten", "stockholm", "small")
Region = Annotated[str, typer.Option(help=f"{', '.join(REGIONS)}, or a folder with points and areas.")]
Residents = Annotated[int | None, typer.Option(help="How many residents; without it, as many as live there.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same region.")]


@app.command()
def load(region: Region = REGIONS[0], residents: Residents = None, seed: Seed = 1) -> None:
    """Fill an empty database with a demo region."""
    ready()
    fill(Wanted(named(region), residents, seed))


@app.command()
def people(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Whom to log in as."""
    ready()
    if as_json:
        from vardnav.demo import selectors

        typer.echo(json.dumps([asdict(person) for person in selectors.people()], ensure_ascii=False))
    else:
        introduce()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which demo."""

    region: str | Path
    residents: int | None
    seed: int

    @property
    def slug(self) -> str:
        name = Path(self.region).name.lower()
        return re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "region"


@app.command()
def serve(
    region: Region = REGIONS[0],
    residents: Residents = None,
    seed: Seed = 1,
    port: Annotated[int, typer.Option(help="The first port to try.")] = 8000,
    home: Annotated[Path, typer.Option(help="Where demos keep their data folders.")] = Path(".data"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw the old demo away and begin again.")] = False,
) -> None:
    """Set a demo region up once, serve it, and say whom to log in as. Ctrl-C stops everything."""
    wanted = Wanted(named(region), residents, seed)
    data_dir = (home / f"demo-{wanted.slug}").absolute()
    os.environ.pop("DATABASE_URL", None)  # a demo never writes in a database of yours
    os.environ |= {"VARDNAV_DATA": str(data_dir), "VARDNAV_DEMO": "1"}
    os.environ.setdefault("VARDNAV_LOG_LEVEL", "WARNING")
    serving.as_server()
    if fresh:
        throw_away(data_dir)
    console.print("Starting PostgreSQL ...")
    ready(migrated=False)
    prepare(wanted)
    first = stack.free_port("127.0.0.1", port)
    ports = Stack(port=first, live_port=stack.free_port("127.0.0.1", first + 1))
    serving.run(ports, when_started=lambda: welcome(ports))
    console.print("Stopped. The data is kept; the next start is quick.")


def named(region: str) -> str | Path:
    """A region we know by name, or a folder."""
    if region in REGIONS:
        return region
    folder = Path(region)
    if not folder.is_dir():
        raise Refusal(f"{region} is neither a folder nor one of {', '.join(REGIONS)}.")
    return folder.resolve()


def prepare(wanted: Wanted) -> None:
    """Load the region, or keep what is there."""
    from vardnav.config import schema
    from vardnav.demo import selectors

    if schema.pending():
        console.print("Preparing the database ...")
        schema.migrate()
    there = selectors.loaded()
    if there is not None and wanted.residents is None:
        console.print(f"Keeping what was loaded before: {there}.")
        return
    try:
        fill(wanted)
    except Refusal as reason:
        raise Refusal(f"{reason} --fresh begins again.") from reason


def fill(wanted: Wanted) -> None:
    from vardnav.demo import actions

    begun = time.monotonic()
    with shown() as progress:
        actions.load(region=wanted.region, residents=wanted.residents, seed=wanted.seed, progress=progress)
    console.print(f"The region is loaded ({time.monotonic() - begun:.0f} s).")


def welcome(ports: Stack) -> None:
    """Wait until pages are answered, then say where and as whom."""
    stack.wait(ports)
    console.print(f"\nVårdnav is at [bold]{ports.address}[/bold]\n")
    introduce()
    console.print("\nCtrl-C stops everything.")


def introduce() -> None:
    from vardnav.demo import selectors

    found = selectors.people()
    console.print("Choose Logga in som testperson on the page, as an Invånare or as a Medarbetare, and then one of:\n")
    wide = max((len(person.role_label) for person in found), default=0)
    for person in found:
        line = f"{person.role_label:<{wide}}  [bold]{person.name:<20}[/bold] {person.does}"
        console.print(line, soft_wrap=True)
    staff = next((person for person in found if person.staff), None)
    if staff:
        local = f"[bold]{staff.username}[/bold] and [bold]{staff.password}[/bold]"
        console.print(f"\nOr by a local account, for instance {local}.", soft_wrap=True)


def throw_away(data_dir: Path) -> None:
    """Only what a demo made there; a folder that is something else is left alone."""
    if not data_dir.exists():
        return
    if not (data_dir / "postgres").is_dir():
        raise Refusal(f"{data_dir} does not look like a demo's data folder; remove it yourself.")
    from vardnav.config import embedded

    embedded.stop(embedded.Embedded(data_dir))
    shutil.rmtree(data_dir)
