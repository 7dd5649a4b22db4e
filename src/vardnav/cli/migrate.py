"""vardnav migrate."""

import typer

from vardnav.cli.ready import ready

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Bring the database up to this version; safe when several do it at once."""
    ready(migrated=False)
    from vardnav.config import schema

    typer.echo(f"{schema.migrate()} migration(s) applied.")
