import pytest
from django.test import Client

from tests import factories
from vardnav.kernel.actor import Actor, Role


@pytest.fixture
def admin(db: None, client: Client) -> Actor:
    """An administrator, logged in."""
    factories.region()
    office = factories.unit("Regionkontoret", factories.UnitKind.REGION_OFFICE)
    return factories.log_in(client, factories.staff(office, Role.ADMINISTRATOR, name="Anton Admin"))
