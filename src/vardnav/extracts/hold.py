"""Keep everybody's writes waiting while an import compares and merges; reading goes on."""

from time import sleep

from django.db import connection, transaction
from django.db.utils import OperationalError

from vardnav.kernel.errors import Refusal

# Residents first: every change of a listing takes the resident's row before anything else.
TABLES = (
    "patients_person",
    "patients_guardianship",
    "listing_listing",
    "listing_nameddoctor",
    "listing_queueplace",
    "listing_offer",
    "listing_cap",
    "listing_cliniccount",
    "listing_panelcount",
    "organisation_region",
    "organisation_careprovider",
    "organisation_unit",
    "organisation_professional",
    "organisation_employment",
    "places_municipality",
    "places_area",
)
PATIENCE = 20  # tries


def hold_still() -> None:
    """Lock all tables of the extract against writers.

    A try lasts longer than PostgreSQL's deadlock_timeout (1 s): then a vacuum gives way, and in a deadlock it is
    the import that has waited longest and is turned down, not a resident's choice. It lets go and comes again.

    Raises Refusal.
    """
    for _ in range(PATIENCE):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1500ms'")
                cursor.execute(f"LOCK TABLE {', '.join(TABLES)} IN EXCLUSIVE MODE")
                cursor.execute("SET LOCAL lock_timeout = 0")
        except OperationalError:
            sleep(0.1)
        else:
            return
    raise Refusal("The region is too busy to import now: other changes held the tables for half a minute.")
