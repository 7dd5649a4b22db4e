"""What the processes that serve may do in the database: they come as `vardnav_app`, which owns nothing.

What stands in no row here they cannot even read. Rows of residents are narrowed further by the rooms' policies
(vardnav.tables.wall, docs/adr/0018).
"""

import psycopg
from django.db import connection, transaction
from django.db.utils import DatabaseError

from vardnav.config.database import SERVING
from vardnav.kernel.errors import Refusal

ROLE = SERVING["VARDNAV_DATABASE_ROLE"]

READ = ("SELECT",)
ADD = ("SELECT", "INSERT")
CHANGE = ("SELECT", "INSERT", "UPDATE")
ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
PRIVILEGES: dict[str, tuple[str, ...]] = {
    "django_migrations": READ,
    "django_content_type": (),
    "audit_line": ADD,  # its parts are reached through it alone
    "audit_shard": CHANGE,
    "audit_command": ALL,
    "audit_cut": READ,
    "audit_place": CHANGE,
    "audit_verification": ADD,
    "identity_account": CHANGE,
    "identity_assignment": CHANGE,
    "identity_apikey": CHANGE,
    "identity_session": ALL,
    "identity_challenge": ALL,
    "identity_notice": ALL,
    "identity_passkey": ALL,
    "identity_recoverycode": ALL,
    "identity_totp": ALL,
    "identity_tries": ALL,
    "organisation_region": READ,
    "organisation_careprovider": READ,
    "organisation_unit": READ,
    "organisation_professional": READ,
    "organisation_employment": READ,
    "outbox_message": CHANGE,
    "parameters_parameter": CHANGE,
    "places_area": READ,
    "places_municipality": READ,
    "patients_person": ("SELECT", "UPDATE (id)"),  # a row is held by a lock, which asks for UPDATE; a policy forbids it
    "patients_guardianship": READ,
    "patients_need": ADD,
    "patients_block": CHANGE,
    "patients_opening": CHANGE,
    "listing_listing": ALL,
    "listing_nameddoctor": ALL,
    "listing_cliniccount": CHANGE,
    "listing_panelcount": CHANGE,
    "listing_cap": ALL,
    "listing_queueplace": CHANGE,
    "listing_offer": CHANGE,
    "listing_pendingchoice": CHANGE,
    "incidents_incident": (*ADD, "UPDATE (closed_at, closed_by)"),  # a trigger holds the rest too
    "incidents_assessment": ADD,
    "incidents_note": ADD,
    "incidents_report": ADD,
    "reviews_review": (*ADD, "UPDATE (finished_at, finished_by)"),
    "reviews_sampled": ADD,
    "reviews_judgement": ADD,
    "reviews_answer": ADD,
    "reviews_reported": ADD,
    "reviews_reminder": ADD,
    "reviews_flag": (*ADD, "UPDATE (ended_at, ended_by)"),
    "followup_clinicsnapshot": CHANGE,
    "followup_municipalitysnapshot": CHANGE,
    "followup_regionsnapshot": CHANGE,
    "procrastinate_jobs": ALL,
    "procrastinate_events": ALL,
    "procrastinate_periodic_defers": ALL,
    "procrastinate_workers": ALL,
}
# Functions that see more than who asks, and answer no more than an id.
FUNCTIONS = ("patients_reach()", "patients_id_of_number(text)", "patients_is_there(bigint)")

# Roles belong to the whole server: two databases may be set up at the same instant.
MAKE_ROLE = """
DO $$ BEGIN
    CREATE ROLE {role} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$
"""
REMEDY = (
    "The role {role} is missing and this login may not make it. Have somebody who may run:"
    " CREATE ROLE {role} NOLOGIN; GRANT {role} TO {login};"
)
OUR_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
"""


def grant() -> None:
    """Make the role and give it what it needs, and nothing else; does the same however often.

    Raises Refusal when the role is missing and this login may not make it.
    """
    with transaction.atomic():
        _make_role()
        _run(f"REVOKE CREATE ON SCHEMA public FROM {ROLE}, PUBLIC")
        _run(f"GRANT USAGE ON SCHEMA public TO {ROLE}")
        _run(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ROLE}, PUBLIC")
        for table in sorted(_tables() & PRIVILEGES.keys()):
            if PRIVILEGES[table]:
                _run(f"GRANT {', '.join(PRIVILEGES[table])} ON {table} TO {ROLE}")
        _run(f"GRANT EXECUTE ON FUNCTION {', '.join(FUNCTIONS)} TO {ROLE}")
        _run(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}")


def _make_role() -> None:
    if not _answer("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", ROLE):
        try:
            with transaction.atomic():
                _run(MAKE_ROLE.format(role=ROLE))
        except DatabaseError as error:
            raise _told(error) from error
    if not _may_be():
        try:
            with transaction.atomic():
                _run(f"GRANT {ROLE} TO CURRENT_USER")
        except DatabaseError as error:
            raise _told(error) from error


def _told(error: DatabaseError) -> Exception:
    if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
        return Refusal(REMEDY.format(role=ROLE, login=_answer("SELECT current_user")))
    return error


def _may_be() -> bool:
    """Whether this login can put the role on, as the processes do that log in by the same address."""
    how = "SET" if connection.pg_version >= 160000 else "MEMBER"  # type: ignore[attr-defined]
    return bool(_answer(f"SELECT pg_has_role(current_user, '{ROLE}', '{how}')"))


def _tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(OUR_TABLES)
        return {row[0] for row in cursor.fetchall()}


def _answer(statement: str, *values: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


# --- Whether a login could do more -------------------------------------------------------------

MORE = """
SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole OR r.rolcreatedb,
       EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                                        AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
FROM pg_roles r WHERE r.rolname = session_user
"""
WORDS = ("is a superuser", "steps past row security", "may make roles or databases", "owns tables")


def too_much(url: str) -> list[str]:
    """What a login could do beyond what serving needs, in words; nothing when all is well.

    The processes put the role on, so this is a second thing to go wrong and not the first (docs/operations.md).
    """
    with psycopg.connect(url, connect_timeout=10) as login:
        found = login.execute(MORE).fetchone() or (True,) * len(WORDS)
    return [word for word, true in zip(WORDS, found, strict=True) if true]
