"""Säkerhet: what one's account is logged in by, and changing it. Only who has just shown that it is them may."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from vardnav.identity import actions, selectors
from vardnav.identity.rules import digest
from vardnav.identity.rules.limits import MOST_PASSKEYS, Step
from vardnav.identity.rules.sessions import Way
from vardnav.kernel.actor import Actor
from vardnav.kernel.errors import Refusal
from vardnav.web import clock
from vardnav.web.identity import entering, halfway, questions
from vardnav.web.identity.forms import CodeForm, KeyNameForm, PasswordForm, ProofForm
from vardnav.web.identity.going import going_to as next_page
from vardnav.web.identity.network import network_of, site_of
from vardnav.web.identity.second import code_help, elsewhere
from vardnav.web.identity.words import notice_text, told
from vardnav.web.request import open_to_all
from vardnav.web.session_store import ASSIGNMENT, PROOF

Change = Callable[..., HttpResponse]


def _whole(request: HttpRequest) -> Actor | None:
    actor: Actor | None = getattr(request, "actor", None)
    return actor if actor is not None and actor.account_id is not None else None


def changes(methods: str = "GET POST", *, at_enrolment: bool = True) -> Callable[[Change], Callable[..., HttpResponse]]:
    """A page that changes how an account is logged in to.

    For who has proved it in the last ten minutes, and (`at_enrolment`) for who has the right password and no second
    step yet. The view gets them as `by`.
    """

    def decorate(view: Change) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            by = _whole(request)
            if by is not None:
                if entering.has_proved(request):
                    return view(request, by=by, **kwargs)
                back = request.path if request.method in ("GET", "HEAD") else reverse("web:security")
                return redirect(f"{reverse('web:confirm')}?{urlencode({'next': back})}")
            half = halfway.who(request)
            away = elsewhere(request, half, Step.ENROL)
            if away is not None or not at_enrolment:
                return away or redirect("web:factor_choose")
            return view(request, by=half, **kwargs)

        return never_cache(open_to_all(methods)(guarded))

    return decorate


@never_cache
@open_to_all()
def security(request: HttpRequest) -> HttpResponse:
    by = _whole(request)
    if by is None or by.account_id is None:
        return redirect(f"{reverse('web:login')}?{urlencode({'next': request.path})}")
    context = {
        "factors": selectors.factors_of(by.account_id),
        "notices": [(one, notice_text(one)) for one in selectors.notices_of(by.account_id)],
        "site": site_of(request),
        "most_passkeys": MOST_PASSKEYS,
    }
    return render(request, "identity/security.html", context)


@never_cache
@open_to_all("GET POST")
def confirm(request: HttpRequest) -> HttpResponse:
    """It is still them: by the second step or, where there is none of ours, by the password."""
    by = _whole(request)
    if by is None or by.account_id is None:
        return redirect("web:login")
    factors = selectors.factors_of(by.account_id)
    form: CodeForm | ProofForm = ProofForm(request.POST or None)
    if factors.has_second:
        form = CodeForm(request.POST or None, help_text=code_help(factors))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _prove_again(request, by, form)
            except Refusal as refusal:
                form.add_error(None, told(refusal))
                status = refusal.status
            else:
                return HttpResponseRedirect(next_page(request))
    context = {"form": form, "factors": factors, "site": site_of(request), "next": next_page(request)}
    return render(request, "identity/confirm.html", context, status=status)


def _prove_again(request: HttpRequest, by: Actor, form: CodeForm | ProofForm) -> None:
    common: dict[str, Any] = {"now": clock.now(), "request_id": by.request_id, "address": network_of(request)}
    assert by.account_id is not None  # noqa: S101 - narrowing for the type checker
    if isinstance(form, CodeForm):
        actions.log_in_by_code(by.account_id, form.cleaned_data["code"], again=True, **common)
    else:
        actions.log_in_again(by.account_id, form.cleaned_data["password"], **common)
    entering.prove(request)


@never_cache
@open_to_all("POST")
def confirm_by_passkey(request: HttpRequest) -> HttpResponse:
    by, asked = _whole(request), questions.take(request)
    if by is None:
        return redirect("web:login")
    try:
        actions.log_in_by_passkey(
            request.POST.get("answer", ""),
            asked=asked,
            site=site_of(request) or questions.NOWHERE,
            now=clock.now(),
            account_id=by.account_id,
            request_id=by.request_id,
            address=network_of(request),
            again=True,
        )
    except Refusal as refusal:
        messages.error(request, told(refusal))
        return redirect(f"{reverse('web:confirm')}?{urlencode({'next': next_page(request)})}")
    entering.prove(request)
    return HttpResponseRedirect(next_page(request))


@changes("GET")
def factor_choose(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Whoever is in has one already, and finds the rest under Säkerhet."""
    if _whole(request) is not None:
        return redirect("web:security")
    return render(request, "identity/factor_choose.html", {"site": site_of(request)})


@changes()
def app_add(request: HttpRequest, *, by: Actor) -> HttpResponse:
    form, status = CodeForm(request.POST or None, help_text=_("Sex siffror, utan mellanslag.")), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.confirm_app(form.cleaned_data["code"], by=by, now=clock.now())
            except Refusal as refusal:
                form.add_error("code", told(refusal))
            else:
                return _added(request, by, Way.PASSWORD, _("Kodappen är tillagd."))
    secret = actions.begin_app(by=by, now=clock.now())
    context = {
        "form": form,
        "qr": _qr(secret, by),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "halfway": _whole(request) is None,
    }
    return render(request, "identity/app_add.html", context, status=status)


def _qr(secret: str, by: Actor) -> str:
    """What the app's camera reads, as an image within the page (the policy allows data: for images)."""
    label = quote(f"Vårdnav:{by.name}")
    address = f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': 'Vårdnav'})}"
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")


@changes("POST", at_enrolment=False)
def app_remove(request: HttpRequest, *, by: Actor) -> HttpResponse:
    actions.remove_app(by=by, now=clock.now())
    messages.success(request, _("Kodappen är borttagen."))
    return redirect("web:security")


@changes()
def passkey_add(request: HttpRequest, *, by: Actor) -> HttpResponse:
    site, form, status = site_of(request), KeyNameForm(request.POST or None), 200
    if request.method == "POST":
        asked, handle, status = questions.take(request), questions.take_handle(request), 422
        if form.is_valid():
            try:
                actions.add_passkey(
                    request.POST.get("answer", ""),
                    name=form.cleaned_data["name"],
                    asked=asked,
                    handle=handle,
                    site=site or questions.NOWHERE,
                    by=by,
                    now=clock.now(),
                )
            except Refusal as refusal:
                form.add_error(None, told(refusal))
            else:
                return _added(request, by, Way.PASSKEY, _("Passnyckeln är tillagd."))
    context = {"form": form, "site": site, "halfway": _whole(request) is None}
    return render(request, "identity/passkey_add.html", context, status=status)


@changes("POST")
def passkey_add_question(request: HttpRequest, *, by: Actor) -> HttpResponse:
    site = site_of(request)
    if site is None:
        return JsonResponse({}, status=409)
    return questions.put(request, actions.ask_new_passkey(site=site, by=by, now=clock.now()))


@changes("GET POST", at_enrolment=False)
def passkey_name(request: HttpRequest, passkey_id: int, *, by: Actor) -> HttpResponse:
    mine = {one.id: one for one in selectors.factors_of(by.account_id or 0).passkeys}
    if passkey_id not in mine:
        raise Http404
    form = KeyNameForm(request.POST or None, initial={"name": mine[passkey_id].name})
    if request.method == "POST" and form.is_valid():
        actions.name_passkey(passkey_id, form.cleaned_data["name"], by=by)
        messages.success(request, _("Passnyckeln har fått ett nytt namn."))
        return redirect("web:security")
    context = {"form": form, "passkey": mine[passkey_id]}
    return render(request, "identity/passkey_name.html", context, status=422 if form.errors else 200)


@changes("POST", at_enrolment=False)
def passkey_remove(request: HttpRequest, passkey_id: int, *, by: Actor) -> HttpResponse:
    actions.remove_passkey(passkey_id, by=by, now=clock.now())
    messages.success(request, _("Passnyckeln är borttagen."))
    return redirect("web:security")


@changes("POST", at_enrolment=False)
def recovery_codes(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """The codes stand on the answer, and nowhere else."""
    codes = actions.make_recovery_codes(by=by, now=clock.now())
    return _codes_page(request, codes, reverse("web:security"))


@changes("GET POST", at_enrolment=False)
def password(request: HttpRequest, *, by: Actor) -> HttpResponse:
    """Other sessions end; this one goes on by the new password."""
    form, status = PasswordForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                account = actions.change_password(
                    new=form.cleaned_data["new"],
                    current=form.cleaned_data["current"],
                    words=[str(getattr(request, "region_name", ""))],
                    by=by,
                    now=clock.now(),
                    address=network_of(request),
                )
            except Refusal as refusal:
                form.add_error("current" if refusal.code != "password_refused" else "new", told(refusal))
            else:
                request.session[PROOF] = digest(account.password)
                request.session.cycle_key()
                messages.success(request, _("Lösenordet är bytt. Andra inloggningar har avslutats."))
                return redirect("web:security")
    return render(request, "identity/password.html", {"form": form}, status=status)


def _added(request: HttpRequest, by: Actor, way: Way, what: str) -> HttpResponse:
    """A second step has been set up: the first one makes the login whole and comes with recovery codes."""
    assert by.account_id is not None  # noqa: S101 - narrowing for the type checker
    now, going_to = clock.now(), reverse("web:security")
    if _whole(request) is None:
        account = actions.log_in_enrolled(by.account_id, now=now, request_id=by.request_id)
        codes = actions.make_recovery_codes(by=by, now=now)
        going_to = entering.begin(request, account, way, halfway.going_to(request), quiet=True)
        found = selectors.actor(account.id, request.session.get(ASSIGNMENT), now, by.request_id, assurance=3)
        request.actor = found  # type: ignore[attr-defined]  # the page shows that they are in
        response = _codes_page(request, codes, going_to)
        entering.remember(request, response, account)
        return response
    messages.success(request, what)
    if not selectors.factors_of(by.account_id).codes_left:
        return _codes_page(request, actions.make_recovery_codes(by=by, now=now), going_to)
    return HttpResponseRedirect(going_to)


def _codes_page(request: HttpRequest, codes: list[str], going_to: str) -> HttpResponse:
    file = _("Reservkoder till Vårdnav. Varje kod gäller en gång.") + "\r\n\r\n" + "\r\n".join(codes) + "\r\n"
    context = {"codes": codes, "going_to": going_to, "file": f"data:text/plain;charset=utf-8,{quote(file)}"}
    return render(request, "identity/recovery_codes.html", context)
