"""vardnav worker."""

import asyncio
import os
import time

import psycopg
import structlog
import typer
from django.db import OperationalError

from vardnav.cli.ready import ready
from vardnav.config import database
from vardnav.kernel.errors import Refusal

log = structlog.get_logger("vardnav.jobs")
app = typer.Typer()
WAIT_SECONDS = 1.0


@app.command()
def worker() -> None:
    """Carry out jobs from the queue (`vardnav serve` starts one by itself)."""
    os.environ |= database.WORKING  # before settings are read
    when_ready()
    from procrastinate.contrib.django import app as queue
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from vardnav.config import jobs

    if not isinstance(queue.connector, DjangoConnector):
        raise Refusal("The job queue is not connected to Django's database.")
    with queue.replace_connector(queue.connector.get_worker_connector()) as connected:
        asyncio.run(jobs.work(connected))


def when_ready() -> None:
    """A worker of `vardnav serve` waits while the database is away, and never starts one that was stopped."""
    served = os.environ.get("VARDNAV_SERVING") == "1"
    while True:
        try:
            if served:
                psycopg.connect(database.url(), connect_timeout=10).close()
            ready()
        except (psycopg.OperationalError, OperationalError) as error:
            if not served:
                raise
            log.warning("jobs.waits_for_database", error=type(error).__name__)
            time.sleep(WAIT_SECONDS)
        else:
            return
