from datetime import date, timedelta

import pytest

from tests import factories
from tests.factories import NOW, SYSTEM, TODAY
from vardnav.audit.models import Line
from vardnav.kernel.actor import Role
from vardnav.listing.rules import ListingParameters
from vardnav.organisation.rules import CapacityParameters
from vardnav.parameters import actions, selectors
from vardnav.parameters.models import Parameter
from vardnav.parameters.rules import BadParameter, NotThePlanner, UnknownParameter, declared
from vardnav.patients.rules import GuardianParameters

KNOWN = (CapacityParameters, ListingParameters, GuardianParameters)
pytestmark = pytest.mark.django_db


def give(name: str = "offer_days", value: int = 10, **changes: object) -> Parameter:
    values = {"starts_on": TODAY, "source": "RF 2026/7", "known": KNOWN, "by": SYSTEM, "now": NOW, **changes}
    return actions.set_value(name, value, **values)  # type: ignore[arg-type]


def test_without_a_value_the_default_holds() -> None:
    assert selectors.in_force(ListingParameters, TODAY) == ListingParameters()


def test_a_value_holds_from_its_day_on_and_not_before() -> None:
    give(value=10)
    give(value=12, starts_on=TODAY + timedelta(days=5))
    in_force = {
        day: selectors.in_force(ListingParameters, TODAY + timedelta(days=day)).offer_days for day in (-1, 0, 4, 5, 99)
    }
    assert in_force == {-1: 7, 0: 10, 4: 10, 5: 12, 99: 12}


def test_setting_a_day_again_replaces_that_days_value() -> None:
    give(value=10)
    give(value=11)
    assert Parameter.objects.get().value == 11
    assert Line.objects.filter(kind="parameters.value.set").count() == 2


def test_the_log_has_value_day_and_source() -> None:
    give()
    line = Line.objects.get()
    assert (line.resource_id, line.reason, line.details) == (
        "offer_days",
        "RF 2026/7",
        {"value": 10, "starts_on": TODAY.isoformat()},
    )


@pytest.mark.parametrize("value", [0, -1, 61])
def test_a_value_out_of_bounds_is_refused_with_the_bounds(value: int) -> None:
    with pytest.raises(BadParameter) as refused:
        give(value=value)
    assert (refused.value.facts["low"], refused.value.facts["high"]) == (1, 60)
    assert not Parameter.objects.exists()


def test_a_value_that_nobody_declared_is_refused() -> None:
    with pytest.raises(UnknownParameter):
        give(name="offer_dayz")


@pytest.mark.parametrize("role", list(Role))
def test_the_planner_and_the_administrator_set_values(role: Role) -> None:
    by = factories.staff(role=role)
    if role in (Role.REGION_PLANNER, Role.ADMINISTRATOR):
        assert give(by=by).set_by == by.name
        return
    with pytest.raises(NotThePlanner):
        give(by=by)


def test_residents_set_nothing() -> None:
    with pytest.raises(NotThePlanner):
        give(by=factories.resident(factories.person()))


def test_every_default_lies_within_its_bounds_and_has_a_source() -> None:
    names = [one.name for each in KNOWN for one in declared(each)]
    assert len(names) == len(set(names))
    for each in KNOWN:
        for one in declared(each):
            assert one.low <= one.default <= one.high, one.name
            assert one.source, one.name
            assert one.unit, one.name


def test_history_is_kept_the_latest_first() -> None:
    give(value=10, starts_on=date(2026, 1, 1))
    give(value=12, starts_on=date(2026, 2, 1))
    assert [row.value for row in selectors.history()] == [12, 10]
