"""Welcome those who have newly listed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.listing.models import Listing
from vardnav.listing.rules import WELCOME_WITHIN, NotYourClinic
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template


@transaction.atomic
def welcome(person_ids: Iterable[int], *, by: Actor, now: datetime) -> int:
    """Send the clinic's welcome to residents listed there and not welcomed yet; answers how many.

    Raises NotYourClinic when none of them is listed at the actor's clinic.
    """
    rows = list(_listed_here(by).filter(person_id__in=list(person_ids)))
    if not rows:
        raise NotYourClinic
    return _send([row for row in rows if row.welcomed_at is None], by=by, now=now)


@transaction.atomic
def welcome_all(*, by: Actor, now: datetime) -> int:
    """Welcome everybody who has listed with the actor's clinic in the last year and is not welcomed yet.

    Raises NotYourClinic.
    """
    new = _listed_here(by).filter(welcomed_at__isnull=True, made_at__gt=now - WELCOME_WITHIN)
    return _send(list(new), by=by, now=now)


def _listed_here(by: Actor) -> QuerySet[Listing]:
    """The open listings of the actor's clinic, locked. Raises NotYourClinic."""
    if by.acting is None or not by.acting.role.startswith("clinic"):
        raise NotYourClinic
    return (
        Listing.objects.select_for_update(of=("self",))
        .filter(clinic__hsa_id=by.acting.unit_hsa_id, ends_on__isnull=True)
        .select_related("clinic")
        .order_by("id")
    )


def _send(new: list[Listing], *, by: Actor, now: datetime) -> int:
    for row in new:
        outbox.send(Template.WELCOME, to=row.person_id, by=by, now=now, clinic=row.clinic.name)
        audit.record("listing.listing.welcomed", by=by, now=now, patient_id=row.person_id)
    Listing.objects.filter(id__in=[row.id for row in new]).update(welcomed_at=now, welcomed_by=by.name)
    return len(new)
