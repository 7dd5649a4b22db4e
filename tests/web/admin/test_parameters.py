from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.web.admin.test_accounts import text
from vardnav.config.settings import ROOMS
from vardnav.kernel.actor import Actor, Role
from vardnav.listing.rules import ListingParameters
from vardnav.parameters.models import Parameter
from vardnav.parameters.rules import declared
from vardnav.parameters.selectors import in_force
from vardnav.web.admin import known


def test_every_declared_value_is_shown_with_its_words(client: Client, admin: Actor) -> None:
    shown = text(client.get("/regler/"))
    for each in known.KNOWN:
        assert str(known.TITLES[each]) in shown
        for one in declared(each):
            assert str(known.LABELS[one.name]) in shown
            assert one.source in shown


def test_no_room_has_values_that_the_page_does_not_know() -> None:
    rules = [import_module(f"vardnav.{room}.rules") for room in ROOMS if find_spec(f"vardnav.{room}.rules")]
    found = {
        value
        for room in rules
        for value in vars(room).values()
        if isinstance(value, type) and value.__name__.endswith("Parameters")
    }
    assert found == set(known.KNOWN)


def test_a_value_is_set_from_a_day_with_its_source(client: Client, admin: Actor) -> None:
    today = timezone.localdate()
    form = {"value": "10", "starts_on": today.isoformat(), "source": "RF 2026/41"}
    answer = client.post("/regler/offer_days/", form, follow=True)
    assert "Värdet är satt" in text(answer)
    assert "satt av Anton Admin" in text(answer)
    assert in_force(ListingParameters, today).offer_days == 10
    assert in_force(ListingParameters, today - timedelta(days=1)).offer_days == 7
    assert "RF 2026/41" in text(client.get("/regler/"))


def test_a_coming_value_is_told_beside_the_one_that_holds(client: Client, admin: Actor) -> None:
    later = timezone.localdate() + timedelta(days=40)
    client.post("/regler/ceiling/", {"value": "1000", "starts_on": later.isoformat(), "source": "Beslut"})
    shown = text(client.get("/regler/"))
    assert "1 100" in shown
    assert "1 000 från" in shown


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"value": "0", "starts_on": "2026-01-01", "source": "x"}, "Skriv ett heltal från 1 till 60."),
        ({"value": "61", "starts_on": "2026-01-01", "source": "x"}, "Skriv ett heltal från 1 till 60."),
        ({"value": "sju", "starts_on": "2026-01-01", "source": "x"}, "Skriv ett heltal från 1 till 60."),
        ({"value": "7", "starts_on": "", "source": "x"}, "Skriv ett datum"),
        ({"value": "7", "starts_on": "2026-01-01", "source": ""}, "Skriv vilket beslut"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(client: Client, admin: Actor, form: dict[str, str], says: str) -> None:
    answer = client.post("/regler/offer_days/", form)
    assert answer.status_code == 422
    assert says in text(answer)
    assert not Parameter.objects.exists()


def test_a_value_nobody_declared_is_no_page(client: Client, admin: Actor) -> None:
    assert client.get("/regler/everything/").status_code == 404


def test_the_planner_sets_values_too(client: Client, admin: Actor) -> None:
    factories.log_in(client, factories.staff(role=Role.REGION_PLANNER))
    form = {"value": "60", "starts_on": "2026-01-01", "source": "RF"}
    assert client.post("/regler/goal_named_doctor_percent/", form).status_code == 302
    assert Parameter.objects.get().value == 60
