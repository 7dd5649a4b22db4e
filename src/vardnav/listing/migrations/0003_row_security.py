from django.db import migrations

from vardnav.tables.wall import ROLE, TODAY, UNIT

# The wall's side of listing.selectors.has_resident: listed at one's own clinic, about to be, or in its queue.
CLINIC = f"(SELECT u.id FROM organisation_unit u WHERE u.hsa_id = {UNIT} AND {ROLE} IN ('clinic_staff', 'clinic_head'))"
WALL = f"""
CREATE POLICY b_listed_here ON patients_person USING (
    EXISTS (SELECT FROM listing_listing l
            WHERE l.person_id = patients_person.id AND l.clinic_id = {CLINIC}
              AND (l.ends_on IS NULL OR l.ends_on > {TODAY}))
    OR EXISTS (SELECT FROM listing_queueplace q
               WHERE q.person_id = patients_person.id AND q.clinic_id = {CLINIC}
                 AND q.state IN ('waiting', 'offered')));
"""


class Migration(migrations.Migration):
    dependencies = [('listing', '0002_chains'), ('patients', '0003_row_security')]
    operations = [migrations.RunSQL(WALL, "DROP POLICY b_listed_here ON patients_person")]
