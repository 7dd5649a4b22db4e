from django.db import models

from vardnav.kernel.personal_data import classes


class Municipality(models.Model):
    code = models.CharField(max_length=4, primary_key=True)  # SCB
    name = models.CharField(max_length=100)
    county_code = models.CharField(max_length=2)
    population = models.PositiveIntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    boundary = models.JSONField(null=True)  # GeoJSON geometry, WGS 84, simplified for a county map

    personal_data = classes(none="code name county_code population latitude longitude boundary")

    class Meta:
        verbose_name_plural = "municipalities"

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A statistical area of some two thousand people."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=150)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="areas")
    population = models.PositiveIntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    care_need_index = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    personal_data = classes(none="id code name municipality population latitude longitude care_need_index")

    def __str__(self) -> str:
        return self.name
