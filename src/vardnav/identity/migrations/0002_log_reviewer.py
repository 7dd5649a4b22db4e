from django.db import migrations, models

ROLES = ['clinic_staff', 'clinic_head', 'region_planner', 'administrator', 'log_reviewer']


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='assignment',
            name='role',
            field=models.CharField(choices=[(role, role) for role in ROLES], max_length=30),
        ),
        migrations.RemoveConstraint(
            model_name='assignment',
            name='identity_role_is_known',
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ROLES)), name='identity_role_is_known'),
        ),
    ]
