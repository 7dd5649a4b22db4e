"""Which pages the search finds, by their name and by the words people use for what they do there."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from vardnav.kernel.actor import Actor, ActorKind
from vardnav.listing.selectors.clinics import swedish_key
from vardnav.web.frame.nav import entries_for
from vardnav.web.public.views import TOPICS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class PageHit:
    label: str
    url: str
    does: str


# Words beside the label, and what one does there; a page without a line here is found by its label.
MEANINGS: dict[str, "_StrPromise"] = {
    "web:home": _("Det som väntar på dig, meddelanden"),
    "web:my_clinic": _("Din listning, fast läkare, kö, byta eller lämna vårdcentral"),
    "web:children": _("Barnens vårdcentral, vårdnadshavare"),
    "web:my_log": _("Logg över vem som har öppnat dina uppgifter"),
    "web:find_clinic": _("Hitta, jämför och välj vårdcentral, restid, språk"),
    "web:messages": _("Meddelanden från vården"),
    "web:today": _("Nya listade att välkomna, erbjudanden, läkare som slutar"),
    "web:panel": _("Listade invånare, läkarnas kapacitet, ge fast läkare, hämta lista"),
    "web:queue": _("Kö, erbjudanden, listningstak, ansökan om tak"),
    "web:ask_cap": _("Ansök hos regionen om att begränsa listningen"),
    "web:staffing": _("Anställda, tjänster, ST-läkare, hyrläkare, kapacitet"),
    "web:overview": _("Listade per läkare, andel med fast läkare, riktvärde 1 100"),
    "web:clinics": _("Alla vårdcentraler, karta och tabell"),
    "web:decisions": _("Ansökningar om listningstak, beslut"),
    "web:accounts": _("Konton och medarbetaruppdrag"),
    "web:parameters": _("Regionens värden: riktvärde, byten, svarstider"),
    "web:api_keys": _("Tjänstekonton och nycklar"),
    "web:audit_search": _("Granska vem som har läst och ändrat"),
    "web:assignments": _("Byt det uppdrag du arbetar i"),
    "web:accessibility": _("Tillgänglighetsredogörelse, lämna synpunkter"),
    "web:about": _("Om programmet, öppen källkod"),
    "web:privacy": _("Personuppgifter, integritet, rättigheter"),
    "web:help": _("Frågor och svar om att lista sig"),
    "web:definitions": _("Hur regionens siffror räknas"),
}
STAFF = frozenset({"clinic_staff", "clinic_head", "region_planner", "administrator"})
MORE: tuple[tuple["_StrPromise", str, frozenset[str]], ...] = (
    (_("Hitta vårdcentral"), "web:find_clinic", frozenset({"resident"})),
    (_("Meddelanden"), "web:messages", frozenset({"resident"})),
    (_("Ansök om listningstak"), "web:ask_cap", frozenset({"clinic_head"})),
    (
        _("Byt uppdrag"),
        "web:assignments",
        frozenset({"clinic_staff", "clinic_head", "region_planner", "administrator"}),
    ),
    (_("Så räknas siffrorna"), "web:definitions", frozenset({"region_planner"})),
    (_("Hjälp"), "web:help", frozenset()),
    (_("Dina uppgifter"), "web:privacy", frozenset()),
    (_("Tillgänglighet"), "web:accessibility", frozenset()),
    (_("Om Vårdnav"), "web:about", frozenset()),
)


def find_pages(query: str, actor: Actor) -> list[PageHit]:
    """The actor's own pages whose label or meaning has words that begin with each word asked for."""
    words = [swedish_key(word) for word in query.split()]
    role = "resident" if actor.kind is ActorKind.RESIDENT else str(actor.role or "")
    entries = [(entry.label, entry.url_name) for entry in entries_for(actor)]
    entries += [(label, name) for label, name, roles in MORE if not roles or role in roles]
    found: dict[str, PageHit] = {}
    for label, name in entries:
        does = str(MEANINGS.get(name, ""))
        fits = words and _fits(words, f"{label} {does}")
        if fits and (url := _url(name)):
            found.setdefault(name, PageHit(str(label), url, does))
    return [*found.values(), *_help_topics(words)]


def _help_topics(words: list[str]) -> list[PageHit]:
    hits = [
        PageHit(str(title), reverse("web:help_topic", args=[slug]), _now("Hjälp")) for slug, title in TOPICS.items()
    ]
    return [hit for hit in hits if words and _fits(words, hit.label)]


def _fits(words: list[str], text: str) -> bool:
    """Whether each word asked for begins a word of the text."""
    meant = re.split(r"[\s,:]+", swedish_key(text))
    return all(any(one.startswith(word) for one in meant) for word in words)


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:  # its room is not built yet
        return ""
