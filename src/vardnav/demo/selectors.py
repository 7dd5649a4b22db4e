"""Whom to log in as in a demo, and which demo the database holds."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vardnav.audit import selectors as log
from vardnav.demo.generate.cast import PEOPLE, CastProfessional, CastResident
from vardnav.kernel.actor import Role

PASSWORD = "vardnav-demo"  # noqa: S105  public on purpose: see demo.actions.check_allowed
LOADED = "demo.region.loaded"
STAFF_ROLES = {
    "clinic_staff": Role.CLINIC_STAFF,
    "clinic_head": Role.CLINIC_HEAD,
    "region_planner": Role.REGION_PLANNER,
    "administrator": Role.ADMINISTRATOR,
    "log_reviewer": Role.LOG_REVIEWER,
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    role: str
    role_label: str
    name: str
    username: str
    password: str
    does: str
    staff: bool = False  # which of the two doors they log in at


def people() -> list[DemoPerson]:
    """One person for each role, as the demo introduces them."""
    introduced = {
        "resident": (_("Invånare"), _("ser sin vårdcentral och sin läkare, listar sig och byter")),
        "parent": (_("Förälder"), _("listar sina barn, och bekräftar med den andra vårdnadshavaren")),
        "clinic_staff": (_("Vårdcentralens personal"), _("listar, välkomnar och ger invånare en fast läkare")),
        "clinic_head": (_("Verksamhetschef"), _("ser läkarnas listor mot kapaciteten, och begär listningstak")),
        "region_planner": (_("Regionens planerare"), _("följer alla vårdcentraler, och beslutar om listningstak")),
        "administrator": (_("Administratör"), _("ger medarbetare uppdrag, och för register över incidenter")),
        "log_reviewer": (_("Loggranskare"), _("kontrollerar varje månad vem som har läst om vem")),
    }
    by_role = {person.role: person for person in PEOPLE}
    return [
        DemoPerson(
            role,
            label,
            by_role[role].name,
            username(by_role[role]),
            PASSWORD,
            does,
            isinstance(by_role[role], CastProfessional),
        )
        for role, (label, does) in introduced.items()
    ]


@dataclass(frozen=True, slots=True)
class CastPerson:
    """Somebody whom the test provider vouches for: staff by HSA-id, residents by personal number."""

    key: str
    name: str
    label: str
    line: str
    hsa_id: str = ""
    personal_number: str = ""

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split()[:2])


def grown_ups() -> list[CastPerson]:
    """Everybody known who can log in: those introduced first, then the others."""
    told = {person.role: (person.role_label, f"{person.does[:1].upper()}{person.does[1:]}.") for person in people()}
    told |= {
        "other_guardian": (_("Förälder"), _("Är den andra vårdnadshavaren, och bekräftar val för barnen.")),
        "protected": (_("Invånare"), _("Har skyddade personuppgifter: adressen visas ingenstans.")),
        "unlisted": (_("Invånare"), _("Är inte listad på någon vårdcentral.")),
        "queued": (_("Invånare"), _("Står i kö till en full vårdcentral, och har spärrat sin egen för andra.")),
        "named_doctor": (_("Fast läkare"), _("Arbetar på två vårdcentraler, och väljer uppdrag.")),
    }
    grown = [one for one in PEOPLE if isinstance(one, CastProfessional) or not one.guardians]
    order = list(told)
    found = [_cast_person(one, told) for one in grown]
    return sorted(found, key=lambda one: order.index(one.key) if one.key in told else len(order))


def _cast_person(one: CastResident | CastProfessional, told: dict[str, tuple[str, str]]) -> CastPerson:
    if isinstance(one, CastResident):
        label, line = told.get(one.role, (_("Invånare"), ""))
        return CastPerson(one.role, one.name, label, line, personal_number=one.personal_number)
    label, line = told.get(one.role, (_("Medarbetare"), ""))
    return CastPerson(one.role, one.name, label, line, hsa_id=one.hsa_id)


def username(person: CastResident | CastProfessional) -> str:
    return person.first_name.lower()


def loaded() -> str | None:
    """Which demo the database holds, None if it holds none."""
    lines = log.search(kind=LOADED, most=1)
    return lines[0].reason if lines else None
