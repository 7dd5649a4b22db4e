"""vardnav postgres: the embedded server by hand."""

import os
import subprocess  # nosec B404 - psql and pg_dump, for who runs the command

import typer

from vardnav.config import database, embedded
from vardnav.kernel.errors import Refusal

app = typer.Typer(help="The embedded PostgreSQL in the data folder (VARDNAV_DATA).", no_args_is_help=True)


def _server() -> embedded.Embedded:
    server = database.embedded()
    if server is None:
        raise Refusal("DATABASE_URL is set: the database is not Vårdnav's own.")
    return server


@app.command()
def start() -> None:
    """Start it, and let it run until `vardnav postgres stop`."""
    typer.echo(embedded.keep_running(_server()))


@app.command()
def stop() -> None:
    """Stop it, whoever uses it."""
    typer.echo("Stopped." if embedded.stop(_server()) else "It was not running.")


@app.command()
def url() -> None:
    """Print its DATABASE_URL; nothing is started."""
    typer.echo(database.url())


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def psql(context: typer.Context) -> None:
    """Open a psql on the database; further arguments go to psql."""
    there = database.start()
    command = [str(embedded.binaries() / "psql"), there, *context.args]
    environment = {**os.environ, "PSQL_HISTORY": "/dev/null"}  # what is typed may name a patient
    raise typer.Exit(subprocess.call(command, env=environment))  # noqa: S603 - the operator's own words
