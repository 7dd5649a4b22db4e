"""Plain SQL keeps what Django's own queries promise: its errors, its transactions, its order."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from tests import factories
from tests.factories import NOW
from vardnav.outbox.models import Message
from vardnav.tables import sql

pytestmark = pytest.mark.django_db
INSERT = (
    "INSERT INTO outbox_message (recipient_id, channel, template, facts, written_at, written_by)"
    " VALUES (%s, %s, 'listing.changed', '{}', %s, 'test')"
)


def send_together(*channels: str) -> None:
    with sql.together():
        for number, channel in enumerate(channels):
            sql.run(INSERT, [number, channel, NOW])


def test_rows_come_as_tuples_in_order() -> None:
    assert sql.rows("SELECT n, n * n FROM generate_series(1, %s) AS n ORDER BY n", [3]) == [(1, 1), (2, 4), (3, 9)]
    assert sql.row("SELECT n FROM generate_series(1, %s) AS n ORDER BY n DESC", [3]) == (3,)
    assert sql.row("SELECT 1 WHERE false") is None


def test_instants_come_back_in_utc() -> None:
    found = sql.row("SELECT %s::timestamptz", [NOW])
    assert found == (NOW,)
    assert found is not None
    assert isinstance(found[0], datetime)
    assert found[0].utcoffset() == UTC.utcoffset(None)


def test_statements_together_are_done_in_order() -> None:
    with sql.together():
        sql.run(INSERT, [1, "inbox", NOW])
        sql.run("UPDATE outbox_message SET recipient_id = 2 WHERE recipient_id = %s", [1])
    assert list(Message.objects.values_list("recipient_id", flat=True)) == [2]


def test_one_that_fails_takes_the_others_with_it() -> None:
    with pytest.raises(IntegrityError, match="outbox_channel_is_known"), transaction.atomic():
        send_together("inbox", "pigeon", "inbox")
    assert not Message.objects.exists()


def test_nothing_is_asked_in_a_transaction_that_is_broken() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            sql.row("SELECT 1")


def test_a_statement_is_prepared_once_a_connection() -> None:
    for number in range(3):
        sql.row("SELECT %s::int + 41 AS prepared_once", [number])
    names = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"
    assert sql.row(names, ["%41 AS prepared_once"]) == (1,)


def test_behind_a_pooler_nothing_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """VARDNAV_DATABASE_PREPARES=0 leaves connections with no threshold; everything must work all the same."""
    from vardnav.listing.actions import choose_clinic

    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    astrid, at, to = factories.person(), factories.clinic("Gamla"), factories.clinic("Nya")
    factories.listed(astrid, at)
    by = factories.resident(astrid)
    assert choose_clinic(astrid.id, to.id, by=by, now=NOW, key="k")["result"] == "listed"
