"""What lets a local account in beside its password, and what is told its owner about that."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from vardnav.identity.models.accounts import Account
from vardnav.identity.rules.limits import NoticeKind
from vardnav.kernel.personal_data import classes
from vardnav.tables import choices, known


class Passkey(models.Model):
    """A key pair in somebody's telephone, computer or security key; here is only its public half."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="passkeys")
    name = models.CharField(max_length=60)
    handle = models.BinaryField(max_length=64)  # what the authenticator knows the account by: random, the same for all
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField()
    transports = ArrayField(models.CharField(max_length=20), default=list)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    personal_data = classes(
        none="id sign_count transports added_at used_at",
        identity="account",
        account="name handle credential_id public_key",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sign_count__gte=0), name="identity_a_sign_count_is_a_count"),
        ]

    def __str__(self) -> str:
        return self.name


class Totp(models.Model):
    """A secret shared with an app that makes codes. Not confirmed, it lets nobody in."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="totps")
    secret = models.TextField()  # encrypted: identity.sealed
    is_confirmed = models.BooleanField(default=False)
    last_step = models.BigIntegerField(default=0)  # a code of this step, or of an earlier one, is used up
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    personal_data = classes(none="id is_confirmed last_step added_at used_at", identity="account", account="secret")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "is_confirmed"], name="identity_one_app_and_one_to_confirm"),
        ]

    def __str__(self) -> str:
        return f"app of {self.account_id}"


class RecoveryCode(models.Model):
    """One of ten codes for the day the telephone is gone. Its row goes when it is used."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="recovery_codes")
    place = models.PositiveSmallIntegerField()  # its first sign: only one has to be compared
    digest = models.CharField(max_length=128)

    personal_data = classes(none="id place", identity="account", account="digest")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "place"], name="identity_a_recovery_code_has_its_place"),
            models.CheckConstraint(condition=Q(place__lt=10), name="identity_ten_recovery_codes"),
        ]

    def __str__(self) -> str:
        return f"code {self.place} of {self.account_id}"


class Challenge(models.Model):
    """A question put to a passkey. Its row goes with the first answer, right or wrong."""

    value = models.BinaryField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True)  # whose key is added; nobody's at login
    expires_at = models.DateTimeField(db_index=True)

    personal_data = classes(none="id expires_at", identity="account", account="value")

    def __str__(self) -> str:
        return f"challenge {self.id}"


class Tries(models.Model):
    """How many wrong tries a name, a network address, a browser or a factor has had, and until when it is shut.

    Keyed by a digest: neither the names that somebody tried nor where from can be read here.
    """

    key = models.CharField(max_length=64, unique=True)
    level = models.PositiveIntegerField()
    counted_until = models.DateTimeField()  # the level is right up to here; later some has leaked away
    shut_until = models.DateTimeField(null=True)
    gone_until = models.DateTimeField(db_index=True)  # from then on all is forgotten

    personal_data = classes(none="id level counted_until shut_until gone_until", account="key")

    def __str__(self) -> str:
        return f"{self.level} tries"


class Notice(models.Model):
    """Something done to how an account is logged in to: told at its next login, so that a thief is seen."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=30, choices=choices(NoticeKind))
    name = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField()
    done_by = models.CharField(max_length=200)
    is_told = models.BooleanField(default=False)

    personal_data = classes(none="id kind done_at is_told", identity="account done_by", account="name")

    class Meta:
        constraints = [known("kind", NoticeKind, "identity_kind_of_notice_is_known")]
        indexes = [models.Index(fields=["account", "-done_at"], name="identity_notices_of_account")]

    def __str__(self) -> str:
        return self.kind
