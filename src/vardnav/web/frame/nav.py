"""Who sees which entries: role -> entries, in the order of the screen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from vardnav.kernel.actor import Actor, ActorKind, Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Entry(NamedTuple):
    label: "_StrPromise"
    url_name: str
    icon: str


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    url: str
    icon: str
    current: bool


RESIDENT = (
    Entry(_("Hem"), "web:home", "house"),
    Entry(_("Min vårdcentral"), "web:my_clinic", "stethoscope"),
    Entry(_("Barn"), "web:children", "baby"),
    Entry(_("Vem har läst"), "web:my_log", "eye"),
)
LOG_REVIEWS = Entry(_("Loggranskning"), "web:reviews", "eye")
CLINIC = (
    Entry(_("I dag"), "web:today", "sun"),
    Entry(_("Listade"), "web:panel", "users"),
    Entry(_("Kö och tak"), "web:queue", "list-ordered"),
)
STAFF: dict[Role, tuple[Entry, ...]] = {
    Role.CLINIC_STAFF: CLINIC,
    Role.CLINIC_HEAD: (*CLINIC, Entry(_("Bemanning"), "web:staffing", "user-round-cog"), LOG_REVIEWS),
    Role.REGION_PLANNER: (
        Entry(_("Läget"), "web:overview", "gauge"),
        Entry(_("Vårdcentraler"), "web:clinics", "hospital"),
        Entry(_("Tak och beslut"), "web:decisions", "scale"),
        Entry(_("Regler och värden"), "web:parameters", "sliders-horizontal"),
        LOG_REVIEWS,
    ),
    Role.ADMINISTRATOR: (
        Entry(_("Konton"), "web:accounts", "circle-user-round"),
        Entry(_("Regler och värden"), "web:parameters", "sliders-horizontal"),
        Entry(_("API-nycklar"), "web:api_keys", "key-round"),
        Entry(_("Logg"), "web:audit_search", "scroll-text"),
        Entry(_("Incidenter"), "web:incidents", "octagon-alert"),
    ),
    Role.LOG_REVIEWER: (
        Entry(_("Granskningar"), "web:reviews", "eye"),
        Entry(_("Resultat"), "web:review_results", "chart-column"),
        Entry(_("Särskild bevakning"), "web:review_flags", "shield"),
    ),
}
ROLE_LABELS: dict[Role, "_StrPromise"] = {
    Role.CLINIC_STAFF: _("Medarbetare"),
    Role.CLINIC_HEAD: _("Verksamhetschef"),
    Role.REGION_PLANNER: _("Regionplanerare"),
    Role.ADMINISTRATOR: _("Administratör"),
    Role.LOG_REVIEWER: _("Loggranskare"),
}


def entries_for(actor: Actor | None) -> tuple[Entry, ...]:
    if actor is None:
        return ()
    if actor.kind is ActorKind.RESIDENT:
        return RESIDENT
    return STAFF.get(actor.role, ()) if actor.role else ()


def navigation(actor: Actor | None, path: str) -> tuple[NavItem, ...]:
    """The entries whose pages exist; current is the one whose address is the longest start of `path`."""
    found = []
    for entry in entries_for(actor):
        try:
            found.append((entry, reverse(entry.url_name)))
        except NoReverseMatch:  # its room is not built yet
            continue
    current = max((url for _entry, url in found if _is_under(path, url)), key=len, default=None)
    return tuple(NavItem(str(entry.label), url, entry.icon, url == current) for entry, url in found)


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
