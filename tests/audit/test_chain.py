"""Each line is bound to the one before it by a key that the database does not have."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.audit.conftest import write
from tests.factories import NOW, SYSTEM
from vardnav.audit import actions as audit
from vardnav.audit.chain import _leased, shard
from vardnav.audit.models import Line, Shard
from vardnav.audit.rules import ChainBroken
from vardnav.audit.verify import verify


@pytest.mark.django_db
def test_a_line_can_be_reckoned_anew_from_the_database(anchors: Path) -> None:
    write(1, patient_id=7, reason='Åsa sade: "ja" \\ \x1f 1 000', unit="é", deep={"b": [1, 2.5, None], "a": True})
    audit.record_reads("test.thing.read", [3, 1, 2], by=SYSTEM, now=NOW, many=3)
    write(2, resource=("clinic", 8), of=("SE1", "SE2"), emergency=True)
    found = verify()
    assert (found.findings, found.lines) == ((), 5)


numbers = some.floats(allow_nan=False, allow_infinity=False) | some.integers(-(10**30), 10**30)
texts = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
values = some.recursive(
    some.none() | some.booleans() | numbers | texts,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(detail=values, reason=texts)
def test_whatever_a_line_tells_reckons_anew(detail: object, reason: str, anchors: Path) -> None:
    """JSON in the database forgets how a number was written: 1e+16, -0.0, 1.0."""
    with transaction.atomic():
        write(1, detail=detail, reason=reason)
        assert verify(shard_id=shard().id).holds
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_hole(anchors: Path) -> None:
    write(1)
    with transaction.atomic():
        write(2)
        transaction.set_rollback(True)
    write(3)
    with transaction.atomic():
        write(4)
        with transaction.atomic():
            write(5)
            transaction.set_rollback(True)
        write(6)
    assert list(Line.objects.order_by("seq").values_list("details__number", flat=True)) == [1, 3, 4, 6]
    found = verify()
    assert (found.findings, found.lines) == ((), 4)


@pytest.mark.django_db(transaction=True)
def test_writers_side_by_side_have_chains_of_their_own_and_never_wait(anchors: Path) -> None:
    def writer(number: int) -> None:
        try:
            for n in range(20):
                with transaction.atomic():
                    write(number * 100 + n)
                    if n % 7 == 3:
                        transaction.set_rollback(True)
        finally:
            connection.close()

    with transaction.atomic():
        write(0)  # a chain that is held all the while
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(writer, range(8)))
    found = verify()
    assert (found.findings, found.lines) == ((), 1 + 8 * 17)
    assert found.shards > 1


@pytest.mark.django_db(transaction=True)
def test_two_who_believe_they_lead_one_chain_wait_and_none_breaks_it(anchors: Path) -> None:
    """As behind a pooler that lends connections by transaction: the lease is then another's too."""
    write(0)
    shared = shard()

    def writer(number: int) -> None:
        try:
            connection.ensure_connection()
            _leased[connection.connection] = type(shared)(shared.id, shared.key, shared.lines, shared.head)
            for n in range(20):
                with transaction.atomic():
                    write(number * 100 + n)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(writer, range(6)))
    found = verify()
    assert (found.findings, found.lines, found.shards) == ((), 121, 1)


@pytest.mark.django_db
def test_no_chain_no_line() -> None:
    write(1)
    with connection.cursor() as cursor:
        cursor.execute("CREATE RULE nobody_leads_it_on AS ON UPDATE TO audit_shard DO INSTEAD NOTHING")
    with pytest.raises(DatabaseError), transaction.atomic():
        write(2)
    assert Line.objects.count() == 1


@pytest.mark.django_db
def test_a_head_that_nothing_follows_on_refuses_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    write(1)
    monkeypatch.setattr("vardnav.audit.actions.lines.again", shard)  # it never learns where the chain is
    shard().lines = 77
    with pytest.raises(ChainBroken), transaction.atomic():
        write(2)
    assert Line.objects.count() == 1


@pytest.mark.django_db
def test_no_lease_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vardnav.audit.chain.LEASE", "SELECT 1/0, %s")
    _leased.clear()
    with pytest.raises(DatabaseError), transaction.atomic():
        write(1)
    assert not Line.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("detail", [{7: "a"}, NOW.replace(tzinfo=None), object()])
def test_what_would_not_reckon_anew_is_refused(detail: object) -> None:
    with pytest.raises(TypeError):
        write(1, detail=detail)


@pytest.mark.django_db
def test_a_chain_made_with_an_earlier_key_is_left_and_still_verified(
    anchors: Path, settings: pytest.FixtureRequest
) -> None:
    write(1)
    old = settings.AUDIT_KEYS  # type: ignore[attr-defined]
    settings.AUDIT_KEYS = {"new": b"n" * 40, **old}  # type: ignore[attr-defined]
    _leased.clear()
    write(2, now=NOW + timedelta(seconds=5))
    assert sorted(Shard.objects.values_list("key", flat=True)) == sorted([next(iter(old)), "new"])
    assert verify().holds
    _leased.clear()
