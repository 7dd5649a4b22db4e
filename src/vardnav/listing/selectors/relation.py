"""Whether a unit has a resident, and which have data of one: what this room adds to the registry of patients."""

from collections.abc import Collection
from datetime import date

from vardnav.listing.rules import LIVE_QUEUE_STATES
from vardnav.patients.rules import Source
from vardnav.tables import sql

# Every clinic the person is or was listed with, waits or waited for, or that a choice for them named.
SOURCES = """
SELECT u.hsa_id, u.name, p.hsa_id, p.name
FROM organisation_unit u JOIN organisation_careprovider p ON p.id = u.care_provider_id
WHERE u.id IN (
    SELECT clinic_id FROM listing_listing WHERE person_id = %(person)s
    UNION SELECT clinic_id FROM listing_queueplace WHERE person_id = %(person)s
    UNION SELECT clinic_id FROM listing_pendingchoice WHERE person_id = %(person)s)
"""


# Asked before every page about a resident.
HAS = """
SELECT EXISTS (
    SELECT FROM listing_listing l JOIN organisation_unit u ON u.id = l.clinic_id
    WHERE l.person_id = %(person)s AND u.hsa_id = %(unit)s AND (l.ends_on IS NULL OR l.ends_on > %(on)s)
) OR EXISTS (
    SELECT FROM listing_queueplace q JOIN organisation_unit u ON u.id = q.clinic_id
    WHERE q.person_id = %(person)s AND u.hsa_id = %(unit)s AND q.state = ANY(%(live)s))
"""
LIVE = [state.value for state in LIVE_QUEUE_STATES]


def has_resident(person_id: int, unit_hsa_id: str, on: date) -> bool:
    """Listed there now, about to be, or in its queue. A listing that has ended is no relation."""
    found = sql.row(HAS, {"person": person_id, "unit": unit_hsa_id, "on": on, "live": LIVE})
    return found is not None and found[0]


# Days in Sweden; a place in the queue that was left ends on that day.
SPANS = """
SELECT l.person_id, l.starts_on, l.ends_on
FROM listing_listing l JOIN organisation_unit u ON u.id = l.clinic_id
WHERE u.hsa_id = %(unit)s AND l.person_id = ANY(%(people)s) AND l.starts_on <= %(until)s
  AND (l.ends_on IS NULL OR l.ends_on > %(since)s)
UNION ALL
SELECT l.person_id, (l.made_at AT TIME ZONE 'Europe/Stockholm')::date, l.starts_on
FROM listing_listing l JOIN organisation_unit u ON u.id = l.clinic_id
WHERE u.hsa_id = %(unit)s AND l.person_id = ANY(%(people)s) AND l.starts_on > %(since)s
  AND l.made_at < %(until)s::date + 1 AND (l.made_at AT TIME ZONE 'Europe/Stockholm')::date < l.starts_on
UNION ALL
SELECT q.person_id, (q.joined_at AT TIME ZONE 'Europe/Stockholm')::date,
       (q.settled_at AT TIME ZONE 'Europe/Stockholm')::date + 1
FROM listing_queueplace q JOIN organisation_unit u ON u.id = q.clinic_id
WHERE u.hsa_id = %(unit)s AND q.person_id = ANY(%(people)s) AND q.joined_at < %(until)s::date + 1
  AND (q.settled_at IS NULL OR q.settled_at >= %(since)s)
"""


def spans_of(
    person_ids: Collection[int], unit_hsa_id: str, since: date, until: date
) -> list[tuple[int, date, date | None]]:
    """On which days a unit had these residents: listed, about to be, or in its queue."""
    wanted = {"people": list(person_ids), "unit": unit_hsa_id, "since": since, "until": until}
    return [(person_id, starts_on, ends_on) for person_id, starts_on, ends_on in sql.rows(SPANS, wanted)]


def sources_of(person_id: int) -> list[Source]:
    """The clinics that have data of a resident in this room."""
    return [Source(*row) for row in sql.rows(SOURCES, {"person": person_id})]
