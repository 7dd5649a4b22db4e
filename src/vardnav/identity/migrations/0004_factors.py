import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0003_sessions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Challenge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.BinaryField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('app_added', 'app_added'), ('app_removed', 'app_removed'), ('passkey_added', 'passkey_added'), ('passkey_removed', 'passkey_removed'), ('codes_made', 'codes_made'), ('code_used', 'code_used'), ('password_changed', 'password_changed'), ('reset', 'reset')], max_length=30)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('done_at', models.DateTimeField()),
                ('done_by', models.CharField(max_length=200)),
                ('is_told', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Passkey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('handle', models.BinaryField(max_length=64)),
                ('credential_id', models.BinaryField(max_length=1023, unique=True)),
                ('public_key', models.BinaryField()),
                ('sign_count', models.BigIntegerField()),
                ('transports', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('added_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('digest', models.CharField(max_length=128)),
            ],
        ),
        migrations.CreateModel(
            name='Totp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret', models.TextField()),
                ('is_confirmed', models.BooleanField(default=False)),
                ('last_step', models.BigIntegerField(default=0)),
                ('added_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Tries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('level', models.PositiveIntegerField()),
                ('counted_until', models.DateTimeField()),
                ('shut_until', models.DateTimeField(null=True)),
                ('gone_until', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RemoveField(
            model_name='account',
            name='failed_logins',
        ),
        migrations.RemoveField(
            model_name='account',
            name='locked_until',
        ),
        migrations.AddField(
            model_name='account',
            name='password_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='challenge',
            name='account',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='identity.account'),
        ),
        migrations.AddField(
            model_name='notice',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='identity.account'),
        ),
        migrations.AddField(
            model_name='passkey',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passkeys', to='identity.account'),
        ),
        migrations.AddField(
            model_name='recoverycode',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recovery_codes', to='identity.account'),
        ),
        migrations.AddField(
            model_name='totp',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='totps', to='identity.account'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['account', '-done_at'], name='identity_notices_of_account'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['app_added', 'app_removed', 'passkey_added', 'passkey_removed', 'codes_made', 'code_used', 'password_changed', 'reset'])), name='identity_kind_of_notice_is_known'),
        ),
        migrations.AddConstraint(
            model_name='passkey',
            constraint=models.CheckConstraint(condition=models.Q(('sign_count__gte', 0)), name='identity_a_sign_count_is_a_count'),
        ),
        migrations.AddConstraint(
            model_name='recoverycode',
            constraint=models.UniqueConstraint(fields=('account', 'place'), name='identity_a_recovery_code_has_its_place'),
        ),
        migrations.AddConstraint(
            model_name='recoverycode',
            constraint=models.CheckConstraint(condition=models.Q(('place__lt', 10)), name='identity_ten_recovery_codes'),
        ),
        migrations.AddConstraint(
            model_name='totp',
            constraint=models.UniqueConstraint(fields=('account', 'is_confirmed'), name='identity_one_app_and_one_to_confirm'),
        ),
    ]

