"""Region, care providers, units, professionals and employments come with a region's extract."""

from vardnav.tables.merge import Changed, Merge, merge

LANGUAGES = "coalesce(string_to_array(s.languages, ' ')::varchar[], '{}')"
UNIT_TEXTS = ("hsa_id", "name", "kind", "address", "postal_code", "city", "latitude", "longitude", "phone")
PERSON_TEXTS = ("hsa_id", "first_name", "last_name", "birth_year", "sex", "profession", "specialty")

MERGES = {
    "region": Merge(
        "organisation_region",
        ("code",),
        {"code": "s.code", "name": "s.name", "hsa_id": "s.hsa_id", '"only"': "true"},
    ),
    "care_providers": Merge(
        "organisation_careprovider", ("hsa_id",), {name: f"s.{name}" for name in ("hsa_id", "name", "form")}
    ),
    "units": Merge(
        "organisation_unit",
        ("hsa_id",),
        {
            **{name: f"s.{name}" for name in UNIT_TEXTS},
            "care_provider_id": "provider.id",
            "municipality_id": "s.municipality_code",
            "languages": LANGUAGES,
            "starts_on": "s.starts_on",
            "ends_on": "s.ends_on",
        },
        "JOIN organisation_careprovider provider ON provider.hsa_id = s.care_provider_hsa_id",
    ),
    "professionals": Merge(
        "organisation_professional",
        ("hsa_id",),
        {**{name: f"s.{name}" for name in PERSON_TEXTS}, "languages": LANGUAGES},
    ),
    "employments": Merge(
        "organisation_employment",
        ("professional_id", "unit_id", "role", "starts_on"),
        {
            "professional_id": "professional.id",
            "unit_id": "unit.id",
            **{name: f"s.{name}" for name in ("role", "starts_on", "ends_on", "training_started_on")},
            "share": "s.share::numeric(3, 2)",
            "duties_share": "s.duties_share::numeric(3, 2)",
        },
        "JOIN organisation_professional professional ON professional.hsa_id = s.professional_hsa_id "
        "JOIN organisation_unit unit ON unit.hsa_id = s.unit_hsa_id",
    ),
}
ROWS = {
    "region": "SELECT code, name, hsa_id FROM organisation_region",
    "care_providers": "SELECT hsa_id, name, form FROM organisation_careprovider",
    "units": "SELECT u.hsa_id, u.name, kind, p.hsa_id AS care_provider_hsa_id, municipality_id AS municipality_code, "
    "address, postal_code, city, latitude, longitude, phone, array_to_string(languages, ' ') AS languages, "
    "starts_on, ends_on FROM organisation_unit u JOIN organisation_careprovider p ON p.id = u.care_provider_id",
    "professionals": "SELECT hsa_id, first_name, last_name, birth_year, sex, profession, specialty, "
    "array_to_string(languages, ' ') AS languages FROM organisation_professional",
    "employments": "SELECT p.hsa_id AS professional_hsa_id, u.hsa_id AS unit_hsa_id, role, e.starts_on, e.ends_on, "
    "share, duties_share, training_started_on FROM organisation_employment e "
    "JOIN organisation_professional p ON p.id = e.professional_id JOIN organisation_unit u ON u.id = e.unit_id",
}


def merge_staged(table: str, stage: str) -> Changed:
    """Bring the staged rows of one of the room's tables in."""
    return merge(MERGES[table], stage)
