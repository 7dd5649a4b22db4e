"""One row a day: of each clinic, of the residents of each municipality, and of the region.

Only what can be added is kept (numerators and denominators), and the few figures that cannot: travel times and the
median wait are counted at each level. What a page shows is derived from these by the room's rules.
"""

from django.db import models
from django.db.models import F, Q

from vardnav.kernel.personal_data import classes


class RegionSnapshot(models.Model):
    """A day that has been counted: when, by whom, and what only the whole region's rows can tell."""

    taken_on = models.DateField(unique=True)
    counted_at = models.DateTimeField()
    counted_by = models.CharField(max_length=200)
    median_wait_days = models.PositiveIntegerField(null=True)
    travel_median = models.PositiveSmallIntegerField(null=True)
    travel_p95 = models.PositiveSmallIntegerField(null=True)

    personal_data = classes(
        none="id taken_on counted_at median_wait_days travel_median travel_p95", identity="counted_by"
    )

    def __str__(self) -> str:
        return f"{self.taken_on}"


class ClinicSnapshot(models.Model):
    """A clinic at the end of a day; the three flows are of the month up to that day."""

    taken_on = models.DateField()
    clinic = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    listed = models.PositiveIntegerField()
    burden = models.DecimalField(max_digits=12, decimal_places=2)
    named = models.PositiveIntegerField()
    doctor_gone = models.PositiveIntegerField()
    passive = models.PositiveIntegerField()
    specialists_fte = models.DecimalField(max_digits=7, decimal_places=2)
    specialists_heads = models.PositiveIntegerField()
    trainees_fte = models.DecimalField(max_digits=7, decimal_places=2)
    locums_fte = models.DecimalField(max_digits=7, decimal_places=2)
    capacity = models.PositiveIntegerField()
    queue = models.PositiveIntegerField()
    wait_days = models.PositiveIntegerField()
    oldest_wait_days = models.PositiveIntegerField()
    offers_open = models.PositiveIntegerField()
    offers_made = models.PositiveIntegerField()
    cap = models.PositiveIntegerField(null=True)
    free_places = models.PositiveIntegerField(null=True)
    joined_month = models.PositiveIntegerField()
    chosen_month = models.PositiveIntegerField()
    left_month = models.PositiveIntegerField()
    travel_median = models.PositiveSmallIntegerField(null=True)
    travel_p95 = models.PositiveSmallIntegerField(null=True)

    personal_data = classes(
        none="id taken_on clinic listed burden named doctor_gone passive specialists_fte specialists_heads "
        "trainees_fte locums_fte capacity queue wait_days oldest_wait_days offers_open offers_made cap free_places "
        "joined_month chosen_month left_month travel_median travel_p95"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["taken_on", "clinic"], name="followup_a_clinic_is_counted_once_a_day"),
            models.CheckConstraint(
                condition=Q(passive__lte=F("listed")), name="followup_the_passive_are_among_the_listed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinic_id} {self.taken_on}: {self.listed}"


class MunicipalitySnapshot(models.Model):
    """Those who live in a municipality at the end of a day, wherever their clinic is."""

    taken_on = models.DateField()
    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    residents = models.PositiveIntegerField()
    listed = models.PositiveIntegerField()
    named = models.PositiveIntegerField()
    travel_median = models.PositiveSmallIntegerField(null=True)
    travel_p95 = models.PositiveSmallIntegerField(null=True)

    personal_data = classes(none="id taken_on municipality residents listed named travel_median travel_p95")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["taken_on", "municipality"], name="followup_a_municipality_is_counted_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.taken_on}: {self.residents}"
