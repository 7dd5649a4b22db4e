"""What docs/never.md promises is there: the files and names that hold each sentence, the tests that prove it."""

import re

import pytest
from tests.architecture.conftest import PACKAGE, ROOT

CODE = re.compile(r"`([^`]+)`")
SAME = "the same"
PAGE = (ROOT / "docs/never.md").read_text(encoding="utf-8")
ROWS = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in PAGE.splitlines()[6:] if line[:1] == "|"]


def test_never_has_rows_of_three_cells() -> None:
    assert len(ROWS) > 10
    assert {len(row) for row in ROWS} == {3}


@pytest.mark.parametrize(("never", "held", "proved"), ROWS, ids=[row[0][:60] for row in ROWS])
def test_what_must_never_happen_is_held_and_proved(never: str, held: str, proved: str) -> None:
    names = CODE.findall(held)
    assert names or held == SAME
    for name in names:
        assert is_there(name), f"{name} does not exist"
    tests = CODE.findall(proved)
    assert tests or proved == SAME
    for name in tests:
        path = ROOT / name
        found = [path] if path.is_file() else list(path.rglob("test_*.py"))
        assert any("def test_" in one.read_text(encoding="utf-8") for one in found), f"{name} holds no test"


def is_there(name: str) -> bool:
    """A path under src/vardnav, a room, a dotted name, or a word of the program."""
    room, _, _ = name.partition(".")
    if "/" in name or (PACKAGE / name).is_dir():
        return (PACKAGE / name).exists() or (PACKAGE / f"{name}.py").exists()
    if "." in name and (PACKAGE / room).is_dir():
        *path, word = name.split(".")
        return word in (PACKAGE / "/".join(path)).with_suffix(".py").read_text(encoding="utf-8")
    return any(re.search(rf"\b{name}\b", one.read_text(encoding="utf-8")) for one in PACKAGE.rglob("*.py"))
