"""vardnav serve."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from vardnav.cli.ready import demand_keys, ready
from vardnav.config import stack, supervisor
from vardnav.config.stack import Stack
from vardnav.kernel.errors import Refusal

app = typer.Typer()

LOOPBACK = ("127.0.0.1", "localhost", "::1")
DEMANDED = ("VARDNAV_SECRET_KEY", "VARDNAV_AUDIT_KEYS", "VARDNAV_ALLOWED_HOSTS")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of pages and API.")] = 8000,
    live_port: Annotated[int, typer.Option(help="Port of the live channel; 0 means port + 1.")] = 0,
    workers: Annotated[int, typer.Option(help="Web processes; 0 means by cores.")] = 0,
    threads: Annotated[int, typer.Option(help="Threads of each web process.")] = 6,
    jobs: Annotated[bool, typer.Option(help="Carry out jobs here too.")] = True,
    migrate: Annotated[bool, typer.Option(help="Apply pending migrations first.")] = False,
) -> None:
    """Serve pages, API, live channel and jobs. Several may run beside each other on one database."""
    demand_production_settings()
    refuse_public_demo(host)
    as_server()
    chosen = Stack(
        host=host,
        port=port,
        live_port=live_port or port + 1,
        workers=workers or stack.default_workers(),
        threads=threads,
        jobs=jobs,
    )
    for wanted in (chosen.port, chosen.live_port):
        if not stack.is_free(host, wanted):
            raise Refusal(f"Port {wanted} on {host} is taken; choose another with --port or --live-port.")
    ready(migrated=not migrate)
    if migrate:
        from vardnav.config import schema

        schema.migrate()
    refuse_demo_of_a_region()
    demand_keys()
    run(chosen)


def run(chosen: Stack, *, when_started: Callable[[], None] = lambda: None) -> None:
    """Serve until told to stop. The database is ready and migrated."""
    from django.db import connections

    from vardnav.config import database, static, watch

    static.collect()
    connections.close_all()
    with tempfile.TemporaryDirectory(prefix="vardnav-") as run_dir, watch.kept_alive(database.embedded()):
        supervisor.run(stack.children(chosen, Path(run_dir)), when_started=when_started)


def as_server() -> None:
    """Before settings are read: hashed static files, here and in all processes."""
    os.environ["VARDNAV_SERVING"] = "1"


def demand_production_settings() -> None:
    """A server with made-up secrets must be a demo, and say so."""
    if os.environ.get("VARDNAV_DEMO") == "1" or os.environ.get("VARDNAV_DEBUG") == "1":
        return
    missing = [name for name in DEMANDED if not os.environ.get(name)]
    if missing:
        raise Refusal(f"Set {' and '.join(missing)} first (docs/settings.md), or VARDNAV_DEMO=1 to try.")


def refuse_public_demo(host: str) -> None:
    """In a demo anybody may be anybody: only this machine may ask. A proxy may stand in front, knowingly."""
    if os.environ.get("VARDNAV_DEMO") == "1" and host not in LOOPBACK:
        raise Refusal(f"A demo lets anybody in as anybody, so it listens on {', '.join(LOOPBACK)} only, not on {host}.")


def refuse_demo_of_a_region() -> None:
    """A region's own database is never served as a demo."""
    from django.conf import settings

    from vardnav.demo import selectors as demo
    from vardnav.organisation import selectors as organisation

    region = organisation.region()
    if settings.DEMO and region is not None and demo.loaded() is None:
        raise Refusal(f"The database holds {region.name}, which is no demo: serve it without VARDNAV_DEMO=1.")
