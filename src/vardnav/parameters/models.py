from django.db import models

from vardnav.kernel.personal_data import classes


class Parameter(models.Model):
    """A value the region has set, from a day on."""

    name = models.CharField(max_length=60)
    value = models.IntegerField()
    starts_on = models.DateField()
    source = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)

    personal_data = classes(none="id name value starts_on source set_at", identity="set_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "starts_on"], name="parameters_a_value_is_set_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.value} from {self.starts_on}"
