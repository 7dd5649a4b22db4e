"""What somebody has stated about access: a need, a block, an opening.

Each row is a statement: triggers refuse to change its words or to delete it (migrations/0002_blocks_and_openings.py).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from vardnav.kernel.personal_data import classes
from vardnav.patients.models.people import Person
from vardnav.patients.rules import ASKED_LASTS, LONGEST_OPENING, How, NeedReason, OpeningKind
from vardnav.tables import choices, known


class Need(models.Model):
    """A staff member's stated reason to open the data of somebody the unit does not have."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="needs")
    account_id = models.BigIntegerField()
    unit_hsa_id = models.CharField(max_length=40)
    reason = models.CharField(max_length=20, choices=choices(NeedReason))
    text = models.CharField(max_length=300, blank=True)
    stated_at = models.DateTimeField()
    stated_by = models.CharField(max_length=200)
    ends_at = models.DateTimeField()

    personal_data = classes(
        none="id unit_hsa_id reason stated_at ends_at",
        identity="person stated_by",
        account="account_id",
        health="text",
    )

    class Meta:
        constraints = [
            known("reason", NeedReason, "patients_need_reason_is_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("stated_at")), name="patients_a_need_ends"),
        ]
        indexes = [
            models.Index(fields=["person", "account_id", "ends_at"], name="patients_open_needs"),
            models.Index(fields=["account_id", "ends_at"], name="patients_needs_of_account"),  # row security asks it
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.stated_at:%Y-%m-%d %H:%M}"


class Block(models.Model):
    """A person hides what one unit has about them from all other units, until they lift it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="blocks")
    unit_hsa_id = models.CharField(max_length=40)
    unit_name = models.CharField(max_length=200)
    provider_hsa_id = models.CharField(max_length=40)
    how = models.CharField(max_length=10, choices=choices(How))
    request = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=200, blank=True)
    lifted_how = models.CharField(max_length=10, choices=choices(How), null=True)
    lift_request = models.CharField(max_length=300, blank=True)

    personal_data = classes(
        none="id how made_at lifted_at lifted_how provider_hsa_id",
        identity="person made_by lifted_by",
        health="unit_hsa_id unit_name request lift_request",
    )

    class Meta:
        constraints = [
            known("how", How, "patients_block_how_is_known"),
            models.CheckConstraint(
                condition=Q(lifted_how__isnull=True) | Q(lifted_how__in=[one.value for one in How]),
                name="patients_block_lifted_how_is_known",
            ),
            models.UniqueConstraint(
                fields=["person", "unit_hsa_id"],
                condition=Q(lifted_at__isnull=True),
                name="patients_one_block_stands_for_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_how__isnull=True, lifted_by="")
                | Q(lifted_at__isnull=False, lifted_at__gte=F("made_at"), lifted_how__isnull=False),
                name="patients_a_block_is_lifted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(how=How.ONLINE.value) | ~Q(request=""), name="patients_a_block_at_a_unit_was_asked_for"
            ),
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"


class Opening(models.Model):
    """Hidden data shown for a time, in two steps: asked for with a reason, then opened unit by unit."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="openings")
    account_id = models.BigIntegerField()
    unit_hsa_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=choices(OpeningKind))
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    units = ArrayField(models.CharField(max_length=40), default=list)
    opened_reason = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=200, blank=True)
    ends_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    personal_data = classes(
        none="id unit_hsa_id kind asked_at opened_at ends_at closed_at",
        identity="person asked_by opened_by closed_by",
        account="account_id",
        health="reason units opened_reason",
    )

    class Meta:
        constraints = [
            known("kind", OpeningKind, "patients_opening_kind_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="patients_an_opening_has_a_reason"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, ends_at__isnull=True, closed_at__isnull=True, units=[])
                | (
                    Q(opened_at__isnull=False, ends_at__isnull=False)  # a comparison with nothing would pass
                    & Q(opened_at__gte=F("asked_at"), opened_at__lte=F("asked_at") + ASKED_LASTS)
                    & Q(ends_at__gt=F("opened_at"), ends_at__lte=F("opened_at") + LONGEST_OPENING)
                    & ~Q(units=[])
                    & ~Q(opened_reason="")
                ),
                name="patients_an_opening_is_asked_for_and_ends",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="patients_an_opening_is_closed_after_it_opened",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "unit_hsa_id", "ends_at"],
                condition=Q(closed_at__isnull=True),
                name="patients_open_openings",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d %H:%M}"
