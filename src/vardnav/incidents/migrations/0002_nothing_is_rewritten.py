from django.db import migrations

# The record is evidence towards the authorities: what is written stays, and a closed incident is closed.
FORBID = """
CREATE FUNCTION incidents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of incidents is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION incidents_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR (to_jsonb(OLD) - 'closed_at' - 'closed_by')
            IS DISTINCT FROM (to_jsonb(NEW) - 'closed_at' - 'closed_by') THEN
        RAISE EXCEPTION 'an incident is only closed, once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION incidents_refuse_after_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM incidents_incident WHERE id = NEW.incident_id AND closed_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the incident is closed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incidents_incident_stays BEFORE UPDATE ON incidents_incident
    FOR EACH ROW EXECUTE FUNCTION incidents_refuse_rewriting();
CREATE TRIGGER incidents_incident_is_not_removed BEFORE DELETE ON incidents_incident
    FOR EACH ROW EXECUTE FUNCTION incidents_refuse_change();
"""
ADDED = """
CREATE TRIGGER incidents_{table}_stays BEFORE UPDATE OR DELETE ON incidents_{table}
    FOR EACH ROW EXECUTE FUNCTION incidents_refuse_change();
CREATE TRIGGER incidents_{table}_is_of_an_open_one BEFORE INSERT ON incidents_{table}
    FOR EACH ROW EXECUTE FUNCTION incidents_refuse_after_closing();
"""
TABLES = ('assessment', 'note', 'report')
UNDO = """
DROP FUNCTION incidents_refuse_change() CASCADE;
DROP FUNCTION incidents_refuse_rewriting() CASCADE;
DROP FUNCTION incidents_refuse_after_closing() CASCADE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(FORBID + ''.join(ADDED.format(table=table) for table in TABLES), UNDO),
    ]
