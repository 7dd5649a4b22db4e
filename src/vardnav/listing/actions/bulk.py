"""Whole tables at once: listings, named doctors, caps and queue of a region's extract, and the counters anew."""

# ruff: noqa: S608  names of tables and columns come from this code, values are bound

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from vardnav.kernel.actor import Actor
from vardnav.tables.merge import Changed, is_empty
from vardnav.tables.rebuild import without_indexes

ROWS = {
    "listings": "SELECT p.personal_number, l.starts_on, u.hsa_id AS unit_hsa_id, l.ends_on, origin "
    "FROM listing_listing l JOIN patients_person p ON p.id = l.person_id "
    "JOIN organisation_unit u ON u.id = l.clinic_id",
    "named_doctors": "SELECT p.personal_number, n.starts_on, u.hsa_id AS unit_hsa_id, d.hsa_id AS professional_hsa_id, "
    "n.ends_on, above_reason FROM listing_nameddoctor n JOIN patients_person p ON p.id = n.person_id "
    "JOIN organisation_unit u ON u.id = n.clinic_id JOIN organisation_professional d ON d.id = n.doctor_id",
    "caps": "SELECT u.hsa_id AS unit_hsa_id, c.starts_on, heads, c.ends_on, nullif(decision, '') AS decision "
    "FROM listing_cap c JOIN organisation_unit u ON u.id = c.clinic_id WHERE state = 'granted'",
    "queue": "SELECT p.personal_number, u.hsa_id AS unit_hsa_id, priority_class, "
    "regexp_replace(to_char(joined_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), "
    "'\\.000000Z$', 'Z') AS joined_at FROM listing_queueplace q JOIN patients_person p ON p.id = q.person_id "
    "JOIN organisation_unit u ON u.id = q.clinic_id WHERE state IN ('waiting', 'offered')",
}
Values = Mapping[str, str | date | datetime]
COUNTED = "extract_counted"  # temporary tables, gone at commit
DIFFERING, CHAIN = "extract_differing", "extract_chain"


@dataclass(frozen=True, slots=True)
class _Chain:
    """A table whose periods follow each other (see models.py)."""

    table: str
    says: tuple[str, ...]  # columns that an extract decides, besides person and start
    resolved: str  # the staged rows with our own keys
    besides: dict[str, str]  # column -> value in a new row


PEOPLE = "JOIN patients_person p ON p.personal_number = s.personal_number"
CLINICS = "JOIN organisation_unit u ON u.hsa_id = s.unit_hsa_id"
CHAINS = {
    "listings": _Chain(
        "listing_listing",
        ("clinic_id", "ends_on", "origin"),
        f"SELECT p.id AS person_id, s.starts_on, u.id AS clinic_id, s.ends_on, s.origin "
        f"FROM {{stage}} s {PEOPLE} {CLINICS}",
        {"welcomed_at": "NULL::timestamptz", "welcomed_by": "''"},
    ),
    "named_doctors": _Chain(
        "listing_nameddoctor",
        ("clinic_id", "doctor_id", "ends_on", "above_reason"),
        "SELECT p.id AS person_id, s.starts_on, u.id AS clinic_id, d.id AS doctor_id, s.ends_on, s.above_reason "
        f"FROM {{stage}} s {PEOPLE} {CLINICS} JOIN organisation_professional d ON d.hsa_id = s.professional_hsa_id",
        {},
    ),
}
# The change counts as made the day before it began: what a resident may still do this year hangs on it.
MADE_AT = "least(%(now)s, (n.starts_on - 1 + time '12:00') AT TIME ZONE 'UTC')"


def merge_staged(table: str, stage: str, *, by: Actor, now: datetime) -> Changed:
    """Bring the staged rows of one of the room's tables in."""
    if table in CHAINS:
        return _merge_chain(CHAINS[table], stage, by, now)
    return _merge_caps(stage, by, now) if table == "caps" else _merge_queue(stage, by, now)


def _merge_chain(chain: _Chain, stage: str, by: Actor, now: datetime) -> Changed:
    resolved = chain.resolved.format(stage=stage)
    values: Values = {"now": now, "by": by.name}
    columns = ["person_id", "starts_on", *chain.says]
    if is_empty(chain.table):
        with without_indexes(chain.table):
            fresh = ", ".join(f"{value} AS {column}" for column, value in {**_made(), **chain.besides}.items())
            rows = f"SELECT {', '.join(f'n.{column}' for column in columns)}, {fresh} FROM ({resolved}) n"
            return Changed(_run(_linked(chain, rows, columns), values))
    return _remake(chain, resolved, columns, values)


def _made() -> dict[str, str]:
    return {"made_at": MADE_AT, "made_by": "%(by)s"}


def _linked(chain: _Chain, rows: str, columns: list[str]) -> str:
    """Insert rows, each carrying the end of the one before it."""
    names = ", ".join([*columns, "made_at", "made_by", *chain.besides])
    before = "lag(ends_on) OVER (PARTITION BY person_id ORDER BY starts_on)"
    return f"INSERT INTO {chain.table} ({names}, previous_ends_on) SELECT {names}, {before} FROM ({rows}) c"


def _remake(chain: _Chain, resolved: str, columns: list[str], values: Values) -> Changed:
    """Take the chains of those who have a row that differs out, and put them in again as they should be.

    Rows cannot be changed one by one: while two neighbours move, they would overlap for a moment. An end that stands
    here is not taken back by a row without one: the extract may be older than the day somebody left the clinic.
    """
    says = ", ".join(chain.says)
    new = ", ".join(f"n.{column}" for column in chain.says)
    kept = ["coalesce(n.ends_on, t.ends_on)" if column == "ends_on" else f"n.{column}" for column in chain.says]
    brought = ", ".join(f"{value} AS {column}" for column, value in zip(chain.says, kept, strict=True))
    old = ", ".join(f"t.{column}" for column in chain.says)
    _run(f"DROP TABLE IF EXISTS {DIFFERING}, {CHAIN}")
    _run(
        f"CREATE TEMP TABLE {DIFFERING} ON COMMIT DROP AS SELECT n.person_id, n.starts_on, {brought}, t.id "
        f"FROM ({resolved}) n LEFT JOIN {chain.table} t USING (person_id, starts_on) "
        f"WHERE t.id IS NULL OR ({old}) IS DISTINCT FROM ({', '.join(kept)})"
    )
    _run(f"ANALYZE {DIFFERING}")
    whose = f"person_id IN (SELECT person_id FROM {DIFFERING})"
    _run(f"CREATE TEMP TABLE {CHAIN} ON COMMIT DROP AS SELECT * FROM {chain.table} WHERE {whose}")
    _run(f"DELETE FROM {chain.table} WHERE {whose}")
    updated = _run(f"UPDATE {CHAIN} t SET ({says}) = ROW ({new}) FROM {DIFFERING} n WHERE n.id = t.id")
    besides = {"id": f"nextval(pg_get_serial_sequence('{chain.table}', 'id'))", **_made(), **chain.besides}
    names = ", ".join([*columns, *besides])
    fresh = ", ".join([*(f"n.{column}" for column in columns), *besides.values()])
    inserted = _run(
        f"INSERT INTO {CHAIN} ({names}) SELECT {fresh} FROM {DIFFERING} n WHERE n.id IS NULL",
        values,
    )
    _run(_linked(chain, f"SELECT * FROM {CHAIN}", ["id", *columns]))
    if chain.table == CHAINS["listings"].table:
        for statement in (SETTLE_OFFERS, SETTLE_PLACES):
            _run(statement, values)
    return Changed(inserted, updated)


# Who has a new clinic waits no more, there or elsewhere; an open offer is answered with it.
ARRIVED = f"FROM {DIFFERING} n WHERE n.id IS NULL AND n.ends_on IS NULL AND n.person_id = p.person_id"
SETTLE_OFFERS = f"""
UPDATE listing_offer o SET settled_at = %(now)s, settled_by = %(by)s,
    state = CASE WHEN EXISTS (SELECT {ARRIVED} AND n.clinic_id = p.clinic_id) THEN 'accepted' ELSE 'declined' END
FROM listing_queueplace p WHERE p.id = o.place_id AND o.state = 'open' AND EXISTS (SELECT {ARRIVED})
"""
SETTLE_PLACES = f"""
UPDATE listing_queueplace p SET settled_at = %(now)s, settled_by = %(by)s,
    state = CASE WHEN EXISTS (SELECT {ARRIVED} AND n.clinic_id = p.clinic_id) THEN 'accepted' ELSE 'left' END
WHERE state IN ('waiting', 'offered') AND EXISTS (SELECT {ARRIVED})
"""


def _merge_caps(stage: str, by: Actor, now: datetime) -> Changed:
    """An extract holds granted caps; those that differ are taken out and put in again (periods may not overlap)."""
    values: Values = {"now": now, "by": by.name}
    resolved = (
        "SELECT u.id AS clinic_id, s.starts_on, s.heads, s.ends_on, coalesce(s.decision, '') AS decision "
        f"FROM {stage} s {CLINICS}"
    )
    _run(f"DROP TABLE IF EXISTS {DIFFERING}")
    _run(
        f"CREATE TEMP TABLE {DIFFERING} ON COMMIT DROP AS SELECT n.*, t.id, t.reason, t.asked_at, t.asked_by "
        f"FROM ({resolved}) n LEFT JOIN listing_cap t ON t.clinic_id = n.clinic_id AND t.starts_on = n.starts_on "
        "AND t.state = 'granted' WHERE t.id IS NULL "
        "OR (t.heads, t.ends_on, t.decision) IS DISTINCT FROM (n.heads, n.ends_on, n.decision)"
    )
    updated = _run(f"DELETE FROM listing_cap WHERE id IN (SELECT id FROM {DIFFERING})")
    all_rows = _run(
        "INSERT INTO listing_cap (clinic_id, heads, starts_on, ends_on, state, reason, asked_at, asked_by, "
        "decided_at, decided_by, decision) SELECT clinic_id, heads, starts_on, ends_on, 'granted', "
        f"coalesce(reason, ''), asked_at, coalesce(asked_by, ''), %(now)s, %(by)s, decision FROM {DIFFERING}",
        values,
    )
    return Changed(all_rows - updated, updated)


def _merge_queue(stage: str, by: Actor, now: datetime) -> Changed:
    resolved = (
        f"SELECT p.id AS person_id, u.id AS clinic_id, s.joined_at, s.priority_class FROM {stage} s {PEOPLE} {CLINICS}"
    )
    live = "t.person_id = n.person_id AND t.clinic_id = n.clinic_id AND t.state IN ('waiting', 'offered')"
    updated = _run(
        "UPDATE listing_queueplace t SET joined_at = n.joined_at, priority_class = n.priority_class "
        f"FROM ({resolved}) n WHERE {live} "
        "AND (t.joined_at, t.priority_class) IS DISTINCT FROM (n.joined_at, n.priority_class)"
    )
    inserted = _run(
        "INSERT INTO listing_queueplace (person_id, clinic_id, joined_at, joined_by, priority_class, state, "
        "settled_by) "
        f"SELECT person_id, clinic_id, joined_at, %(by)s, priority_class, 'waiting', '' FROM ({resolved}) n "
        f"WHERE NOT EXISTS (SELECT FROM listing_queueplace t WHERE {live})",
        {"by": by.name},
    )
    return Changed(inserted, updated)


CLINIC_COUNTS = """
INSERT INTO listing_cliniccount AS c (clinic_id, listed, burden, held, waiting, cap, allowance)
SELECT u.id, coalesce(l.heads, 0), coalesce(l.burden, 0), coalesce(o.held, 0), coalesce(q.waiting, 0), k.heads,
    greatest(0, coalesce(l.heads, 0) + coalesce(o.held, 0) - k.heads)
FROM organisation_unit u
LEFT JOIN (
    SELECT clinic_id, count(*) AS heads, sum(p.burden) AS burden
    FROM listing_listing JOIN patients_person p ON p.id = person_id WHERE ends_on IS NULL GROUP BY clinic_id
) l ON l.clinic_id = u.id
LEFT JOIN (
    SELECT clinic_id, count(*) AS held FROM listing_offer f JOIN listing_queueplace p ON p.id = f.place_id
    WHERE f.state = 'open' GROUP BY clinic_id
) o ON o.clinic_id = u.id
LEFT JOIN (
    SELECT clinic_id, count(*) AS waiting FROM listing_queueplace WHERE state = 'waiting' GROUP BY clinic_id
) q ON q.clinic_id = u.id
LEFT JOIN listing_cap k ON k.clinic_id = u.id AND k.state = 'granted'
    AND k.starts_on <= %(today)s AND k.ends_on > %(today)s
WHERE u.kind = 'clinic'
ON CONFLICT (clinic_id) DO UPDATE SET listed = EXCLUDED.listed, burden = EXCLUDED.burden, held = EXCLUDED.held,
    waiting = EXCLUDED.waiting, cap = EXCLUDED.cap, allowance = EXCLUDED.allowance
WHERE (c.listed, c.burden, c.held, c.waiting, c.cap, c.allowance) IS DISTINCT FROM
    (EXCLUDED.listed, EXCLUDED.burden, EXCLUDED.held, EXCLUDED.waiting, EXCLUDED.cap, EXCLUDED.allowance)
"""
COUNT_PANELS = """
CREATE TEMP TABLE extract_counted ON COMMIT DROP AS
SELECT clinic_id, doctor_id, count(*) AS heads, sum(p.burden) AS burden
FROM listing_nameddoctor JOIN patients_person p ON p.id = person_id
WHERE ends_on IS NULL GROUP BY clinic_id, doctor_id
"""
EMPTY_PANELS = """
UPDATE listing_panelcount t SET heads = 0, burden = 0
WHERE (heads, burden) <> (0, 0) AND NOT EXISTS (
    SELECT FROM extract_counted n WHERE n.clinic_id = t.clinic_id AND n.doctor_id = t.doctor_id)
"""
PANEL_COUNTS = """
INSERT INTO listing_panelcount AS c (clinic_id, doctor_id, heads, burden)
SELECT clinic_id, doctor_id, heads, burden FROM extract_counted
ON CONFLICT (clinic_id, doctor_id) DO UPDATE SET heads = EXCLUDED.heads, burden = EXCLUDED.burden
WHERE (c.heads, c.burden) IS DISTINCT FROM (EXCLUDED.heads, EXCLUDED.burden)
"""


def recount(today: date) -> None:
    """Count every clinic and every panel anew from the rows themselves."""
    _run(CLINIC_COUNTS, {"today": today})
    _run(f"DROP TABLE IF EXISTS {COUNTED}")
    for statement in (COUNT_PANELS, EMPTY_PANELS, PANEL_COUNTS):
        _run(statement)


def _run(statement: str, values: Values | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
