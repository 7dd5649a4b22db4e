from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from vardnav.kernel.actor import Purpose, Role
from vardnav.kernel.personal_data import classes
from vardnav.tables import choices, known


class Account(AbstractBaseUser):
    """A person who can log in: a resident by personal number, or staff by HSA-id."""

    login = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    hsa_id = models.CharField(max_length=40, unique=True, null=True)
    personal_number = models.CharField(max_length=12, unique=True, null=True)
    is_active = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    password_until = models.DateTimeField(null=True)  # a temporary one: it must be changed, and is worth nothing then

    USERNAME_FIELD = "login"
    objects = BaseUserManager["Account"]()

    personal_data = classes(
        none="id is_active opened_at password_until last_login",
        identity="name hsa_id personal_number opened_by",
        account="login password",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hsa_id__isnull=True) ^ Q(personal_number__isnull=True),
                name="identity_an_account_is_staff_or_resident",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """The authority to act: a role at a unit, for a purpose and a period (Patient Data Act 4:2)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=30, choices=choices(Role))
    purpose = models.CharField(max_length=30, choices=choices(Purpose))
    unit_hsa_id = models.CharField(max_length=40)
    unit_name = models.CharField(max_length=200)
    provider_hsa_id = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300)
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=200)

    personal_data = classes(
        none="id role purpose unit_hsa_id unit_name provider_hsa_id starts_at ends_at reason granted_at",
        identity="account granted_by",
    )

    class Meta:
        constraints = [
            known("role", Role, "identity_role_is_known"),
            known("purpose", Purpose, "identity_purpose_is_known"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
                name="identity_an_assignment_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.unit_name}"


class ApiKey(models.Model):
    """A service account's key: only its digest is kept."""

    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40))
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, blank=True)

    personal_data = classes(
        none="id name prefix scopes issued_at expires_at revoked_at",
        identity="issued_by revoked_by",
        account="digest",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("issued_at")), name="identity_a_key_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"
