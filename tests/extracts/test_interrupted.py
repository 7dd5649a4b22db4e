"""All or nothing, also for who is killed, and one import at a time."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from tests.extracts.conftest import BY, NOW, Bend, put_out, same_bytes, take_in
from vardnav.config import database
from vardnav.extracts import actions
from vardnav.kernel.errors import Refusal
from vardnav.patients import actions as patients
from vardnav.patients.models import Person
from vardnav.patients.rules import Deed
from vardnav.tables import sql

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "Jämföra före och efter"
KILLED = textwrap.dedent("""
    import os, signal, sys
    from pathlib import Path
    import django
    django.setup()
    from django.utils.timezone import now
    from vardnav.extracts import actions
    from vardnav.kernel.actor import system

    def kill(step, done, total):
        if step == "merging" and done == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)

    actions.import_region(Path(sys.argv[1]), by=system("killed"), now=now(), progress=kill)
""")


def kill_import(folder: Path, step: int) -> None:
    server = database.embedded()
    assert server is not None
    env = os.environ | {"DATABASE_URL": server.url(connection.settings_dict["NAME"])}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), str(step)], env=env, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    wait_until_its_locks_are_gone()


def wait_until_its_locks_are_gone() -> None:
    """The server notices a dead client when it next writes to it."""
    held = (
        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
        " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objid = %s"
    )
    for _ in range(200):
        if sql.row(held, [actions.ONE_IMPORT]) == (0,):
            return
        time.sleep(0.05)


@pytest.mark.parametrize("step", [0, 9, 13])
def test_a_killed_import_leaves_the_old_state(tiny: Bend, tmp_path: Path, step: int) -> None:
    take_in(tiny())
    before = put_out(tmp_path / "before", with_protected=True, reason=REASON)
    bent: dict[str, Callable[[list[str]], list[str] | None]] = {
        "residents": lambda rows: [row.replace("Astrid", "Astri") for row in rows],
        "areas": lambda rows: [*rows, "2380-003,Odensala,2380,2100,63.16,14.66,"],
    }
    kill_import(tiny(**bent), step)
    assert same_bytes(before, put_out(tmp_path / "after", with_protected=True, reason=REASON))
    imported = take_in(tiny(**bent))
    assert {name: one.rows for name, one in imported.changed.items() if one.rows} == {"areas": 1, "residents": 4 - 3}


def test_a_killed_first_import_leaves_the_indexes(tiny: Bend) -> None:
    before = indexes()
    kill_import(tiny(), 9)
    assert not Person.objects.exists()
    assert indexes() == before
    take_in(tiny())
    assert indexes() == before


def indexes() -> set[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")
        found = set(cursor.fetchall())
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated::text FROM pg_constraint"
        )
        return found | set(cursor.fetchall())


def in_a_thread(work: Callable[[], None]) -> Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_two_imports_do_not_mix(tiny: Bend) -> None:
    begun, finish = Event(), Event()

    def slowly(step: str, done: int, total: int) -> None:
        if step == "comparing":
            begun.set()
            finish.wait(20)

    folder = tiny()
    first = in_a_thread(lambda: actions.import_region(folder, by=BY, now=NOW, progress=slowly) and None)
    assert begun.wait(20)
    with pytest.raises(Refusal, match="Another import"):
        take_in(folder)
    finish.set()
    first.join()
    assert Person.objects.count() == 4


def test_an_import_waits_for_a_change_that_is_under_way(tiny: Bend) -> None:
    folder = tiny()
    take_in(folder)
    held, let_go = Event(), Event()

    def change() -> None:
        with transaction.atomic():
            patients.hold(Person.objects.values_list("id", flat=True)[0], Deed.CHOOSE, by=BY, now=NOW)
            held.set()
            let_go.wait(20)

    changing = in_a_thread(change)
    assert held.wait(20)
    imported: list[int] = []
    importing = in_a_thread(lambda: imported.append(take_in(folder).rows))
    importing.join(1.5)
    assert importing.is_alive(), "it waits"
    assert Person.objects.count() == 4, "and reading goes on"
    let_go.set()
    changing.join()
    importing.join(20)
    assert imported == [0]
