"""Log in the whole way by the pages: the password, and then a code from an app."""

import pyotp
from django.http import HttpResponse
from django.test import Client

from vardnav.identity.models import Account, Totp
from vardnav.identity.sealed import seal


def give_app(account: Account) -> pyotp.TOTP:
    """An app that has been confirmed."""
    made = pyotp.TOTP(pyotp.random_base32())
    values = {"secret": seal(made.secret), "last_step": 0, "added_at": account.opened_at}
    Totp.objects.update_or_create(account=account, is_confirmed=True, defaults=values)
    return made


def log_in_by_form(client: Client, login: str, password: str, *, going_to: str = "") -> HttpResponse:
    """The answer to the second step. The account gets an app of this login's own, so that its code is unused."""
    app = give_app(Account.objects.get(login=login))
    first = client.post("/logga-in/", {"login": login, "password": password, "next": going_to})
    assert first["Location"] == "/logga-in/kod/", first
    return client.post("/logga-in/kod/", {"code": app.now()})
