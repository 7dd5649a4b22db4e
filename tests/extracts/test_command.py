"""`vardnav region`: what the person at the keyboard sees."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.extracts.conftest import Bend, same_bytes
from vardnav.cli import build
from vardnav.extracts.actions import FaultyExtract
from vardnav.kernel.errors import Refusal
from vardnav.patients.models import Person

pytestmark = pytest.mark.django_db


def run(*words: object) -> str:
    done = CliRunner().invoke(build(), ["region", *map(str, words)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_import_tells_what_is_new_and_what_has_changed(tiny: Bend, tmp_path: Path) -> None:
    said = run("import", tiny())
    assert "residents:          4 new,          0 changed" in said
    run("export", tmp_path / "one", "--with-protected", "--reason", "Flytt till ny server")
    assert "residents:          0 new,          0 changed" in run("import", tmp_path / "one")
    run("export", tmp_path / "two", "--with-protected", "--reason", "Flytt till ny server")
    assert same_bytes(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "one").stat().st_mode & 0o077 == 0, "nobody else can read it"


def test_the_first_hundred_faults_are_shown_and_all_are_written(tiny: Bend, tmp_path: Path) -> None:
    folder = tiny(areas=lambda rows: [*rows, *(f"A{nr},Namn,2380,x,63.1,14.6," for nr in range(150))])
    report = tmp_path / "report.csv"
    with pytest.raises(FaultyExtract, match="150 faults; nothing was written"):
        run("import", folder, "--report", report)
    assert len(report.read_text().splitlines()) == 151
    assert report.stat().st_mode & 0o077 == 0
    assert not Person.objects.exists()


def test_parquet_and_csv_are_the_formats(tiny: Bend, tmp_path: Path) -> None:
    run("import", tiny())
    run("export", tmp_path / "out", "--format", "parquet")
    assert (tmp_path / "out" / "residents.parquet").exists()
    with pytest.raises(Refusal, match="exists already"):
        run("export", tmp_path / "out")
