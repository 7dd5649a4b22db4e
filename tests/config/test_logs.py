"""No line of any log names a patient, whatever goes wrong."""

import asyncio
import io
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app
from psycopg import errors
from tests.web.test_walk import PATTERNS, address, body, methods
from tests.web.walk_world import World, build

from vardnav.config import logs
from vardnav.patients import selectors as patients
from vardnav.patients.models import Person

pytestmark = pytest.mark.django_db

NUMBER = "20260101-0101"
SECRET = f"Xqastrid Walkson {NUMBER} Xqgatan-astrid 1 070-1740000"
WORDS = re.compile(r"Xq|Walkson|20260101.?0101|1740000")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that would reach stderr, at the level of production and as it is written there."""
    monkeypatch.setenv("VARDNAV_LOG", "json")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def test_everyone_walks_through_every_page(written: io.StringIO) -> None:
    world = build()
    for name in PATTERNS:
        for who in ("nobody", "astrid", "our staff", "administrator"):
            for method in methods(name):
                with transaction.atomic():
                    ask = getattr(world.client(who), method)
                    ask(
                        address(name, world, world.targets["astrid"]),
                        body(name, world, who) if method == "post" else {},
                    )
                    transaction.set_rollback(True)
    check(written, world)
    assert written.getvalue().count('"request"') > 300


def check(written: io.StringIO, world: World) -> None:
    text = written.getvalue()
    for target in Person.objects.all():
        number = target.personal_number
        known = (target.first_name, number, f"{number[:8]}-{number[8:]}", f"{number[2:8]}-{number[8:]}")
        for what in (*known, target.address, target.phone, target.email):
            assert what not in text, f"{what}: {next(line for line in text.splitlines() if what in line)}"


def constraint() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE t (number text UNIQUE)")
        cursor.execute("INSERT INTO t VALUES (%s), (%s)", [SECRET, SECRET])


def cast() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::bigint", [SECRET])


def raised(error: BaseException) -> Callable[[], None]:
    def do() -> None:
        raise error

    return do


def chained() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise RuntimeError(f"no {SECRET}") from error


FAULTS: dict[str, Callable[[], None]] = {
    "a row that is there already": constraint,
    "a text that is no number": cast,
    "a value": raised(ValueError(SECRET)),
    "a key": raised(KeyError(SECRET)),
    "one from another": chained,
    "two lines": raised(ValueError(f"first\n{SECRET}")),
    "integrity without a cause": raised(IntegrityError(SECRET)),
    "data without a cause": raised(DataError(SECRET)),
    "a check of the database": raised(errors.RaiseException(SECRET)),
    "a group": raised(ExceptionGroup(SECRET, [ValueError(SECRET)])),
    "unicode": raised(UnicodeEncodeError("ascii", SECRET, 0, 3, SECRET)),
    "the operating system": raised(FileNotFoundError(2, SECRET, SECRET)),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_page_that_breaks(kind: str, written: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patients, "messages_of", lambda *_, **__: FAULTS[kind]())
    world = build()
    client: Client = world.client("astrid")
    assert client.get(reverse("web:messages")).status_code == 500
    text = written.getvalue()
    assert not WORDS.search(text), text
    assert '"error": "' in text


@pytest.mark.parametrize("kind", FAULTS)
def test_a_line_that_quotes_the_error_itself(kind: str, written: io.StringIO) -> None:
    """Libraries write the text of an error into their own line."""
    try:
        with transaction.atomic():
            FAULTS[kind]()
    except Exception as error:
        logging.getLogger("somebody.else").exception("it failed: %s", error)
        logging.getLogger("somebody.else").error("it failed with exception: %r", error, exc_info=sys.exc_info())
    assert not WORDS.search(written.getvalue()), written.getvalue()


def test_a_job_that_breaks(written: io.StringIO) -> None:
    """The worker's own line has what the job was called with; ours are called with a time only."""

    async def breaks() -> None:
        chained()

    task = app.task(name="tests.breaks", pass_context=False)(breaks)
    try:
        asyncio.run(task.func())
    except RuntimeError as error:
        logging.getLogger("procrastinate.worker").error("Job tests.breaks ended: %s", error, exc_info=error)
    assert not WORDS.search(written.getvalue())
    app.tasks.pop("tests.breaks", None)


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (errors.DiskFull("could not extend file: No space left on device"), "No space left"),
        (errors.AdminShutdown("terminating connection due to administrator command"), "administrator"),
        (OperationalError("couldn't get a connection after 5.00 sec"), None),
    ],
)
def test_what_an_operator_needs_is_kept(error: Exception, kept: str | None, written: io.StringIO) -> None:
    logging.getLogger("x").error("it broke", exc_info=error)
    line = json.loads(written.getvalue())
    assert line["error"].startswith(type(error).__name__)
    assert kept is None or kept in line["error"]
