"""Messages of a resident."""

from vardnav.outbox.models import Message


def of_recipient(recipient_id: int, *, most: int = 20) -> list[Message]:
    """Newest first."""
    return list(Message.objects.filter(recipient_id=recipient_id).order_by("-id")[:most])


def unread(recipient_id: int) -> int:
    return Message.objects.filter(recipient_id=recipient_id, read_at__isnull=True).count()
