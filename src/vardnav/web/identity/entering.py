"""The login is whole: a session of assurance 3, what has been done to the account since last, and on to where."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vardnav.identity import actions, selectors
from vardnav.identity.rules import digest
from vardnav.identity.rules.limits import PROOF_LIVES
from vardnav.identity.rules.sessions import Way
from vardnav.identity.selectors import Account
from vardnav.web import clock, session
from vardnav.web.frame.formats import clock as o_clock
from vardnav.web.frame.formats import swedish_date
from vardnav.web.identity import browsers
from vardnav.web.identity.words import notice_text

PROVED, ASSURANCE = "proved_at", 3


def enter(request: HttpRequest, account: Account, way: Way, going_to: str) -> HttpResponseRedirect:
    """Begin the session and go on."""
    where = begin(request, account, way, going_to)
    response = HttpResponseRedirect(where)  # an address: `redirect` would look for a view's name
    remember(request, response, account)
    return response


def remember(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    browsers.remember(request, response, account.login)


def begin(request: HttpRequest, account: Account, way: Way, going_to: str, *, quiet: bool = False) -> str:
    """Begin the session; answers the address to go on to. `quiet`: what has been done was done just now."""
    assignments = list(selectors.valid_assignments(account.id, clock.now())[:2])
    only = assignments[0].id if len(assignments) == 1 else None
    session.log_in(request, account.id, only, proof=digest(account.password), assurance=ASSURANCE, way=way)
    prove(request)
    _tell(request, account, quiet=quiet)
    if account.hsa_id and len(assignments) != 1:
        return f"{reverse('web:assignments')}?{urlencode({'next': going_to})}"
    return going_to


def prove(request: HttpRequest) -> None:
    """Somebody has just shown who they are: for ten minutes they may change how the account is logged in to."""
    request.session[PROVED] = clock.now().isoformat()


def has_proved(request: HttpRequest) -> bool:
    at = str(request.session.get(PROVED, ""))
    return bool(at) and clock.now() - datetime.fromisoformat(at) <= PROOF_LIVES


def _tell(request: HttpRequest, account: Account, *, quiet: bool) -> None:
    untold = selectors.notices_of(account.id, most=5, untold=True)
    if not untold:
        return
    language = get_language() or "sv"
    for one in reversed([] if quiet else untold):
        when = f"{swedish_date(one.done_at, language=language)} {o_clock(one.done_at, language)}"
        text = _("%(what)s (%(when)s). Var det inte du? Säg till en administratör genast.")
        messages.info(request, text % {"what": notice_text(one), "when": when})
    actions.mark_told([one.id for one in untold], account_id=account.id)
