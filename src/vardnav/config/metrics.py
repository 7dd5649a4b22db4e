"""Figures for Prometheus: requests by route, and the depth of what waits."""

import os
from collections.abc import Iterable

from django.db import connection
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily

from vardnav.audit import selectors as audit
from vardnav.config.figures import Doors
from vardnav.incidents import selectors as incidents
from vardnav.tables import wall

requests = Counter("vardnav_requests", "Requests answered.", ["method", "route", "status"])
seconds = Histogram(
    "vardnav_request_seconds",
    "Time from request to answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
)
pool = Gauge(
    "vardnav_database_pool",
    "Database connections of the web processes: held, idle, and requests that wait for one.",
    ["state"],
    multiprocess_mode="livesum",
)


def tell_pool() -> None:
    """How this process's pool stands; asked after each request."""
    found = getattr(connection, "pool", None)
    stats = found.get_stats() if found else {}
    for state, name in (("held", "pool_size"), ("idle", "pool_available"), ("waiting", "requests_waiting")):
        pool.labels(state).set(stats.get(name, 0))


class Waiting:
    """Asked of the database at each scrape, so that every process gives the same answer."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        jobs = GaugeMetricFamily("vardnav_jobs", "Jobs in the queue.", labels=["status"])
        messages = GaugeMetricFamily("vardnav_outbox_unread", "Messages that nobody has opened yet.")
        with connection.cursor() as cursor:
            cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")
            for status, count in cursor.fetchall():
                jobs.add_metric([status], count)
            with wall.as_program():  # nobody is logged in at a scrape; it gets one number
                cursor.execute("SELECT count(*) FROM outbox_message WHERE read_at IS NULL")
                messages.add_metric([], cursor.fetchone()[0])
        return [jobs, messages, _incidents(), *_log()]


def _incidents() -> GaugeMetricFamily:
    """How many reports to an authority are near their deadline, and how many are late."""
    found = GaugeMetricFamily("vardnav_incident_deadlines", "Reports of incidents that are not sent.", labels=["state"])
    for state, count in incidents.count_due(timezone.now()).items():
        found.add_metric([state.value], count)
    return found


def _log() -> Iterable[GaugeMetricFamily]:
    """How the audit log was when it was last verified, and whether its months are there."""
    now = timezone.now()
    with wall.as_program():  # counts, no lines
        found = audit.standing(now=now)
    age = (now - found.verified_at).total_seconds() if found.verified_at else float("nan")
    for name, told, value in (
        ("vardnav_audit_findings", "What did not hold when the audit log was last verified.", found.findings),
        ("vardnav_audit_verified_seconds", "How long ago the audit log was verified.", age),
        ("vardnav_audit_lines_without_month", "Lines of this month that have no month's part.", found.without_month),
    ):
        gauge = GaugeMetricFamily(name, told)
        gauge.add_metric([], value)
        yield gauge


def text() -> bytes:
    """All figures of this server, summed over its processes."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(requests)
        registry.register(seconds)
        registry.register(pool)
    registry.register(Waiting())
    registry.register(Doors())
    return generate_latest(registry)
