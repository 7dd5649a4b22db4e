"""Tell open pages that something changed."""

from django.db import connection

from vardnav.live.rules import CHANNEL, News


def publish(topic: str, kind: str) -> None:
    """Heard when the caller's transaction commits, and not at all when it rolls back.

    Neither `topic` nor `kind` may say anything about a patient beyond an id.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, News(topic, kind).payload()])
