"""The embedded server: shared, durable, stopped by the last to leave."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from vardnav.config import embedded
from vardnav.config.embedded import Embedded

USE = """
import sys
from pathlib import Path
from vardnav.config.embedded import Embedded, ensure
ensure(Embedded(Path(sys.argv[1])))
print("ready", flush=True)
sys.stdin.read()
"""


def use(folder: Path) -> subprocess.Popen[str]:
    """Another process that uses the server until its input closes."""
    return subprocess.Popen(
        [sys.executable, "-c", USE, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def answers(server: Embedded) -> bool:
    try:
        psycopg.connect(server.url("postgres")).close()
    except psycopg.OperationalError:
        return False
    return True


def test_several_processes_start_one_server_and_the_last_to_leave_stops_it(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "data")
    users = [use(server.data_dir) for _ in range(3)]
    for user in users:
        assert user.stdout is not None
        assert user.stdout.readline() == "ready\n"
    for user in users[:2]:
        user.communicate("")
        assert answers(server)
    users[2].kill()  # a killed user leaves without a word ...
    users[2].communicate()
    assert answers(server)
    embedded.ensure(server)  # ... and the next one takes the server over
    embedded.release(server)
    assert not answers(server)


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    server = Embedded(tmp_path / ("long" * 20) / "data")
    assert len(os.fsencode(server.socket_dir)) < 100
    url = embedded.ensure(server)
    try:
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "SELECT current_setting('fsync'), current_setting('synchronous_commit')"
            ).fetchone()
        assert row == ("on", "on")
    finally:
        embedded.release(server)
        server.socket_dir.rmdir()


def test_swedish_letters_have_case_and_an_order(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "data")
    with psycopg.connect(embedded.ensure(server)) as connection:
        row = connection.execute("SELECT upper('åäö'), 'ÅSA' ILIKE 'åsa'").fetchone()
    embedded.release(server)
    assert row == ("ÅÄÖ", True)


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "data")
    embedded.ensure(server)
    embedded.release(server)
    server.cluster.chmod(0o755)
    with pytest.raises(embedded.Refusal, match="invalid permissions"):
        embedded.ensure(server)


def test_a_guessed_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    server = Embedded(tmp_path / ("long" * 21) / "data")
    server.socket_dir.mkdir(mode=0o777)
    server.socket_dir.chmod(0o777)
    try:
        with pytest.raises(embedded.Refusal, match="belongs to somebody else"):
            embedded.ensure(server)
    finally:
        server.socket_dir.rmdir()
