"""Staff accounts: find, open, close, give a new password."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vardnav.identity import actions, selectors
from vardnav.identity.rules import AccountTaken
from vardnav.kernel.actor import Role
from vardnav.web import clock
from vardnav.web.admin.forms import AccountForm, SearchForm
from vardnav.web.frame.nav import ROLE_LABELS
from vardnav.web.incidents.words import due_now
from vardnav.web.refusals import text_of
from vardnav.web.request import Request, page

PAGE = 50


@page(Role.ADMINISTRATOR)
def accounts(request: Request) -> HttpResponse:
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    rows = selectors.staff_accounts(
        now=clock.now(), query=query, after=request.GET.get("after", "")[:300], most=PAGE + 1
    )
    context = {
        "form": form,
        "query": query,
        "rows": [(row, [(ROLE_LABELS[Role(one.role)], one) for one in row.assignments]) for row in rows[:PAGE]],
        "incidents_due": due_now(clock.now()),
        "shown": min(len(rows), PAGE),
        "next": rows[PAGE - 1].sort if len(rows) > PAGE else None,
        "count": None if query else selectors.count_staff_accounts(),
    }
    return render(request, "admin/accounts.html", context)


@page(Role.ADMINISTRATOR, methods="GET POST")
def open_account(request: Request) -> HttpResponse:
    """The first password stands on the answer, and nowhere else."""
    form = AccountForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                account, password = actions.open_staff_account(**form.cleaned_data, by=request.actor, now=clock.now())
            except AccountTaken as refusal:
                form.add_error(None, text_of(refusal))
                status = 409
            else:
                context = {"account": account, "password": password, "done": "opened"}
                return render(request, "admin/password.html", context)
    return render(request, "admin/account_open.html", {"form": form}, status=status)


@page(Role.ADMINISTRATOR)
def account(request: Request, account_id: int) -> HttpResponse:
    found = selectors.staff_account(account_id)
    if found is None:
        raise Http404
    now = clock.now()
    assignments = [(one, ROLE_LABELS[Role(one.role)]) for one in selectors.assignments_of(account_id)]
    context = {
        "account": found,
        "own": account_id == request.actor.account_id,
        "shut_until": selectors.shut_until(found, now),
        "factors": selectors.factors_of(account_id),
        "current": [row for row in assignments if row[0].ends_at is None or row[0].ends_at > now],
        "past": [row for row in assignments if row[0].ends_at is not None and row[0].ends_at <= now],
        "now": now,
        "sessions": len(selectors.open_sessions(account_id, now=now)),
    }
    return render(request, "admin/account.html", context)


@page(Role.ADMINISTRATOR, methods="POST")
def reset_password(request: Request, account_id: int) -> HttpResponse:
    """The new password stands on the answer, and nowhere else."""
    password = actions.reset_password(account_id, by=request.actor, now=clock.now())
    context = {"account": selectors.staff_account(account_id), "password": password, "done": "password"}
    return render(request, "admin/password.html", context)


@page(Role.ADMINISTRATOR, methods="POST")
def reset_factors(request: Request, account_id: int) -> HttpResponse:
    """Begin anew: no second step is left, and the temporary password stands on the answer, and nowhere else."""
    password = actions.reset_factors(account_id, by=request.actor, now=clock.now())
    context = {"account": selectors.staff_account(account_id), "password": password, "done": "reset"}
    return render(request, "admin/password.html", context)


@page(Role.ADMINISTRATOR, methods="POST")
def unlock(request: Request, account_id: int) -> HttpResponse:
    """Wrong tries are forgotten: whoever was shut out may try again at once."""
    found = selectors.staff_account(account_id)
    if found is None:
        raise Http404
    actions.open_again(account_id, by=request.actor, now=clock.now())
    messages.success(request, _("%(name)s kan försöka logga in igen.") % {"name": found.name})
    return redirect("web:account", account_id)


@page(Role.ADMINISTRATOR, methods="POST")
def close(request: Request, account_id: int) -> HttpResponse:
    found = selectors.staff_account(account_id)
    if found is None:
        raise Http404
    actions.close_account(account_id, by=request.actor, now=clock.now())
    messages.success(request, _("%(name)s kan inte längre logga in.") % {"name": found.name})
    return redirect("web:account", account_id)


@page(Role.ADMINISTRATOR, methods="POST")
def end_sessions(request: Request, account_id: int) -> HttpResponse:
    """The person is logged out everywhere, and may log in again."""
    if selectors.staff_account(account_id) is None:
        raise Http404
    ended = actions.end_sessions(account_id, by=request.actor, now=clock.now())
    told = ngettext("%(count)s inloggning är avslutad.", "%(count)s inloggningar är avslutade.", ended)
    messages.success(request, told % {"count": ended})
    return redirect("web:account", account_id)
