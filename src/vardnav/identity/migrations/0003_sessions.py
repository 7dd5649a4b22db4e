import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_log_reviewer'),
    ]

    operations = [
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('data', models.TextField()),
                ('way', models.CharField(blank=True, choices=[('oidc-staff', 'oidc-staff'), ('oidc-resident', 'oidc-resident'), ('passkey', 'passkey'), ('password', 'password')], max_length=20)),
                ('assurance', models.SmallIntegerField(default=0)),
                ('begun_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('logout_hint', models.TextField(blank=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('way__in', ['', 'oidc-staff', 'oidc-resident', 'passkey', 'password'])), name='identity_way_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', True), ('way', ''), _connector='XOR'), _negated=True), name='identity_a_way_leads_to_an_account')],
            },
        ),
    ]
