"""vardnav worker."""

import asyncio

import typer

from vardnav.cli.ready import ready
from vardnav.kernel.errors import Refusal

app = typer.Typer()


@app.command()
def worker() -> None:
    """Carry out jobs from the queue (`vardnav serve` starts one by itself)."""
    ready()
    from procrastinate.contrib.django import app as queue
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from vardnav.config import jobs

    if not isinstance(queue.connector, DjangoConnector):
        raise Refusal("The job queue is not connected to Django's database.")
    with queue.replace_connector(queue.connector.get_worker_connector()) as connected:
        asyncio.run(jobs.work(connected))
