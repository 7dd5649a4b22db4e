"""The pass over months gives what counting each day by hand gives."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories as make
from tests.followup import naive
from vardnav.followup import actions
from vardnav.followup.models import ClinicSnapshot, MunicipalitySnapshot, RegionSnapshot
from vardnav.followup.rules import month_ends
from vardnav.listing.models import Cap, Listing, NamedDoctor, Offer, QueuePlace
from vardnav.organisation.models import Unit
from vardnav.organisation.rules import EmploymentRole
from vardnav.places.models import Municipality

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 16)
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
MONTHS = 4

# Around month ends, the change to summer time and today: where counting goes wrong.
EDGES = [date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), TODAY]
days = st.builds(
    lambda edge, off: edge + timedelta(days=off),
    st.sampled_from(EDGES),
    st.sampled_from([-40, -14, -1, 0, 1, 2, 16, 30]),
)
instants = st.builds(
    lambda day, hour: datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC),
    days.filter(lambda day: day <= TODAY),
    st.sampled_from([0, 8, 21, 22, 23]),
)


@st.composite
def chains(draw: st.DrawFn) -> list[tuple[date, date | None, int, str]]:
    """A person's periods one after another: from, until, clinic, why."""
    ends = sorted(set(draw(st.lists(days, min_size=1, max_size=5))))
    gaps = draw(st.lists(st.booleans(), min_size=len(ends), max_size=len(ends)))
    found: list[tuple[date, date | None, int, str]] = []
    for at, (start, gap) in enumerate(zip(ends, gaps, strict=True)):
        end = ends[at + 1] if at + 1 < len(ends) else None
        if gap and at + 1 == len(ends) and found:
            continue
        clinic = draw(st.integers(0, 2))
        found.append((start, end, clinic, draw(st.sampled_from(["chosen", "passive", "moved", "correction"]))))
    return found


periods = st.tuples(days, st.none() | st.integers(1, 200)).map(
    lambda one: (one[0], one[0] + timedelta(days=one[1]) if one[1] else None)
)
worlds = st.fixed_dictionaries(
    {
        "people": st.lists(
            st.tuples(chains(), st.integers(0, 3), st.sampled_from(["0.50", "1.00", "2.37"]), st.booleans()),
            max_size=8,
        ),
        "work": st.lists(
            st.tuples(
                periods,
                st.integers(0, 2),
                st.sampled_from(list(EmploymentRole)),
                st.sampled_from(["0.50", "0.75", "1"]),
            ),
            max_size=8,
        ),
        "queue": st.lists(st.tuples(instants, st.integers(0, 2), st.none() | st.integers(1, 60)), max_size=6),
        "caps": st.lists(
            st.tuples(days, st.integers(1, 200), st.integers(0, 2)), max_size=3, unique_by=lambda one: one[2]
        ),
    }
)


def build(world: dict[str, Any]) -> list[Unit]:
    towns = [make.municipality("Staden", latitude=63.2), make.municipality("Landet", code="2390", latitude=63.9)]
    areas = [make.area(towns[at % 2], latitude=62.9 + at / 3) for at in range(4)]
    clinics = [
        make.clinic("A", municipality=towns[0], starts_on=date(2020, 1, 1)),
        make.clinic("B", municipality=towns[1], starts_on=date(2020, 1, 1), ends_on=date(2026, 2, 1)),
        make.clinic("C", municipality=towns[1], starts_on=date(2026, 1, 1)),
    ]
    doctors = [make.professional(f"Lisa L{at}") for at in range(3)]
    for at, ((start, end), clinic, role, share) in enumerate(world["work"]):
        who = doctors[at % 3]
        if not who.employments.filter(unit=clinics[clinic], role=role.value, starts_on=start).exists():
            make.employ(who, clinics[clinic], role=role, share=share, starts_on=start, ends_on=end)
    for at, (chain, home, burden, dead) in enumerate(world["people"]):
        person = make.person(f"Per P{at}", home=areas[home], burden=burden, deceased_on=TODAY if dead else None)
        listings, previous = [], None
        for start, end, clinic, origin in chain:
            given = {"person": person, "starts_on": start, "ends_on": end, "previous_ends_on": previous}
            given |= {"clinic": clinics[clinic], "made_at": NOW, "made_by": "test"}
            listings.append((given, origin))
            previous = end
        for at_listing, (given_to, origin) in enumerate(listings):
            Listing.objects.create(**given_to, origin=origin)
            NamedDoctor.objects.create(**given_to, doctor=doctors[(at + at_listing) % 3])
    for at, (joined, clinic, after) in enumerate(world["queue"]):
        settled = joined + timedelta(days=after) if after else None
        place = QueuePlace.objects.create(
            person=make.person(f"Kö K{at}", home=areas[0]),
            clinic=clinics[clinic],
            joined_at=joined,
            joined_by="test",
            state="left" if settled else "waiting",
            settled_at=settled,
        )
        Offer.objects.create(
            place=place,
            made_at=joined + timedelta(hours=1),
            made_by="test",
            expires_at=joined + timedelta(days=7),
            state="declined" if settled else "open",
            settled_at=settled,
        )
    for start, length, clinic in world["caps"]:
        Cap.objects.create(
            clinic=clinics[clinic], heads=3, starts_on=start, ends_on=start + timedelta(days=length), state="granted"
        )
    return clinics


def told(row: Any, names: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds)
def test_the_pass_counts_what_a_loop_over_every_row_counts(world: dict[str, Any]) -> None:
    from django.db import transaction

    with transaction.atomic():
        clinics = build(world)
        actions.take_history(MONTHS, by=make.SYSTEM, now=NOW)
        for day in month_ends(TODAY, MONTHS):
            for clinic in clinics:
                wanted = naive.clinic_figures(clinic, day)
                row = ClinicSnapshot.objects.filter(taken_on=day, clinic=clinic).first()
                if row is None:
                    assert wanted["listed"] == 0
                    assert not naive.covers(clinic, day)
                else:
                    assert told(row, wanted) == wanted, (clinic.name, day)
            for town in Municipality.objects.all():
                wanted = naive.municipality_figures(town, day)
                assert told(MunicipalitySnapshot.objects.get(taken_on=day, municipality=town), wanted) == wanted
        transaction.set_rollback(True)


def small_region() -> Unit:
    town = make.municipality()
    home = make.area(town)
    clinic = make.clinic("Ekens vårdcentral", municipality=town)
    doctor = make.doctor(clinic, "Eva Berg", share="0.50")
    for number in range(6):
        who = make.person(f"Per P{number}", home=home)
        make.listed(who, clinic, since=date(2026, 3, 1) if number == 5 else date(2024, 1, 1))
        if number < 4:
            make.named(who, doctor, clinic)
    return clinic


def test_one_day_is_counted_and_told() -> None:
    clinic = small_region()
    assert actions.take_snapshot(TODAY, by=make.SYSTEM, now=NOW) == 1
    row = ClinicSnapshot.objects.get(clinic=clinic, taken_on=TODAY)
    assert (row.listed, row.named, row.joined_month, row.capacity) == (6, 4, 1, 550)
    region = RegionSnapshot.objects.get()
    assert (region.counted_at, region.counted_by, region.travel_median) == (NOW, "test", 3)


def test_a_day_counted_again_replaces_what_was_there() -> None:
    clinic = small_region()
    actions.take_snapshot(TODAY, by=make.SYSTEM, now=NOW)
    Listing.objects.filter(clinic=clinic, starts_on=date(2026, 3, 1)).delete()
    later = NOW + timedelta(minutes=10)
    actions.take_snapshot(TODAY, by=make.SYSTEM, now=later)
    assert ClinicSnapshot.objects.get().listed == 5
    assert RegionSnapshot.objects.get().counted_at == later


def test_those_whose_doctor_has_left_have_no_named_doctor() -> None:
    clinic = small_region()
    employment = clinic.employments.get()
    employment.ends_on = date(2026, 2, 15)
    employment.save()
    actions.take_history(2, by=make.SYSTEM, now=NOW)
    before, after, today = ClinicSnapshot.objects.order_by("taken_on")
    assert (before.taken_on, before.named, before.doctor_gone) == (date(2026, 1, 31), 4, 0)
    assert (after.taken_on, after.named, after.doctor_gone) == (date(2026, 2, 28), 0, 4)
    assert (today.named, today.doctor_gone) == (0, 4)


def test_an_empty_region_is_counted_too() -> None:
    make.municipality()
    assert actions.take_history(3, by=make.SYSTEM, now=NOW) == 0
    assert RegionSnapshot.objects.count() == 4
