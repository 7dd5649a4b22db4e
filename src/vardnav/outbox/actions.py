"""Put messages in the outbox, in the caller's transaction."""

from datetime import datetime

from psycopg.types.json import Jsonb

from vardnav.kernel.actor import Actor
from vardnav.outbox.models import Message
from vardnav.outbox.rules import Channel, Template
from vardnav.tables import sql

INSERT = (
    "INSERT INTO outbox_message (recipient_id, channel, template, facts, written_at, written_by)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)


def send(template: Template, *, to: int, by: Actor, now: datetime, **facts: object) -> None:
    """A message to a resident. `facts` fill the text: names of clinics and dates, no health data."""
    sql.run(INSERT, [to, Channel.INBOX.value, template.value, Jsonb(facts), now, by.name])


def mark_read(recipient_id: int, *, now: datetime) -> None:
    Message.objects.filter(recipient_id=recipient_id, read_at__isnull=True).update(read_at=now)
