"""What is said of incidents: harms, reports, states; what to send where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from vardnav.incidents import selectors
from vardnav.incidents.rules import Deadline, Harm, State, Step

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

HARMS: dict[Harm, "_StrPromise"] = {
    Harm.AVAILABILITY: _("Tillgänglighet: något gick inte att använda"),
    Harm.CONFIDENTIALITY: _("Konfidentialitet: någon såg det de inte skulle se"),
    Harm.INTEGRITY: _("Riktighet: något blev fel eller ändrades"),
}
HARMS_SHORT: dict[Harm, "_StrPromise"] = {
    Harm.AVAILABILITY: pgettext_lazy("harm", "Tillgänglighet"),
    Harm.CONFIDENTIALITY: _("Konfidentialitet"),
    Harm.INTEGRITY: _("Riktighet"),
}
STEPS: dict[Step, "_StrPromise"] = {
    Step.EARLY_WARNING: _("Tidig varning"),
    Step.NOTIFICATION: _("Incidentanmälan"),
    Step.PRIVACY: _("Anmälan till IMY"),
    Step.FINAL_REPORT: _("Slutrapport"),
}
RULES: dict[Step, "_StrPromise"] = {
    Step.EARLY_WARNING: _("inom 24 timmar från det att ni fick kännedom"),
    Step.NOTIFICATION: _("inom 72 timmar från det att ni fick kännedom"),
    Step.PRIVACY: _("inom 72 timmar från det att ni fick kännedom"),
    Step.FINAL_REPORT: _("inom en månad från det att incidentanmälan skickades"),
}
WHERE: dict[Step, "_StrPromise"] = {
    Step.EARLY_WARNING: _(
        "Till CSIRT-enheten (CERT-SE, cert.se). Skriv vad som har hänt, om det kan vara ett angrepp eller brott, och "
        "om andra länder kan beröras. Det räcker med det ni vet."
    ),
    Step.NOTIFICATION: _(
        "Till samma mottagare. Uppdatera varningen och skriv en första bedömning: hur allvarligt, vad det påverkar "
        "och, om ni har dem, tekniska spår."
    ),
    Step.PRIVACY: _(
        "Till Integritetsskyddsmyndigheten i deras e-tjänst (imy.se), om det inte är osannolikt att någon drabbas. "
        "Skriv vilka slags uppgifter och ungefär hur många, följderna och vad ni har gjort. Är risken hög ska de "
        "berörda få veta."
    ),
    Step.FINAL_REPORT: _(
        "Till samma mottagare. Beskriv vad som hände, orsaken, vad ni har gjort och gör, och följder i andra länder. "
        "Pågår det ännu, skicka en lägesrapport nu och slutrapporten inom en månad från det att det är över."
    ),
}
STATES: dict[State, tuple[str, "_StrPromise", str]] = {
    State.WAITING: ("info", _("Väntar"), "hourglass"),
    State.NEAR: ("warning", _("Snart"), "clock"),
    State.LATE: ("danger", _("Försenad"), "octagon-alert"),
    State.SENT: ("success", _("Skickad i tid"), "circle-check"),
    State.SENT_LATE: ("warning", _("Skickad för sent"), "triangle-alert"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A deadline in words."""

    step: str
    name: str
    rule: str
    where: str
    deadline: Deadline
    colour: str
    word: str
    symbol: str
    left: str
    open: bool  # can be written down as sent


def told(one: Deadline, now: datetime) -> Told:
    colour, word, symbol = STATES[one.state]
    return Told(
        step=one.step.value,
        name=str(STEPS[one.step]),
        rule=str(RULES[one.step]),
        where=str(WHERE[one.step]),
        deadline=one,
        colour=colour,
        word=str(word),
        symbol=symbol,
        left=left(one.due_at - now) if one.sent_at is None else "",
        open=one.sent_at is None and not one.provisional,
    )


def left(span: timedelta) -> str:
    """`5 timmar kvar`, `2 dygn för sent`; minutes in the last hour."""
    late, amount = span < timedelta(0), abs(span)
    minutes = int(amount.total_seconds() // 60)
    if minutes < 120:
        text = ngettext("%(n)s minut", "%(n)s minuter", minutes) % {"n": minutes}
    elif minutes < 72 * 60:
        text = ngettext("%(n)s timme", "%(n)s timmar", minutes // 60) % {"n": minutes // 60}
    else:
        text = ngettext("%(n)s dygn", "%(n)s dygn", minutes // 1440) % {"n": minutes // 1440}
    return str((_("%(time)s för sent") if late else _("%(time)s kvar")) % {"time": text})


@dataclass(frozen=True, slots=True)
class DueNow:
    """A report that somebody must send, for the page administrators start on."""

    incident_id: int
    title: str
    told: Told


def due_now(now: datetime) -> list[DueNow]:
    return [DueNow(one.incident_id, one.title, told(one.deadline, now)) for one in selectors.due(now)]
