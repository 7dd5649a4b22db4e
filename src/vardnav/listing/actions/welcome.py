"""Welcome those who have newly listed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.listing.models import Listing
from vardnav.listing.rules import NotYourClinic
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template


@transaction.atomic
def welcome(person_ids: Iterable[int], *, by: Actor, now: datetime) -> int:
    """Send the clinic's welcome to residents listed there and not welcomed yet; answers how many.

    Raises NotYourClinic when none of them is listed at the actor's clinic.
    """
    if by.acting is None:
        raise NotYourClinic
    rows = list(
        Listing.objects.select_for_update(of=("self",))
        .filter(
            person_id__in=list(person_ids),
            clinic__hsa_id=by.acting.unit_hsa_id,
            ends_on__isnull=True,
        )
        .select_related("clinic")
        .order_by("id")
    )
    if not rows:
        raise NotYourClinic
    new = [row for row in rows if row.welcomed_at is None]
    for row in new:
        outbox.send(Template.WELCOME, to=row.person_id, by=by, now=now, clinic=row.clinic.name)
        audit.record("listing.listing.welcomed", by=by, now=now, patient_id=row.person_id)
    Listing.objects.filter(id__in=[row.id for row in new]).update(welcomed_at=now, welcomed_by=by.name)
    return len(new)
