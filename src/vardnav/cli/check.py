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

    from vardnav.config import database, privileges

    demand_keys()
    call_command("check", deploy=settings.PRODUCTION, fail_level="ERROR")
    where = "the embedded server" if database.embedded() else "DATABASE_URL"
    typer.echo(f"Database: {where}, all migrations applied. Mode: {mode()}.")
    if more := privileges.too_much(database.serving_url()):
        typer.echo(f"The login that serves {', '.join(more)}: give the server one that may less (docs/operations.md).")
    typer.echo("For production:")
    for is_set, what in readiness():
        typer.echo(f"  [{'x' if is_set else ' '}] {what}")


def readiness() -> list[tuple[bool, str]]:
    """What a region's server should have, and whether it has. What lacks is told and not refused: `serve` refuses."""
    import os

    from django.conf import settings

    from vardnav.config import database

    def has(name: str) -> bool:
        return bool(os.environ.get(name))

    hosts = set(settings.ALLOWED_HOSTS)
    return [
        (settings.PRODUCTION, "neither VARDNAV_DEMO nor VARDNAV_DEBUG"),
        (database.embedded() is None, "DATABASE_URL: a PostgreSQL with replication and tested restores"),
        (has("VARDNAV_SECRET_KEY"), "VARDNAV_SECRET_KEY, kept apart from the backups"),
        (has("VARDNAV_AUDIT_KEYS"), "VARDNAV_AUDIT_KEYS, kept apart from the backups, as long as the log is"),
        (has("VARDNAV_AUDIT_ANCHORS"), "VARDNAV_AUDIT_ANCHORS: a folder that is shipped to another machine"),
        (has("VARDNAV_ALLOWED_HOSTS") and "*" not in hosts, "VARDNAV_ALLOWED_HOSTS: the names pages are asked for by"),
        (os.environ.get("VARDNAV_BEHIND_PROXY") == "1", "VARDNAV_BEHIND_PROXY=1: a proxy ends TLS"),
        (has("VARDNAV_METRICS_TOKEN"), "VARDNAV_METRICS_TOKEN, or a proxy that keeps /metrics inside"),
        (has("VARDNAV_CONTACT_EMAIL"), "VARDNAV_CONTACT_EMAIL: where residents write"),
    ]


def mode() -> str:
    from django.conf import settings

    return "production" if settings.PRODUCTION else "demo" if settings.DEMO else "debug"
