from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from vardnav.kernel.personal_data import classes
from vardnav.reviews.rules import Risk, Verdict
from vardnav.tables import choices, known


class Review(models.Model):
    """One unit's lines of one calendar month. Its row changes once: when it is finished."""

    unit_hsa_id = models.CharField(max_length=40)
    unit_name = models.CharField(max_length=200)
    month = models.DateField()
    number = models.PositiveSmallIntegerField(default=0)  # 0 is the month's own; those made by hand follow
    reason = models.CharField(max_length=300, blank=True)  # why one was made by hand
    seed = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()  # how many there were to draw from
    due_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.CharField(max_length=200, blank=True)

    personal_data = classes(
        none="id unit_hsa_id unit_name month number reason seed lines due_on made_at finished_at",
        identity="made_by finished_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_hsa_id", "month", "number"], name="reviews_a_unit_has_one_review_a_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="reviews_a_month_begins_on_its_first_day"),
            models.CheckConstraint(
                condition=Q(number=0) | ~Q(reason=""), name="reviews_one_made_by_hand_has_its_reason"
            ),
        ]
        indexes = [models.Index(fields=["month", "unit_hsa_id"], name="reviews_by_month")]

    def __str__(self) -> str:
        return f"{self.unit_name} {self.month:%Y-%m}"


class Sampled(models.Model):
    """A line of the log that is looked at, and why."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="sampled")
    line_id = models.BigIntegerField()  # no foreign key: the log is parted, and outlives
    place = models.PositiveIntegerField()  # in the order of the desk
    by_lot = models.BooleanField()
    risks = ArrayField(models.CharField(max_length=20), default=list)
    contact = models.CharField(max_length=40, blank=True)  # what the unit had to do with the patient that day

    personal_data = classes(none="id review place by_lot", identity="line_id", health="risks contact")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "line_id"], name="reviews_a_line_is_looked_at_once_a_review"),
            models.CheckConstraint(
                condition=Q(risks__contained_by=[risk.value for risk in Risk]), name="reviews_risks_are_known"
            ),
            models.CheckConstraint(
                condition=Q(by_lot=True) | ~Q(risks=[]), name="reviews_a_line_is_there_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.place}"


class Judgement(models.Model):
    """What somebody thought of a line; the last one holds, and those before stay."""

    sampled = models.ForeignKey(Sampled, on_delete=models.PROTECT, related_name="judgements")
    verdict = models.CharField(max_length=20, choices=choices(Verdict))
    comment = models.CharField(max_length=1000, blank=True)
    account_id = models.BigIntegerField(null=True)
    judged_at = models.DateTimeField()
    judged_by = models.CharField(max_length=200)

    personal_data = classes(
        none="id sampled verdict judged_at", identity="judged_by", account="account_id", health="comment"
    )

    class Meta:
        constraints = [known("verdict", Verdict, "reviews_verdict_is_known")]

    def __str__(self) -> str:
        return f"{self.sampled_id} {self.verdict}"


class Answer(models.Model):
    """What the head of the unit said to the question."""

    judgement = models.OneToOneField(Judgement, on_delete=models.PROTECT, related_name="answer")
    text = models.CharField(max_length=1000)
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=200)

    personal_data = classes(none="id judgement answered_at", identity="answered_by", health="text")

    def __str__(self) -> str:
        return f"{self.judgement_id}"


class Reported(models.Model):
    """The incident that an unwarranted line became."""

    sampled = models.OneToOneField(Sampled, on_delete=models.PROTECT, related_name="reported")
    incident = models.ForeignKey("incidents.Incident", on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=200)

    personal_data = classes(none="id sampled incident reported_at", identity="reported_by")

    def __str__(self) -> str:
        return f"{self.sampled_id} {self.incident_id}"


class Reminder(models.Model):
    """That a review was pointed out on somebody's first page, and on which day."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="reminders")
    on_date = models.DateField()
    late = models.BooleanField()
    reminded_at = models.DateTimeField()
    reminded_by = models.CharField(max_length=200)

    personal_data = classes(none="id review on_date late reminded_at", identity="reminded_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "on_date"], name="reviews_reminded_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.on_date}"


class Flag(models.Model):
    """A well-known person, whose lines are always looked at."""

    person = models.ForeignKey("patients.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    flagged_at = models.DateTimeField()
    flagged_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)

    personal_data = classes(none="id flagged_at ended_at", identity="person flagged_by ended_by", health="reason")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="reviews_a_person_is_flagged_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("flagged_at")),
                name="reviews_a_flag_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"flag {self.pk}"
