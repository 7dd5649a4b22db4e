"""What a page may hear is signed, and ends."""

import time
from unittest.mock import patch

from vardnav.live import selectors

TOPICS = frozenset({"clinic:SE2321000214-A1001", "person:17"})


def test_a_token_carries_its_topics() -> None:
    assert selectors.topics_of(selectors.token(TOPICS)) == TOPICS


def test_a_forged_token_hears_nothing() -> None:
    token = selectors.token(TOPICS)
    assert selectors.topics_of(token[:-1] + ("A" if token[-1] != "A" else "B")) == frozenset()
    assert selectors.topics_of("") == frozenset()


def test_a_token_ends_after_twelve_hours() -> None:
    token = selectors.token(TOPICS)
    with patch("django.core.signing.time.time", return_value=time.time() + 12 * 3600 + 2):
        assert selectors.topics_of(token) == frozenset()
