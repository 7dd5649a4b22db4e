"""vardnav audit: look at the log from the server's own terminal, and prove that it is whole."""

import getpass
import json
import sys
import time
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from vardnav.cli.progress import console, shown
from vardnav.cli.ready import ready
from vardnav.kernel.errors import Refusal

if TYPE_CHECKING:
    from vardnav.audit.selectors import Reviewed, Verified
    from vardnav.kernel.actor import Actor

app = typer.Typer(help="The append-only log of what was done and read.", no_args_is_help=True)
EVERY_SECONDS = 1.0
MOST_SHOWN = 50

Anchors = Annotated[Path | None, typer.Option(help="Folder of the anchors, else VARDNAV_AUDIT_ANCHORS.")]


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


@app.command()
def verify(
    anchors: Anchors = None,
    shard: Annotated[int | None, typer.Option(help="This chain alone.", min=1)] = None,
    since_last: Annotated[
        bool, typer.Option("--since-last", help="Only what was written since the last verification that was kept.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep how far the chains hold, for --since-last and the metrics.")
    ] = False,
) -> None:
    """Reckon every chain anew and compare it with the anchors. Exit code 1 when anything does not hold."""
    ready()
    from django.utils import timezone

    from vardnav.audit import actions, selectors

    if shard is not None and (keep or since_last):
        raise Refusal("--shard verifies one chain alone, from its first line; leave out --keep and --since-last.")
    with shown() as progress:
        if keep:
            found = actions.verify_and_keep(
                by=_by("verify"), now=timezone.now(), anchors=anchors, since_last=since_last, progress=progress
            )
        else:
            found = selectors.verify(anchors=anchors, shard_id=shard, since_last=since_last, progress=progress)
    _tell(found)
    if not found.holds:
        raise typer.Exit(1)


@app.command()
def anchor(
    folder: Anchors = None,
    restored: Annotated[
        str, typer.Option(help="A backup was put back, and why: what is lost by it is then known to be lost.")
    ] = "",
) -> None:
    """Write down outside the database how long all chains are. A job does it every hour."""
    ready()
    from django.utils import timezone

    from vardnav.audit import actions

    taken = actions.anchor(by=_by("anchor"), now=timezone.now(), folder=folder, restored=restored)
    console.print(f"{taken}: {len(taken.shards):,} chains, digest {taken.mac}")


@app.command()
def forget(
    before: Annotated[datetime, typer.Option(formats=["%Y-%m"], help="The first month that is kept.")],
    folder: Annotated[Path, typer.Option(help="Where the dropped months are written.")],
    anchors: Anchors = None,
) -> None:
    """Drop months that are older than the log is kept, each written to a file and verified first."""
    ready()
    from django.utils import timezone

    from vardnav.audit import actions

    with shown() as progress:
        gone = actions.forget_months(
            before=date(before.year, before.month, 1),
            folder=folder,
            by=_by("forget"),
            now=timezone.now(),
            anchors=anchors,
            progress=progress,
        )
    for month in gone:
        console.print(f"{month.month:%Y-%m}: {month.lines:>12,} lines, now in {month.file}")
    if not gone:
        console.print("No month is that old.")


class Format(StrEnum):
    STORELOG = "storelog"
    FHIR = "fhir"


@app.command()
def export(
    format_: Annotated[Format, typer.Option("--format", help="What the log is wanted as (docs/audit.md).")],
    from_: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    to: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")],
    file: Annotated[Path | None, typer.Option(help="A file that does not exist yet; else standard output.")] = None,
) -> None:
    """Write lines as documents, one on each line: for a national log service, or as FHIR AuditEvents."""
    ready()
    from django.utils import timezone

    from vardnav.audit import selectors
    from vardnav.patients import selectors as patients

    documents = selectors.export(
        selectors.Format(format_.value),
        starts_at=timezone.make_aware(from_),
        ends_at=timezone.make_aware(to + timedelta(days=1)),
        system_id=_system_id(),
        numbers_of=patients.numbers_of,
        by=_by("export"),
        now=timezone.now(),
    )
    out: TextIO = sys.stdout
    if file is not None:
        file.touch(mode=0o600, exist_ok=False)
        out = file.open("w", encoding="utf-8")
    many = 0
    for many, document in enumerate(documents, 1):  # noqa: B007 - counted
        out.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")
    if file is not None:
        out.close()
    console.print(f"{many:,} documents")


def _system_id() -> str:
    from django.conf import settings

    from vardnav.organisation import selectors as organisation

    region = organisation.region()
    found = settings.SYSTEM_HSA_ID or (region.hsa_id if region else "")
    if not found:
        raise Refusal("Set VARDNAV_SYSTEM_HSA_ID, or load the region first: documents name the system they are from.")
    return str(found)


def _by(what: str) -> "Actor":
    from vardnav.kernel.actor import system

    return system(f"audit {what} ({getpass.getuser()})")


def _tell(found: "Verified") -> None:
    for line in found.lost:
        console.print(line)
    for one in found.findings[:MOST_SHOWN]:
        console.print(str(one))
    if len(found.findings) > MOST_SHOWN:
        console.print(f"... and {len(found.findings) - MOST_SHOWN:,} more")
    told = f"{len(found.findings):,} finding(s)" if found.findings else "all of it holds"
    console.print(
        f"{found.lines:,} lines in {found.shards:,} chains, {found.anchors:,} anchors:"
        f" {told} ({found.lines_per_second:,.0f} lines/s)"
    )


def _print(lines: "list[Reviewed]") -> None:
    for line in lines:
        who = line.user or line.actor_kind
        patient = f" patient {line.patient_id}" if line.patient_id is not None else ""
        denied = " DENIED" if line.outcome == "denied" else ""
        where = f" at {line.unit_name}" if line.unit_name else ""
        typer.echo(f"{line.recorded_at:%Y-%m-%d %H:%M:%S} {line.kind}{denied} by {who}{where}{patient}")
