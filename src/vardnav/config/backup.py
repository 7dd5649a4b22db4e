"""The whole database in a folder, and back: what was copied is counted, and signed with the log's key.

The folder holds `database.dump` (pg_dump's own format, compressed) and `manifest.json`: version, migrations, rows of
each table and the heads of the log's chains as of the dump's own instant, the dump's checksum, and a signature. The
keys are not in it: without the log's key nobody can make a backup that fits, nor change one unseen.
"""

import hashlib
import json
import os
import re
import subprocess  # nosec B404 - PostgreSQL's own programs
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from vardnav.audit import selectors as log
from vardnav.audit.selectors import Fault, Finding, current_key, signature_of
from vardnav.config import embedded, privileges
from vardnav.kernel.errors import Refusal
from vardnav.kernel.progress import Progress, silent

# ruff: noqa: S608 - names of tables come from the catalogue
DUMP, MANIFEST = "database.dump", "manifest.json"
BLOCK = 1 << 20
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1"
SHARDS = "SELECT id, lines, encode(head, 'hex') FROM audit_shard ORDER BY id"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, as of one instant."""

    made_at: str
    version: str
    server: int  # PostgreSQL's major version
    migrations: list[str]
    rows: dict[str, int]
    shards: dict[str, list[Any]]  # of the log: id, lines, head
    sha256: str
    key: str  # the name of the key it is signed with
    signature: str = ""

    def signed(self) -> "Manifest":
        return Manifest(**{**self._told(), "signature": self._signature()})

    def holds(self) -> bool:
        return self.key in settings.AUDIT_KEYS and compare_digest(self.signature.encode(), self._signature().encode())

    def text(self) -> str:
        return json.dumps({**self._told(), "signature": self.signature}, indent=1, sort_keys=True) + "\n"

    def _told(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "signature"}

    def _signature(self) -> str:
        return signature_of(settings.AUDIT_KEYS[self.key], "backup", self._told()).hex()


@dataclass(frozen=True, slots=True)
class Restored:
    """What was found after a backup was put back. `faults` says what is not as the manifest has it."""

    manifest: Manifest
    lines: int
    faults: list[str]
    lost: list[str]  # what the anchors know that was written after the backup


def back_up(folder: Path, *, now: datetime, progress: Progress = silent) -> Manifest:
    """Copy the database while others work in it; the folder must not exist.

    Raises Refusal when the folder is there or pg_dump fails.
    """
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError as error:
        raise Refusal(f"{folder} is there already; a backup never writes over another.") from error
    with _one_instant() as snapshot:
        tables = _tables()
        rows = {table: _count(table) for table in tables}
        manifest = Manifest(
            made_at=now.isoformat(timespec="seconds"),
            version=version("vardnav"),
            server=_server(),
            migrations=_migrations(),
            rows=rows,
            shards=_shards(),
            sha256="",
            key=current_key()[0],
        )
        dump = folder / DUMP
        dump.touch(mode=0o600)
        arguments = ["--format=custom", "--no-owner", "--no-privileges", "--schema=public", f"--snapshot={snapshot}"]
        command = [_program("pg_dump", manifest.server), *arguments, f"--file={dump}"]
        _watched(command, "dumping contents of table", "Copied tables", len(tables), progress)
    manifest = Manifest(**{**manifest._told(), "sha256": _checksum(dump)}).signed()
    path = folder / MANIFEST
    path.touch(mode=0o600)
    path.write_text(manifest.text())
    _to_the_disk(dump, path, folder)
    return manifest


def read(folder: Path) -> Manifest:
    """The manifest of a backup that is whole and ours.

    Raises Refusal when it is damaged, was changed, or was signed with a key that is not here.
    """
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise Refusal(f"{folder} holds no backup that can be read ({type(error).__name__}).") from error
    if manifest.key not in settings.AUDIT_KEYS:
        raise Refusal(f"The backup is signed with key {manifest.key}, which is not in VARDNAV_AUDIT_KEYS.")
    if not manifest.holds():
        raise Refusal("The manifest was changed after the backup was made: its signature does not fit.")
    if not (folder / DUMP).exists() or _checksum(folder / DUMP) != manifest.sha256:
        raise Refusal(f"{DUMP} is damaged or was changed: its checksum is not the manifest's.")
    return manifest


def put_back(folder: Path, *, replace: bool = False, progress: Progress = silent) -> Restored:
    """Fill this process's database from a backup, all of it or nothing, and compare it with the manifest.

    What is replaced is set aside until the backup is in, and put back when it does not go in. Nobody's session lives
    on: one that was ended after the backup would be open again.

    Raises Refusal when the backup is not whole, or the database is not empty and may not be replaced.
    """
    manifest = read(folder)
    if _tables() and not replace:
        raise Refusal("The database is not empty. --replace removes what is there first.")
    program = _program("pg_restore", _server())  # before anything is removed: it may not be here
    _do(SET_ASIDE)
    connection.close()
    command = [program, "--no-owner", "--no-privileges", "--exit-on-error"]
    name = str(settings.DATABASES["default"]["NAME"])
    command += ["--single-transaction", f"--dbname={name}", str(folder / DUMP)]
    try:
        _watched(command, "processing data for table", "Restored tables", len(manifest.rows), progress)
    except BaseException:
        _do(PUT_BACK)
        raise
    _do(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")
    privileges.grant()
    restored = compared(manifest, progress=progress)
    _do("DELETE FROM identity_session; DELETE FROM identity_challenge")
    return restored


ASIDE = "vardnav_before_restore"
# Where an earlier try was killed, what it set aside is what there was, and what stands in its place is half a backup.
SET_ASIDE = f"""
DO $$ BEGIN
    IF to_regnamespace('{ASIDE}') IS NOT NULL THEN
        DROP SCHEMA IF EXISTS public CASCADE;
    ELSIF to_regnamespace('public') IS NOT NULL THEN
        ALTER SCHEMA public RENAME TO {ASIDE};
    END IF;
END $$
"""
PUT_BACK = f"""
DROP SCHEMA IF EXISTS public CASCADE;
DO $$ BEGIN
    IF to_regnamespace('{ASIDE}') IS NOT NULL THEN
        ALTER SCHEMA {ASIDE} RENAME TO public;
    END IF;
END $$
"""


def _do(statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements)


def compared(manifest: Manifest, *, progress: Progress = silent) -> Restored:
    """The database as it stands against a manifest: migrations, rows of each table, the log's chains."""
    with _one_instant():
        rows = {table: _count(table) for table in _tables()}
        faults = [
            f"{table} has {rows.get(table, 0):,} rows, and the backup {manifest.rows.get(table, 0):,}"
            for table in sorted(rows.keys() | manifest.rows.keys())
            if rows.get(table) != manifest.rows.get(table)
        ]
        if _migrations() != manifest.migrations:
            faults.append("the migrations are not the backup's")
        if _shards() != manifest.shards:
            faults.append("the heads of the log's chains are not the backup's")
        verified = log.verify(progress=progress)
    lost = [one for one in verified.findings if _came_later(one, manifest)]
    faults += [str(one) for one in verified.findings if one not in lost]
    return Restored(manifest, verified.lines, faults, [str(one) for one in lost])


def _came_later(finding: Finding, manifest: Manifest) -> bool:
    """Lines that an anchor knows and that were written after the backup: lost with what came after it, not forged."""
    had = manifest.shards.get(str(finding.shard_id), [0, ""])[0]
    return finding.fault in (Fault.CUT, Fault.SHARD) and finding.seq > had


@contextmanager
def _one_instant() -> Iterator[str]:
    """All that is read in the block, and by others who are given the name, is as of one instant."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _tables() -> list[str]:
    return [row[0] for row in _rows(TABLES)]


def _count(table: str) -> int:
    return int(_rows(f'SELECT count(*) FROM "{table}"')[0][0])


def _shards() -> dict[str, list[Any]]:
    return {str(id_): [lines, head] for id_, lines, head in _rows(SHARDS)}


def _migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _server() -> int:
    return int(_rows("SELECT current_setting('server_version_num')::int / 10000")[0][0])


def _rows(statement: str) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_the_disk(*paths: Path) -> None:
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def _program(name: str, server: int) -> str:
    """PostgreSQL's own tool of the server's version: a newer one writes what an older server does not take."""
    for path in (embedded.binaries() / name, Path(f"/usr/lib/postgresql/{server}/bin/{name}"), Path("/usr/bin") / name):
        if path.exists() and _version(path) == server:
            return str(path)
    raise Refusal(f"There is no {name} for PostgreSQL {server} here: install postgresql-client-{server}.")


def _version(path: Path) -> int:
    said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - our own command, no shell
    found = re.search(r"(\d+)", said)
    return int(found.group(1)) if found else 0


def _watched(command: list[str], sign: str, step: str, total: int, progress: Progress) -> None:
    """Run it, and tell of each table. What it says in the end may quote a row: only its first words are kept.

    Raises Refusal when it fails.
    """
    said: list[str] = []
    done = 0
    with subprocess.Popen(  # noqa: S603 - our own command, no shell
        [*command, "--verbose"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_environment(), text=True
    ) as process:
        for line in process.stderr or ():
            if sign in line:
                done += 1
                progress(step, min(done, total - 1), total)
            elif "error:" in line:
                said.append(line.strip())
    if process.returncode != 0:
        raise Refusal(f"{Path(command[0]).name} failed: {said[0] if said else f'status {process.returncode}'}")
    progress(step, total, total)


def _environment() -> Mapping[str, str]:
    """The database by libpq's own name, so that no password stands in the list of processes."""
    given = settings.DATABASES["default"]
    names = {"PGDATABASE": "NAME", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST", "PGPORT": "PORT"}
    found = {name: str(given[key]) for name, key in names.items() if given.get(key)}
    for option in ("sslmode", "sslrootcert", "sslcert", "sslkey"):
        if option in given["OPTIONS"]:
            found[f"PG{option.upper()}"] = str(given["OPTIONS"][option])
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", **found}
