from django.db import migrations, models

NAME = "parameters_a_value_is_set_once_a_day"


class Migration(migrations.Migration):
    """A date's name ends in `_on`. The database's unique index follows its renamed column."""

    dependencies = [("parameters", "0001_initial")]

    operations = [
        migrations.RenameField("parameter", "valid_from", "starts_on"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("parameter", NAME),
                migrations.AddConstraint(
                    "parameter", models.UniqueConstraint(fields=["name", "starts_on"], name=NAME)
                ),
            ]
        ),
    ]
