"""What can be set and run is written down, and nothing else is."""

import re

import typer
from tests.architecture.conftest import ROOT

from vardnav.cli import build

NAMES = re.compile(r"\b(VARDNAV_[A-Z_]+|DATABASE_URL)\b")


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "script").iterdir(), *(ROOT / "tests").rglob("*.py")]
    used = {name for source in sources if source.is_file() for name in NAMES.findall(source.read_text())}
    used -= {"VARDNAV_TEST_DATA"}  # only moves the tests' own data folder
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))
    assert used == documented


def test_every_command_says_what_it_does() -> None:
    for name, command in typer.main.get_command(build()).commands.items():  # type: ignore[attr-defined]
        assert command.help, name


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:")
        if not (page.parent / target).exists()
    ]
    assert not broken, "\n".join(broken)
