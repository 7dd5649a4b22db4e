"""Messages of a resident."""

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


def of_recipient(recipient_id: int, *, most: int = 20) -> list[Received]:
    """Newest first."""
    rows = Message.objects.filter(recipient_id=recipient_id).order_by("-id")[:most]
    return [Received(row.id, Template(row.template), row.facts, row.written_at, row.read_at is None) for row in rows]


def unread(recipient_id: int) -> int:
    return Message.objects.filter(recipient_id=recipient_id, read_at__isnull=True).count()
