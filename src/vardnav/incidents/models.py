from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from vardnav.incidents.rules import Harm, Step
from vardnav.kernel.personal_data import classes
from vardnav.tables import choices, known


class Incident(models.Model):
    """Something that happened. Its row changes once: when it is closed."""

    title = models.CharField(max_length=150)
    text = models.TextField(max_length=4000)
    source = models.CharField(max_length=80, blank=True)  # what made it, where that was not somebody: `review:12`
    aware_at = models.DateTimeField()  # when the operator became aware: every deadline is reckoned from it
    aware_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    personal_data = classes(
        none="id title text source aware_at opened_at closed_at", identity="aware_by opened_by closed_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(aware_at__lte=F("opened_at")), name="incidents_known_of_before_it_is_written_down"
            ),
            models.UniqueConstraint(
                fields=["source"], condition=~Q(source=""), name="incidents_one_source_makes_one_incident"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"


class Assessment(models.Model):
    """What was thought of it at an instant; the last one holds."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="assessments")
    harms = ArrayField(models.CharField(max_length=20))
    systems = models.CharField(max_length=300, blank=True)
    significant = models.BooleanField()  # betydande incident: the Cybersecurity Act's three reports
    concerns_people = models.BooleanField()  # a personal data breach: GDPR article 33
    why = models.CharField(max_length=500, blank=True)
    assessed_at = models.DateTimeField()
    assessed_by = models.CharField(max_length=200)

    personal_data = classes(
        none="id incident harms systems significant concerns_people why assessed_at", identity="assessed_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(harms__contained_by=[harm.value for harm in Harm]) & Q(harms__len__gt=0),
                name="incidents_harms_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.assessed_at:%Y-%m-%d %H:%M}"


class Note(models.Model):
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(max_length=4000)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=200)

    personal_data = classes(none="id incident text noted_at", identity="noted_by")

    def __str__(self) -> str:
        return f"{self.incident_id} {self.noted_at:%Y-%m-%d %H:%M}"


class Report(models.Model):
    """A report that was sent to an authority, and what it was given as reference."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reports")
    step = models.CharField(max_length=20, choices=choices(Step))
    reference = models.CharField(max_length=100, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)

    personal_data = classes(none="id incident step reference sent_at written_at", identity="sent_by written_by")

    class Meta:
        constraints = [
            known("step", Step, "incidents_step_is_known"),
            models.UniqueConstraint(fields=["incident", "step"], name="incidents_a_report_is_sent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.step}"
