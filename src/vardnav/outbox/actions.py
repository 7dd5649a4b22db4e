"""Put messages in the outbox, in the caller's transaction."""

from datetime import datetime

from vardnav.kernel.actor import Actor
from vardnav.outbox.models import Message
from vardnav.outbox.rules import Channel, Template


def send(template: Template, *, to: int, by: Actor, now: datetime, **facts: object) -> None:
    """A message to a resident. `facts` fill the text: names of clinics and dates, no health data."""
    Message.objects.create(
        recipient_id=to,
        channel=Channel.INBOX.value,
        template=template.value,
        facts=facts,
        written_at=now,
        written_by=by.name,
    )


def mark_read(recipient_id: int, *, now: datetime) -> None:
    Message.objects.filter(recipient_id=recipient_id, read_at__isnull=True).update(read_at=now)
