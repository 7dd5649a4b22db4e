"""The values every room declares, with the words that the screen has for them."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from vardnav.listing.rules import ListingParameters
from vardnav.organisation.rules import CapacityParameters
from vardnav.parameters.rules import Declared, ParameterSet, declared
from vardnav.parameters.selectors import history
from vardnav.patients.rules import AccessParameters, GuardianParameters
from vardnav.reviews.rules import ReviewParameters

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from vardnav.parameters.selectors import Parameter

KNOWN: tuple[type[ParameterSet], ...] = (
    CapacityParameters,
    ListingParameters,
    GuardianParameters,
    AccessParameters,
    ReviewParameters,
)
TITLES: dict[type[ParameterSet], "_StrPromise"] = {
    CapacityParameters: _("Läkarnas kapacitet och målen"),
    ListingParameters: _("Listning, byten och kö"),
    GuardianParameters: _("Barn och vårdnadshavare"),
    ReviewParameters: _("Loggranskning"),
    AccessParameters: _("Spärrar och öppnade uppgifter"),
}
LABELS: dict[str, "_StrPromise"] = {
    "ceiling": _("Riktvärde för en specialist i allmänmedicin på heltid"),
    "ceiling_trainee": _("Riktvärde för en ST-läkare på heltid"),
    "goal_named_doctor_percent": _("Mål: andel listade med fast läkare"),
    "starts_after_days": _("Listningen börjar så här många dagar efter valet"),
    "max_changes": _("Så många byten får man göra under perioden"),
    "changes_window_months": _("Perioden för byten"),
    "offer_days": _("Så länge hålls en erbjuden plats"),
    "guardian_confirm_days": _("Så länge väntar ett val på den andra vårdnadshavaren"),
    "guardian_sees_all_below": _("Vårdnadshavare ser allt om barnet tills det fyller"),
    "guardian_acts_below": _("Vårdnadshavare väljer vårdcentral tills barnet fyller"),
    "blocks_alone_from": _("Den som har fyllt så här många år spärrar själv på nätet"),
    "blocks_at_unit_from": _("Den som har fyllt så här många år kan be enheten om en spärr"),
    "emergency_hours": _("En nödöppning stängs av sig själv efter"),
    "consent_hours": _("Ett samtycke öppnar uppgifterna i högst"),
    "review_percent": _("Andel av en enhets rader som lottas fram varje månad"),
    "review_least": _("Minst så många rader lottas fram"),
    "review_most": _("Högst så många rader lottas fram"),
    "review_risk_most": _("Högst så många rader väljs för att något sticker ut"),
    "review_due_day": _("Granskningen ska vara klar den här dagen i nästa månad"),
    "review_many_patients": _("Mycket många patienter på en dag är fler än"),
    "review_contact_days": _("Kontakt räknas så här många dagar bakåt"),
}
UNITS: dict[str, "_StrPromise"] = {
    "listed": _("listade"),
    "%": _("procent"),
    "days": _("dagar"),
    "months": _("månader"),
    "changes": _("byten"),
    "years": _("år"),
    "lines": _("rader"),
    "day": _("dag i månaden"),
    "patients": _("patienter"),
    "hours": _("timmar"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value as the page shows it: what holds today, what comes, and where each is from."""

    declared: Declared
    label: str
    unit: str
    in_force: int
    source: str
    since: date | None  # None: the default holds
    history: "list[Parameter]"  # the latest first
    coming: "list[Parameter]"  # the next first


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    values: list[Value]


def groups(on: date) -> list[Group]:
    """Every value of every room on a day."""
    rows = history()
    return [Group(str(TITLES[each]), [_value(one, rows, on) for one in declared(each)]) for each in KNOWN]


def value(name: str, on: date) -> Value | None:
    return next((one for group in groups(on) for one in group.values if one.declared.name == name), None)


def _value(one: Declared, rows: "list[Parameter]", on: date) -> Value:
    own = [row for row in rows if row.name == one.name]
    now = next((row for row in own if row.starts_on <= on), None)
    return Value(
        declared=one,
        label=str(LABELS[one.name]),
        unit=str(UNITS[one.unit]),
        in_force=now.value if now else one.default,
        source=now.source if now else one.source,
        since=now.starts_on if now else None,
        history=own,
        coming=[row for row in reversed(own) if row.starts_on > on],
    )
