"""What a resident must do now: what has a deadline first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from vardnav.listing.selectors import MyCare, PendingForMe
from vardnav.web.resident.subject import Subject

FAR_AWAY = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Task:
    text: str
    url: str
    icon: str
    note: str = ""
    answer_by: datetime | None = None


def tasks_of(about: Iterable[tuple[Subject, MyCare]], pending: Iterable[PendingForMe], unread: int) -> list[Task]:
    """Deadlines first, in the order they run out; then what can wait."""
    found = [_confirm(one) for one in pending]
    for subject, care in about:
        found += _of_one(subject, care)
    if unread:
        text = _("Läs ditt nya meddelande") if unread == 1 else _("Läs dina %(n)s nya meddelanden") % {"n": unread}
        found.append(Task(text, reverse("web:messages"), "mail"))
    return sorted(found, key=lambda task: task.answer_by or FAR_AWAY)


def _confirm(one: PendingForMe) -> Task:
    return Task(
        _("Svara om %(child)s ska byta till %(clinic)s") % {"child": one.child, "clinic": one.clinic},
        reverse("web:child_answer_choice", kwargs={"child_id": one.child_id, "choice_id": one.id}),
        "users",
        _("%(name)s har valt och behöver ditt godkännande.") % {"name": one.asked_by},
        one.expires_at,
    )


def _of_one(subject: Subject, care: MyCare) -> list[Task]:
    found = []
    if care.may_choose and care.place is not None and care.place.offer_expires_at is not None:
        found.append(_offer(subject, care, care.place.clinic, care.place.offer_expires_at))
    if care.may_choose and needs_clinic(care):
        found.append(_choose(subject, care))
    return found


def needs_clinic(care: MyCare) -> bool:
    """No clinic now or soon, and nothing under way."""
    ends = care.current is None or care.current.ends_on is not None
    return ends and care.upcoming is None and care.place is None and care.pending is None


def _offer(subject: Subject, care: MyCare, clinic: str, answer_by: datetime) -> Task:
    words = {"clinic": clinic, "child": care.card.name}
    text = (
        _("Svara om %(child)s ska ha platsen på %(clinic)s")
        if subject.is_child
        else _("Svara om du vill ha platsen på %(clinic)s")
    )
    return Task(text % words, subject.url("offer"), "hourglass", answer_by=answer_by)


def _choose(subject: Subject, care: MyCare) -> Task:
    if subject.is_child:
        text = _("Välj vårdcentral för %(child)s") % {"child": care.card.name}
        return Task(text, subject.url("find_clinic"), "search", _("Barnet har ingen vårdcentral."))
    note = _("Du har ingen vårdcentral.") if care.current is None else _("Din listning slutar snart.")
    return Task(_("Välj vårdcentral"), subject.url("find_clinic"), "search", note)
