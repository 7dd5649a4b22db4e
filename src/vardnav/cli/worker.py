"""vardnav worker."""

import typer

from vardnav.cli.ready import ready

app = typer.Typer()


@app.command()
def worker() -> None:
    """Carry out jobs from the queue (`vardnav serve` starts one by itself)."""
    ready()
    from django.core.management import call_command

    call_command("procrastinate", "worker", "--shutdown-graceful-timeout", "8")
