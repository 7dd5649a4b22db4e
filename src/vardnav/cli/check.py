"""vardnav check."""

import typer

from vardnav.cli.ready import demand_keys, ready

app = typer.Typer()


@app.command()
def check() -> None:
    """Say whether settings and database are fit for work."""
    ready()
    from django.conf import settings
    from django.core.management import call_command

    from vardnav.config import database

    demand_keys()
    call_command("check", deploy=settings.PRODUCTION, fail_level="ERROR")
    where = "the embedded server" if database.embedded() else "DATABASE_URL"
    typer.echo(f"Database: {where}, all migrations applied. Mode: {mode()}.")


def mode() -> str:
    from django.conf import settings

    return "production" if settings.PRODUCTION else "demo" if settings.DEMO else "debug"
