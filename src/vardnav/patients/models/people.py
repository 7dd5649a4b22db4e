from django.db import models
from django.db.models import F, Func, Q

from vardnav.kernel.personal_data import classes
from vardnav.kernel.personal_number import NumberKind, Sex
from vardnav.tables import choices, ends_after_it_starts, known

SWEDISH = "translate(lower(%(expressions)s), 'åäöæøéèü', '{|}|}eey')"  # { | } come after z; no ICU is needed


class Person(models.Model):
    """A resident of the region."""

    personal_number = models.CharField(max_length=12, unique=True)
    number_kind = models.CharField(max_length=12, choices=choices(NumberKind))
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    birth_date = models.DateField()
    sex = models.CharField(max_length=6, choices=choices(Sex))
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="residents")
    address = models.CharField(max_length=200, null=True)
    postal_code = models.CharField(max_length=6, null=True)
    city = models.CharField(max_length=100, null=True)
    phone = models.CharField(max_length=30, null=True)
    email = models.CharField(max_length=200, null=True)
    household = models.CharField(max_length=20, null=True)
    burden = models.DecimalField(max_digits=6, decimal_places=2, default=1)
    protected = models.BooleanField(default=False)
    deceased_on = models.DateField(null=True)
    sort_name = models.GeneratedField(
        expression=Func("last_name", "first_name", template=SWEDISH, arg_joiner=" || ' ' || "),
        output_field=models.CharField(max_length=201),
        db_persist=True,
    )

    personal_data = classes(
        none="id number_kind",
        identity="personal_number first_name last_name sort_name birth_date sex protected deceased_on",
        contact="phone email",
        whereabouts="area address postal_code city household",
        health="burden",
    )

    class Meta:
        constraints = [
            known("number_kind", NumberKind, "patients_number_kind_is_known"),
            known("sex", Sex, "patients_sex_is_known"),
            models.CheckConstraint(condition=Q(burden__gt=0), name="patients_burden_is_positive"),
        ]
        indexes = [
            # A clinic's list is sorted out of the index alone: 18,000 residents in 20 ms of a county's 2.5 million
            models.Index(fields=["id"], include=["sort_name"], name="patients_name_of"),
            models.Index(fields=["household"], name="patients_by_household"),
            # The hourly look for the dead reads them alone, not the whole county
            models.Index(fields=["deceased_on"], condition=Q(deceased_on__isnull=False), name="patients_deceased"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Guardianship(models.Model):
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardianships")
    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="wards")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    personal_data = classes(none="id starts_on ends_on", identity="child guardian")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "guardian"], name="patients_a_guardian_stands_once"),
            models.CheckConstraint(condition=~Q(child=F("guardian")), name="patients_nobody_guards_themselves"),
            ends_after_it_starts("patients_guardianship_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"guardianship {self.pk}"
