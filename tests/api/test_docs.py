"""docs/api.md tells what is true."""

import re
from pathlib import Path

from vardnav.api import docs, limits
from vardnav.api.paging import LARGEST_PAGE, PAGE
from vardnav.identity.rules import Scope

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_operation_stands_with_its_scope() -> None:
    told = set(re.findall(r"^\| `(GET|POST) (/api/\S+)` \|.*\| (\S+) \|$", TEXT, re.MULTILINE))
    assert told == {(one["method"], one["path"], one["scope"]) for one in docs.operations()}


def test_every_scope_is_told() -> None:
    assert set(re.findall(r"^\| `(\w+:\w+)` \|", TEXT, re.MULTILINE)) == {scope.value for scope in Scope}


def test_numbers_are_those_of_the_program() -> None:
    assert f"`limit` ({PAGE}, at most {LARGEST_PAGE})" in TEXT
    assert f"a key may make {limits.CALLS_PER_MINUTE} calls a minute" in TEXT
    assert f"at most {limits.BODY_BYTES // 1024} KiB" in TEXT
