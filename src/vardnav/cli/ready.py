"""What a command does before its work, and how its failure is told."""

from vardnav.kernel.errors import Refusal


def ready(*, migrated: bool = True) -> None:
    """Make the database answer and set Django up.

    Every command that needs the database calls this first, and imports rooms only after it.
    """
    import django

    from vardnav.config import database

    database.start()
    django.setup()
    if migrated:
        from vardnav.config import schema

        schema.demand_current()


def demand_keys() -> None:
    """Refuse to go on without a key that the log was made with: its chains could not be verified any more."""
    from vardnav.audit import selectors

    missing = selectors.unknown_keys()
    if missing:
        raise Refusal(
            f"The audit log was made with keys that VARDNAV_AUDIT_KEYS does not have ({', '.join(missing)}):"
            " put them after the new one."
        )


def explained(error: Exception) -> str:
    """One sentence for the person at the keyboard."""
    import psycopg
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError
    from django.db import OperationalError, ProgrammingError

    first_line = str(error).strip().split("\n", 1)[0]
    if isinstance(error, Refusal):
        return str(error)
    if isinstance(error, OperationalError | psycopg.OperationalError):
        return f"The database does not answer: {first_line}"
    if isinstance(error, ImproperlyConfigured):
        return f"The settings are wrong: {first_line}"
    if isinstance(error, ProgrammingError):
        return f"The database is not as expected ({first_line}). Run: vardnav migrate"
    if isinstance(error, CommandError):
        return first_line
    return f"Unexpected error ({type(error).__name__}: {first_line}). Set VARDNAV_DEBUG=1 to see where."
