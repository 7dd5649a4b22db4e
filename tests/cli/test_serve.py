"""The whole stack as an operator runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest

from vardnav.config import stack
from vardnav.config.embedded import Embedded
from vardnav.live import rules, selectors

START_SECONDS = 60


@dataclass
class Served:
    """A running `vardnav serve`."""

    process: subprocess.Popen[str]
    database: Embedded
    port: int
    live_port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "VARDNAV_DATA": str(data_dir), "VARDNAV_LOG": "json", "VARDNAV_LOG_LEVEL": "INFO", **more}


def vardnav(data_dir: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vardnav", *arguments]
    return subprocess.run(
        command, env=environment(data_dir, **more), capture_output=True, text=True, timeout=120, check=False
    )


def until(true: Callable[[], bool], seconds: float = START_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data_dir = tmp_path_factory.mktemp("served") / "data"
    port = stack.free_port("127.0.0.1", 18200 + 20 * (os.getpid() % 400))
    live_port = stack.free_port("127.0.0.1", port + 1)
    log = data_dir.parent / "log"
    command = [
        sys.executable,
        "-m",
        "vardnav",
        "serve",
        "--migrate",
        "--port",
        str(port),
        "--live-port",
        str(live_port),
    ]
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment(data_dir), stderr=output, text=True)
        served = Served(process, Embedded(data_dir), port, live_port, log)
        try:
            until(lambda: healthy(served.url) or process.poll() is not None)
            assert process.poll() is None, log.read_text()
            yield served
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(30)


def pids(served: Served, what: str) -> list[int]:
    """Processes of this server, by what stands on their command line."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    return [int(pid) for pid, parent, args in rows if int(parent) == served.process.pid and what in args]


def test_pages_the_live_channel_and_figures_answer(served: Served) -> None:
    assert httpx.get(f"{served.url}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"http://127.0.0.1:{served.live_port}/live/healthz").json()["listening"] is True
    until(lambda: 'route="healthz",status="200"' in httpx.get(f"{served.url}/metrics").text)


def test_news_reach_an_open_page(served: Served) -> None:
    token = selectors.token(frozenset({"clinic:A"}))  # signed with the tests' key, which the server has too
    url = f"http://127.0.0.1:{served.live_port}/live/"
    origin = {"Origin": served.url}
    with httpx.stream("GET", url, params={"token": token}, headers=origin, timeout=20) as stream:
        assert stream.headers["access-control-allow-origin"] == served.url
        lines = (line for line in stream.iter_lines() if line.startswith("data: "))
        assert set(json.loads(next(lines)[6:])) == {"at"}
        with psycopg.connect(served.database.url(), autocommit=True) as connection:
            payload = rules.News("clinic:A", "queue.changed").payload()
            connection.execute("SELECT pg_notify(%s, %s)", [rules.CHANNEL, payload])
        heard = json.loads(next(lines)[6:])
    assert (heard["topic"], heard["kind"]) == ("clinic:A", "queue.changed")


def test_a_stranger_hears_nothing(served: Served) -> None:
    url = f"http://127.0.0.1:{served.live_port}/live/"
    assert httpx.get(url, params={"token": "forged"}).status_code == 403
    token = selectors.token(frozenset({"clinic:A"}))
    answer = httpx.get(url, params={"token": token}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_a_dead_process_is_started_again(served: Served) -> None:
    for process in ("vardnav.live.stream", "vardnav.config.wsgi", "vardnav worker"):
        (dead,) = pids(served, process)
        os.kill(dead, signal.SIGKILL)
        until(lambda process=process, dead=dead: pids(served, process) not in ([], [dead]))
    until(lambda: healthy(served.url))


def test_log_lines_name_routes_and_no_addresses(served: Served) -> None:
    httpx.get(f"{served.url}/191212121212?q=191212121212")
    until(lambda: "unknown" in served.log.read_text(), 10)
    lines = [json.loads(line) for line in served.log.read_text().splitlines() if line.startswith("{")]
    asked = [line for line in lines if line["event"] == "request"]
    assert asked
    assert all({"request_id", "route", "status", "ms"} <= set(line) for line in asked)
    assert "191212121212" not in served.log.read_text()


def test_a_second_server_beside_the_first_shares_its_database(served: Served) -> None:
    port = stack.free_port("127.0.0.1", served.live_port + 1)
    live_port = stack.free_port("127.0.0.1", port + 1)
    command = [sys.executable, "-m", "vardnav", "serve", "--port", str(port), "--live-port", str(live_port)]
    second = subprocess.Popen(command, env=environment(served.database.data_dir), stderr=subprocess.DEVNULL)
    until(lambda: healthy(f"http://127.0.0.1:{port}"))
    second.send_signal(signal.SIGINT)
    assert second.wait(30) == 0
    assert healthy(served.url)  # the database too: the first still uses it


def test_a_taken_port_is_refused_and_a_command_beside_a_server_leaves_its_database_running(served: Served) -> None:
    refused = vardnav(served.database.data_dir, "serve", "--port", str(served.port))
    assert refused.returncode == 1
    assert "is taken" in refused.stderr
    checked = vardnav(served.database.data_dir, "check")
    assert checked.returncode == 0, checked.stderr
    assert healthy(served.url)


def test_it_stops_with_all_it_started(served: Served) -> None:
    begun = time.monotonic()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(30) == 0
    assert time.monotonic() - begun < 15
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(served.database.url())
    assert not healthy(served.url)
    listed = subprocess.run(["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert f"--port {served.port}" not in listed
    assert str(served.database.cluster) not in listed


def test_help_starts_nothing(tmp_path: Path) -> None:
    done = vardnav(tmp_path / "data", "--help")
    assert done.returncode == 0
    assert "serve" in done.stdout
    assert not (tmp_path / "data").exists()


def test_a_server_without_secrets_is_refused(tmp_path: Path) -> None:
    bare = {"VARDNAV_DEMO": "", "VARDNAV_SECRET_KEY": ""}
    done = vardnav(tmp_path / "data", "serve", **bare)
    assert done.returncode == 1
    assert "VARDNAV_SECRET_KEY and VARDNAV_AUDIT_KEYS and VARDNAV_ALLOWED_HOSTS" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://somewhere/else", "DATABASE_URL must begin with postgresql://."),
        ("postgresql://nobody@127.0.0.1:1/none?connect_timeout=2", "The database does not answer"),
    ],
)
def test_a_database_that_is_not_there_is_told_in_one_sentence(tmp_path: Path, url: str, sentence: str) -> None:
    done = vardnav(tmp_path / "data", "migrate", DATABASE_URL=url)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
