"""What survives what: processes killed under load, a disk that fills, a database that goes away and comes back.

    script/bench faults [--quick] [--json]

A real `vardnav serve` on a small region. Clients change clinics on the pages and over the API, each with its key, and
send again until they have an answer. Meanwhile processes are killed at random points. Nobody starts anything again by
hand, except that a killed `vardnav serve` is started again as the system's own supervisor does. Then every promise is
looked for in the database, everything is counted again, the log's chains are worked out again, and each command is
sent once more.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

FOLDER = Path(f".data/bench-faults-{os.getpid()}").absolute()  # this run's own: it is emptied at the end
os.environ |= {
    "VARDNAV_DATA": str(FOLDER),
    "VARDNAV_DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "vardnav.config.settings",
    "VARDNAV_LOG_LEVEL": "INFO",
    "VARDNAV_API_CALLS_PER_MINUTE": "1000000",
}
os.environ.pop("DATABASE_URL", None)

from bench import _fault_judge as judge  # noqa: E402
from bench._fault_clients import Clients, api_key, commands  # noqa: E402
from bench._fault_kills import SUPERVISOR, kill, of_kind, until  # noqa: E402
from bench._measure import percentile, postmaster, show  # noqa: E402

BACK_SECONDS = 60.0  # by then it must be back
WAL_MEGABYTES = 224
WANTED = {
    "kills": "≥ 25",
    "lost": "0",
    "half_done": "0",
    "unequal": "0",
    "refused": "0",
    "unanswered": "0",
    "named_in_logs": "0",
    "broken_chains": "0",
    "not_back": "0",
    "unclear_pages": "0",
}


@dataclass(frozen=True)
class Size:
    kills: dict[str, int]
    residents: int
    commands: int
    clients: int
    frozen_seconds: float
    checked: int  # commands that are sent once more at the end


QUICK = Size(
    {"web worker": 9, "job worker": 5, "backend": 4, "postmaster": 3, "live": 2, "web": 1, SUPERVISOR: 1},
    residents=4_000,
    commands=1_200,
    clients=6,
    frozen_seconds=0,
    checked=200,
)
WHOLE = Size(
    {"web worker": 14, "job worker": 9, "backend": 14, "postmaster": 10, "live": 5, "web": 5, SUPERVISOR: 3},
    residents=30_000,
    commands=12_000,
    clients=8,
    frozen_seconds=25,
    checked=4_000,
)


@dataclass
class Server:
    """`vardnav serve`, started again when it ends unasked, as systemd does."""

    port: int
    live_port: int
    process: "subprocess.Popen[bytes] | None" = None
    started_again: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        command = [sys.executable, "-m", "vardnav", "serve"]
        command += ["--port", str(self.port), "--live-port", str(self.live_port), "--workers", "2"]
        log = (FOLDER / "serve.log").open("ab")
        self.process = subprocess.Popen(command, stdout=log, stderr=log)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def tend(self) -> None:
        """Until told that it is over."""
        while not self.over.wait(0.3):
            if self.process is not None and self.process.poll() is not None:
                self.started_again += 1
                self.start()

    def answers(self, path: str = "healthz") -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=40) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""


@dataclass
class Seen:
    """What happened while things broke."""

    kills: dict[str, int] = field(default_factory=dict)
    back_seconds: list[float] = field(default_factory=list)
    not_back: int = 0
    unclear_pages: int = 0  # not a page that says what to do
    more: dict[str, float] = field(default_factory=dict)

    def back(self, seconds: float | None) -> float:
        if seconds is None:
            self.not_back += 1
            return BACK_SECONDS
        self.back_seconds.append(seconds)
        return seconds


# --- Getting ready -------------------------------------------------------------------------------


def load(residents: int) -> None:
    from vardnav.cli.ready import ready
    from vardnav.config import database, schema

    database.start()
    ready(migrated=False)
    schema.migrate()
    from vardnav.demo import actions

    actions.load(region="jamtland-harjedalen", residents=residents, seed=1, progress=lambda *_: None)


@contextmanager
def small_disk_for_wal() -> Iterator[Path | None]:
    """The cluster's write-ahead log on a disk of its own that can be filled; None where we may not mount."""
    from django.db import connection, connections

    from vardnav.config import database, embedded

    server = database.embedded()
    assert server is not None
    disk = FOLDER / "wal"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={WAL_MEGABYTES}m", "vardnav-bench", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        with connection.cursor() as cursor:
            for name in ("max_wal_size", "min_wal_size"):
                cursor.execute(f"ALTER SYSTEM SET {name} = '64MB'")
            cursor.execute("CHECKPOINT")
        connections.close_all()
        embedded.stop(server)
        owner = server.cluster.stat()
        shutil.move(server.cluster / "pg_wal", disk / "pg_wal")
        (server.cluster / "pg_wal").symlink_to(disk / "pg_wal")
        for path in (disk, disk / "pg_wal", *(disk / "pg_wal").rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
        for step in (FOLDER, disk):
            step.chmod(0o755)
        embedded.launch(server)
        yield disk
    finally:
        connections.close_all()
        embedded.stop(server)
        subprocess.run(["umount", "-l", str(disk)], capture_output=True, check=False)


# --- What breaks ---------------------------------------------------------------------------------


def kill_all(size: Size, server: Server, clients: Clients, seen: Seen, seed: int) -> None:
    """One after the other at random points; each time things come back before the next."""
    chance = random.Random(seed)
    kinds = [kind for kind, times in size.kills.items() for _ in range(times)]
    chance.shuffle(kinds)
    for kind in kinds:
        time.sleep(chance.uniform(0.02, 0.3))
        if not until(lambda kind=kind: living(kind, server), BACK_SECONDS):
            seen.not_back += 1
            continue
        kill(chance.choice(living(kind, server)))
        at = time.monotonic()
        seen.kills[kind] = seen.kills.get(kind, 0) + 1
        if kind == SUPERVISOR:
            until(lambda killed=server.pid: served_again(server, killed), BACK_SECONDS)
            at, begun = time.monotonic(), at
            clients.promise_after(at, BACK_SECONDS)
            took = seen.back(time.monotonic() - begun)
        else:
            took = seen.back(clients.promise_after(at, BACK_SECONDS))
        tell(f"{sum(seen.kills.values()):>3} of {len(kinds)} {kind}: back after {took:.2f} s")
        if not until(lambda kind=kind: living(kind, server), BACK_SECONDS):
            seen.not_back += 1


def served_again(server: Server, killed: int) -> bool:
    """The old processes leave by themselves, and the new ones may take the port then."""
    return server.pid != killed and bool(living("web", server)) and server.answers()[0] == 200


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def living(kind: str, server: Server) -> list[int]:
    try:
        return of_kind(kind, server.pid, postmaster(FOLDER))
    except (OSError, ValueError):
        return []  # the postmaster's note is not there just now


def check_pages(server: Server, seen: Seen) -> None:
    """While the database is away, a page and the probe say so with 503; the process itself says that it lives."""
    begun = time.monotonic()
    paths = {"": "stängd", "healthz": "unavailable", "healthz/alive": "alive"}
    with ThreadPoolExecutor(len(paths)) as pool:
        answers = list(pool.map(server.answers, paths))
    for (path, word), (status, text) in zip(paths.items(), answers, strict=True):
        if status != (200 if word == "alive" else 503) or word not in text:
            seen.unclear_pages += 1
            tell(f"/{path} answered {status}: {text[:200]}")
    seen.more["away_page_s"] = round(max(seen.more.get("away_page_s", 0), time.monotonic() - begun), 1)


def stop_and_start(server: Server, clients: Clients, seen: Seen) -> None:
    """A database that is taken down in order stays down until it is started."""
    from vardnav.config import database, embedded

    embedded_server = database.embedded()
    assert embedded_server is not None
    embedded.stop(embedded_server)
    time.sleep(1.5)
    if living("postmaster", server):
        seen.not_back += 1
        tell("a database that was stopped was started by itself")
    check_pages(server, seen)
    at = time.monotonic()
    embedded.launch(embedded_server)
    seen.more["started_back_s"] = round(seen.back(clients.promise_after(at, BACK_SECONDS)), 2)


def freeze(seconds: float, server: Server, clients: Clients, seen: Seen) -> None:
    """A database that hangs: nothing is refused, nothing is answered."""
    root = postmaster(FOLDER)
    frozen = [root, *every_backend(root)]
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    begun = time.monotonic()
    status, _ = server.answers("")
    seen.more["frozen_page_s"] = round(time.monotonic() - begun, 1)
    if status != 503:
        seen.unclear_pages += 1
        tell(f"a frozen database gave {status}")
    time.sleep(max(0.0, seconds - (time.monotonic() - begun)))
    at = time.monotonic()
    for pid in frozen:
        try:
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            continue
    seen.more["thawed_back_s"] = round(seen.back(clients.promise_after(at, BACK_SECONDS)), 2)


def every_backend(root: int) -> list[int]:
    from bench._fault_kills import processes

    return [one.pid for one in processes().values() if one.parent == root]


def fill_disk(disk: Path, server: Server, clients: Clients, seen: Seen) -> None:
    """The write-ahead log has no room: the database stops itself, and comes back when there is room."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        try:
            while True:
                file.write(b"\0" * 1_000_000)
                file.flush()
        except OSError:
            pass
    use_up_wal()
    time.sleep(1.0)
    check_pages(server, seen)
    at = time.monotonic()
    ballast.unlink()
    seen.more["room_back_s"] = round(seen.back(clients.promise_after(at, BACK_SECONDS)), 2)


def use_up_wal() -> None:
    """Until the server says that it cannot."""
    import psycopg

    from vardnav.config import database

    try:
        with psycopg.connect(database.url(), autocommit=True) as connection:
            for _ in range(64):
                connection.execute("SELECT pg_logical_emit_message(true, 'bench', repeat('x', 4000000))")
    except psycopg.Error:
        return


# --- All of it -----------------------------------------------------------------------------------


def measure(size: Size) -> dict[str, float]:
    from django.db import connection, connections
    from django.utils import timezone

    from vardnav.config import stack

    load(size.residents)
    pile, token = commands(size.commands, seed=1), api_key()
    since, seen = timezone.now(), Seen()
    port = stack.free_port("127.0.0.1", 20_000 + os.getpid() % 10_000)  # nobody else takes it meanwhile
    with ExitStack() as ending:
        disk = ending.enter_context(small_disk_for_wal())
        connections.close_all()
        server = Server(port, stack.free_port("127.0.0.1", port + 1))
        ending.callback(stop, server)
        server.start()
        threading.Thread(target=server.tend, daemon=True).start()
        if not until(lambda: server.answers()[0] == 200, BACK_SECONDS):
            raise SystemExit("the server did not answer")
        clients = Clients(port, token, pile, threads=size.clients, seed=1)
        clients.start()
        begun = time.monotonic()
        kill_all(size, server, clients, seen, seed=1)
        seen.more["kill_phase_s"] = round(time.monotonic() - begun, 1)
        until(lambda: server.answers()[0] == 200, BACK_SECONDS)  # a web that was killed last is up again
        stop_and_start(server, clients, seen)
        if size.frozen_seconds:
            freeze(size.frozen_seconds, server, clients, seen)
        if disk is not None:
            fill_disk(disk, server, clients, seen)
        clients.stop()
        connection.close_pool()  # ours have been dead since the database was stopped
        figures = judged(size, clients, seen, since)
        figures["restarts_by_system"] = server.started_again
    return figures


def judged(size: Size, clients: Clients, seen: Seen, since: object) -> dict[str, float]:
    sent = clients.sent
    promised = [one for one in sent if one.promised]
    retried = sum(one.tries > 1 for one in promised)  # before the judge sends them once more
    faults = {
        "unequal": judge.unequal(promised[-size.checked :], clients.port, clients.token)
        + [f"{one.person} heard different things" for one in promised[: -size.checked] if not one.equal],
        "lost": judge.lost(sent),
        "half_done": judge.half_done(sent, since),  # type: ignore[arg-type]
        "broken_chains": judge.broken_chains(),
        "refused": [f"{one.person}: {one.answer}" for one in sent if one.answer and not one.promised],
        "named_in_logs": judge.named_in_logs(sent, [FOLDER / "serve.log", *(FOLDER / "postgres" / "log").iterdir()]),
        "unanswered": [str(one.person) for one in sent if one.answer is None],
    }
    for name, found in faults.items():
        for line in found[:5]:
            tell(f"{name}: {line}")
    return {
        "kills": sum(seen.kills.values()),
        **{f"kills_{kind.replace(' ', '_')}": number for kind, number in sorted(seen.kills.items())},
        "acknowledged": len(promised),
        "sent_more_than_once": retried,
        **{name: len(found) for name, found in faults.items()},
        "answered_503": clients.unavailable,
        "not_back": seen.not_back,
        "unclear_pages": seen.unclear_pages,
        "back_median_s": round(median(seen.back_seconds), 2),
        "back_p95_s": round(percentile(seen.back_seconds, 0.95), 2),
        "back_max_s": round(max(seen.back_seconds), 2),
        **seen.more,
    }


def stop(server: Server) -> None:
    server.over.set()
    if server.process is not None and server.process.poll() is None:
        server.process.terminate()
        try:
            server.process.wait(30)
        except subprocess.TimeoutExpired:
            server.process.kill()


def leave_nothing() -> None:
    """Stop the database and empty the folder, whatever happened."""
    from django.db import connections

    from vardnav.config import database, embedded

    connections.close_all()
    server = database.embedded()
    if server is not None:
        embedded.stop(server)
        embedded.release(server)
    shutil.rmtree(FOLDER, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="in at most 45 seconds")
    parser.add_argument("--json", action="store_true", help="one flat object of figures")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begun = time.monotonic()
    try:
        figures = measure(QUICK if arguments.quick else WHOLE)
    finally:
        leave_nothing()
    figures["seconds"] = round(time.monotonic() - begun, 1)
    rows = [(name, f"{value:,}", WANTED.get(name, "")) for name, value in figures.items()]
    show("Faults under load", rows, figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
