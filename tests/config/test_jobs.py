"""Jobs of a worker that was killed."""

import asyncio

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from vardnav.config import jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_queue() -> None:
    """Django's flush knows only tables it manages."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def stalled(lock: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        (worker,) = cursor.fetchone()
        return insert("doing", lock, worker)


def insert(status: str, lock: str, worker: int | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, lock, queueing_lock, worker_id) "
            "VALUES ('default', 'nothing', %s::procrastinate_job_status, %s, %s, %s) RETURNING id",
            [status, lock, lock, worker],
        )
        return int(cursor.fetchone()[0])


def states() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text FROM procrastinate_jobs")
        return dict(cursor.fetchall())


def rescue() -> None:
    async def run() -> None:
        async with connected.open_async():
            await jobs.rescue_stalled(connected)

    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as connected:
        asyncio.run(run())


def test_a_job_of_a_killed_worker_is_tried_again() -> None:
    job = stalled("a")
    rescue()
    assert states() == {job: "todo"}


def test_it_gives_way_when_the_same_work_waits_already() -> None:
    stalled("b")
    waiting = insert("todo", "b")
    rescue()
    assert states() == {waiting: "todo"}


def test_a_job_of_a_living_worker_is_left_alone() -> None:
    job = stalled("c")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
    rescue()
    assert states() == {job: "doing"}
