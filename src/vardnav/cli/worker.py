"""vardnav worker."""

import asyncio

import typer

from vardnav.cli.ready import ready
from vardnav.kernel.errors import Refusal

STOP_SECONDS = 8.0
app = typer.Typer()


@app.command()
def worker() -> None:
    """Carry out jobs from the queue (`vardnav serve` starts one by itself)."""
    ready()
    from procrastinate.contrib.django import app as jobs
    from procrastinate.contrib.django.django_connector import DjangoConnector

    async def work() -> None:
        async with jobs.open_async():
            await jobs.run_worker_async(shutdown_graceful_timeout=STOP_SECONDS)

    if not isinstance(jobs.connector, DjangoConnector):
        raise Refusal("The job queue is not connected to Django's database.")
    with jobs.replace_connector(jobs.connector.get_worker_connector()):
        asyncio.run(work())
