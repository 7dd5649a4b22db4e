"""Log in, choose an assignment, log out."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.identity import actions, selectors
from vardnav.identity.rules import NotYourAssignment
from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.kernel.errors import Refusal
from vardnav.web import clock, session
from vardnav.web.frame.nav import ROLE_LABELS
from vardnav.web.identity import browsers, halfway
from vardnav.web.identity.forms import LoginForm
from vardnav.web.identity.going import going_to
from vardnav.web.identity.network import network_of, site_of
from vardnav.web.identity.oidc_providers import ways
from vardnav.web.identity.words import told
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
        name = form.cleaned_data["login"]
        try:
            account = actions.log_in(
                login=name,
                password=form.cleaned_data["password"],
                now=clock.now(),
                request_id=getattr(request, "request_id", ""),
                address=network_of(request),
                browser=browsers.mark_of(request, name),
            )
        except Refusal as refusal:
            form.add_error(None, told(refusal))
            status = refusal.status
        else:
            return halfway.begin(request, account, going_to(request))
    context = {"form": form, "ways": ways(request), "next": request.GET.get("next", ""), "site": site_of(request)}
    context["next_query"] = urlencode({"next": context["next"]} if context["next"] else {})
    return render(request, "identity/login.html", context, status=status)


@never_cache
@open_to_all("GET POST")
def assignments(request: HttpRequest) -> HttpResponse:
    """Choose the assignment to act in; only assignments valid at this instant can be chosen."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.account_id is None or actor.kind is not ActorKind.STAFF:
        return redirect(session.start_page(actor))
    valid = selectors.valid_assignments(actor.account_id, clock.now(), session.commission_of(request))
    if request.method == "POST":
        chosen = valid.filter(id=_number(request.POST.get("assignment"))).first()
        if chosen is None:
            raise NotYourAssignment
        session.act_in(request, chosen.id)
        acting = selectors.actor(actor.account_id, chosen.id, clock.now(), actor.request_id, assurance=actor.assurance)
        audit.record("identity.assignment.chosen", by=acting or actor, now=clock.now(), activity=Activity.ACCESS)
        return HttpResponseRedirect(going_to(request))
    choices = [(one, ROLE_LABELS[Role(one.role)]) for one in valid]
    context = {"assignments": choices, "title": _("Välj uppdrag"), "next": request.GET.get("next", "")}
    return render(request, "identity/assignments.html", context)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0
