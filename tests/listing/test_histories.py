"""Random histories of a small region: after every step everything is counted again and must agree."""

from datetime import date, timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests import factories as make
from tests.listing.oracle import faults
from tests.security.tally import Tally, budget, tally
from vardnav.kernel.actor import Actor
from vardnav.kernel.errors import Refusal
from vardnav.listing import actions
from vardnav.listing.models import ClinicCount, PendingChoice
from vardnav.listing.rules import Exemption
from vardnav.organisation.models import Professional, Unit
from vardnav.patients.models import Person

PEOPLE, CLINICS = st.integers(0, 7), st.integers(0, 2)
# Steps of time that cross days, offers' deadlines, month ends and the nights the clocks change.
LATER = st.sampled_from([timedelta(minutes=5), timedelta(hours=14), timedelta(days=1), timedelta(days=8)])


class Region(RuleBasedStateMachine):
    """Two capped clinics and an open one, two doctors each, eight residents of whom two are a child and a parent."""

    counted: ClassVar[Tally]

    @initialize(start=st.sampled_from([date(2026, 3, 27), date(2026, 10, 23), date(2028, 2, 27), date(2026, 12, 30)]))
    def begin(self, start: date) -> None:
        self.now = make.datetime(start.year, start.month, start.day, 22, 30, tzinfo=make.UTC)
        self.clinics: list[Unit] = [
            make.clinic("Två platser", cap=2),
            make.clinic("Tre platser", cap=3),
            make.clinic("Öppna"),
        ]
        self.doctors: list[list[Professional]] = [
            [make.doctor(at), make.doctor(at, "Nils Ek", share="0.10", duties_share="0.98")] for at in self.clinics
        ]
        self.people: list[Person] = [make.person(f"Person{n} Prov") for n in range(7)]
        self.people.append(make.child(guardians=(self.people[0], self.people[1])))

    def chooser(self, person: int) -> Actor:
        return make.resident(self.people[0 if person == 7 else person])

    def try_to(self, act: object, *args: object, **kwargs: object) -> None:
        """Either the whole step or nothing of it: a refusal rolls back to before."""
        try:
            with transaction.atomic():
                act(*args, **kwargs)  # type: ignore[operator]
        except Refusal:
            pass

    @rule(person=PEOPLE, clinic=CLINICS)
    def choose(self, person: int, clinic: int) -> None:
        at = self.clinics[clinic].id
        self.try_to(actions.choose_clinic, self.people[person].id, at, by=self.chooser(person), now=self.now)

    @rule(person=PEOPLE, clinic=CLINICS)
    def join_queue(self, person: int, clinic: int) -> None:
        at = self.clinics[clinic].id
        self.try_to(actions.join_queue, self.people[person].id, at, by=self.chooser(person), now=self.now)

    @rule(
        person=PEOPLE,
        act=st.sampled_from(
            [
                actions.withdraw_change,
                actions.leave_clinic,
                actions.leave_queue,
                actions.accept_offer,
                actions.decline_offer,
            ]
        ),
    )
    def answer(self, person: int, act: object) -> None:
        self.try_to(act, self.people[person].id, by=self.chooser(person), now=self.now)

    @rule(person=PEOPLE, clinic=CLINICS, doctor=st.integers(0, 1), reason=st.sampled_from(["", "Samma hushåll"]))
    def name_doctor(self, person: int, clinic: int, doctor: int, reason: str) -> None:
        nurse = make.staff(self.clinics[clinic])
        named = self.doctors[clinic][doctor].id
        self.try_to(actions.name_doctor, self.people[person].id, named, reason=reason, by=nurse, now=self.now)

    @rule(person=PEOPLE, clinic=CLINICS)
    def end_named_doctor(self, person: int, clinic: int) -> None:
        nurse = make.staff(self.clinics[clinic])
        self.try_to(actions.end_named_doctor, self.people[person].id, reason="slutar", by=nurse, now=self.now)

    @rule(person=PEOPLE, clinic=CLINICS)
    def take_in_exempt(self, person: int, clinic: int) -> None:
        at = self.clinics[clinic]
        exemption = Exemption.CARE_HOME
        self.try_to(
            actions.take_in_exempt,
            self.people[person].id,
            at.id,
            exemption=exemption,
            by=make.SYSTEM,
            now=self.now,
        )

    @precondition(lambda self: PendingChoice.objects.filter(state="waiting").exists())
    @rule(yes=st.booleans())
    def other_guardian(self, yes: bool) -> None:
        choice = PendingChoice.objects.filter(state="waiting").latest("id")
        act = actions.confirm_choice if yes else actions.refuse_choice
        self.try_to(act, choice.id, by=make.resident(self.people[1]), now=self.now)

    @rule(by=LATER)
    def time_passes(self, by: timedelta) -> None:
        self.now += by
        actions.expire_offers(by=make.SYSTEM, now=self.now)
        actions.void_choices(by=make.SYSTEM, now=self.now)
        actions.refresh_caps(today=self.now.date(), by=make.SYSTEM, now=self.now)

    @rule()
    def list_passively(self) -> None:
        actions.list_passively(by=make.SYSTEM, now=self.now)

    @invariant()
    def count(self) -> None:
        self.counted.add()

    @invariant()
    def everything_agrees(self) -> None:
        if not hasattr(self, "clinics"):
            return
        assert faults() == []
        assert not ClinicCount.objects.filter(waiting__gt=0, cap__isnull=True).exists()


@pytest.mark.django_db
def test_random_histories_agree_with_a_recount() -> None:
    class InOneTransaction(Region):
        """Each history is rolled back at its end."""

        def __init__(self) -> None:
            super().__init__()
            self.atomic = transaction.atomic()
            self.atomic.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    with tally("histories of listing", "steps") as Region.counted:
        run_state_machine_as_test(
            InOneTransaction,
            settings=settings(
                max_examples=budget(30, 200),
                stateful_step_count=40,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
