"""A demo is served to this machine only, and a region's database is never served as one."""

from pathlib import Path

import pytest

from tests import factories
from tests.cli.test_serve import vardnav
from vardnav.cli import serve
from vardnav.kernel.errors import Refusal

EVERYWHERE = "0.0.0.0"  # noqa: S104 - it is refused


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.0.2.1", "vard.example"])
def test_a_demo_is_not_served_to_others(tmp_path: Path, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VARDNAV_DEMO", "1")
    with pytest.raises(Refusal, match="anybody in as anybody"):
        serve.refuse_public_demo(host)
    monkeypatch.setenv("VARDNAV_DEMO", "")
    serve.refuse_public_demo(host)


def test_the_command_itself_refuses(tmp_path: Path) -> None:
    done = vardnav(tmp_path / "data", "serve", "--host", EVERYWHERE)
    assert done.returncode == 1
    assert "anybody in as anybody" in done.stderr
    assert not (tmp_path / "data" / "postgres").exists()


@pytest.mark.django_db
def test_a_regions_database_is_not_served_as_a_demo() -> None:
    serve.refuse_demo_of_a_region()  # an empty one may become one
    factories.region()
    with pytest.raises(Refusal, match="which is no demo"):
        serve.refuse_demo_of_a_region()
