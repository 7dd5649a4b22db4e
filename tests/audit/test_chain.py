"""Each line is bound to the one before it by a key that the database does not have."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.factories import NOW, SYSTEM
from vardnav.audit import actions as audit
from vardnav.audit.chain import START, mac_of
from vardnav.audit.models import Line, Shard


def write(number: int = 0, **changes: object) -> None:
    values = {"by": SYSTEM, "now": NOW + timedelta(seconds=number), "number": number, **changes}
    audit.record("test.thing.done", **values)  # type: ignore[arg-type]


def check_all() -> int:
    """Every chain reckoned anew from the columns as they stand in the database; answers how many lines there are."""
    from django.conf import settings

    found = 0
    for shard in Shard.objects.all():
        mac = START
        for seq, line in enumerate(Line.objects.filter(shard_id=shard.id).order_by("seq"), 1):
            assert line.seq == seq
            fields = tuple(getattr(line, name) for name in audit.COLUMNS)
            mac = mac_of(settings.AUDIT_KEYS[shard.key], shard.id, seq, mac, fields)
            assert bytes(line.mac) == mac
            found += 1
        assert bytes(shard.head) == mac
    return found


@pytest.mark.django_db
def test_a_line_can_be_reckoned_anew_from_the_database() -> None:
    write(1, patient_id=7, reason='Åsa sade: "ja" \\ \x1f 1 000', unit="é", deep={"b": [1, 2.5, None], "a": True})
    audit.record_reads("test.thing.read", [3, 1, 2], by=SYSTEM, now=NOW, many=3)
    write(2, resource=("clinic", 8), of=("SE1", "SE2"), emergency=True)
    assert check_all() == 5


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_hole() -> None:
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
    assert check_all() == 4


@pytest.mark.django_db(transaction=True)
def test_writers_side_by_side_have_chains_of_their_own_and_never_wait() -> None:
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
    assert check_all() == 1 + 8 * 17


@pytest.mark.django_db
def test_no_chain_no_line() -> None:
    write(1)
    with connection.cursor() as cursor:
        cursor.execute("CREATE RULE nobody_leads_it_on AS ON UPDATE TO audit_shard DO INSTEAD NOTHING")
    with pytest.raises(Exception, match=r"(?i)rule|RETURNING|ChainBroken"), transaction.atomic():
        write(2)
    assert Line.objects.count() == 1
