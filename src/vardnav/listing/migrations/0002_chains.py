"""What Django cannot say. In a file of its own because Django makes unique constraints at the end of a migration."""

from django.db import migrations

CHAINS = """
ALTER TABLE listing_listing ADD CONSTRAINT listing_a_listing_follows_the_one_before
    FOREIGN KEY (person_id, previous_ends_on) REFERENCES listing_listing (person_id, ends_on)
    DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE listing_nameddoctor ADD CONSTRAINT listing_a_named_doctor_follows_the_one_before
    FOREIGN KEY (person_id, previous_ends_on) REFERENCES listing_nameddoctor (person_id, ends_on)
    DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE listing_cap ADD CONSTRAINT listing_caps_do_not_overlap
    EXCLUDE USING gist (int8range(clinic_id, clinic_id, '[]') WITH &&, daterange(starts_on, ends_on) WITH &&)
    WHERE (state = 'granted');
"""
UNDO = """
ALTER TABLE listing_cap DROP CONSTRAINT listing_caps_do_not_overlap;
ALTER TABLE listing_nameddoctor DROP CONSTRAINT listing_a_named_doctor_follows_the_one_before;
ALTER TABLE listing_listing DROP CONSTRAINT listing_a_listing_follows_the_one_before;
"""


class Migration(migrations.Migration):
    dependencies = [("listing", "0001_initial")]
    operations = [migrations.RunSQL(CHAINS, UNDO)]
