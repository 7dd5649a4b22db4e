"""vardnav followup snapshot."""

import pytest
from typer.testing import CliRunner

from tests import factories as make
from vardnav.cli import build
from vardnav.followup.models import RegionSnapshot
from vardnav.kernel.errors import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test has its database already."""
    monkeypatch.setattr("vardnav.cli.followup.ready", lambda: None)


def run(*arguments: str) -> str:
    answer = CliRunner().invoke(build(), ["followup", "snapshot", *arguments])
    if answer.exception is not None:
        raise answer.exception
    return answer.stdout


def test_today_and_the_months_before_are_counted() -> None:
    make.region()
    make.clinic()
    assert run("--history", "3").startswith("4 day(s) counted, 4 rows of clinics")
    assert RegionSnapshot.objects.count() == 4


def test_without_a_region_there_is_nothing_to_count() -> None:
    with pytest.raises(Refusal, match="There is no region yet"):
        run()


def test_too_many_months_are_refused() -> None:
    with pytest.raises(Refusal, match="from 0 to 120"):
        run("--history", "121")
