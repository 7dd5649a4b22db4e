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
            # What the national log service demands of a line about a patient (docs/audit.md).
            models.CheckConstraint(
                condition=~models.Q(actor_kind=ActorKind.STAFF.value)
                | ~models.Q(outcome=Outcome.DONE.value)
                | models.Q(patient_id=None)
                | (
                    ~models.Q(user_id="")
                    & ~models.Q(purpose="")
                    & ~models.Q(unit_hsa_id="")
                    & ~models.Q(provider_hsa_id="")
                    & ~models.Q(resource_type="")
                    & ~models.Q(resource_provider_hsa_id="")
                ),
                name="audit_staff_tell_where_they_stand",
            ),
        ]
        indexes = [
            models.Index(
                fields=["patient_id", "-id"],
                condition=models.Q(patient_id__isnull=False),
                name="audit_by_patient",
            ),
            models.Index(fields=["user_id", "-id"], name="audit_by_user"),
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


class Cut(models.Model):
    """Lines of a chain that were exported and dropped after the years they are kept; the chain goes on from `mac`."""

    month = models.DateField()  # its first day
    shard_id = models.BigIntegerField()
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    mac = models.BinaryField(max_length=32)  # of the last line that was dropped
    file = models.CharField(max_length=200)  # what holds them
    digest = models.CharField(max_length=64)  # SHA-256 of that file
    key = models.CharField(max_length=12)
    signature = models.BinaryField(max_length=32)
    cut_at = models.DateTimeField()
    cut_by = models.CharField(max_length=200)

    personal_data = classes(
        none="id month shard_id first_seq last_seq mac file digest key signature cut_at", identity="cut_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shard_id", "first_seq"], name="audit_a_line_is_cut_once"),
            models.CheckConstraint(
                condition=models.Q(first_seq__lte=models.F("last_seq")), name="audit_a_cut_takes_a_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shard_id}: {self.first_seq}-{self.last_seq}"


class Verification(models.Model):
    """One time the chains were reckoned anew, and how many faults were found."""

    is_whole = models.BooleanField()  # from the first line, not from where the last verification ended
    lines = models.BigIntegerField()
    anchors = models.BigIntegerField()
    findings = models.BigIntegerField()
    seconds = models.FloatField()
    verified_at = models.DateTimeField()
    verified_by = models.CharField(max_length=200)

    personal_data = classes(none="id is_whole lines anchors findings seconds verified_at", identity="verified_by")

    def __str__(self) -> str:
        return f"{self.verified_at:%Y-%m-%d %H:%M}: {self.findings} findings"


class Place(models.Model):
    """How far a chain was verified, signed: the next night goes on from there."""

    shard_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    mac = models.BinaryField(max_length=32)
    key = models.CharField(max_length=12)
    signature = models.BinaryField(max_length=32)

    personal_data = classes(none="shard_id seq mac key signature")

    def __str__(self) -> str:
        return f"{self.shard_id}: {self.seq}"
