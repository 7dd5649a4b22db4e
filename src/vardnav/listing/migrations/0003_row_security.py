from django.db import migrations

# The wall's side of listing.selectors.has_resident: listed at one's own clinic, about to be, or in its queue. Whose
# listing it is stands in the policy, since a whole clinic may be asked for; the rest in functions, whose plans a
# connection keeps.
FUNCTIONS = """
CREATE FUNCTION listing_own_clinic() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    actor text[] := string_to_array(current_setting('vardnav.actor', true), '|');
BEGIN
    IF actor[1] = 'staff' AND actor[2] IN ('clinic_staff', 'clinic_head') THEN
        RETURN (SELECT u.id FROM organisation_unit u WHERE u.hsa_id = actor[3]);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION listing_today() RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (nullif(split_part(current_setting('vardnav.actor', true), '|', 6), '')::timestamptz
            AT TIME ZONE 'Europe/Stockholm')::date;
END $$;
CREATE FUNCTION listing_queues(person bigint, clinic bigint) RETURNS boolean LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
    RETURN EXISTS (SELECT FROM listing_queueplace q
                   WHERE q.person_id = person AND q.clinic_id = clinic AND q.state IN ('waiting', 'offered'));
END $$;
"""
WALL = """
CREATE POLICY b_listed_here ON patients_person USING (EXISTS (
    SELECT FROM listing_listing l
    WHERE l.person_id = patients_person.id AND l.clinic_id = (SELECT listing_own_clinic())
      AND (l.ends_on IS NULL OR l.ends_on > (SELECT listing_today()))));
CREATE POLICY a_queues_here ON patients_person USING (listing_queues(id, (SELECT listing_own_clinic())));
"""
NO_WALL = """
DROP POLICY a_queues_here ON patients_person;
DROP POLICY b_listed_here ON patients_person;
DROP FUNCTION listing_queues(bigint, bigint);
DROP FUNCTION listing_today();
DROP FUNCTION listing_own_clinic();
"""


class Migration(migrations.Migration):
    dependencies = [('listing', '0002_chains'), ('patients', '0003_row_security')]
    operations = [migrations.RunSQL(FUNCTIONS + WALL, NO_WALL)]
