from django.db import migrations, models

# What staff did with a patient's data always tells what the national log service demands (docs/audit.md).
TOLD = """
ALTER TABLE audit_line ADD CONSTRAINT audit_staff_tell_where_they_stand CHECK (
    actor_kind <> 'staff' OR outcome <> 'done' OR patient_id IS NULL
    OR (user_id <> '' AND purpose <> '' AND unit_hsa_id <> '' AND provider_hsa_id <> ''
        AND resource_type <> '' AND resource_provider_hsa_id <> ''));
DROP INDEX audit_by_kind;
"""
NOT_TOLD = """
ALTER TABLE audit_line DROP CONSTRAINT audit_staff_tell_where_they_stand;
CREATE INDEX audit_by_kind ON audit_line (kind, id DESC);
"""
# A month whose lines already went to audit_line_other gets its part all the same: the lines are put in anew.
MONTHS = """
CREATE OR REPLACE FUNCTION audit_add_part(name text, bounds text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE format('CREATE TABLE %I PARTITION OF audit_line %s', name, bounds);
    EXCEPTION WHEN check_violation THEN
        LOCK TABLE audit_line IN ACCESS EXCLUSIVE MODE;
        ALTER TABLE audit_line DETACH PARTITION audit_line_other;
        ALTER TABLE audit_line_other RENAME TO audit_line_waiting;
        EXECUTE format('CREATE TABLE %I PARTITION OF audit_line %s', name, bounds);
        CREATE TABLE audit_line_other PARTITION OF audit_line DEFAULT;
        CREATE TRIGGER a_part_is_never_emptied BEFORE TRUNCATE ON audit_line_other
            FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
        INSERT INTO audit_line SELECT * FROM audit_line_waiting;
        DROP TABLE audit_line_waiting;
    END;
    EXECUTE format('CREATE TRIGGER a_part_is_never_emptied BEFORE TRUNCATE ON %I'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()', name);
END $$;

-- A month's part that was exported, verified and recorded in audit_cut. The owner's alone; five years at least are kept.
CREATE FUNCTION audit_forget_month(month date) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    part text := 'audit_line_' || to_char(month, 'YYYY_MM');
    lines bigint;
    cut bigint;
BEGIN
    IF date_trunc('month', month) + interval '1 month' > date_trunc('month', now() - interval '5 years') THEN
        RAISE EXCEPTION 'the audit log is kept for five years: % is refused', month
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('SELECT count(*) FROM %I', part) INTO lines;
    SELECT coalesce(sum(last_seq - first_seq + 1), 0) FROM audit_cut c
        WHERE c.month = date_trunc('month', audit_forget_month.month)::date INTO cut;
    IF lines <> cut THEN
        RAISE EXCEPTION 'the audit log has % lines of % and % are recorded as cut', lines, month, cut
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('ALTER TABLE audit_line DETACH PARTITION %I', part);
    EXECUTE format('DROP TABLE %I', part);
    RETURN lines;
END $$;
REVOKE EXECUTE ON FUNCTION audit_forget_month(date), audit_add_part(text, text) FROM PUBLIC;
CREATE TRIGGER audit_cut_is_never_changed BEFORE UPDATE OR DELETE ON audit_cut
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_cut_is_never_emptied BEFORE TRUNCATE ON audit_cut
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
UNDO_MONTHS = "DROP FUNCTION audit_forget_month(date);"


class Migration(migrations.Migration):
    dependencies = [('audit', '0001_initial')]
    operations = [
        migrations.CreateModel(
            name='Cut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('shard_id', models.BigIntegerField()),
                ('first_seq', models.BigIntegerField()),
                ('last_seq', models.BigIntegerField()),
                ('mac', models.BinaryField(max_length=32)),
                ('file', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('key', models.CharField(max_length=12)),
                ('signature', models.BinaryField(max_length=32)),
                ('cut_at', models.DateTimeField()),
                ('cut_by', models.CharField(max_length=200)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=['shard_id', 'first_seq'], name='audit_a_line_is_cut_once'),
                    models.CheckConstraint(condition=models.Q(('first_seq__lte', models.F('last_seq'))), name='audit_a_cut_takes_a_line'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_whole', models.BooleanField()),
                ('lines', models.BigIntegerField()),
                ('anchors', models.BigIntegerField()),
                ('findings', models.BigIntegerField()),
                ('seconds', models.FloatField()),
                ('verified_at', models.DateTimeField()),
                ('verified_by', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('shard_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('mac', models.BinaryField(max_length=32)),
                ('key', models.CharField(max_length=12)),
                ('signature', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TOLD, NOT_TOLD)],
            state_operations=[
                migrations.RemoveIndex(model_name='line', name='audit_by_kind'),
                migrations.AddConstraint(
                    model_name='line',
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(('actor_kind', 'staff'), _negated=True),
                            models.Q(('outcome', 'done'), _negated=True),
                            ('patient_id', None),
                            models.Q(
                                models.Q(('user_id', ''), _negated=True),
                                models.Q(('purpose', ''), _negated=True),
                                models.Q(('unit_hsa_id', ''), _negated=True),
                                models.Q(('provider_hsa_id', ''), _negated=True),
                                models.Q(('resource_type', ''), _negated=True),
                                models.Q(('resource_provider_hsa_id', ''), _negated=True),
                            ),
                            _connector='OR',
                        ),
                        name='audit_staff_tell_where_they_stand',
                    ),
                ),
            ],
        ),
        migrations.RunSQL(MONTHS, UNDO_MONTHS),
    ]
