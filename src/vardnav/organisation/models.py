from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from vardnav.kernel.personal_data import classes
from vardnav.kernel.personal_number import Sex
from vardnav.organisation.rules import EmploymentRole, Profession, ProviderForm, UnitKind
from vardnav.tables import choices, ends_after_it_starts, known


class Region(models.Model):
    """The one region this database serves."""

    only = models.BooleanField(default=True, unique=True)
    code = models.CharField(max_length=2)
    name = models.CharField(max_length=100)
    hsa_id = models.CharField(max_length=40)

    personal_data = classes(none="id only code name hsa_id")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="organisation_there_is_one_region")]

    def __str__(self) -> str:
        return self.name


class CareProvider(models.Model):
    hsa_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    form = models.CharField(max_length=10, choices=choices(ProviderForm))

    personal_data = classes(none="id hsa_id name form")

    class Meta:
        constraints = [known("form", ProviderForm, "organisation_form_is_known")]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    hsa_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=choices(UnitKind))
    care_provider = models.ForeignKey(CareProvider, on_delete=models.PROTECT, related_name="units")
    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="units")
    address = models.CharField(max_length=200, null=True)
    postal_code = models.CharField(max_length=6, null=True)
    city = models.CharField(max_length=100, null=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    phone = models.CharField(max_length=30, null=True)
    languages = ArrayField(models.CharField(max_length=3), default=list)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    personal_data = classes(
        none="id hsa_id name kind care_provider municipality address postal_code city latitude longitude phone "
        "languages starts_on ends_on"
    )

    class Meta:
        constraints = [
            known("kind", UnitKind, "organisation_unit_kind_is_known"),
            ends_after_it_starts("organisation_a_unit_closes_after_it_opens"),
        ]

    def __str__(self) -> str:
        return self.name


class Professional(models.Model):
    hsa_id = models.CharField(max_length=40, unique=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    birth_year = models.PositiveSmallIntegerField()
    sex = models.CharField(max_length=6, choices=choices(Sex))
    profession = models.CharField(max_length=30, choices=choices(Profession))
    specialty = models.CharField(max_length=40, null=True)
    languages = ArrayField(models.CharField(max_length=3), default=list)

    personal_data = classes(
        none="id profession specialty languages", identity="hsa_id first_name last_name birth_year sex"
    )

    class Meta:
        constraints = [
            known("sex", Sex, "organisation_sex_is_known"),
            known("profession", Profession, "organisation_profession_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Employment(models.Model):
    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="employments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="employments")
    role = models.CharField(max_length=20, choices=choices(EmploymentRole))
    share = models.DecimalField(max_digits=3, decimal_places=2)
    duties_share = models.DecimalField(max_digits=3, decimal_places=2, default=0)
    training_started_on = models.DateField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    personal_data = classes(
        none="id unit role share duties_share training_started_on starts_on ends_on", identity="professional"
    )

    class Meta:
        constraints = [
            known("role", EmploymentRole, "organisation_employment_role_is_known"),
            models.UniqueConstraint(
                fields=["professional", "unit", "role", "starts_on"],
                name="organisation_an_employment_starts_once",
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0) & Q(share__lte=1), name="organisation_share_is_up_to_full_time"
            ),
            models.CheckConstraint(
                condition=Q(duties_share__gte=0) & Q(duties_share__lt=1),
                name="organisation_duties_leave_some_time",
            ),
            ends_after_it_starts("organisation_an_employment_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.professional} {self.role} {self.unit}"
