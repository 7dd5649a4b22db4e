"""Keys of other systems: issue, show once, revoke."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vardnav.identity import actions, selectors
from vardnav.identity.rules import KEY_LIFETIME, BadKey
from vardnav.kernel.actor import Role
from vardnav.web import clock
from vardnav.web.admin.forms import KeyForm, midnight
from vardnav.web.refusals import text_of
from vardnav.web.request import Request, page

SOON = timedelta(days=30)


@page(Role.ADMINISTRATOR)
def api_keys(request: Request) -> HttpResponse:
    now = clock.now()
    rows: list[tuple[object, str]] = []
    for key in selectors.api_keys():
        if key.revoked_at is not None:
            state = "revoked"
        elif key.expires_at <= now:
            state = "expired"
        else:
            state = "soon" if key.expires_at <= now + SOON else "valid"
        rows.append((key, state))
    return render(request, "admin/api_keys.html", {"rows": rows})


@page(Role.ADMINISTRATOR, methods="GET POST")
def issue(request: Request) -> HttpResponse:
    """The secret stands on the answer, and nowhere else: only its digest is kept."""
    form = KeyForm(request.POST or None, initial={"expires_on": clock.today() + KEY_LIFETIME})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                key, secret = actions.issue_key(
                    name=form.cleaned_data["name"],
                    scopes=frozenset(form.cleaned_data["scopes"]),
                    expires_at=midnight(form.cleaned_data["expires_on"] + timedelta(days=1)),
                    by=request.actor,
                    now=clock.now(),
                )
            except BadKey as refusal:
                form.add_error(None, text_of(refusal))
            else:
                return render(request, "admin/api_key_issued.html", {"key": key, "secret": secret})
    return render(request, "admin/api_key_issue.html", {"form": form}, status=status)


@page(Role.ADMINISTRATOR, methods="POST")
def revoke(request: Request, key_id: int) -> HttpResponse:
    actions.revoke_key(key_id, by=request.actor, now=clock.now())
    messages.success(request, _("Nyckeln är återkallad och öppnar ingenting mer."))
    return redirect("web:api_keys")
