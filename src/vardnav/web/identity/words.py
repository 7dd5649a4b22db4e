"""What has happened to a login, and why something was refused, in words."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vardnav.identity.rules.factors import PasswordRefused, TooManyTries
from vardnav.identity.rules.limits import NoticeKind
from vardnav.identity.selectors import Notice
from vardnav.kernel.errors import Refusal
from vardnav.web.frame.formats import clock
from vardnav.web.refusals import text_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NOTICES: dict[NoticeKind, "_StrPromise"] = {
    NoticeKind.APP_ADDED: _("En kodapp lades till"),
    NoticeKind.APP_REMOVED: _("Kodappen togs bort"),
    NoticeKind.PASSKEY_ADDED: _("Passnyckeln %(name)s lades till"),
    NoticeKind.PASSKEY_REMOVED: _("Passnyckeln %(name)s togs bort"),
    NoticeKind.CODES_MADE: _("Nya reservkoder skapades"),
    NoticeKind.CODE_USED: _("En reservkod användes"),
    NoticeKind.PASSWORD_CHANGED: _("Lösenordet byttes"),
    NoticeKind.RESET: _("En administratör nollställde inloggningen"),
}
PASSWORDS: dict[str, "_StrPromise"] = {
    "short": _("Lösenordet är för kort. Skriv minst 12 tecken, gärna flera ord."),
    "long": _("Lösenordet är för långt. Skriv högst 200 tecken."),
    "word": _("Lösenordet får inte innehålla ditt namn, ditt användarnamn, regionens namn eller ordet vardnav."),
    "common": _("Lösenordet är för lätt att gissa: många andra har det eller något mycket likt."),
    "same": _("Välj ett annat lösenord än det du har."),
}


def notice_text(one: Notice) -> str:
    return str(NOTICES[NoticeKind(one.kind)]) % {"name": one.name}


def told(refusal: Refusal) -> str:
    """A refusal at the login, with the time it opens or what is wrong with the password."""
    if isinstance(refusal, TooManyTries):
        until = cast("datetime", refusal.facts["until"])
        opens = clock(until, get_language() or "sv")
        return str(_("För många försök. Du kan försöka igen %(time)s.")) % {"time": opens}
    if isinstance(refusal, PasswordRefused):
        return str(PASSWORDS[str(refusal.facts["why"])])
    return text_of(refusal)
