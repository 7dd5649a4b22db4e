"""Random histories of who may act and who may read, against naive oracles, on the real database.

What must hold after every step: deny by default, a line for every read, authority that has ended is refused the same
second. Time goes in steps that cross days, month ends, 29 February and the nights the clocks change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.utils.timezone import localdate
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests import factories as make
from tests.security.tally import FULL, Tally, budget, tally
from vardnav.audit.models import Line
from vardnav.identity import actions as identity
from vardnav.identity import selectors as who
from vardnav.identity.models import Account, ApiKey, Assignment
from vardnav.identity.rules import KEY_LONGEST, Scope
from vardnav.kernel.actor import Actor, Role
from vardnav.kernel.errors import Refusal
from vardnav.listing.models import Listing
from vardnav.organisation.models import Unit
from vardnav.patients.actions import state_need
from vardnav.patients.models import Guardianship, Person
from vardnav.patients.rules import NEED_LASTS, AccessDenied, NeedReason, Relation
from vardnav.patients.selectors import open_card, relation_of

pytestmark = pytest.mark.django_db
STARTS = [date(2026, 3, 28), date(2026, 10, 24), date(2027, 2, 27), date(2028, 2, 28), date(2026, 12, 31)]
LATER = [timedelta(seconds=1), timedelta(minutes=30), timedelta(hours=7, minutes=59), timedelta(hours=8)]
LATER += [timedelta(days=1), timedelta(days=29), timedelta(days=366)]
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class History(RuleBasedStateMachine):
    """One history is one transaction, undone at its end; its steps are counted."""

    counted: ClassVar[Tally]
    now: datetime

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @invariant()
    def count(self) -> None:
        self.counted.add()

    def does(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """The answer; None if it was refused, and then nothing of it is left but what refusals keep."""
        try:
            with transaction.atomic():
                return act(*args, now=self.now, **kwargs) or True
        except Refusal:
            return None

    @rule(by=st.sampled_from(LATER))
    def time_passes(self, by: timedelta) -> None:
        self.now += by


# --- Who may act ---------------------------------------------------------------------------------


@dataclass
class Given:
    """An assignment or a key, as the oracle knows it."""

    id: int
    owner: int
    starts: datetime
    ends: datetime
    token: str = ""
    scopes: frozenset[str] = frozenset()


@dataclass
class Known:
    open: dict[int, bool] = field(default_factory=dict)
    assignments: list[Given] = field(default_factory=list)
    keys: list[Given] = field(default_factory=list)


PICK = st.integers(0, 7)


class Authority(History):
    """Accounts, assignments and keys: given and taken by administrators, tried by everybody else."""

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: date) -> None:
        self.now = datetime(start.year, start.month, start.day, 22, 30, tzinfo=UTC)
        self.known = Known()
        self.clinic = make.clinic()
        office = make.unit("Regionkontoret", make.UnitKind.REGION_OFFICE)
        self.administrator = make.staff(office, Role.ADMINISTRATOR, name="Administratören")
        self.others = [
            make.staff(self.clinic, Role.CLINIC_HEAD),
            make.staff(office, Role.REGION_PLANNER),
            make.resident(make.person()),
            make.actor_of(make.account(), None, assurance=3),
        ]
        self.lines = Line.objects.count()

    def pick(self, things: list[Any], at: int) -> Any:
        return things[at % len(things)] if things else None

    def done(self) -> None:
        """Every change leaves exactly one line."""
        found = Line.objects.count()
        assert found == self.lines + 1, (found, self.lines)
        self.lines = found

    @rule(name=st.text("abcåäö ", min_size=1, max_size=12))
    def open_account(self, name: str) -> None:
        number = len(self.known.open)
        got = self.does(
            identity.open_account,
            login=f"login-{number}",
            name=name,
            hsa_id=f"{make.PREFIX}-H{number}",
            by=self.administrator,
        )
        assert got
        self.known.open[got.id] = True
        self.done()

    @rule(at=PICK)
    def close_account(self, at: int) -> None:
        account = self.pick(list(self.known.open), at)
        if account is None:
            return
        assert self.does(identity.close_account, account, by=self.administrator)
        self.known.open[account] = False
        for one in self.known.assignments:
            if one.owner == account:
                one.ends = min(one.ends, max(self.now, one.starts))
        self.done()

    @rule(
        at=PICK,
        role=st.sampled_from(list(Role)),
        starts=st.sampled_from([timedelta(0), timedelta(hours=-1), timedelta(seconds=1), timedelta(days=2)]),
        lasts=st.sampled_from([None, timedelta(seconds=1), timedelta(hours=8), timedelta(days=29), timedelta(0)]),
    )
    def grant(self, at: int, role: Role, starts: timedelta, lasts: timedelta | None) -> None:
        account = self.pick(list(self.known.open), at)
        if account is None:
            return
        begins = self.now + starts
        ends = None if lasts is None else begins + lasts
        got = self.does(self._granted, account, role, begins, ends, self.administrator)
        right = self.known.open[account] and (lasts is None or lasts > timedelta(0))
        assert bool(got) is right
        if got:
            self.known.assignments.append(Given(got.id, account, begins, ends or NEVER))
            self.done()

    def _granted(
        self, account: int, role: Role, begins: datetime, ends: datetime | None, by: Actor, *, now: datetime
    ) -> Assignment:
        return identity.grant_assignment(
            account_id=account,
            role=role,
            unit_hsa_id=self.clinic.hsa_id,
            unit_name=self.clinic.name,
            provider_hsa_id=self.clinic.care_provider.hsa_id,
            starts_at=begins,
            ends_at=ends,
            reason="Bemanning",
            by=by,
            now=now,
        )

    @rule(at=PICK)
    def end(self, at: int) -> None:
        given = self.pick(self.known.assignments, at)
        if given is None:
            return
        had_ended = given.ends <= self.now
        assert self.does(identity.end_assignment, given.id, by=self.administrator)
        if not had_ended:
            given.ends = max(self.now, given.starts)
            self.done()

    @rule(
        scopes=st.frozensets(st.sampled_from([scope.value for scope in Scope] + ["everything"]), max_size=3),
        lasts=st.sampled_from(
            [timedelta(0), timedelta(seconds=1), timedelta(days=1), KEY_LONGEST, timedelta(days=800)]
        ),
    )
    def issue_key(self, scopes: frozenset[str], lasts: timedelta) -> None:
        ends = self.now + lasts
        got = self.does(identity.issue_key, name="Ett system", scopes=scopes, expires_at=ends, by=self.administrator)
        right = bool(scopes) and "everything" not in scopes and timedelta(0) < lasts <= KEY_LONGEST
        assert bool(got) is right
        if got:
            key, token = got
            self.known.keys.append(Given(key.id, 0, self.now, ends, token, scopes))
            self.done()

    @rule(at=PICK)
    def revoke_key(self, at: int) -> None:
        given = self.pick(self.known.keys, at)
        if given is None:
            return
        had_been = ApiKey.objects.get(id=given.id).revoked_at is not None
        assert self.does(identity.revoke_key, given.id, by=self.administrator)
        given.ends = min(given.ends, self.now)
        if not had_been:
            self.done()

    @rule(at=PICK, whom=PICK, what=st.integers(0, 4))
    def somebody_else_tries(self, at: int, whom: int, what: int) -> None:
        """Who is no administrator changes nothing, and neither does an administrator for themselves."""
        by = self.pick(self.others, at)
        account = self.pick(list(self.known.open), whom) or by.account_id
        given, key = self.pick(self.known.assignments, whom), self.pick(self.known.keys, whom)
        own = self.administrator.account_id
        tries: list[Callable[[], Any]] = [
            lambda: self.does(identity.close_account, account, by=by),
            lambda: self.does(self._granted, account, Role.ADMINISTRATOR, self.now, None, by),
            lambda: given and self.does(identity.end_assignment, given.id, by=by),
            lambda: key and self.does(identity.revoke_key, key.id, by=by),
            lambda: self.does(self._granted, own, Role.CLINIC_STAFF, self.now, None, self.administrator),
        ]
        assert not tries[what]()
        assert Line.objects.count() == self.lines

    @rule(at=PICK)
    def a_key_is_bent(self, at: int) -> None:
        given = self.pick(self.known.keys, at)
        if given is not None:
            for bent in (given.token[:-1], given.token + "x", given.token.swapcase(), given.token.replace("_", "-")):
                assert who.service(bent, self.now) is None

    @invariant()
    def authority_is_what_the_oracle_says(self) -> None:
        if not hasattr(self, "known"):
            return
        for account, is_open in self.known.open.items():
            assert (who.actor(account, None, self.now) is not None) is is_open
        for one in self.known.assignments:
            found = who.actor(one.owner, one.id, self.now)
            in_force = self.known.open[one.owner] and one.starts <= self.now < one.ends
            assert (found is not None and found.acting is not None) is in_force, one
            assert who.valid_assignments(one.owner, self.now).filter(id=one.id).exists() is in_force
            for other in self.known.open:  # nobody acts in somebody else's assignment
                if other != one.owner and self.known.open[other]:
                    stranger = who.actor(other, one.id, self.now)
                    assert stranger is not None
                    assert stranger.acting is None
        for key in self.known.keys:
            service = who.service(key.token, self.now)
            assert (service is not None) is (self.now < key.ends)
            assert service is None or service.scopes == key.scopes
        assert Line.objects.count() == self.lines
        assert not Account.objects.filter(hsa_id=None, personal_number=None).exists()


# --- Who may read --------------------------------------------------------------------------------

BORN = [
    date(2012, 2, 29),
    date(2008, 2, 29),
    date(2013, 3, 29),
    date(2014, 12, 31),
    date(2010, 10, 25),
    date(1984, 3, 14),
]
PEOPLE = st.integers(0, len(BORN) - 1)


def years(born: date, on: date) -> int:
    """Naively: count the birthdays; who is born on 29 February has it on 1 March in other years."""
    count = 0
    for year in range(born.year + 1, on.year + 1):
        try:
            birthday = born.replace(year=year)
        except ValueError:
            birthday = date(year, 3, 1)
        count += birthday <= on
    return count


class Access(History):
    """Residents, guardians, clinics and needs: each read is right or refused, and each leaves its line."""

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: date) -> None:
        self.now = datetime(start.year, start.month, start.day, 22, 30, tzinfo=UTC)
        self.clinics: list[Unit] = [make.clinic("Ena"), make.clinic("Andra")]
        self.people: list[Person] = [make.person(f"P{n} Prov", born=born) for n, born in enumerate(BORN)]
        self.guardians: list[tuple[int, int, date, date]] = []  # child, guardian, from, to
        self.listings: dict[int, tuple[int, date, date]] = {}  # person -> clinic, from, to
        self.needs: list[tuple[int, int, int, datetime]] = []  # person, staff, clinic, until
        self.staff = [make.staff(at, role) for at in self.clinics for role in (Role.CLINIC_STAFF, Role.CLINIC_HEAD)]
        self.none = [make.staff(self.clinics[0], role) for role in Role if not role.value.startswith("clinic")]
        self.residents = [make.resident(one) for one in self.people]

    @property
    def today(self) -> date:
        return localdate(self.now)

    @rule(child=PEOPLE, adult=PEOPLE, starts=st.integers(-1, 1), lasts=st.sampled_from([1, 2, 30, 4000]))
    def guard(self, child: int, adult: int, starts: int, lasts: int) -> None:
        if child == adult or any(one[:2] == (child, adult) for one in self.guardians):
            return
        begins = self.today + timedelta(days=starts)
        ends = begins + timedelta(days=lasts)
        Guardianship.objects.create(
            child=self.people[child], guardian=self.people[adult], starts_on=begins, ends_on=ends
        )
        self.guardians.append((child, adult, begins, ends))

    @rule(person=PEOPLE, clinic=st.integers(0, 1))
    def list_with(self, person: int, clinic: int) -> None:
        if person in self.listings:
            return
        make.listed(self.people[person], self.clinics[clinic], since=self.today)
        self.listings[person] = (clinic, self.today, date.max)

    @rule(person=PEOPLE, days=st.integers(1, 3))
    def end_listing(self, person: int, days: int) -> None:
        if person not in self.listings or self.listings[person][2] != date.max:
            return
        clinic, begins, _ = self.listings[person]
        ends = max(self.today, begins) + timedelta(days=days)
        Listing.objects.filter(person=self.people[person]).update(ends_on=ends)
        self.listings[person] = (clinic, begins, ends)

    @rule(person=PEOPLE, staff=st.integers(0, 3))
    def state_need(self, person: int, staff: int) -> None:
        by = self.staff[staff]
        got = self.does(state_need, self.people[person].id, reason=NeedReason.IN_THE_ROOM, text="", by=by)
        assert got
        self.needs.append((person, staff, staff // 2, self.now + NEED_LASTS))

    @rule(person=PEOPLE, by=st.integers(0, 2))
    def a_need_without_care_is_refused(self, person: int, by: int) -> None:
        actor = [*self.none, self.residents[0]][by]
        assert not self.does(state_need, self.people[person].id, reason=NeedReason.IN_THE_ROOM, text="", by=actor)

    @rule(person=PEOPLE, staff=st.integers(0, 3))
    def staff_read(self, person: int, staff: int) -> None:
        self.read(person, self.staff[staff], self.of_staff(person, staff))

    @rule(person=PEOPLE, reader=PEOPLE)
    def residents_read(self, person: int, reader: int) -> None:
        self.read(person, self.residents[reader], self.of_resident(person, reader))

    @rule(person=PEOPLE, by=st.integers(0, 7))
    def who_has_no_part_in_care_reads(self, person: int, by: int) -> None:
        self.read(person, self.none[by % len(self.none)], Relation.NONE)

    def read(self, person: int, by: Actor, expected: Relation) -> None:
        """The card if and only if the oracle says so; one line about this person, or none and a refusal."""
        patient = self.people[person].id
        before = Line.objects.filter(patient_id=patient).count()
        try:
            card, relation = open_card(patient, by=by, now=self.now)
        except AccessDenied:
            assert expected is Relation.NONE, (expected, by)
            assert Line.objects.filter(patient_id=patient).count() == before
            return
        assert relation is expected, (relation, expected, by)
        assert relation is not Relation.NONE
        assert card.id == patient
        assert card.age == years(BORN[person], self.today)
        assert Line.objects.filter(patient_id=patient).count() == before + 1

    def of_staff(self, person: int, staff: int) -> Relation:
        clinic, _, ends = self.listings.get(person, (-1, date.min, date.min))
        if clinic == staff // 2 and ends > self.today:
            return Relation.UNIT
        needed = any(one[:3] == (person, staff, staff // 2) and self.now < one[3] for one in self.needs)
        return Relation.NEED if needed else Relation.NONE

    def of_resident(self, person: int, reader: int) -> Relation:
        if person == reader:
            return Relation.SELF
        for child, adult, begins, ends in self.guardians:
            if (child, adult) == (person, reader) and begins <= self.today < ends:
                age = years(BORN[person], self.today)
                if age < 13:
                    return Relation.GUARDIAN
                return Relation.GUARDIAN_OF_TEENAGER if age < 16 else Relation.NONE
        return Relation.NONE

    @invariant()
    def relations_are_what_the_oracle_says(self) -> None:
        """Everybody to one person a step, in turn."""
        if not hasattr(self, "people"):
            return
        person = self.counted.done % len(self.people)
        for n, by in enumerate(self.staff):
            assert relation_of(self.people[person].id, by=by, now=self.now) is self.of_staff(person, n)
        for n, by in enumerate(self.residents):
            assert relation_of(self.people[person].id, by=by, now=self.now) is self.of_resident(person, n)


@pytest.mark.parametrize(
    ("machine", "histories", "steps"),
    [
        (Authority, budget(18, 260), budget(25, 60)),
        (Access, budget(18, 260), budget(25, 60)),
    ],
    ids=["authority", "access"],
)
def test_random_histories_of(machine: type[History], histories: int, steps: int) -> None:
    with tally(f"histories of {machine.__name__.lower()}", "steps") as counted:
        machine.counted = counted
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=histories,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                derandomize=not FULL,
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert counted.done >= histories
