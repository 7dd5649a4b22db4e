"""Log out, see where one is logged in, end that, and stay when a session is about to end."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vardnav.identity import actions, selectors
from vardnav.identity.rules.claims import Population, ProviderSilent
from vardnav.identity.rules.sessions import Way
from vardnav.kernel.actor import Actor
from vardnav.web import clock
from vardnav.web.identity import oidc_client
from vardnav.web.identity.oidc_providers import provider_of
from vardnav.web.labels import WAY_LABELS
from vardnav.web.request import EVERYONE, Request, open_to_all, page
from vardnav.web.session_store import WAY, SessionStore

POPULATIONS = {Way.OIDC_STAFF.value: Population.STAFF, Way.OIDC_RESIDENT.value: Population.RESIDENTS}


@open_to_all("POST")
def logout(request: HttpRequest) -> HttpResponse:
    """End the session here, and at the provider where it can be ended."""
    actor: Actor | None = getattr(request, "actor", None)
    population = POPULATIONS.get(request.session.get(WAY, ""))
    hint = actions.log_out(_digest(request), by=actor, now=clock.now()) if actor else ""
    request.session.flush()
    provider = provider_of(population, request) if population else None
    if provider is None:
        return redirect("web:login")
    try:
        url = oidc_client.logout_url(provider, hint, request.build_absolute_uri(reverse("web:login")))
    except ProviderSilent:
        url = None
    if url is None:
        return redirect("web:login")
    if oidc_client.origin(url) not in {provider.origin, oidc_client.origin(request.build_absolute_uri())}:
        return render(request, "identity/logged_out.html", {"url": url})  # a form may not lead there: a link may
    return HttpResponseRedirect(url)


@page(*EVERYONE)
def my_sessions(request: Request) -> HttpResponse:
    rows = selectors.open_sessions(request.actor.account_id or 0, now=clock.now(), current=_digest(request))
    context = {"rows": [(row, WAY_LABELS[row.way]) for row in rows], "others": sum(not row.current for row in rows)}
    return render(request, "identity/sessions.html", context)


@page(*EVERYONE, methods="POST")
def end_session(request: Request, session_id: int) -> HttpResponse:
    actions.end_session(session_id, by=request.actor, now=clock.now())
    messages.success(request, _("Inloggningen är avslutad."))
    return redirect("web:my_sessions")


@page(*EVERYONE, methods="POST")
def end_other_sessions(request: Request) -> HttpResponse:
    """All of one's own but this one."""
    account_id = request.actor.account_id
    if account_id is None:
        raise Http404
    ended = actions.end_sessions(account_id, by=request.actor, now=clock.now(), but=_digest(request))
    told = ngettext("%(count)s inloggning är avslutad.", "%(count)s inloggningar är avslutade.", ended)
    messages.success(request, told % {"count": ended})
    return redirect("web:my_sessions")


@open_to_all("GET POST")
def stay(request: HttpRequest) -> HttpResponse:
    """How many seconds remain, for the open page; a POST says that somebody is there."""
    actor: Actor | None = getattr(request, "actor", None)
    store = request.session
    ends_at = getattr(request, "session_ends_at", None)
    if request.method == "POST" and actor and isinstance(store, SessionStore):
        ends_at = store.see(clock.now())
    left = max(0, int((ends_at - clock.now()).total_seconds())) if actor and ends_at else 0
    return JsonResponse({"seconds": left, "account": actor.account_id if actor else None})


def _digest(request: HttpRequest) -> str:
    return request.session.digest if isinstance(request.session, SessionStore) and request.session.session_key else ""
