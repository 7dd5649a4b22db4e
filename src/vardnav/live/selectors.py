"""Which topics a page may hear: signed into a token with the page, so that the stream asks no database."""

from django.core import signing

from vardnav.live.rules import TOKEN_SECONDS

SALT = "vardnav.live"


def token(topics: frozenset[str]) -> str:
    """A token that lets its bearer hear these topics for twelve hours."""
    return signing.dumps(sorted(topics), salt=SALT, compress=True)


def topics_of(token: str) -> frozenset[str]:
    """The topics of a token; none when it is forged or too old."""
    try:
        return frozenset(signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS))
    except signing.BadSignature:
        return frozenset()
