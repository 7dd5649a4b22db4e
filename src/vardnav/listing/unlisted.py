"""Residents without a clinic who never chose."""

from datetime import date

from django.db import connection

SQL = """
SELECT p.id FROM patients_person p
WHERE (p.deceased_on IS NULL OR p.deceased_on > %(today)s)
  AND NOT EXISTS (SELECT 1 FROM listing_listing l WHERE l.person_id = p.id)
  AND NOT EXISTS (SELECT 1 FROM listing_queueplace q WHERE q.person_id = p.id AND q.state IN ('waiting', 'offered'))
ORDER BY p.id LIMIT %(most)s
"""


def unlisted_ids(today: date, *, most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"today": today, "most": most})
        return [row[0] for row in cursor.fetchall()]
