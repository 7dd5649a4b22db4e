"""An independent judge: count everything again from the rows and say what does not agree."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise

from vardnav.listing.models import ClinicCount, Listing, NamedDoctor, Offer, PanelCount, QueuePlace


def faults() -> list[str]:
    return [*_counter_faults(), *_panel_faults(), *_overlaps(), *_queue_faults()]


def _counter_faults() -> list[str]:
    listed: Counter[int] = Counter()
    burden: dict[int, Decimal] = defaultdict(Decimal)
    for clinic, weight in Listing.objects.filter(ends_on__isnull=True).values_list("clinic_id", "person__burden"):
        listed[clinic] += 1
        burden[clinic] += weight
    held = Counter(Offer.objects.filter(state="open").values_list("place__clinic_id", flat=True))
    waiting = Counter(QueuePlace.objects.filter(state="waiting").values_list("clinic_id", flat=True))
    found = []
    for count in ClinicCount.objects.all():
        clinic = count.clinic_id
        right = (listed[clinic], burden[clinic], held[clinic], waiting[clinic])
        if (count.listed, count.burden, count.held, count.waiting) != right:
            found.append(f"clinic {clinic}: {count.listed, count.burden, count.held, count.waiting} != {right}")
        if count.cap is not None and count.listed + count.held > count.cap + count.allowance:
            found.append(f"clinic {clinic}: above its cap")
    return found


def _panel_faults() -> list[str]:
    heads: Counter[tuple[int, int]] = Counter()
    heads.update(NamedDoctor.objects.filter(ends_on__isnull=True).values_list("clinic_id", "doctor_id"))
    return [
        f"panel {panel}: {panel.heads} != {heads[panel.clinic_id, panel.doctor_id]}"
        for panel in PanelCount.objects.all()
        if panel.heads != heads[panel.clinic_id, panel.doctor_id]
    ]


def _overlaps() -> list[str]:
    """Two periods of one person on one day, for listings and for named doctors; a doctor elsewhere than listed."""
    found = []
    periods: dict[tuple[str, int], list[tuple[date, date]]] = defaultdict(list)
    for model in (Listing, NamedDoctor):
        for person, starts_on, ends_on in model.objects.values_list("person_id", "starts_on", "ends_on"):
            periods[model.__name__, person].append((starts_on, ends_on or date.max))
    for (kind, person), spans in periods.items():
        spans.sort()
        found += [f"{kind} of {person} overlap" for a, b in pairwise(spans) if a[1] > b[0]]
    clinics = dict(Listing.objects.filter(ends_on__isnull=True).values_list("person_id", "clinic_id"))
    for named in NamedDoctor.objects.filter(ends_on__isnull=True):
        if clinics.get(named.person_id) != named.clinic_id:
            found.append(f"{named.person_id} has a named doctor at a clinic that is not theirs")
    return found


def _queue_faults() -> list[str]:
    """Offered while somebody who came earlier in the same or a better class still waits at that clinic."""
    found = []
    for place in QueuePlace.objects.filter(state="offered"):
        before = QueuePlace.objects.filter(clinic_id=place.clinic_id, state="waiting")
        passed = [
            other.id
            for other in before
            if (other.priority_class, other.joined_at, other.id) < (place.priority_class, place.joined_at, place.id)
        ]
        if passed:
            found.append(f"place {place.id} was offered before {passed}")
        if place.offers.filter(state="open").count() != 1:
            found.append(f"place {place.id} is offered without exactly one open offer")
    return found
