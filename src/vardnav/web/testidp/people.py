"""The demo's people as a provider would vouch for them."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from vardnav.demo import selectors as demo
from vardnav.demo.selectors import CastPerson
from vardnav.identity import selectors as identity
from vardnav.identity.rules import claims as names
from vardnav.identity.rules.claims import Population
from vardnav.kernel.actor import Purpose
from vardnav.tables import wall

LEVELS = {
    "3": _("Tillitsnivå 3, som BankID, Freja+ eller SITHS-kort"),
    "4": _("Tillitsnivå 4, som SITHS-kort med högsta nivå"),
    "2": _("Tillitsnivå 2: räcker till att logga in, men inte till patientuppgifter"),
    "1": _("Tillitsnivå 1: räcker inte till att logga in"),
}
ACR = {Population.STAFF: "http://id.sambi.se/loa/loa", Population.RESIDENTS: "http://id.elegnamnden.se/loa/1.0/loa"}
PURPOSES = {
    Purpose.CARE: "Vård och behandling",
    Purpose.ADMINISTRATION: "Administration",
    Purpose.FOLLOWUP: "Uppföljning",
}


def is_a_demo() -> bool:
    """Whether the database holds a demo. Nobody has logged in yet who could ask."""
    with wall.as_program():
        return demo.loaded() is not None


def of(population: Population) -> list[CastPerson]:
    return [one for one in demo.grown_ups() if bool(one.hsa_id) == (population is Population.STAFF)]


def claims(person: CastPerson, population: Population, level: str, now: datetime) -> dict[str, Any]:
    """As Inera's IdP says them of staff, and one by the Swedish OpenID Connect profile of residents."""
    first, last = person.name.split(" ", 1)
    said = {
        "sub": f"demo-{person.key}",
        "name": person.name,
        "given_name": first,
        "family_name": last,
        "acr": ACR[population] + (level if level in LEVELS else "3"),
    }
    if population is Population.RESIDENTS:
        coordination = int(person.personal_number[6:8]) > 60
        return said | {names.COORDINATION if coordination else names.PERSONAL: person.personal_number}
    return said | {names.HSA_ID: person.hsa_id} | _commission(person.hsa_id, now)


def _commission(hsa_id: str, now: datetime) -> dict[str, str]:
    """Of somebody with one assignment. Who has several chooses here in the program, not at the provider."""
    account = identity.account_of_hsa_id(hsa_id)
    held = list(identity.valid_assignments(account.id, now)[:2]) if account else []
    if len(held) != 1:
        return {}
    (one,) = held
    return {
        names.COMMISSION: f"{one.unit_hsa_id}-U",
        names.COMMISSION_NAME: f"{PURPOSES[Purpose(one.purpose)]}, {one.unit_name}",
        names.COMMISSION_PURPOSE: PURPOSES[Purpose(one.purpose)],
        names.UNIT: one.unit_hsa_id,
        names.PROVIDER: one.provider_hsa_id,
    }
