from django.db import models
from django.db.models import Q

from vardnav.identity.models.accounts import Account
from vardnav.identity.rules.sessions import Way
from vardnav.kernel.personal_data import classes
from vardnav.tables import choices


class Session(models.Model):
    """A browser that is logged in, or on its way to: found by the digest of its cookie, which nobody can turn back."""

    digest = models.CharField(max_length=64, unique=True)
    data = models.TextField()  # signed: what stands here is believed, the columns are for lists
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="sessions")
    way = models.CharField(max_length=20, choices=choices(Way), blank=True)
    assurance = models.SmallIntegerField(default=0)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    logout_hint = models.TextField(blank=True)  # the provider's token, which it wants back when one logs out

    personal_data = classes(
        none="id way assurance begun_at seen_at expires_at",
        identity="account logout_hint",
        account="digest data",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=["", *(one.value for one in Way)]), name="identity_way_is_known"
            ),
            models.CheckConstraint(
                condition=~(Q(account__isnull=True) ^ Q(way="")), name="identity_a_way_leads_to_an_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.way} {self.begun_at:%Y-%m-%d %H:%M}"
