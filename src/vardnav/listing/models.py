"""Listings and named doctors are chains: each period but the first carries the end of the one before.

Unique (person, ends_on) lets a person have one open period; unique (person, previous_ends_on) lets each period
have one successor; the foreign key to the predecessor's end and the checks make overlap impossible. It says the
same as a GiST exclusion, and builds in a fraction of the time on a county (docs/adr/0004).
"""

from django.db import models
from django.db.models import F, Q

from vardnav.kernel.personal_data import classes
from vardnav.listing.rules import CapState, ChoiceState, OfferState, Origin, QueueState
from vardnav.tables import choices, ends_after_it_starts, known


class Listing(models.Model):
    """A resident's clinic for a period."""

    person = models.ForeignKey("patients.Person", on_delete=models.PROTECT, related_name="listings", db_index=False)
    clinic = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="listings", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    previous_ends_on = models.DateField(null=True)
    origin = models.CharField(max_length=14, choices=choices(Origin))
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    welcomed_at = models.DateTimeField(null=True)
    welcomed_by = models.CharField(max_length=200, blank=True)

    personal_data = classes(
        none="id starts_on ends_on previous_ends_on origin made_at welcomed_at",
        identity="person made_by welcomed_by",
        health="clinic",
    )

    class Meta:
        constraints = [
            known("origin", Origin, "listing_origin_is_known"),
            ends_after_it_starts("listing_a_listing_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(previous_ends_on__isnull=True) | Q(previous_ends_on__lte=F("starts_on")),
                name="listing_a_listing_starts_after_the_one_before",
            ),
            models.UniqueConstraint(
                fields=["person", "ends_on"], nulls_distinct=False, name="listing_a_resident_has_one_clinic"
            ),
            models.UniqueConstraint(
                fields=["person", "previous_ends_on"],
                nulls_distinct=False,
                name="listing_a_listing_has_one_successor",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "ends_on", "person"], name="listing_by_clinic"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.starts_on}"


class NamedDoctor(models.Model):
    """The doctor responsible for a resident at a clinic, for a period."""

    person = models.ForeignKey(
        "patients.Person", on_delete=models.PROTECT, related_name="named_doctors", db_index=False
    )
    clinic = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    doctor = models.ForeignKey(
        "organisation.Professional", on_delete=models.PROTECT, related_name="panel", db_index=False
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    previous_ends_on = models.DateField(null=True)
    above_reason = models.CharField(max_length=300, null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    personal_data = classes(
        none="id starts_on ends_on previous_ends_on above_reason made_at",
        identity="person made_by",
        health="clinic doctor",
    )

    class Meta:
        constraints = [
            ends_after_it_starts("listing_a_named_doctor_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(previous_ends_on__isnull=True) | Q(previous_ends_on__lte=F("starts_on")),
                name="listing_a_named_doctor_starts_after_the_one_before",
            ),
            models.UniqueConstraint(
                fields=["person", "ends_on"],
                nulls_distinct=False,
                name="listing_a_resident_has_one_named_doctor",
            ),
            models.UniqueConstraint(
                fields=["person", "previous_ends_on"],
                nulls_distinct=False,
                name="listing_a_named_doctor_has_one_successor",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "doctor", "ends_on", "person"], name="listing_panel"),
        ]

    def __str__(self) -> str:
        return f"{self.doctor_id} {self.starts_on}"


class ClinicCount(models.Model):
    """How many a clinic has, has promised places to, and makes wait; the row that a race for a place locks.

    `allowance` is how far above the cap the clinic stands with good reason: it was above when the cap was
    granted, or took in people who are exempt. It shrinks as people leave and never lets anyone else in.
    """

    clinic = models.OneToOneField("organisation.Unit", on_delete=models.PROTECT, primary_key=True)
    listed = models.PositiveIntegerField(default=0)
    burden = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    held = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    cap = models.PositiveIntegerField(null=True)
    allowance = models.PositiveIntegerField(default=0)

    personal_data = classes(none="clinic listed burden held waiting cap allowance")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cap__isnull=True) | Q(cap__gte=F("listed") + F("held") - F("allowance")),
                name="listing_no_clinic_is_above_its_cap",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listed} listed, {self.held} held, cap {self.cap}"


class PanelCount(models.Model):
    """How many heads, and how much burden, a doctor has at a clinic."""

    clinic = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    doctor = models.ForeignKey("organisation.Professional", on_delete=models.PROTECT, related_name="+")
    heads = models.PositiveIntegerField(default=0)
    burden = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    personal_data = classes(none="id clinic heads burden", identity="doctor")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "doctor"], name="listing_a_doctor_has_one_panel_a_clinic"),
        ]

    def __str__(self) -> str:
        return f"{self.heads} heads, burden {self.burden}"


class Cap(models.Model):
    """A clinic's request for a limit, and the region's decision."""

    clinic = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="caps")
    heads = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=8, choices=choices(CapState))
    reason = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decision = models.CharField(max_length=500, blank=True)

    personal_data = classes(
        none="id clinic heads starts_on ends_on state reason asked_at decided_at decision",
        identity="asked_by decided_by",
    )

    class Meta:
        constraints = [
            known("state", CapState, "listing_cap_state_is_known"),
            ends_after_it_starts("listing_a_cap_ends_after_it_starts"),
            # EXCLUDE listing_caps_do_not_overlap: see the migration (no btree_gist in the embedded server)
        ]

    def __str__(self) -> str:
        return f"{self.heads} {self.starts_on}-{self.ends_on} {self.state}"


class QueuePlace(models.Model):
    """A resident who waits for a place at a capped clinic."""

    person = models.ForeignKey("patients.Person", on_delete=models.PROTECT, related_name="queue_places")
    clinic = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    joined_at = models.DateTimeField()
    joined_by = models.CharField(max_length=200)
    priority_class = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=choices(QueueState))
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)

    personal_data = classes(
        none="id joined_at priority_class state settled_at",
        identity="person joined_by settled_by",
        health="clinic",
    )

    class Meta:
        constraints = [
            known("state", QueueState, "listing_queue_state_is_known"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["waiting", "offered"]),
                name="listing_a_resident_waits_in_one_queue",
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "priority_class", "joined_at", "id"],
                condition=Q(state="waiting"),
                name="listing_queue_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.joined_at:%Y-%m-%d}"


class Offer(models.Model):
    """A place held for the first in the queue until it is answered or its time runs out."""

    place = models.ForeignKey(QueuePlace, on_delete=models.PROTECT, related_name="offers")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices(OfferState))
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)

    personal_data = classes(none="id made_at expires_at state settled_at", identity="place made_by settled_by")

    class Meta:
        constraints = [
            known("state", OfferState, "listing_offer_state_is_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="listing_an_offer_lasts_some_time"),
            models.UniqueConstraint(
                fields=["place"], condition=Q(state="open"), name="listing_a_place_is_offered_once_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="open"), name="listing_offers_running_out")]

    def __str__(self) -> str:
        return f"{self.state} until {self.expires_at:%Y-%m-%d %H:%M}"


class PendingChoice(models.Model):
    """A choice one guardian has made for a child and the other must confirm."""

    person = models.ForeignKey("patients.Person", on_delete=models.PROTECT, related_name="pending_choices")
    clinic = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    asker = models.ForeignKey("patients.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices(ChoiceState))
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)

    personal_data = classes(
        none="id asked_at expires_at state settled_at",
        identity="person asker asked_by settled_by",
        health="clinic",
    )

    class Meta:
        constraints = [
            known("state", ChoiceState, "listing_choice_state_is_known"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="waiting"),
                name="listing_one_choice_at_a_time_waits_for_a_guardian",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.asked_at:%Y-%m-%d}"
