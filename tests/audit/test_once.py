"""A command that is sent again is done once, also when both arrive together."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction

from tests import factories
from tests.factories import NOW, SYSTEM
from vardnav.audit import actions as audit
from vardnav.audit.models import Command, Line
from vardnav.audit.rules import LONGEST_KEY, KeyReused, KeyTooLong

CLIENTS = 16


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_do_the_work_once_and_get_one_answer() -> None:
    together = Barrier(CLIENTS)
    done: list[int] = []

    def work(number: int) -> audit.Answer:
        audit.record("test.work.done", by=SYSTEM, now=NOW, number=number)
        done.append(number)
        return {"winner": number}

    def client(number: int) -> audit.Answer:
        try:
            together.wait()
            return audit.once("k", "test", by=SYSTEM, now=NOW, do=lambda: work(number))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(client, range(CLIENTS)))
    assert len(done) == 1
    assert answers == [{"winner": done[0]}] * CLIENTS
    assert Line.objects.filter(kind="test.work.done").count() == 1


@pytest.mark.django_db
def test_without_a_key_every_call_is_a_command() -> None:
    calls: list[int] = []
    for _ in range(2):
        audit.once(None, "test", by=SYSTEM, now=NOW, do=lambda: {"n": calls.append(1)})
    assert len(calls) == 2


@pytest.mark.django_db
def test_a_key_belongs_to_one_user() -> None:
    other = factories.staff()
    audit.once("k", "test", by=SYSTEM, now=NOW, do=lambda: {"n": 1})
    assert audit.once("k", "test", by=other, now=NOW, do=lambda: {"n": 2}) == {"n": 2}


@pytest.mark.django_db
def test_work_that_failed_may_be_tried_again() -> None:
    def fail() -> audit.Answer:
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():  # the command's own, as every action has
        audit.once("k", "test", by=SYSTEM, now=NOW, do=fail)
    assert not Command.objects.exists()
    assert audit.once("k", "test", by=SYSTEM, now=NOW, do=lambda: {"n": 1}) == {"n": 1}


@pytest.mark.django_db
def test_a_key_of_another_kind_of_command_is_refused() -> None:
    audit.once("k", "one", by=SYSTEM, now=NOW, do=lambda: {"n": 1})
    with pytest.raises(KeyReused):
        audit.once("k", "other", by=SYSTEM, now=NOW, do=lambda: {"n": 2})


@pytest.mark.django_db
def test_a_key_is_never_cut() -> None:
    audit.once("k" * LONGEST_KEY, "test", by=SYSTEM, now=NOW, do=lambda: {"n": 1})
    with pytest.raises(KeyTooLong):
        audit.once("k" * LONGEST_KEY + "2", "test", by=SYSTEM, now=NOW, do=lambda: {"n": 2})
    assert Command.objects.count() == 1
