"""Log in at a provider of identity, and come back."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from vardnav.identity import actions
from vardnav.identity.actions import LetIn
from vardnav.identity.rules import digest
from vardnav.identity.rules.claims import LoginNotConfirmed, Population, ProviderSilent
from vardnav.identity.rules.sessions import BEFORE_LOGIN
from vardnav.kernel.errors import Refusal
from vardnav.web import clock, session
from vardnav.web.identity import oidc_client
from vardnav.web.identity.going import going_to
from vardnav.web.identity.oidc_client import Begun, Provider
from vardnav.web.identity.oidc_providers import PATHS, is_test, provider_of
from vardnav.web.request import open_to_all
from vardnav.web.session_store import SessionStore

UNDER_WAY = "logins"
MOST_UNDER_WAY = 4  # windows in which one browser is on its way to a provider


@never_cache
@open_to_all()
def begin(request: HttpRequest, who: str) -> HttpResponse:
    """Off to the provider."""
    provider = _provider(request, who)
    try:
        url, begun = oidc_client.begin(provider, _redirect_uri(request, who), language=get_language() or "sv")
    except ProviderSilent as refusal:
        return refused(request, who, refusal)
    kept: dict[str, Any] = request.session.get(UNDER_WAY, {})
    kept = dict(list(kept.items())[1 - MOST_UNDER_WAY :])
    kept[begun.state] = {
        "who": who,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "next": going_to(request),
        "at": clock.now().isoformat(),
    }
    request.session[UNDER_WAY] = kept
    return HttpResponseRedirect(url)


@never_cache
@open_to_all()
def answer(request: HttpRequest, who: str) -> HttpResponse:
    """Back from the provider. Each state is answered once."""
    provider = _provider(request, who)
    kept = _taken(request, who)
    try:
        if kept is None:
            raise LoginNotConfirmed(why="state")
        if request.GET.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
            raise LoginNotConfirmed(why="iss")
        if error := request.GET.get("error"):
            return _not_done(request, provider, error, kept["next"])
        confirmed = oidc_client.finish(
            provider,
            Begun(request.GET.get("state", ""), kept["nonce"], kept["verifier"]),
            request.GET.get("code", ""),
            _redirect_uri(request, who),
        )
    except LoginNotConfirmed as refusal:
        why = str(refusal.facts.get("why", ""))
        logged = actions.not_confirmed(why, provider=provider.issuer, now=clock.now(), request_id=_number(request))
        return refused(request, who, logged)
    except ProviderSilent as refusal:
        return refused(request, who, refusal)
    try:
        let_in = actions.log_in_by_claims(
            provider.population,
            confirmed.claims,
            provider=provider.issuer,
            now=clock.now(),
            request_id=_number(request),
        )
    except Refusal as refusal:
        return refused(request, who, refusal)
    return _entered(request, let_in, confirmed.id_token, kept["next"])


def refused(request: HttpRequest, who: str, refusal: Refusal) -> HttpResponse:
    """Nobody was let in: why, and what to do."""
    context = {
        "code": refusal.code,
        "facts": refusal.facts,
        "who": who,
        "staff": PATHS[who] is Population.STAFF,
        "test": is_test(PATHS[who]),
        "request_id": _number(request),
    }
    return render(request, "identity/not_let_in.html", context, status=refusal.status)


def _provider(request: HttpRequest, who: str) -> Provider:
    population = PATHS.get(who)
    found = provider_of(population, request) if population else None
    if found is None:
        raise Http404
    return found


def _redirect_uri(request: HttpRequest, who: str) -> str:
    return request.build_absolute_uri(reverse("web:oidc_answer", args=[who]))


def _taken(request: HttpRequest, who: str) -> dict[str, Any] | None:
    """What was remembered under the answer's state, and is no more."""
    kept = dict(request.session.get(UNDER_WAY, {}))
    found: dict[str, Any] | None = kept.pop(request.GET.get("state", ""), None)
    if found is None:
        return None
    request.session[UNDER_WAY] = kept
    request.session.save()  # before the code is used: a second answer finds nothing
    is_late = clock.now() - datetime.fromisoformat(found["at"]) > BEFORE_LOGIN
    return None if found["who"] != who or is_late else found


def _not_done(request: HttpRequest, provider: Provider, error: str, next_page: str) -> HttpResponse:
    """The person changed their mind, or the provider would not: no fault of the answer's."""
    if error != "access_denied":
        why = "error: " + "".join(sign for sign in error[:90] if sign.isprintable())  # the log keeps no others
        raise LoginNotConfirmed(why=why)
    return redirect(f"{reverse('web:login')}?{urlencode({'next': next_page, 'avbruten': provider.population.value})}")


def _entered(request: HttpRequest, let_in: LetIn, id_token: str, next_page: str) -> HttpResponse:
    only = let_in.assignment_ids[0] if len(let_in.assignment_ids) == 1 else None
    proof = digest(let_in.account.password)
    session.log_in(request, let_in.account.id, only, proof=proof, assurance=let_in.assurance, way=let_in.way)
    session.remember_commission(request, let_in.commission)
    request.session.save()
    if isinstance(request.session, SessionStore):
        actions.hint_at_logout(request.session.digest, id_token)
    if let_in.account.hsa_id and only is None:
        return redirect(f"{reverse('web:assignments')}?{urlencode({'next': next_page})}")
    return HttpResponseRedirect(next_page)


def _number(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))
