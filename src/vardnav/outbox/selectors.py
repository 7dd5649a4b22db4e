"""Messages of a resident."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from vardnav.outbox.models import Message
from vardnav.outbox.rules import Template


@dataclass(frozen=True, slots=True)
class Received:
    id: int
    template: Template
    facts: dict[str, str]
    written_at: datetime
    is_new: bool


def of_recipient(recipient_id: int, *, without: Collection[Template] = (), most: int = 20) -> list[Received]:
    """Newest first; `without` are not the reader's to see."""
    found = Message.objects.filter(recipient_id=recipient_id)
    if without:
        found = found.exclude(template__in=[one.value for one in without])
    rows = found.order_by("-id")[:most]
    return [Received(row.id, Template(row.template), row.facts, row.written_at, row.read_at is None) for row in rows]


def unread(recipient_id: int) -> int:
    return Message.objects.filter(recipient_id=recipient_id, read_at__isnull=True).count()
