from django.db import models

from vardnav.kernel.personal_data import classes
from vardnav.outbox.rules import Channel, Template
from vardnav.tables import choices, known


class Message(models.Model):
    recipient_id = models.BigIntegerField()  # patients.Person, a floor above: no foreign key
    channel = models.CharField(max_length=10, choices=choices(Channel))
    template = models.CharField(max_length=40, choices=choices(Template))
    facts = models.JSONField(default=dict)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)
    read_at = models.DateTimeField(null=True)

    personal_data = classes(
        none="id channel template written_at read_at", identity="recipient_id written_by", health="facts"
    )

    class Meta:
        constraints = [
            known("channel", Channel, "outbox_channel_is_known"),
            known("template", Template, "outbox_template_is_known"),
        ]
        indexes = [
            models.Index(fields=["recipient_id", "-id"], name="outbox_by_recipient"),
            models.Index(fields=["id"], condition=models.Q(read_at__isnull=True), name="outbox_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.written_at:%Y-%m-%d %H:%M}"
