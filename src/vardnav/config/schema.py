"""Is the database at this program's version?"""

from functools import cache

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from vardnav.config import privileges
from vardnav.kernel.errors import Refusal

LOCK = 0x5641_5244  # "VARD": one migrating process per database


def pending() -> list[str]:
    """The migrations the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


@cache
def demand_current() -> None:
    """Refuse to work on a database that is behind the program. Asks until it is not, and then never again."""
    if waiting := pending():
        raise Refusal(f"The database lacks {len(waiting)} migration(s), first {waiting[0]}: vardnav migrate")


def migrate() -> int:
    """Apply what is pending, under a lock that other processes wait for, and give the serving role what it needs.

    Returns how many were applied.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            waiting = pending()
            if waiting:
                call_command("migrate", interactive=False, verbosity=0)
            privileges.grant()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return len(waiting)
