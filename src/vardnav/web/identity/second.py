"""The second step of a login, and what comes before it: a password of one's own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from vardnav.identity import actions, selectors
from vardnav.identity.rules.limits import Step
from vardnav.identity.rules.sessions import Way
from vardnav.kernel.actor import Actor
from vardnav.kernel.errors import Refusal
from vardnav.web import clock
from vardnav.web.identity import entering, halfway, questions
from vardnav.web.identity.forms import CodeForm, FirstPasswordForm
from vardnav.web.identity.going import going_to as next_page
from vardnav.web.identity.network import network_of, site_of
from vardnav.web.identity.words import told
from vardnav.web.request import open_to_all


def elsewhere(request: HttpRequest, by: Actor | None, here: Step) -> HttpResponseRedirect | None:
    """To the login, when nobody is halfway; to the step that is left, when it is not this one."""
    if by is None:
        if halfway.HALFWAY in request.session:
            request.session.flush()
            messages.warning(request, _("Det gick för lång tid. Logga in igen."))
        return redirect("web:start" if getattr(request, "actor", None) else "web:login")
    left = halfway.step(by)
    return redirect(halfway.PAGES[left]) if left is not here else None


@never_cache
@open_to_all("GET POST")
def first_password(request: HttpRequest) -> HttpResponse:
    """The one from the administrator is good for this: to choose another."""
    by = halfway.who(request)
    if (away := elsewhere(request, by, Step.PASSWORD)) or by is None:
        return away or redirect("web:login")
    form, status = FirstPasswordForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            words = [str(getattr(request, "region_name", ""))]
            try:
                account = actions.change_password(
                    new=form.cleaned_data["new"], current=None, words=words, by=by, now=clock.now()
                )
            except Refusal as refusal:
                form.add_error("new", told(refusal))
            else:
                return halfway.begin(request, account, halfway.going_to(request))
    return render(request, "identity/first_password.html", {"form": form}, status=status)


@never_cache
@open_to_all("GET POST")
def second_step(request: HttpRequest) -> HttpResponse:
    by = halfway.who(request)
    if (away := elsewhere(request, by, Step.PROVE)) or by is None:
        return away or redirect("web:login")
    factors = selectors.factors_of(by.account_id or 0)
    form, status = CodeForm(request.POST or None, help_text=code_help(factors)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                account = actions.log_in_by_code(
                    by.account_id or 0,
                    form.cleaned_data["code"],
                    now=clock.now(),
                    request_id=by.request_id,
                    address=network_of(request),
                )
            except Refusal as refusal:
                form.add_error("code", told(refusal))
                status = refusal.status
            else:
                return entering.enter(request, account, Way.PASSWORD, halfway.going_to(request))
    context = {"form": form, "factors": factors, "site": site_of(request)}
    return render(request, "identity/second_step.html", context, status=status)


def code_help(factors: selectors.Factors) -> str:
    if factors.app is None:
        return _("En av dina reservkoder.")
    if factors.codes_left:
        return _("Sex siffror från din kodapp, eller en av dina reservkoder.")
    return _("Sex siffror från din kodapp.")


@never_cache
@open_to_all("POST")
def passkey_question(request: HttpRequest) -> HttpResponse:
    """What the browser is to sign: any key for this site, or one of whoever is halfway or in."""
    site = site_of(request)
    if site is None:
        return JsonResponse({}, status=409)
    by = getattr(request, "actor", None) or halfway.who(request)
    question = actions.ask_passkey(site=site, now=clock.now(), account_id=by.account_id if by else None)
    return questions.put(request, question)


@never_cache
@open_to_all("POST")
def passkey_login(request: HttpRequest) -> HttpResponse:
    """The answer: both steps in one, or the second after a password."""
    site, asked, by = site_of(request), questions.take(request), halfway.who(request)
    going_to = halfway.going_to(request) if by else next_page(request)
    if getattr(request, "actor", None) or (by is not None and halfway.step(by) is not Step.PROVE):
        return redirect("web:start")
    try:
        account = actions.log_in_by_passkey(
            request.POST.get("answer", ""),
            asked=asked,
            site=site or questions.NOWHERE,
            now=clock.now(),
            account_id=by.account_id if by else None,
            request_id=getattr(request, "request_id", ""),
            address=network_of(request),
        )
    except Refusal as refusal:
        messages.error(request, told(refusal))
        return redirect("web:second_step" if by else "web:login")
    return entering.enter(request, account, Way.PASSKEY, going_to)
