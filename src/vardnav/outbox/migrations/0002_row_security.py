from django.db import migrations

from vardnav.tables.wall import KIND

# Whose a message is, is patients' to tell (patients/migrations).
WALL = f"""
ALTER TABLE outbox_message ENABLE ROW LEVEL SECURITY;
CREATE POLICY a_message_is_always_written ON outbox_message FOR INSERT WITH CHECK (true);
CREATE POLICY b_programs ON outbox_message USING ({KIND} = 'system');
"""
NO_WALL = """
DROP POLICY a_message_is_always_written ON outbox_message;
DROP POLICY b_programs ON outbox_message;
ALTER TABLE outbox_message DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [('outbox', '0001_initial')]
    operations = [migrations.RunSQL(WALL, NO_WALL)]
