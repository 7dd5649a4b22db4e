"""Refusals as staff read them: about the resident, where the common text speaks to the resident."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from vardnav.kernel.errors import Refusal
from vardnav.web.refusals import text_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ABOUT: dict[str, "_StrPromise"] = {
    "access_denied": _("Enheten har ingen relation till personen."),
    "already_queuing": _("Invånaren står redan i en kö. Köplatsen behöver lämnas först."),
    "ceiling_reached": _(
        "Läkaren har %(heads)s listade och kapacitet för %(capacity)s. Skriv ett skäl på minst tio tecken."
    ),
    "clinic_full": _("Vårdcentralen är full. Invånaren kan ställas i kö."),
    "not_listed": _("Invånaren är inte listad hos er."),
    "too_many_changes": _("Invånaren har redan bytt %(most)s gånger på ett år och kan byta igen %(again_on)s."),
}


def said(refusal: Refusal) -> str:
    """The sentence a member of staff reads."""
    return text_of(refusal, ABOUT.get(refusal.code))
