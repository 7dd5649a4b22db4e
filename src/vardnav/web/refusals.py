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
    "account_closed": _("Kontot är stängt."),
    "account_taken": _("Det finns redan ett konto med det användarnamnet, HSA-id:t eller personnumret."),
    "already_blocked": _("Uppgifterna är redan spärrade."),
    "already_listed_there": _("Listningen är redan på den vårdcentralen."),
    "already_reviewed": _("Den månaden har redan sin granskning. En extra behöver ett skäl."),
    "already_sent": _("Den rapporten är redan skickad."),
    "already_queuing": _("Du står redan i en kö. Lämna den först om du vill ställa dig i en annan."),
    "assurance_too_low": _(
        "Patientuppgifter visas bara för den som har loggat in säkert. Logga in med e-legitimation på tillitsnivå 3."
    ),
    "bad_assignment": _("Ett uppdrag har ett skäl, och slutar efter att det har börjat."),
    "bad_incident": _(
        "En incident har en rubrik, en text, något som skadats och en tid då den blev känd, "
        "som inte ligger framåt i tiden."
    ),
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
    "claim_missing": _("Legitimeringen innehöll inte det som behövs för att veta vem du är."),
    "clinic_closed": _("Det går inte att lista sig på den vårdcentralen just nu."),
    "clinic_full": _("Vårdcentralen är full. Du kan ställa dig i kö."),
    "clinic_has_room": _("Det behövs ingen kö: vårdcentralen har plats."),
    "code_refused": _("Koden stämmer inte, eller är redan använd. Vänta på nästa kod i appen och pröva igen."),
    "deceased": _("Personen är avliden. Ingenting har ändrats."),
    "doctor_not_at_clinic": _("Läkaren har ingen anställning här som täcker dagen."),
    "flag_gone": _("Det finns ingen sådan person, eller ingen bevakning att avsluta."),
    "incident_gone": _("Incidenten finns inte, eller är avslutad."),
    "judgement_not_founded": _("Skriv varför, med minst %(least)s tecken."),
    "key_too_long": _("Nyckeln för kommandot är för lång. Den får ha högst %(most)s tecken."),
    "key_reused": _("Formuläret har redan använts till något annat. Ladda om sidan och försök igen."),
    "last_factor": _("Ett konto har alltid minst ett andra steg. Lägg till ett annat först."),
    "level_too_low": _("Sättet du legitimerade dig på är inte säkert nog."),
    "login_not_confirmed": _("Svaret från legitimeringen gick inte att lita på."),
    "line_not_in_review": _("Granskningen eller raden finns inte."),
    "login_refused": _("Användarnamnet eller lösenordet stämmer inte."),
    "need_not_stated": _("Skriv varför du behöver uppgifterna, med minst tio tecken."),
    "not_blocked": _("Det finns ingen spärr att häva."),
    "not_from_here": _("Det går inte att göra härifrån just nu. Personen ser själv varför på sina sidor."),
    "nothing_to_block": _("Enheten har inga uppgifter om dig att spärra."),
    "nothing_to_open": _("Välj minst en enhet."),
    "no_matching_assignment": _(
        "Inget av dina uppdrag i Vårdnav stämmer med uppdraget du valde när du legitimerade dig."
    ),
    "no_staff_account": _("Det finns inget konto i Vårdnav för ditt HSA-id."),
    "no_upcoming_change": _("Det finns inget byte att ångra: det har redan börjat gälla."),
    "not_all_judged": _("%(left)s rader är inte avgjorda än. Granskningen kan inte avslutas."),
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
    "nothing_to_answer": _("Det finns ingen fråga att svara på, eller inget som är bedömt som obefogat."),
    "not_your_assignment": _("Uppdraget är inte ditt, har inte börjat eller är slut."),
    "not_your_clinic": _("Du kan bara göra det här för din egen vårdcentral."),
    "not_your_review": _("Du granskar och följer bara din egen enhets rader."),
    "log_does_not_hold": _("Loggen är inte som den skrevs. Inget tas bort ur den."),
    "offer_gone": _("Erbjudandet är redan besvarat eller har gått ut."),
    "only_your_unit": _("Du kan bara spärra och häva spärrar för din egen enhet."),
    "opening_gone": _("Öppningen är redan använd, stängd eller för gammal. Börja om."),
    "own_line": _("Ingen bedömer det de själva har gjort. En annan granskare gör det."),
    "own_account": _("Ingen ger sig själv uppdrag eller stänger sitt eget konto. En annan administratör gör det."),
    "passkey_not_added": _("Passnyckeln kunde inte läggas till. Pröva igen, eller välj en kodapp."),
    "passkey_refused": _("Passnyckeln kunde inte användas. Pröva igen, eller logga in på ett annat sätt."),
    "password_expired": _("Det tillfälliga lösenordet har gått ut. Be en administratör om ett nytt."),
    "password_refused": _("Lösenordet är för lätt att gissa."),
    "provider_silent": _("Tjänsten för legitimering svarar inte."),
    "reason_not_given": _("Skriv varför, med minst tio tecken."),
    "request_not_written": _("Skriv hur personen bad om det, med minst tio tecken."),
    "session_gone": _("Den inloggningen är redan avslutad."),
    "person_in_text": _("Det står ett personnummer i texten. Ta bort det: här får inga uppgifter om patienter stå."),
    "review_finished": _("Granskningen är avslutad och kan inte ändras."),
    "still_due": _("En rapport är inte skickad än. Incidenten kan inte avslutas."),
    "too_many_changes": _("Du har redan bytt %(most)s gånger på ett år. Du kan byta igen %(again_on)s."),
    "too_many_passkeys": _("Ett konto har högst tio passnycklar. Ta bort en först."),
    "too_many_tries": _("För många försök. Du kan försöka igen om %(minutes)s min."),
    "too_young": _("En vårdnadshavare väljer vårdcentral tills du har fyllt 16 år."),
    "too_young_to_block": _(
        "Den som är yngre än %(years)s år kan inte göra det här på det sättet. En vårdnadshavare kan inte göra det i "
        "stället."
    ),
    "unknown_parameter": _("Det finns inget värde med det namnet."),
    "unknown_scope": _("En nyckel kan bara öppna det som finns i listan."),
    "wrong_password": _("Det nuvarande lösenordet stämmer inte."),
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
