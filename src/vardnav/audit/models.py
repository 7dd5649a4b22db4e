from django.db import models

from vardnav.audit.rules import LONGEST_KEY, Activity, Outcome
from vardnav.kernel.actor import ActorKind
from vardnav.kernel.personal_data import classes
from vardnav.tables import choices, known


class Shard(models.Model):
    """A chain of lines: how many there are, and the MAC of the last."""

    key = models.CharField(max_length=12)  # name of the key its MACs are made with
    lines = models.BigIntegerField(default=0)
    head = models.BinaryField(max_length=32)

    personal_data = classes(none="id key lines head")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(lines__gte=0), name="audit_a_chain_has_no_fewer_than_no_lines"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.lines}"


class Line(models.Model):
    """One thing done or read. Columns follow Inera StoreLog 2.0.8 and FHIR AuditEvent (IHE BALP).

    In the database the table is parted by month; a line is put in by actions.record alone, which leads its chain on.
    """

    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=80)  # room.thing.done
    activity = models.CharField(max_length=10, choices=choices(Activity))
    outcome = models.CharField(max_length=10, choices=choices(Outcome))
    emergency = models.BooleanField(default=False)  # under an opening in an emergency (Patient Data Act 4:5)
    actor_kind = models.CharField(max_length=10, choices=choices(ActorKind))
    assurance = models.SmallIntegerField(default=0)  # level of the login
    account_id = models.BigIntegerField(null=True)
    user_id = models.CharField(max_length=40)  # HSA-id of staff, personal number of a resident, else the name
    user_name = models.CharField(max_length=200)
    assignment_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=30, blank=True)
    purpose = models.CharField(max_length=30, blank=True)
    unit_hsa_id = models.CharField(max_length=40, blank=True)
    unit_name = models.CharField(max_length=200, blank=True)
    provider_hsa_id = models.CharField(max_length=40, blank=True)
    patient_id = models.BigIntegerField(null=True)  # no foreign key: a line outlives what it tells of
    resource_type = models.CharField(max_length=40, blank=True)
    resource_id = models.CharField(max_length=80, blank=True)
    resource_unit_hsa_id = models.CharField(max_length=40, blank=True)  # whose data: unit and care provider
    resource_provider_hsa_id = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)
    shard_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    mac = models.BinaryField(max_length=32)

    personal_data = classes(
        none="id recorded_at kind activity outcome emergency actor_kind assurance assignment_id role purpose "
        "unit_hsa_id unit_name provider_hsa_id resource_type resource_id resource_unit_hsa_id "
        "resource_provider_hsa_id request_id shard_id seq mac",
        identity="user_id user_name patient_id",
        account="account_id",
        health="reason details",
    )

    class Meta:
        db_table = "audit_line"
        constraints = [
            known("activity", Activity, "audit_activity_is_known"),
            known("outcome", Outcome, "audit_outcome_is_known"),
            known("actor_kind", ActorKind, "audit_actor_is_known"),
        ]
        indexes = [
            models.Index(
                fields=["patient_id", "-id"],
                condition=models.Q(patient_id__isnull=False),
                name="audit_by_patient",
            ),
            models.Index(fields=["user_id", "-id"], name="audit_by_user"),
            models.Index(fields=["kind", "-id"], name="audit_by_kind"),
            models.Index(fields=["shard_id", "seq"], name="audit_by_place"),
            models.Index(fields=["recorded_at", "id"], name="audit_by_time"),  # a BRIN cannot give the newest fifty
        ]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d %H:%M:%S} {self.kind} {self.user_id}"


class Command(models.Model):
    """What a command with an idempotency key answered, so that a retry gets the same answer."""

    user_id = models.CharField(max_length=40)
    key = models.CharField(max_length=LONGEST_KEY)
    kind = models.CharField(max_length=80)
    answer = models.JSONField()
    recorded_at = models.DateTimeField()

    personal_data = classes(none="id key kind recorded_at", identity="user_id", health="answer")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "key"], name="audit_a_key_is_used_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
