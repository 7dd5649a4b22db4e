"""The embedded server by hand."""

from pathlib import Path

import psycopg
import pytest

from tests.cli.test_serve import vardnav
from vardnav.config.embedded import Embedded


def test_it_stays_until_it_is_stopped(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "data")
    started = vardnav(server.data_dir, "postgres", "start")
    assert (started.returncode, started.stdout.strip()) == (0, server.url())
    psycopg.connect(server.url()).close()  # the command has ended, the server has not
    asked = vardnav(server.data_dir, "postgres", "psql", "-At", "-c", "SHOW listen_addresses")
    assert (asked.returncode, asked.stdout) == (0, "\n")  # none: only the socket
    assert vardnav(server.data_dir, "postgres", "stop").stdout == "Stopped.\n"
    assert vardnav(server.data_dir, "postgres", "stop").stdout == "It was not running.\n"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url())


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    done = vardnav(tmp_path / "data", "postgres", "stop", DATABASE_URL="postgresql://db.example/vardnav")
    assert done.returncode == 1
    assert done.stderr == "vardnav: DATABASE_URL is set: the database is not Vårdnav's own.\n"


def test_the_url_starts_nothing(tmp_path: Path) -> None:
    done = vardnav(tmp_path / "data", "postgres", "url")
    assert done.stdout.strip() == Embedded(tmp_path / "data").url()
    assert not (tmp_path / "data").exists()


def test_the_log_quotes_no_row(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "data")
    script = "CREATE TABLE t (n text UNIQUE); INSERT INTO t VALUES ('191212121212'), ('191212121212')"
    assert vardnav(server.data_dir, "postgres", "psql", "-c", script).returncode == 1
    logs = [path.read_text() for path in (server.cluster / "log").iterdir()]
    assert any("ready to accept connections" in log for log in logs)
    assert not any("191212121212" in log for log in logs)
