"""Residents and guardians come with a region's extract.

An extract written without protected people's whereabouts has them empty, and leaves their families out: what the
database knows is kept then.
"""

# ruff: noqa: S608  names of tables and columns come from this code, values are bound

from vardnav.tables.merge import Changed, Merge, merge
from vardnav.tables.rebuild import without_indexes

CONTACT = ("address", "postal_code", "city", "phone", "email", "household")
TABLES = {"residents": "patients_person", "guardians": "patients_guardianship"}
NUMBER_KIND = """CASE WHEN substr(s.personal_number, 9, 1) = 'R' THEN 'reserve'
    WHEN substr(s.personal_number, 7, 2) > '60' THEN 'coordination' ELSE 'personal' END"""

MERGES = {
    "residents": Merge(
        TABLES["residents"],
        ("personal_number",),
        {
            "personal_number": "s.personal_number",
            "number_kind": NUMBER_KIND,
            **{name: f"s.{name}" for name in ("first_name", "last_name", "birth_date", "sex", *CONTACT)},
            "area_id": "area.id",
            "burden": "s.burden::numeric(6, 2)",
            "protected": "s.protected",
            "deceased_on": "s.deceased_on",
        },
        "LEFT JOIN places_area area ON area.code = s.area_code",
        kept={
            name: f"CASE WHEN n.protected THEN coalesce(n.{name}, t.{name}) ELSE n.{name} END"
            for name in ("area_id", *CONTACT)
        },
    ),
    "guardians": Merge(
        TABLES["guardians"],
        ("child_id", "guardian_id"),
        {"child_id": "child.id", "guardian_id": "guardian.id", "starts_on": "s.starts_on", "ends_on": "s.ends_on"},
        "JOIN patients_person child ON child.personal_number = s.child_personal_number "
        "JOIN patients_person guardian ON guardian.personal_number = s.guardian_personal_number",
    ),
}


def _where(name: str, column: str, with_protected: bool) -> str:
    return f"{column if with_protected else f'CASE WHEN NOT protected THEN {column} END'} AS {name}"


def rows(table: str, *, with_protected: bool) -> str:
    """The query whose rows are the extract's."""
    if table == "guardians":
        return (
            "SELECT c.personal_number AS child_personal_number, p.personal_number AS guardian_personal_number, "
            "g.starts_on, g.ends_on FROM patients_guardianship g "
            "JOIN patients_person c ON c.id = g.child_id JOIN patients_person p ON p.id = g.guardian_id "
            + ("" if with_protected else "WHERE NOT c.protected AND NOT p.protected")
        )
    where = {name: _where(name, f"p.{name}", with_protected) for name in CONTACT}
    return (
        "SELECT personal_number, first_name, last_name, birth_date, sex, "
        f"{_where('area_code', 'a.code', with_protected)}, "
        f"{where['address']}, {where['postal_code']}, {where['city']}, {where['phone']}, {where['email']}, "
        f"{where['household']}, burden, protected::text AS protected, deceased_on "
        "FROM patients_person p JOIN places_area a ON a.id = p.area_id"
    )


def merge_staged(table: str, stage: str) -> Changed:
    """Bring the staged rows of one of the room's tables in."""
    with without_indexes(TABLES[table]):
        return merge(MERGES[table], stage)
