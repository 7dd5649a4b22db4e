"""News and addresses."""

import pytest

from vardnav.live import rules
from vardnav.live.rules import News


def test_news_come_out_as_they_went_in() -> None:
    news = News("clinic:SE2321000214-A1001", "köplats.ändrad")
    assert rules.read(news.payload()) == news


@pytest.mark.parametrize("payload", ["", "hej", "[]", "[1]", '{"a": 1}', "[1, 2, 3]"])
def test_a_notification_of_somebody_else_is_no_news(payload: str) -> None:
    assert rules.read(payload) is None


@pytest.mark.parametrize(
    ("setting", "host", "expected"),
    [
        (":8001/live/", "127.0.0.1:8000", "http://127.0.0.1:8001/live/"),
        (":8001/live/", "vard.example", "http://vard.example:8001/live/"),
        (":8001/live/", "[::1]:8000", "http://[::1]:8001/live/"),
        (":8001/live/", "[::1]", "http://[::1]:8001/live/"),
        ("/live/", "vard.example", "/live/"),
        ("https://live.example/live/", "vard.example", "https://live.example/live/"),
    ],
)
def test_a_page_finds_its_stream(setting: str, host: str, expected: str) -> None:
    assert rules.address(setting, scheme="http", host=host) == expected


def test_only_another_host_or_port_is_another_origin() -> None:
    assert rules.origin("/live/") == ""
    assert rules.origin("http://a.example:8001/live/") == "http://a.example:8001"
