"""Between the right password and the second step: a session that stands for nobody.

It holds no account that `web.session` would make an actor of. Every page but those of the second step is as closed as
for a stranger, and so is every page that somebody adds later.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect

from vardnav.identity import selectors
from vardnav.identity.rules import digest
from vardnav.identity.rules.limits import HALFWAY_LIVES, Step
from vardnav.identity.selectors import Account
from vardnav.kernel.actor import Actor
from vardnav.web import clock

HALFWAY = "halfway"
PAGES = {
    Step.PASSWORD: "web:first_password",
    Step.ENROL: "web:factor_choose",
    Step.PROVE: "web:second_step",
}


def begin(request: HttpRequest, account: Account, going_to: str) -> HttpResponseRedirect:
    """On to the page of what is left to do."""
    request.session.flush()
    request.session[HALFWAY] = {
        "account": account.id,
        "proof": digest(account.password),
        "at": clock.now().isoformat(),
        "next": going_to,
    }
    return redirect(PAGES[selectors.step_after_password(account.id)])


def who(request: HttpRequest) -> Actor | None:
    """Who gave the right password a quarter of an hour ago at most."""
    kept = request.session.get(HALFWAY)
    if not kept or clock.now() - datetime.fromisoformat(kept["at"]) > HALFWAY_LIVES:
        return None
    return selectors.halfway(kept["account"], kept["proof"], getattr(request, "request_id", ""))


def step(by: Actor) -> Step:
    return selectors.step_after_password(by.account_id or 0)


def going_to(request: HttpRequest) -> str:
    return str(request.session.get(HALFWAY, {}).get("next") or "/")
