"""vardnav migrate."""

import typer

from vardnav.cli.ready import pending, ready

app = typer.Typer()

LOCK = 0x5641_5244  # "VARD": one migrating process per database


@app.command()
def migrate() -> None:
    """Bring the database up to this version; safe when several do it at once."""
    ready(migrated=False)
    typer.echo(f"{apply()} migration(s) applied.")


def apply() -> int:
    """Apply what is pending under a lock that other processes wait for. Returns how many were applied."""
    from django.core.management import call_command
    from django.db import connection

    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            waiting = pending()
            if waiting:
                call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return len(waiting)
