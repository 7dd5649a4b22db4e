"""Figures that are asked of the database at a scrape: whom the door is shut to, who is in, how the log grows."""

import math
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from vardnav.tables import sql, wall

Family = GaugeMetricFamily | CounterMetricFamily
HOUR = "now() - interval '1 hour'"
# The partition of the month and the index by kind make these cheap; none of them reads a line's contents.
ASKED = (
    ("vardnav_sessions_open", "Browsers that are logged in.", "identity_session", "way <> '' AND expires_at > now()"),
    (
        "vardnav_doors_shut",
        "Names, addresses and factors shut for wrong tries.",
        "identity_tries",
        "shut_until > now()",
    ),
    (
        "vardnav_access_denied_last_hour",
        "Accesses refused in the last hour.",
        "audit_line",
        f"kind = 'access.denied' AND recorded_at > {HOUR}",
    ),
    (
        "vardnav_logins_refused_last_hour",
        "Logins refused in the last hour.",
        "audit_line",
        f"kind = 'identity.login.refused' AND recorded_at > {HOUR}",
    ),
    (
        "vardnav_emergency_reads_last_hour",
        "Reads under an opening in an emergency in the last hour.",
        "audit_line",
        f"emergency AND recorded_at > {HOUR}",
    ),
)


class Doors:
    """A collector for Prometheus. Counts only: who it was stands in the log."""

    def collect(self) -> Iterable[Family]:
        with wall.as_program():
            yield from _counted()
            lines = CounterMetricFamily("vardnav_audit_lines", "Lines written to the audit log.")
            lines.add_metric([], _number("SELECT coalesce(sum(lines), 0) FROM audit_shard"))
            yield lines
        anchored = GaugeMetricFamily("vardnav_audit_anchored_seconds", "How long ago an anchor was written.")
        anchored.add_metric([], _since_anchor(Path(settings.AUDIT_ANCHORS)))
        yield anchored


def _counted() -> Iterator[Family]:
    for name, told, table, condition in ASKED:
        gauge = GaugeMetricFamily(name, told)
        gauge.add_metric([], _number(f"SELECT count(*) FROM {table} WHERE {condition}"))  # noqa: S608 - our own
        yield gauge


def _number(statement: str) -> float:
    found = sql.row(statement)
    return float(found[0]) if found else math.nan


def _since_anchor(folder: Path) -> float:
    """NaN when there is none: an alert on its absence is an alert too."""
    written = [path.stat().st_mtime for path in folder.glob("*.jsonl")]
    return time.time() - max(written) if written else math.nan
