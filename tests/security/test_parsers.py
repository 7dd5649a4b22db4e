"""What reads what others have written does not break: the corpus and its mutations here, atheris by script/fuzz."""

import importlib.util
import json
import re
import subprocess
import sys

import pytest

from tests.security import parsers
from tests.security.tally import FULL, budget, tally

RUNS = {"extract_csv": 400, "extract_parquet": 300, "query_strings": 700}  # the slow ones; others:
QUICK = 2000
SECONDS = budget(0, 45)
ATHERIS = importlib.util.find_spec("atheris") is not None  # not to be had on every platform
EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


@pytest.mark.parametrize("name", sorted(parsers.HARNESSES))
def test_the_corpus_and_its_mutations_break_nothing(name: str) -> None:
    run = parsers.HARNESSES[name]
    with tally(f"{name}, blindly", "runs") as counted:
        for data in parsers.mutations(name, RUNS.get(name, QUICK)):
            try:
                run(data)
            except Exception as error:
                error.add_note(f"the input was {data!r}")
                raise
            counted.add()


@pytest.mark.skipif(not FULL, reason="by script/fuzz")
@pytest.mark.parametrize("name", sorted(parsers.HARNESSES))
def test_guided_by_what_has_been_reached(name: str) -> None:
    command = [sys.executable, "-m", "tests.security.parsers", name, str(SECONDS)]
    how = "atheris" if ATHERIS else "blindly, no atheris here"
    with tally(f"{name}, {how}", "runs") as counted:
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=SECONDS + 120)
        told = ended.stdout + ended.stderr
        found = EXECUTED.search(told)
        counted.done = int(found[1]) if found else json.loads(ended.stdout.splitlines()[-1])["done"]
        assert ended.returncode == 0, told[-3000:]


def test_every_harness_has_a_corpus() -> None:
    assert {path.name for path in parsers.CORPUS.iterdir()} == set(parsers.HARNESSES)


def test_the_corpus_names_nobody() -> None:
    """Only test numbers (birth numbers 980-999) and reserve numbers."""
    from vardnav.kernel.personal_number import NotAPersonalNumber, parse

    for path in parsers.CORPUS.rglob("*"):
        if path.is_file():
            for text in re.findall(r"(?:19|20)\d{6}[-+]?\d{4}", path.read_bytes().decode("utf-8", "replace")):
                try:
                    assert parse(text, parsers.DAY).is_test, (path, text)
                except NotAPersonalNumber:
                    continue


@pytest.mark.parametrize(
    ("payload", "good"),
    [('["a","b"]', True), ("5", False), ("[1,2]", False), ('["a"]', False), ("[" * 100_000, False), ("", False)],
)
def test_news_that_we_did_not_write_are_none(payload: str, good: bool) -> None:
    from vardnav.live import rules

    assert (rules.read(payload) is not None) is good


@pytest.mark.parametrize("origin", ["http://[", "http://localhost.evil.example", "https://evil'[::1]:8000", "null", ""])
def test_a_page_of_elsewhere_hears_no_news(origin: str) -> None:
    from vardnav.live.stream import cross_origin

    assert cross_origin(origin) is None


@pytest.mark.parametrize("origin", ["http://localhost", "https://127.0.0.1:8000", "http://[::1]:8000"])
def test_our_own_pages_hear_news(origin: str) -> None:
    from vardnav.live.stream import cross_origin

    assert cross_origin(origin) == {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
