"""Sixteen at once: never one above the cap, the queue keeps its order, every refusal is a clear answer."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from tests import factories as make
from tests.listing.oracle import faults
from vardnav.kernel.errors import Refusal
from vardnav.listing import actions
from vardnav.listing.models import ClinicCount, Listing, Offer, QueuePlace
from vardnav.patients.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
NOW = make.NOW
CLIENTS = 16


def at_once(acts: list[Callable[[], dict[str, object]]]) -> Counter[str]:
    """Run all acts at the same moment on connections of their own; count answers and refusals by name."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], dict[str, object]]) -> str:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return str(act()["result"])
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def choosing(people: list[Person], clinic_id: int) -> list[Callable[[], dict[str, object]]]:
    actors = [make.resident(one) for one in people]
    return [
        lambda one=one, by=by: actions.choose_clinic(one.id, clinic_id, by=by, now=NOW)
        for one, by in zip(people, actors, strict=True)
    ]


def people(count: int) -> list[Person]:
    make.area()
    return [make.person(f"Person{n} Tävling") for n in range(count)]


def test_the_last_places_go_to_as_many_as_there_are() -> None:
    at = make.clinic(cap=5)
    result = at_once(choosing(people(CLIENTS), at.id))
    assert result == Counter(listed=5, clinic_full=11)
    assert ClinicCount.objects.get(clinic=at).listed == 5
    assert faults() == []


def test_swapping_between_two_capped_clinics_never_blocks_in_a_ring() -> None:
    a, b = make.clinic("A", cap=20), make.clinic("B", cap=20)
    movers = people(CLIENTS)
    for number, one in enumerate(movers):
        make.listed(one, a if number % 2 else b)
    acts = [act for number, one in enumerate(movers) for act in choosing([one], (b if number % 2 else a).id)]
    assert at_once(acts) == Counter(listed=CLIENTS)
    assert faults() == []


def test_one_person_on_sixteen_devices_changes_once() -> None:
    (who,) = people(1)
    clinics = [make.clinic(f"Vårdcentral {n}") for n in range(CLIENTS)]
    by = make.resident(who)
    at_once([lambda at=at: actions.choose_clinic(who.id, at.id, by=by, now=NOW) for at in clinics])
    assert Listing.objects.filter(person=who).count() == 1
    assert faults() == []


def test_the_same_key_sixteen_times_acts_once_and_answers_alike() -> None:
    (who,) = people(1)
    at, by = make.clinic(), make.resident(who)
    result = at_once([lambda: actions.choose_clinic(who.id, at.id, by=by, now=NOW, key="same")] * CLIENTS)
    assert result == Counter(listed=CLIENTS)
    assert Listing.objects.filter(person=who).count() == 1


def test_places_that_come_free_are_promised_once_and_in_order() -> None:
    at = make.clinic(cap=CLIENTS)
    leavers, waiting = people(CLIENTS), people(CLIENTS)
    for one in leavers:
        make.listed(one, at)
    for minutes, one in enumerate(waiting):
        make.queued(one, at, joined_at=NOW + timedelta(minutes=minutes))
    actors = [make.resident(one) for one in leavers[:8]]
    acts = [
        lambda one=one, by=by: actions.leave_clinic(one.id, by=by, now=NOW)
        for one, by in zip(leavers[:8], actors, strict=True)
    ]
    assert at_once(acts + choosing(people(8), at.id)) == Counter(left=8, clinic_full=8)
    offered = set(Offer.objects.filter(state="open").values_list("place__person_id", flat=True))
    assert offered == {one.id for one in waiting[:8]}
    assert faults() == []


def test_accepting_and_expiring_at_the_same_moment_leaves_one_outcome() -> None:
    at = make.clinic(cap=1)
    (leaver,) = people(1)
    make.listed(leaver, at)
    first, second = people(2)
    make.queued(first, at, joined_at=NOW)
    make.queued(second, at, joined_at=NOW + timedelta(minutes=1))
    actions.leave_clinic(leaver.id, by=make.resident(leaver), now=NOW)
    end = NOW + timedelta(days=7)
    by = make.resident(first)
    result = at_once(
        [
            lambda: actions.accept_offer(first.id, by=by, now=end - timedelta(seconds=1)),
            lambda: {"result": f"expired {actions.expire_offers(by=make.SYSTEM, now=end)}"},
        ]
    )
    assert result in (
        Counter({"listed": 1, "expired 0": 1}),
        Counter({"offer_gone": 1, "expired 1": 1}),
        Counter({"listed": 1, "expired 1": 1}),
    )
    if result["listed"] and result["expired 1"]:
        pytest.fail("a place was taken and expired")
    assert QueuePlace.objects.filter(state="offered").count() == (1 if result["expired 1"] else 0)
    assert faults() == []
