from django.db import migrations, models

from vardnav.tables.wall import ACCOUNT, KIND

# PostgreSQL tries permissive policies in reverse order of their names: the cheap last. Those of patients_person ask for
# its id alone, so that an index that has no other column still answers. What they look up stands in functions, whose
# plans a connection keeps: written out, they cost every query of a page a millisecond of planning.
REACH = """
-- A resident's own id and those of the children they guard today; of staff, those they have stated a need of. As the
-- owner, for the wall asks for it itself.
CREATE FUNCTION patients_reach() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    actor text[] := string_to_array(current_setting('vardnav.actor', true), '|');
    instant timestamptz := nullif(actor[6], '');
    today date := (instant AT TIME ZONE 'Europe/Stockholm')::date;
    me bigint;
BEGIN
    IF actor[1] = 'staff' AND actor[3] <> '' THEN
        RETURN ARRAY(SELECT n.person_id FROM patients_need n WHERE n.account_id = nullif(actor[4], '')::bigint
            AND n.unit_hsa_id = actor[3] AND n.ends_at > instant);
    END IF;
    IF actor[1] IS DISTINCT FROM 'resident' THEN
        RETURN '{}';
    END IF;
    SELECT id INTO me FROM patients_person WHERE personal_number = actor[5];
    IF me IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN me || ARRAY(
        SELECT g.child_id FROM patients_guardianship g JOIN patients_person c ON c.id = g.child_id
        WHERE g.guardian_id = me AND g.starts_on <= today AND (g.ends_on IS NULL OR g.ends_on > today)
          AND c.birth_date > today - interval '18 years');
END $$;

-- The id behind a whole personal number, and nothing more: for who has the number, before a need is stated, and for
-- who reviews the log.
CREATE FUNCTION patients_id_of_number(number text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$ SELECT id FROM patients_person WHERE personal_number = number $$;
CREATE FUNCTION patients_is_there(person bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$ SELECT EXISTS (SELECT FROM patients_person WHERE id = person) $$;
REVOKE EXECUTE ON FUNCTION patients_reach(), patients_id_of_number(text), patients_is_there(bigint) FROM PUBLIC;
"""
MINE = "ANY((SELECT patients_reach())::bigint[])"
PERSON = f"""
ALTER TABLE patients_person ENABLE ROW LEVEL SECURITY;
CREATE POLICY d_programs_and_keys ON patients_person USING ({KIND} IN ('system', 'service'));
CREATE POLICY c_reach ON patients_person USING (id = {MINE});
-- Residents come with a region's extract; whoever serves holds a row by locking it, and never changes one.
CREATE POLICY z_is_never_changed ON patients_person AS RESTRICTIVE FOR UPDATE USING (true) WITH CHECK (false);
"""
OTHERS = f"""
ALTER TABLE patients_guardianship ENABLE ROW LEVEL SECURITY;
CREATE POLICY a_programs_and_keys ON patients_guardianship USING ({KIND} IN ('system', 'service'));
CREATE POLICY b_oneself_and_wards ON patients_guardianship USING ({KIND} = 'resident' AND child_id = {MINE});

ALTER TABLE patients_need ENABLE ROW LEVEL SECURITY;
CREATE POLICY a_programs ON patients_need USING ({KIND} = 'system');
CREATE POLICY b_ones_own ON patients_need USING ({KIND} = 'staff' AND account_id = {ACCOUNT}::bigint);

-- A block that did not show would open what it hides: whoever sees a resident sees all of theirs.
ALTER TABLE patients_block ENABLE ROW LEVEL SECURITY;
CREATE POLICY whoever_sees_the_person ON patients_block
    USING (EXISTS (SELECT FROM patients_person p WHERE p.id = person_id));
ALTER TABLE patients_opening ENABLE ROW LEVEL SECURITY;
CREATE POLICY whoever_sees_the_person ON patients_opening
    USING (EXISTS (SELECT FROM patients_person p WHERE p.id = person_id));

CREATE POLICY d_oneself_and_wards_read ON audit_line FOR SELECT
    USING ({KIND} = 'resident' AND patient_id = {MINE});
CREATE POLICY c_oneself_and_wards ON outbox_message USING ({KIND} = 'resident' AND recipient_id = {MINE});
"""
NO_WALL = """
DROP POLICY d_oneself_and_wards_read ON audit_line;
DROP POLICY c_oneself_and_wards ON outbox_message;
DROP POLICY a_programs_and_keys ON patients_guardianship;
DROP POLICY b_oneself_and_wards ON patients_guardianship;
DROP POLICY whoever_sees_the_person ON patients_block;
DROP POLICY whoever_sees_the_person ON patients_opening;
DROP POLICY a_programs ON patients_need;
DROP POLICY b_ones_own ON patients_need;
DROP POLICY d_programs_and_keys ON patients_person;
DROP POLICY c_reach ON patients_person;
DROP POLICY z_is_never_changed ON patients_person;
ALTER TABLE patients_guardianship DISABLE ROW LEVEL SECURITY;
ALTER TABLE patients_block DISABLE ROW LEVEL SECURITY;
ALTER TABLE patients_opening DISABLE ROW LEVEL SECURITY;
ALTER TABLE patients_need DISABLE ROW LEVEL SECURITY;
ALTER TABLE patients_person DISABLE ROW LEVEL SECURITY;
DROP FUNCTION patients_reach();
DROP FUNCTION patients_id_of_number(text);
DROP FUNCTION patients_is_there(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ('audit', '0003_row_security'),
        ('outbox', '0002_row_security'),
        ('patients', '0002_blocks_and_openings'),
    ]
    operations = [
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['account_id', 'ends_at'], name='patients_needs_of_account'),
        ),
        migrations.RunSQL(REACH + PERSON + OTHERS, NO_WALL),
    ]
