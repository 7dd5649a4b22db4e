"""Queues, offers and their deadlines."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from django.db import transaction

from tests import factories as make
from tests.listing.oracle import faults
from vardnav.kernel.errors import Refusal
from vardnav.listing import actions
from vardnav.listing.actions import counts
from vardnav.listing.models import ClinicCount, Listing, Offer, QueuePlace
from vardnav.listing.rules import AlreadyQueuing, ClinicFull, ClinicHasRoom, NotQueuing, OfferGone
from vardnav.organisation.models import Unit
from vardnav.outbox.models import Message
from vardnav.patients.models import Person

pytestmark = pytest.mark.django_db
NOW = make.NOW


def small_clinic(cap: int = 1) -> tuple[Unit, list[Person]]:
    """A clinic with a cap of a few, all of them real people."""
    at = make.clinic("Lilla vårdcentralen", cap=cap)
    people = [make.person(f"Person{n} Listad") for n in range(cap)]
    for one in people:
        make.listed(one, at)
    return at, people


def join(at: Unit, *names: str) -> list[Person]:
    people = [make.person(f"{name} Provgren") for name in names]
    for minutes, one in enumerate(people):
        actions.join_queue(one.id, at.id, by=make.resident(one), now=NOW + timedelta(minutes=minutes))
    return people


def states(at: Unit) -> list[str]:
    return list(QueuePlace.objects.filter(clinic=at).order_by("joined_at", "id").values_list("state", flat=True))


def test_a_place_that_comes_free_is_offered_to_the_first_who_waits() -> None:
    at, (leaver,) = small_clinic()
    first, second = join(at, "Ada", "Bo")
    actions.leave_clinic(leaver.id, by=make.resident(leaver), now=NOW + timedelta(hours=1))
    assert states(at) == ["offered", "waiting"]
    offer = Offer.objects.get()
    assert offer.expires_at == NOW + timedelta(hours=1, days=7)
    assert Message.objects.filter(recipient_id=first.id, template="offer.made").count() == 1
    assert not Message.objects.filter(recipient_id=second.id, template="offer.made").exists()
    assert faults() == []


def test_a_place_promised_to_one_is_full_for_all_others() -> None:
    at, (leaver,) = small_clinic()
    join(at, "Ada")
    actions.leave_clinic(leaver.id, by=make.resident(leaver), now=NOW)
    late = make.person("Siv Sen")
    with pytest.raises(ClinicFull):
        actions.choose_clinic(late.id, at.id, by=make.resident(late), now=NOW)


def test_an_accepted_offer_lists_and_ends_the_queue_place() -> None:
    at, (leaver,) = small_clinic()
    (first,) = join(at, "Ada")
    actions.leave_clinic(leaver.id, by=make.resident(leaver), now=NOW)
    answer = actions.accept_offer(first.id, by=make.resident(first), now=NOW + timedelta(days=6))
    assert answer["result"] == "listed"
    assert states(at) == ["accepted"]
    assert Listing.objects.get(person=first).clinic_id == at.id
    assert faults() == []


def test_a_declined_offer_goes_to_the_next() -> None:
    at, (leaver,) = small_clinic()
    first, _ = join(at, "Ada", "Bo")
    actions.leave_clinic(leaver.id, by=make.resident(leaver), now=NOW)
    actions.decline_offer(first.id, by=make.resident(first), now=NOW + timedelta(days=1))
    assert states(at) == ["declined", "offered"]
    with pytest.raises(OfferGone):
        actions.accept_offer(first.id, by=make.resident(first), now=NOW + timedelta(days=1))
    assert faults() == []


def test_an_offer_expires_at_its_second_and_goes_on() -> None:
    at, (leaver,) = small_clinic()
    first, _ = join(at, "Ada", "Bo")
    actions.leave_clinic(leaver.id, by=make.resident(leaver), now=NOW)
    end = NOW + timedelta(days=7)
    assert actions.expire_offers(by=make.SYSTEM, now=end - timedelta(seconds=1)) == 0
    with pytest.raises(OfferGone):
        actions.accept_offer(first.id, by=make.resident(first), now=end)
    assert actions.expire_offers(by=make.SYSTEM, now=end) == 1
    assert actions.expire_offers(by=make.SYSTEM, now=end) == 0
    assert states(at) == ["expired", "offered"]
    assert Message.objects.filter(recipient_id=first.id, template="offer.expired").exists()
    assert faults() == []


def test_listing_elsewhere_drops_the_queue_place_and_passes_its_offer_on() -> None:
    at, (leaver,) = small_clinic()
    first, _ = join(at, "Ada", "Bo")
    actions.leave_clinic(leaver.id, by=make.resident(leaver), now=NOW)
    actions.choose_clinic(first.id, make.clinic("Annan").id, by=make.resident(first), now=NOW)
    assert states(at) == ["left", "offered"]
    assert faults() == []


def test_leaving_the_queue_passes_an_offer_on() -> None:
    at, (leaver,) = small_clinic()
    first, second = join(at, "Ada", "Bo")
    actions.leave_clinic(leaver.id, by=make.resident(leaver), now=NOW)
    actions.leave_queue(first.id, by=make.resident(first), now=NOW)
    assert states(at) == ["left", "offered"]
    with pytest.raises(NotQueuing):
        actions.leave_queue(first.id, by=make.resident(first), now=NOW)
    actions.leave_queue(second.id, by=make.resident(second), now=NOW)
    assert ClinicCount.objects.get(clinic=at).held == 0
    assert faults() == []


def test_a_better_class_goes_first_and_inside_it_the_earliest() -> None:
    at, leavers = small_clinic(cap=2)
    for name, minutes, priority in (("Ada", 0, 1), ("Bo", 5, 0), ("Cia", 3, 1)):
        make.queued(
            make.person(f"{name} Provgren"), at, joined_at=NOW + timedelta(minutes=minutes), priority_class=priority
        )
    for leaver in leavers:
        actions.leave_clinic(leaver.id, by=make.resident(leaver), now=NOW + timedelta(hours=1))
    offered = QueuePlace.objects.filter(state="offered").values_list("person__first_name", flat=True)
    assert set(offered) == {"Bo", "Ada"}
    assert faults() == []


def test_there_is_no_queue_where_there_is_room_and_only_one_queue_a_person() -> None:
    who = make.person()
    with pytest.raises(ClinicHasRoom):
        actions.join_queue(who.id, make.clinic().id, by=make.resident(who), now=NOW)
    actions.join_queue(who.id, make.full_clinic("A").id, by=make.resident(who), now=NOW)
    with pytest.raises(AlreadyQueuing):
        actions.join_queue(who.id, make.full_clinic("B").id, by=make.resident(who), now=NOW)


def test_a_higher_cap_makes_offers_at_once_and_its_end_lets_everybody_in() -> None:
    at, _ = small_clinic()
    join(at, "Ada", "Bo", "Cia")
    planner = make.staff(at, make.Role.REGION_PLANNER)
    today = make.TODAY
    make.Cap.objects.filter(clinic=at).update(ends_on=today)
    actions.grant_cap(
        at.id,
        heads=2,
        starts_on=today,
        ends_on=today + timedelta(days=30),
        decision="RS 2026/7",
        today=today,
        by=planner,
        now=NOW,
    )
    assert states(at) == ["offered", "waiting", "waiting"]
    later = NOW + timedelta(days=30)
    assert actions.refresh_caps(today=later.date(), by=make.SYSTEM, now=later) == 1
    assert states(at) == ["offered", "offered", "offered"]
    assert faults() == []


class Late:
    """From `begin` on, the job that ends offers has the counter first, whoever asks for it next."""

    end = NOW + timedelta(days=7)

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch, self.lock = patch, counts.lock_clinics

    def begin(self) -> None:
        self.patch.setattr(counts, "lock_clinics", self.after_the_job)

    def after_the_job(self, clinic_ids: Iterable[int | None]) -> dict[int, ClinicCount]:
        self.patch.setattr(counts, "lock_clinics", self.lock)
        actions.expire_offers(by=make.SYSTEM, now=self.end)
        return self.lock(clinic_ids)


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Late:
    return Late(monkeypatch)


def offered_at_last_moment(*names: str) -> tuple[Unit, Person]:
    at, (leaver,) = small_clinic()
    first, *_ = join(at, *names)
    actions.leave_clinic(leaver.id, by=make.resident(leaver), now=NOW)
    return at, first


def test_an_offer_that_runs_out_under_way_is_counted_once(late: Late) -> None:
    at, first = offered_at_last_moment("Ada", "Bo")
    elsewhere, by = make.clinic("Annan"), make.resident(first)
    late.begin()
    actions.choose_clinic(first.id, elsewhere.id, by=by, now=late.end)
    assert states(at) == ["expired", "offered"]
    assert faults() == []


@pytest.mark.parametrize(("act", "refusal"), [(actions.leave_queue, NotQueuing), (actions.accept_offer, OfferGone)])
def test_an_offer_that_runs_out_under_way_is_gone(
    late: Late, act: Callable[..., object], refusal: type[Refusal]
) -> None:
    _, only = offered_at_last_moment("Ada")
    by = make.resident(only)
    late.begin()
    with pytest.raises(refusal), transaction.atomic():
        act(only.id, by=by, now=late.end - timedelta(seconds=1))
    assert faults() == []
