"""What a process that serves may do, table by table."""

from collections.abc import Iterator

import pytest
from django.db import connection

from vardnav.config import database, privileges
from vardnav.kernel.errors import Refusal

pytestmark = pytest.mark.django_db

WALLED = {
    "audit_line",
    "outbox_message",
    "patients_block",
    "patients_guardianship",
    "patients_need",
    "patients_opening",
    "patients_person",
}


def rows(statement: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_every_table_has_a_row_and_every_row_a_table() -> None:
    assert privileges._tables() == privileges.PRIVILEGES.keys()


def test_the_role_has_what_its_row_says_and_nothing_else() -> None:
    whole = "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = 'vardnav_app'"
    columns = """
        SELECT c.relname, format('UPDATE (%s)', string_agg(a.attname, ', ' ORDER BY a.attname))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) g
        WHERE g.grantee = 'vardnav_app'::regrole AND g.privilege_type = 'UPDATE' GROUP BY 1
    """
    found: dict[str, set[str]] = {}
    for table, privilege in [*rows(whole), *rows(columns)]:
        found.setdefault(table, set()).add(privilege)
    assert found == {table: set(given) for table, given in privileges.PRIVILEGES.items() if given}
    other = "SELECT FROM pg_attribute a, aclexplode(a.attacl) g WHERE g.grantee = 'vardnav_app'::regrole"
    assert not rows(f"{other} AND g.privilege_type <> 'UPDATE'")


def test_nobody_has_anything_by_being_anybody() -> None:
    public = "SELECT table_name FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC'"
    assert not rows(f"{public} AND table_schema = 'public'")
    assert rows("SELECT has_schema_privilege('vardnav_app', 'public', 'CREATE')") == [(False,)]
    held = "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolcanlogin FROM pg_roles"
    assert rows(f"{held} WHERE rolname = 'vardnav_app'") == [(False,)]


def test_functions_that_see_more_than_who_asks_are_the_ones_we_know() -> None:
    found = rows("""
        SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
    """)
    assert {name for (name,) in found} == {
        "audit_add_months",
        "patients_reach",
        "patients_id_of_number",
        "patients_is_there",
    }


def test_tables_of_patients_have_row_security() -> None:
    found = rows("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
    assert {name for (name,) in found} == WALLED


def test_it_may_be_given_again_and_again() -> None:
    privileges.grant()
    privileges.grant()


def test_a_login_that_may_not_make_the_role_is_told_what_to_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = f"plain_{connection.settings_dict['NAME']}"[:60]
    monkeypatch.setattr(privileges, "ROLE", "vardnav_missing")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{plain}"; SET LOCAL ROLE "{plain}"')
        with pytest.raises(Refusal, match=f"CREATE ROLE vardnav_missing NOLOGIN; GRANT vardnav_missing TO {plain};"):
            privileges.grant()
        cursor.execute("RESET ROLE")


@pytest.mark.django_db(transaction=True)
def test_a_login_that_could_do_more_than_it_must_is_told() -> None:
    where = connection.get_connection_params()
    told = [
        privileges.too_much(f"postgresql://{login}@/{where['dbname']}?host={where['host']}")
        for login in logins_of(connection.settings_dict["USER"])
    ]
    assert told == [list(privileges.WORDS), [], ["owns tables"]]


def logins_of(owner: str) -> Iterator[str]:
    """The server's own; one as a region's should be; one that may become the owner."""
    yield owner
    login = f"web_{connection.settings_dict['NAME']}"[:60]
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{login}" LOGIN IN ROLE vardnav_app')
        try:
            yield login
            cursor.execute(f'ALTER TABLE places_area OWNER TO "{login}"')
            yield login
        finally:
            cursor.execute(f'ALTER TABLE places_area OWNER TO "{owner}"; DROP ROLE "{login}"')


def test_processes_put_the_role_on_as_they_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://web@db/vardnav?options=-c%20statement_timeout%3D9000")
    monkeypatch.setenv("VARDNAV_OWNER_URL", "postgresql://owner@db/vardnav")
    assert database.settings()["USER"] == "owner"
    assert "options" not in database.settings()["OPTIONS"]
    for name, value in database.WORKING.items():
        monkeypatch.setenv(name, value)
    found = database.settings()
    assert found["USER"] == "web"
    wanted = "-c statement_timeout=9000 -c role=vardnav_app -c vardnav.actor=system|||||"
    assert found["OPTIONS"]["options"] == wanted
