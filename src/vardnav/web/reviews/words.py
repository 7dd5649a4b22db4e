"""What the pages say of reviews: reasons, verdicts, states."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vardnav.audit.selectors import Trace
from vardnav.kernel.actor import Role
from vardnav.reviews.rules import Risk, State, Verdict
from vardnav.web.frame.nav import ROLE_LABELS
from vardnav.web.resident.log_words import DEEDS, reason_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

RISKS: dict[Risk, "_StrPromise"] = {
    Risk.OWN_RECORD: _("Troligen egna uppgifter: samma namn och födelseår"),
    Risk.HOUSEHOLD: _("Troligen samma hushåll eller adress"),
    Risk.COLLEAGUE: _("Troligen kollega: samma namn och födelseår som en anställd på enheten"),
    Risk.WELL_KNOWN: _("Allmänt känd person"),
    Risk.PROTECTED: _("Skyddade personuppgifter"),
    Risk.EMERGENCY: _("Öppnades i en nödsituation"),
    Risk.DENIED: _("Försök som nekades"),
    Risk.NO_CONTACT: _("Ingen kontakt med enheten den dagen eller tiden före"),
    Risk.MANY_PATIENTS: _("Mycket många patienter samma dag"),
    Risk.SAME_SURNAME: _("Samma efternamn"),
}
VERDICTS: dict[Verdict, tuple[str, "_StrPromise", str]] = {
    Verdict.WARRANTED: ("success", _("Befogad"), "circle-check"),
    Verdict.NEEDS_EXPLANATION: ("warning", _("Fråga ställd"), "circle-help"),
    Verdict.UNWARRANTED: ("danger", _("Obefogad"), "octagon-alert"),
}
STATES: dict[State, tuple[str, "_StrPromise", str]] = {
    State.OPEN: ("info", _("Pågår"), "circle-dot"),
    State.WAITING: ("info", _("Väntar på svar"), "hourglass"),
    State.LATE: ("danger", _("Försenad"), "octagon-alert"),
    State.DONE: ("success", _("Klar i tid"), "circle-check"),
    State.DONE_LATE: ("warning", _("Klar för sent"), "triangle-alert"),
}
CONTACTS: dict[str, "_StrPromise"] = {
    "listed": _("Listad hos enheten, på väg dit eller i dess kö"),
    "need": _("Ett skrivet skäl"),
}


def contact(name: str) -> str:
    """What the unit had to do with the patient that day."""
    return str(CONTACTS.get(name, name)) if name else gettext("Ingenting")


def did(line: Trace) -> str:
    return str(DEEDS.get(line.kind, line.kind))


def role(line: Trace) -> str:
    return str(ROLE_LABELS[Role(line.role)]) if line.role in set(Role) else line.role


def reason(line: Trace) -> str:
    return reason_words(line.reason) if line.reason else ""
