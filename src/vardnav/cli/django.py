"""vardnav django: Django's own commands, for those who build Vårdnav."""

import sys

import typer

from vardnav.cli.ready import ready

app = typer.Typer()


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
def django(context: typer.Context) -> None:
    """Run a Django management command (shell, makemigrations ...)."""
    ready(migrated=False)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["vardnav django", *context.args])
    sys.stdout.flush()
