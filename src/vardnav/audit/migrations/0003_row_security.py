from django.db import migrations

from vardnav.tables.wall import KIND, ROLE

# A resident's own lines are patients' to tell (patients/migrations).
WALL = f"""
ALTER TABLE audit_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY a_line_is_always_written ON audit_line FOR INSERT WITH CHECK (true);
CREATE POLICY b_programs_read ON audit_line FOR SELECT USING ({KIND} = 'system');
CREATE POLICY c_reviewers_read ON audit_line FOR SELECT
    USING ({KIND} = 'staff' AND {ROLE} IN ('administrator', 'log_reviewer'));
"""
NO_WALL = """
DROP POLICY a_line_is_always_written ON audit_line;
DROP POLICY b_programs_read ON audit_line;
DROP POLICY c_reviewers_read ON audit_line;
ALTER TABLE audit_line DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [('audit', '0002_verified_and_forgotten')]
    operations = [migrations.RunSQL(WALL, NO_WALL)]
