"""Tell open pages that something changed."""

from vardnav.live.rules import CHANNEL, News
from vardnav.tables import sql


def publish(topic: str, kind: str) -> None:
    """Heard when the caller's transaction commits, and not at all when it rolls back.

    Neither `topic` nor `kind` may say anything about a patient beyond an id.
    """
    sql.run("SELECT pg_notify(%s, %s)", [CHANNEL, News(topic, kind).payload()])
