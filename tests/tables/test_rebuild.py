"""An empty table is filled bare, and ends with the constraints it began with."""

import pytest
from django.db import IntegrityError, connection, transaction

from vardnav.tables.rebuild import without_indexes

pytestmark = pytest.mark.django_db
TABLE = "listing_listing"


def constraints(kinds: str = "fux") -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = ANY (%s) AND convalidated ORDER BY 1",
            [TABLE, list(kinds)],
        )
        return list(cursor.fetchall())


def indexes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s ORDER BY 1", [TABLE])
        return [definition for (definition,) in cursor.fetchall()]


def test_nothing_slows_the_rows_down_and_all_comes_back() -> None:
    before, built = constraints(), indexes()
    assert len(before) == 5
    with without_indexes(TABLE):
        assert constraints() == []
        assert len(indexes()) == 1, "the primary key stays: others lean on it"
    assert (constraints(), indexes()) == (before, built)


def test_rows_that_break_a_constraint_do_not_get_in() -> None:
    row = (
        "INSERT INTO listing_listing (person_id, clinic_id, starts_on, origin, made_at, made_by, welcomed_by) "
        "VALUES (999, 999, '2026-01-01', 'chosen', now(), '', '')"
    )
    before = constraints()
    with pytest.raises(IntegrityError), transaction.atomic(), without_indexes(TABLE), connection.cursor() as cursor:
        cursor.execute(row)
    assert constraints() == before
