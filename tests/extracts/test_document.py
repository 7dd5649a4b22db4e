"""docs/extract.md says what the format is."""

from pathlib import Path

from vardnav.extracts import document

PAGE = Path(__file__).parents[2] / "docs" / "extract.md"


def test_the_page_is_what_the_format_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == document.page(), "python -m vardnav.extracts.document > docs/extract.md"
