"""The passes over the tables: each reads every row once, however many days are asked for.

Days are cut into steps by their edges. A listing covers the edges from its first to its last step, so a month back in
time costs two additions and no new pass: +1 where it starts, -1 where it ends, and a running sum.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from vardnav.followup.rules import month_start

Ints = NDArray[np.int64]
STOCKHOLM = ZoneInfo("Europe/Stockholm")
ONE_DAY = timedelta(days=1)

# width_bucket(d - 1, edges) is how many edges lie before d
LISTED = """
SELECT l.clinic_id, p.area_id,
       width_bucket(l.starts_on - 1, %(edges)s::date[]) AS first,
       coalesce(width_bucket(l.ends_on - 1, %(edges)s::date[]), %(open)s) AS last,
       count(*), (sum(p.burden) * 100)::bigint,
       count(*) FILTER (WHERE l.origin = 'passive'), count(*) FILTER (WHERE l.origin = 'chosen')
FROM listing_listing l JOIN patients_person p ON p.id = l.person_id
WHERE l.starts_on <= %(newest)s AND (l.ends_on IS NULL OR l.ends_on > %(oldest)s)
GROUP BY 1, 2, 3, 4
"""
NAMED = """
WITH held AS (
    SELECT e.professional_id, e.unit_id, unnest(range_agg(daterange(e.starts_on, e.ends_on))) AS span
    FROM organisation_employment e JOIN organisation_professional d ON d.id = e.professional_id
    WHERE e.role IN ('specialist', 'trainee') AND d.profession = 'doctor'
    GROUP BY 1, 2
), covered AS (
    SELECT n.clinic_id, n.person_id, greatest(n.starts_on, lower(h.span)) AS starts_on,
           least(n.ends_on, upper(h.span)) AS ends_on
    FROM listing_nameddoctor n
    JOIN held h ON h.unit_id = n.clinic_id AND h.professional_id = n.doctor_id
               AND h.span && daterange(n.starts_on, n.ends_on)
)
SELECT c.clinic_id, p.area_id,
       width_bucket(c.starts_on - 1, %(edges)s::date[]) AS first,
       coalesce(width_bucket(c.ends_on - 1, %(edges)s::date[]), %(open)s) AS last,
       count(*)
FROM covered c JOIN patients_person p ON p.id = c.person_id
WHERE c.starts_on <= %(newest)s AND (c.ends_on IS NULL OR c.ends_on > %(oldest)s)
GROUP BY 1, 2, 3, 4
"""
NAMED_AT_ALL = """
SELECT n.clinic_id, 0,
       width_bucket(n.starts_on - 1, %(edges)s::date[]) AS first,
       coalesce(width_bucket(n.ends_on - 1, %(edges)s::date[]), %(open)s) AS last,
       count(*)
FROM listing_nameddoctor n
WHERE n.starts_on <= %(newest)s AND (n.ends_on IS NULL OR n.ends_on > %(oldest)s)
GROUP BY 1, 3, 4
"""
RESIDENTS = """
SELECT 0, p.area_id,
       width_bucket(p.birth_date - 1, %(edges)s::date[]) AS first,
       coalesce(width_bucket(p.deceased_on - 1, %(edges)s::date[]), %(open)s) AS last,
       count(*)
FROM patients_person p
WHERE p.birth_date <= %(newest)s AND (p.deceased_on IS NULL OR p.deceased_on > %(oldest)s)
GROUP BY 2, 3, 4
"""
STAFF = """
SELECT d.number, e.unit_id,
       (sum(e.share) FILTER (WHERE e.role = 'specialist' AND p.specialty = 'general_medicine') * 100)::bigint,
       count(DISTINCT p.id) FILTER (WHERE e.role = 'specialist' AND p.specialty = 'general_medicine'),
       (sum(e.share) FILTER (WHERE e.role = 'trainee') * 100)::bigint,
       (sum(e.share) FILTER (WHERE e.role = 'locum') * 100)::bigint,
       sum(floor(CASE e.role WHEN 'specialist' THEN d.ceiling WHEN 'trainee' THEN d.trainee ELSE 0 END
                 * e.share * (1 - e.duties_share)))::bigint
FROM unnest(%(numbers)s::int[], %(days)s::date[], %(ceilings)s::int[], %(trainee_ceilings)s::int[])
     AS d (number, day, ceiling, trainee)
JOIN organisation_employment e ON e.starts_on <= d.day AND (e.ends_on IS NULL OR e.ends_on > d.day)
JOIN organisation_professional p ON p.id = e.professional_id AND p.profession = 'doctor'
JOIN organisation_unit u ON u.id = e.unit_id AND u.kind = 'clinic'
GROUP BY 1, 2
"""
QUEUE = """
SELECT number, clinic_id, count(*), sum(waited), max(waited), percentile_disc(0.5) WITHIN GROUP (ORDER BY waited)
FROM (
    SELECT d.number, q.clinic_id, d.day - (q.joined_at AT TIME ZONE 'Europe/Stockholm')::date AS waited
    FROM unnest(%(numbers)s::int[], %(days)s::date[], %(closes)s::timestamptz[]) AS d (number, day, closes_at)
    JOIN listing_queueplace q ON q.joined_at < d.closes_at
                             AND (q.state IN ('waiting', 'offered') OR q.settled_at >= d.closes_at)
) AS waiting
GROUP BY GROUPING SETS ((number, clinic_id), (number))
"""
OFFERS = """
SELECT d.number, q.clinic_id,
       count(*) FILTER (WHERE o.state = 'open' OR o.settled_at >= d.closes_at),
       count(*) FILTER (WHERE o.made_at >= d.closes_at - interval '30 days')
FROM unnest(%(numbers)s::int[], %(closes)s::timestamptz[]) AS d (number, closes_at)
JOIN listing_offer o ON o.made_at < d.closes_at
JOIN listing_queueplace q ON q.id = o.place_id
GROUP BY 1, 2
"""
CAPS = """
SELECT d.number, c.clinic_id, c.heads
FROM unnest(%(numbers)s::int[], %(days)s::date[]) AS d (number, day)
JOIN listing_cap c ON c.state = 'granted' AND c.starts_on <= d.day AND c.ends_on > d.day
"""
CLINICS = """
SELECT id, latitude, longitude, municipality_id, starts_on, ends_on
FROM organisation_unit WHERE kind = 'clinic' ORDER BY id
"""
AREAS = "SELECT id, latitude, longitude, municipality_id FROM places_area ORDER BY id"


def rows(sql: str, given: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given or {})
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


@contextmanager
def whole_tables() -> Iterator[None]:
    """For reading whole tables: the planner cannot guess how few periods a range leaves out, takes them for a hundred
    and looks two million people up one by one. To be used in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '128MB'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL work_mem TO DEFAULT")


class Steps:
    """The edges of some days: each day, and the last day of the month before it, so that flows can be told."""

    def __init__(self, days: list[date]) -> None:
        self.days = days
        self.edges = sorted({*days, *(month_start(day) - ONE_DAY for day in days)})
        place = {edge: index for index, edge in enumerate(self.edges)}
        self.at = np.array([place[day] for day in days])
        self.month_before = np.array([place[month_start(day) - ONE_DAY] for day in days])

    @property
    def given(self) -> dict[str, Any]:
        return {
            "edges": self.edges,
            "open": len(self.edges),
            "newest": self.edges[-1],
            "oldest": self.edges[0],
        }

    def read(self, sql: str) -> Ints:
        """Groups as rows of whole numbers: clinic, area, first step, last step, counts ..."""
        found = rows(sql, self.given)
        return np.array(found, dtype=np.int64) if found else np.empty((0, 8), dtype=np.int64)

    def covering(self, group: Ints, groups: int, first: Ints, last: Ints, count: Ints) -> Ints:
        """How many cover each day, by group: a running sum of those who began less those who ended."""
        change = np.zeros((groups, len(self.edges) + 1), dtype=np.int64)
        np.add.at(change, (group, first), count)
        np.add.at(change, (group, last), -count)
        return change.cumsum(axis=1)[:, self.at]

    def flowing(self, group: Ints, groups: int, step: Ints, count: Ints) -> Ints:
        """How many fall in the month up to each day."""
        inside = np.zeros((groups, len(self.edges) + 1), dtype=np.int64)
        np.add.at(inside, (group, step), count)
        upto = inside.cumsum(axis=1)
        flows: Ints = upto[:, self.at] - upto[:, self.month_before]
        return flows


def closes_at(day: date) -> datetime:
    """The first instant after a day in Sweden, whatever the clocks did that day."""
    return datetime.combine(day + ONE_DAY, time(), STOCKHOLM)
