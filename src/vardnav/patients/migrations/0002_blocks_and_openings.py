from datetime import timedelta
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


# What somebody has stated stands: its words are never changed and it is never deleted (Patient Data Act 3:14, 3:17).
# The columns named are its state; each is set once.
STANDS = """
CREATE FUNCTION patients_statement_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb;
    state text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% holds what somebody has stated: nothing is deleted', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    after := to_jsonb(NEW);
    FOREACH state IN ARRAY coalesce(TG_ARGV, '{}') LOOP
        IF before -> state NOT IN ('null', '""', '[]') AND before -> state <> after -> state THEN
            RAISE EXCEPTION '% of % is set once', state, TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
        before := before - state;
        after := after - state;
    END LOOP;
    IF before <> after THEN
        RAISE EXCEPTION '% holds what somebody has stated: its words stand', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER patients_a_need_stands BEFORE UPDATE OR DELETE ON patients_need
    FOR EACH ROW EXECUTE FUNCTION patients_statement_stands();
CREATE TRIGGER patients_a_block_stands BEFORE UPDATE OR DELETE ON patients_block
    FOR EACH ROW EXECUTE FUNCTION patients_statement_stands('lifted_at', 'lifted_by', 'lifted_how', 'lift_request');
CREATE TRIGGER patients_an_opening_stands BEFORE UPDATE OR DELETE ON patients_opening
    FOR EACH ROW EXECUTE FUNCTION patients_statement_stands(
        'units', 'opened_reason', 'opened_at', 'opened_by', 'ends_at', 'closed_at', 'closed_by');
"""
FALLS = """
DROP TRIGGER patients_an_opening_stands ON patients_opening;
DROP TRIGGER patients_a_block_stands ON patients_block;
DROP TRIGGER patients_a_need_stands ON patients_need;
DROP FUNCTION patients_statement_stands();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_hsa_id', models.CharField(max_length=40)),
                ('unit_name', models.CharField(max_length=200)),
                ('provider_hsa_id', models.CharField(max_length=40)),
                ('how', models.CharField(choices=[('online', 'online'), ('at_unit', 'at_unit')], max_length=10)),
                ('request', models.CharField(blank=True, max_length=300)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=200)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.CharField(blank=True, max_length=200)),
                ('lifted_how', models.CharField(choices=[('online', 'online'), ('at_unit', 'at_unit')], max_length=10, null=True)),
                ('lift_request', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField()),
                ('unit_hsa_id', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('consent', 'consent'), ('emergency', 'emergency')], max_length=10)),
                ('reason', models.CharField(max_length=300)),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.CharField(max_length=200)),
                ('units', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('opened_reason', models.CharField(blank=True, max_length=300)),
                ('opened_at', models.DateTimeField(null=True)),
                ('opened_by', models.CharField(blank=True, max_length=200)),
                ('ends_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='need',
            name='patients_need_reason_is_known',
        ),
        migrations.AlterField(
            model_name='need',
            name='reason',
            field=models.CharField(choices=[('emergency', 'emergency'), ('wants_to_list', 'wants_to_list'), ('asked_by_person', 'asked_by_person'), ('in_the_room', 'in_the_room'), ('other', 'other')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['emergency', 'wants_to_list', 'asked_by_person', 'in_the_room', 'other'])), name='patients_need_reason_is_known'),
        ),
        migrations.AddField(
            model_name='block',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blocks', to='patients.person'),
        ),
        migrations.AddField(
            model_name='opening',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='patients.person'),
        ),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', ['online', 'at_unit'])), name='patients_block_how_is_known'),
        ),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.CheckConstraint(condition=models.Q(('lifted_how__isnull', True), ('lifted_how__in', ['online', 'at_unit']), _connector='OR'), name='patients_block_lifted_how_is_known'),
        ),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('person', 'unit_hsa_id'), name='patients_one_block_stands_for_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by', ''), ('lifted_how__isnull', True)), models.Q(('lifted_at__gte', models.F('made_at')), ('lifted_at__isnull', False), ('lifted_how__isnull', False)), _connector='OR'), name='patients_a_block_is_lifted_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='block',
            constraint=models.CheckConstraint(condition=models.Q(('how', 'online'), models.Q(('request', ''), _negated=True), _connector='OR'), name='patients_a_block_at_a_unit_was_asked_for'),
        ),
        migrations.AddIndex(
            model_name='opening',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['person', 'unit_hsa_id', 'ends_at'], name='patients_open_openings'),
        ),
        migrations.AddConstraint(
            model_name='opening',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['consent', 'emergency'])), name='patients_opening_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='opening',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='patients_an_opening_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='opening',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('ends_at__isnull', True), ('opened_at__isnull', True), ('units', [])), models.Q(('ends_at__isnull', False), ('opened_at__isnull', False), ('opened_at__gte', models.F('asked_at')), ('opened_at__lte', django.db.models.expressions.CombinedExpression(models.F('asked_at'), '+', models.Value(timedelta(seconds=1800)))), ('ends_at__gt', models.F('opened_at')), ('ends_at__lte', django.db.models.expressions.CombinedExpression(models.F('opened_at'), '+', models.Value(timedelta(days=1)))), models.Q(('units', []), _negated=True), models.Q(('opened_reason', ''), _negated=True)), _connector='OR'), name='patients_an_opening_is_asked_for_and_ends'),
        ),
        migrations.AddConstraint(
            model_name='opening',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('closed_at__gte', models.F('opened_at')), _connector='OR'), name='patients_an_opening_is_closed_after_it_opened'),
        ),
        migrations.RunSQL(STANDS, FALLS),
    ]
