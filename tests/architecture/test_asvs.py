"""OWASP ASVS 5.0.0, levels 1 and 2: docs/asvs.toml answers each requirement once, with tests that exist."""

import ast
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("tests", "not_applicable", "operator", "open")
FEWEST_WORDS = 3
REQUIREMENTS = tomllib.loads((ROOT / "docs/asvs.toml").read_text(encoding="utf-8"))["requirement"]
OURS = sorted((ROOT / "src/vardnav/web/static/vardnav").glob("*.js"))
CHAPTERS = (
    "What input must look like",
    "Ways in and their strength",
    "Sessions",
    "Who sees which fields",
    "Keys and algorithms",
    "Whom it talks to",
    "Classes of data",
    "Parts",
    "What takes long",
    "What is logged",
)


def answer(one: dict[str, object]) -> list[str]:
    return [kind for kind in KINDS if kind in one]


@cache
def names_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_all_of_both_levels_are_there() -> None:
    ids = [one["id"] for one in REQUIREMENTS]
    assert len(set(ids)) == len(ids) == 253
    assert Counter(one["level"] for one in REQUIREMENTS) == {1: 70, 2: 183}
    assert {one["id"].split(".")[0] for one in REQUIREMENTS} == {f"V{chapter}" for chapter in range(1, 18)}
    assert all(re.fullmatch(r"V\d{1,2}\.\d{1,2}\.\d{1,2}", each) for each in ids)


@pytest.mark.parametrize("one", REQUIREMENTS, ids=[one["id"] for one in REQUIREMENTS])
def test_each_is_answered_in_one_way(one: dict[str, object]) -> None:
    kinds = answer(one)
    assert len(kinds) == 1, kinds
    assert set(one) == {"id", "level", "text", kinds[0]}
    assert one["text"]
    if kinds[0] == "tests":
        tests = one["tests"]
        assert isinstance(tests, list)
        assert tests
        for named in tests:
            path, _, name = named.partition("::")
            assert (ROOT / path).is_file(), named
            assert name in names_of(path), named
    else:
        assert len(str(one[kinds[0]]).split()) >= FEWEST_WORDS


def test_what_is_open_is_counted_and_the_page_tells_it() -> None:
    """docs/security.md says how many of each; what is open stands there by its number."""
    counts = Counter(answer(one)[0] for one in REQUIREMENTS)
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    told = re.search(r"(\d+) by tests, (\d+) not applicable, (\d+) by the operator, (\d+) open", page)
    assert told is not None
    assert [int(number) for number in told.groups()] == [counts[kind] for kind in KINDS]
    for one in REQUIREMENTS:
        if "open" in one:
            assert one["id"] in page, one["id"]


def test_the_security_page_says_what_the_standard_asks_to_be_written() -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    chapters = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    for chapter in CHAPTERS:
        assert len(chapters[chapter].split()) > 40, chapter


def test_password_fields_are_hidden_and_open_to_managers() -> None:
    """Every field of a password is masked, may be pasted into and says to managers what it is; none asks a question."""
    from django import forms

    from vardnav.web.identity import forms as ours

    fields = [
        (form, name, field)
        for form in vars(ours).values()
        if isinstance(form, type) and issubclass(form, forms.Form)
        for name, field in form.base_fields.items()
        if "password" in name or name in {"current", "new", "again"}
    ]
    assert fields
    for form, name, field in fields:
        assert isinstance(field.widget, forms.PasswordInput), (form, name)
        assert field.widget.attrs.get("autocomplete") in {"current-password", "new-password"}, (form, name)
        assert "onpaste" not in field.widget.attrs
    assert not [path for path in OURS if "paste" in path.read_text(encoding="utf-8")]


def test_our_scripts_keep_nothing_and_mix_no_prototypes() -> None:
    """Nothing in the browser's storage, no text as HTML, no keys from outside on plain objects."""
    assert OURS
    for path in OURS:
        text = path.read_text(encoding="utf-8")
        for word in ("localStorage", "sessionStorage", "indexedDB", "document.cookie", "postMessage", "__proto__"):
            assert word not in text, (path.name, word)
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert word not in text, (path.name, word)


def test_types_are_checked_strictly() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert settings["strict"] is True
    assert settings["packages"] == ["vardnav"]
    assert "step 'types' types" in (ROOT / "script/test").read_text(encoding="utf-8")
