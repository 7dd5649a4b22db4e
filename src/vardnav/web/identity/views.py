"""Log in, choose an assignment, log out."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.demo import selectors as demo
from vardnav.identity import actions, selectors
from vardnav.identity.rules import AccountLocked, LoginRefused, NotYourAssignment, digest
from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.web import clock, session
from vardnav.web.frame.nav import ROLE_LABELS
from vardnav.web.identity.forms import LoginForm
from vardnav.web.refusals import text_of
from vardnav.web.request import open_to_all


@open_to_all()
def start(request: HttpRequest) -> HttpResponse:
    """`/` leads to what the person does first."""
    return redirect(session.start_page(getattr(request, "actor", None)))


@never_cache
@open_to_all("GET POST")
def login(request: HttpRequest) -> HttpResponse:
    form = LoginForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            account = actions.log_in(
                login=form.cleaned_data["login"],
                password=form.cleaned_data["password"],
                now=clock.now(),
                request_id=getattr(request, "request_id", ""),
            )
        except (LoginRefused, AccountLocked) as refusal:
            form.add_error(None, text_of(refusal))
            status = 403
        else:
            assignments = list(selectors.valid_assignments(account.id, clock.now())[:2])
            only = assignments[0].id if len(assignments) == 1 else None
            session.log_in(request, account.id, only, proof=digest(account.password), assurance=3)
            if account.hsa_id and len(assignments) != 1:
                return redirect(f"{reverse('web:assignments')}?{urlencode({'next': _next(request)})}")
            return HttpResponseRedirect(_next(request))
    people = demo.people() if settings.DEMO else []
    context = {"form": form, "people": people, "next": request.GET.get("next", "")}
    return render(request, "identity/login.html", context, status=status)


def _next(request: HttpRequest) -> str:
    """Where the person was going, if that is a page of ours. An address: `redirect` would look for a view's name."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if safe else "/"


@open_to_all("POST")
def logout(request: HttpRequest) -> HttpResponse:
    request.session.flush()
    return redirect("web:login")


@never_cache
@open_to_all("GET POST")
def assignments(request: HttpRequest) -> HttpResponse:
    """Choose the assignment to act in; only assignments valid at this instant can be chosen."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.account_id is None or actor.kind is not ActorKind.STAFF:
        return redirect(session.start_page(actor))
    valid = selectors.valid_assignments(actor.account_id, clock.now())
    if request.method == "POST":
        chosen = valid.filter(id=_number(request.POST.get("assignment"))).first()
        if chosen is None:
            raise NotYourAssignment
        session.act_in(request, chosen.id)
        acting = selectors.actor(actor.account_id, chosen.id, clock.now(), actor.request_id)
        audit.record("identity.assignment.chosen", by=acting or actor, now=clock.now(), activity=Activity.ACCESS)
        return HttpResponseRedirect(_next(request))
    choices = [(one, ROLE_LABELS[Role(one.role)]) for one in valid]
    context = {"assignments": choices, "title": _("Välj uppdrag"), "next": request.GET.get("next", "")}
    return render(request, "identity/assignments.html", context)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 18 else 0
