"""Refusals in words, and as pages. A denied access leaves its own line although the work is rolled back."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity, Outcome
from vardnav.kernel.actor import Actor
from vardnav.kernel.errors import Refusal
from vardnav.web import clock
from vardnav.web.frame.formats import swedish_date

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FORBIDDEN = 403
TEXTS: dict[str, "_StrPromise"] = {
    "access_denied": _("Du får inte öppna det här. Uppgifter visas bara för den som behöver dem för vården."),
    "account_locked": _("För många försök. Kontot öppnas igen om 15 minuter."),
    "account_taken": _("Det finns redan ett konto med det användarnamnet, HSA-id:t eller personnumret."),
    "already_listed_there": _("Listningen är redan på den vårdcentralen."),
    "already_sent": _("Den rapporten är redan skickad."),
    "already_queuing": _("Du står redan i en kö. Lämna den först om du vill ställa dig i en annan."),
    "bad_assignment": _("Ett uppdrag har ett skäl, och slutar efter att det har börjat."),
    "bad_incident": _("En incident har en rubrik, en text, något som skadats och en tid då den blev känd, som inte ligger framåt i tiden."),
    "bad_key": _("En nyckel har ett namn, öppnar minst en sak och slutar inom två år."),
    "bad_parameter": _("Värdet för %(name)s ska vara från %(low)s till %(high)s."),
    "both_guardians_decide": _(
        "Barnet har två vårdnadshavare. Välj en annan vårdcentral i stället, så får den andra godkänna valet."
    ),
    "cap_gone": _("Ansökan är redan avgjord."),
    "cap_refused": _("Ett listningstak gäller en begränsad tid, högst två år, och får inte krocka med ett annat."),
    "ceiling_reached": _(
        "Läkaren har %(heads)s listade och plats för %(capacity)s. Skriv ett skäl på minst tio tecken om du ändå vill."
    ),
    "choice_gone": _("Valet är redan besvarat eller har gått ut."),
    "clinic_closed": _("Det går inte att lista sig på den vårdcentralen just nu."),
    "clinic_full": _("Vårdcentralen är full. Du kan ställa dig i kö."),
    "clinic_has_room": _("Det behövs ingen kö: vårdcentralen har plats."),
    "deceased": _("Personen är avliden. Ingenting har ändrats."),
    "doctor_not_at_clinic": _("Läkaren har ingen anställning här som täcker dagen."),
    "incident_gone": _("Incidenten finns inte, eller är avslutad."),
    "key_too_long": _("Nyckeln för kommandot är för lång. Den får ha högst %(most)s tecken."),
    "key_reused": _("Formuläret har redan använts till något annat. Ladda om sidan och försök igen."),
    "login_refused": _("Användarnamnet eller lösenordet stämmer inte."),
    "need_not_stated": _("Skriv varför du behöver uppgifterna, med minst tio tecken."),
    "no_upcoming_change": _("Det finns inget byte att ångra: det har redan börjat gälla."),
    "not_a_personal_number": _("Det är inte ett personnummer. Skriv ÅÅÅÅMMDD-NNNN."),
    "not_a_reviewer": _("Bara en administratör söker i hela loggen."),
    "not_a_staff_account": _("Bara öppna konton för medarbetare har uppdrag och lösenord."),
    "not_an_administrator": _("Bara en administratör kan göra det här."),
    "not_due": _("Den rapporten behövs inte, eller så är den före inte skickad."),
    "not_exempt": _(
        "Undantaget gäller barn under ett år som har en förälder eller ett syskon listat på vårdcentralen."
    ),
    "not_for_incidents": _("Bara en administratör för registret över incidenter."),
    "not_listed": _("Det finns ingen listning att ändra."),
    "not_queuing": _("Det finns ingen köplats."),
    "not_the_other_guardian": _("Den andra vårdnadshavaren ska svara."),
    "not_the_planner": _("Bara regionen kan göra det här."),
    "not_your_assignment": _("Uppdraget är inte ditt, har inte börjat eller är slut."),
    "not_your_clinic": _("Du kan bara göra det här för din egen vårdcentral."),
    "offer_gone": _("Erbjudandet är redan besvarat eller har gått ut."),
    "own_account": _("Ingen ger sig själv uppdrag eller stänger sitt eget konto. En annan administratör gör det."),
    "person_in_text": _("Det står ett personnummer i texten. Skriv om det: här får inga uppgifter om patienter stå."),
    "still_due": _("En rapport är inte skickad än. Incidenten kan inte avslutas."),
    "too_many_changes": _("Du har redan bytt %(most)s gånger på ett år. Du kan byta igen %(again_on)s."),
    "too_young": _("En vårdnadshavare väljer vårdcentral tills du har fyllt 16 år."),
    "unknown_parameter": _("Det finns inget värde med det namnet."),
    "unknown_scope": _("En nyckel kan bara öppna det som finns i listan."),
}


def text_of(refusal: Refusal, template: "_StrPromise | None" = None) -> str:
    """The sentence a person reads, or another with the same facts. Without one, the refusal's own words."""
    template = template or TEXTS.get(refusal.code)
    if template is None:
        return str(refusal)
    facts = {name: swedish_date(fact) if isinstance(fact, date) else fact for name, fact in refusal.facts.items()}
    try:
        return str(template) % facts
    except (KeyError, TypeError):
        return str(refusal)


def refusals_as_pages(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """What a view did not catch: 403 with its line, or the refusal's own status."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        status = error.status
        if status == FORBIDDEN:
            record_denial(request, error)
        context = {
            "refusal": text_of(error),
            "reason": text_of(error),
            "request_id": getattr(request, "request_id", ""),
        }
        return render(request, "403.html" if status == FORBIDDEN else "frame/refused.html", context, status=status)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def record_denial(request: HttpRequest, error: Refusal) -> None:
    """Who was refused what, in a transaction of its own."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return
    patient_id = error.facts.get("patient_id")
    route = request.resolver_match.view_name if request.resolver_match else ""
    audit.record(
        "access.denied",
        by=actor,
        now=clock.now(),
        activity=Activity.ACCESS,
        outcome=Outcome.DENIED,
        patient_id=patient_id if isinstance(patient_id, int) else None,
        route=route,
        deed=str(error.facts.get("deed", error.code)),
    )
