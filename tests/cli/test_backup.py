"""A backup of the small region, put back into another database; and backups that must not be put back."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from vardnav.config import embedded
from vardnav.config.embedded import Embedded

pytestmark = pytest.mark.xdist_group("backup")


@dataclass(frozen=True)
class Place:
    """A data folder with a small region in its database, a backup of it, and an empty database beside it."""

    server: Embedded
    folder: Path

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        bare = {name: value for name, value in os.environ.items() if not name.startswith(("VARDNAV_", "DATABASE_"))}
        own = {"VARDNAV_DATA": str(self.server.data_dir), "VARDNAV_DEMO": "1"}
        return subprocess.run(
            [sys.executable, "-m", "vardnav", *command], env=bare | own | environment, capture_output=True, text=True
        )

    def restore(self, folder: Path, *more: str, into: str = "other", **env: str) -> subprocess.CompletedProcess[str]:
        return self.run("restore", str(folder), "--into", self.server.url(into), *more, **env)

    def ask(self, statement: str, database: str = embedded.DATABASE) -> list[tuple[object, ...]]:
        with psycopg.connect(self.server.url(database), autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("backup")
    found = Place(Embedded(home / "data"), home / "copy")
    embedded.ensure(found.server)
    try:
        for command in (["migrate"], ["demo", "load", "--region", "small"], ["backup", str(found.folder)]):
            done = found.run(*command)
            assert done.returncode == 0, done.stderr
        yield found
    finally:
        embedded.release(found.server)


@pytest.fixture
def other(place: Place) -> Iterator[str]:
    place.ask("CREATE DATABASE other")
    yield "other"
    place.ask("DROP DATABASE other WITH (FORCE)")


def changed(place: Place, tmp_path: Path) -> Path:
    return Path(shutil.copytree(place.folder, tmp_path / "changed"))


def test_a_backup_is_put_back_with_every_row_and_the_whole_log(place: Place, other: str) -> None:
    done = place.restore(place.folder)
    assert done.returncode == 0, done.stderr
    assert "is as the backup" in " ".join(done.stderr.split())
    manifest = json.loads((place.folder / "manifest.json").read_text())
    assert manifest["rows"]["patients_person"] > 100
    assert manifest["rows"]["audit_line"] > 0
    for table in ("patients_person", "listing_listing", "audit_line", "django_migrations", "identity_account"):
        ask = f"SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t"
        assert place.ask(ask, other) == place.ask(ask)
    assert place.run("audit", "verify", DATABASE_URL=place.server.url(other)).returncode == 0


def test_the_keys_are_not_in_it(place: Place) -> None:
    everything = b"".join(path.read_bytes() for path in place.folder.iterdir())
    for name in ("secret_key", "audit_key"):
        assert (place.server.data_dir / name).read_bytes() not in everything
    assert place.folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in place.folder.iterdir())


def test_a_database_that_is_not_empty_is_left_alone_unless_told(place: Place, other: str) -> None:
    place.ask("CREATE TABLE precious (id int)", other)
    refused = place.restore(place.folder)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert place.ask("SELECT count(*) FROM precious", other) == [(0,)]
    told = place.restore(place.folder, "--replace")
    assert told.returncode == 0, told.stderr
    assert place.ask("SELECT to_regclass('precious')", other) == [(None,)]


def test_what_was_there_stands_again_when_the_backup_does_not_go_in(place: Place, other: str) -> None:
    place.ask("CREATE TABLE mine (n int); INSERT INTO mine VALUES (7)", other)
    place.ask("CREATE FUNCTION stop() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''stop''; END'", other)
    place.ask(
        "CREATE EVENT TRIGGER no ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION stop()", other
    )
    done = place.restore(place.folder, "--replace")
    assert done.returncode == 1, done.stdout
    assert place.ask("SELECT n FROM mine", other) == [(7,)]
    assert place.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", other) == [(1,)]


def test_nobodys_session_lives_on(place: Place, other: str, tmp_path: Path) -> None:
    place.ask(
        "INSERT INTO identity_session (digest, data, way, assurance, begun_at, seen_at, expires_at, logout_hint)"
        " VALUES ('x', 'x', '', 0, now(), now(), now() + interval '1 hour', '')"
    )
    assert place.run("backup", str(tmp_path / "copy")).returncode == 0
    place.ask("DELETE FROM identity_session")
    done = place.restore(tmp_path / "copy")
    assert done.returncode == 0, done.stderr
    assert '"identity_session": 1' in (tmp_path / "copy/manifest.json").read_text()
    assert place.ask("SELECT count(*) FROM identity_session", other) == [(0,)]


def test_a_damaged_backup_is_refused(place: Place, other: str, tmp_path: Path) -> None:
    folder = changed(place, tmp_path)
    data = bytearray((folder / "database.dump").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "database.dump").write_bytes(data)
    refused = place.restore(folder)
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert place.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", other) == [(0,)]


def test_a_manifest_that_was_changed_is_refused(place: Place, other: str, tmp_path: Path) -> None:
    folder = changed(place, tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["rows"]["audit_line"] -= 1
    (folder / "manifest.json").write_text(json.dumps(manifest))
    refused = place.restore(folder)
    assert refused.returncode == 1
    assert "signature" in refused.stderr


def test_a_backup_of_another_key_is_refused(place: Place, other: str) -> None:
    refused = place.restore(place.folder, VARDNAV_AUDIT_KEYS="another key, as long as a key is")
    assert refused.returncode == 1
    assert "VARDNAV_AUDIT_KEYS" in refused.stderr


def test_a_log_that_was_changed_before_the_backup_is_told_of(place: Place, other: str, tmp_path: Path) -> None:
    """A backup cannot know that it copied a forged line; the chain does."""
    assert place.restore(place.folder).returncode == 0
    with psycopg.connect(place.server.url(other)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE audit_line SET user_name = 'somebody else' WHERE id = (SELECT min(id) FROM audit_line)"
        )
    forged = tmp_path / "forged"
    assert place.run("backup", str(forged), DATABASE_URL=place.server.url(other)).returncode == 0
    told = place.restore(forged, "--replace")
    assert told.returncode == 1
    assert "differs from" in " ".join(told.stderr.split())


def test_what_was_written_after_the_backup_is_told_of_as_lost(place: Place, other: str, tmp_path: Path) -> None:
    url, anchors = place.server.url(other), {"VARDNAV_AUDIT_ANCHORS": str(tmp_path / "anchors")}
    assert place.restore(place.folder).returncode == 0
    opened = place.run("account", "open", "ny", "--name", "Ny", "--hsa-id", "SE5599990009-NY", DATABASE_URL=url)
    assert opened.returncode == 0, opened.stderr
    assert place.run("audit", "anchor", DATABASE_URL=url, **anchors).returncode == 0
    done = place.restore(place.folder, "--replace", **anchors)
    assert done.returncode == 0, done.stderr
    assert "is as the backup" in " ".join(done.stderr.split())
    assert "written after the backup, and lost" in " ".join(done.stderr.split())


def test_a_backup_never_writes_over_another(place: Place) -> None:
    refused = place.run("backup", str(place.folder))
    assert refused.returncode == 1
    assert "is there already" in refused.stderr
