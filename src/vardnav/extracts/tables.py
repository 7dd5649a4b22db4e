"""Which room each table of an extract belongs to."""

from datetime import datetime

from vardnav.kernel.actor import Actor
from vardnav.listing.actions import bulk as listing
from vardnav.organisation import actions as organisation
from vardnav.patients import actions as patients
from vardnav.places import actions as places
from vardnav.tables.merge import Changed


def rows(table: str, *, with_protected: bool) -> str:
    """The query whose rows are those of an extract's table."""
    if table in patients.BULK_TABLES:
        return patients.bulk_rows(table, with_protected=with_protected)
    return (places.ROWS | organisation.ROWS | listing.ROWS)[table]


def merge(table: str, stage: str, *, by: Actor, now: datetime) -> Changed:
    """Bring the staged rows of an extract's table into the room that owns them."""
    if table in places.ROWS:
        return places.merge_staged(table, stage)
    if table in organisation.ROWS:
        return organisation.merge_staged(table, stage)
    if table in patients.BULK_TABLES:
        return patients.merge_staged(table, stage)
    return listing.merge_staged(table, stage, by=by, now=now)
