"""The region, its units and their doctors. No answer here is about a patient."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router

from vardnav.api import clock, paging, schemas
from vardnav.api.auth import ServiceKey
from vardnav.api.errors import NotFound
from vardnav.identity.rules import Scope
from vardnav.listing import selectors as listing
from vardnav.organisation import selectors as organisation
from vardnav.organisation.rules import UnitKind

router = Router(tags=["organisation"], auth=ServiceKey(Scope.ORGANISATION_READ))
PATH = "/api/v1/organisation"
HsaId = Annotated[str, Path(pattern=schemas.HSA, example="SE2321000214-A1001")]


@router.get("/region", response=schemas.Region, operation_id="region")
def region(request: HttpRequest) -> object:
    """The region this Vårdnav serves."""
    found = organisation.region()
    if found is None:
        raise NotFound("No region is loaded yet.")
    return found


@router.get("/units", response=schemas.Units, operation_id="units")
def units(
    request: HttpRequest,
    kind: Annotated[UnitKind | None, Query(example="clinic")] = None,
    municipality: Annotated[str, Query(pattern=r"^([0-9]{4})?$", description="Code of SCB.", example="2380")] = "",
    changed: Annotated[
        schemas.Day | None,
        Query(
            description="Units that open or close on this day or later, also those that are closed now.",
            example="2026-01-01",
        ),
    ] = None,
    after: paging.After = "",
    limit: paging.Limit = paging.PAGE,
) -> object:
    """Units that are open today, by HSA-id."""
    found = organisation.units_by_hsa_id(
        clock.today(), kind=kind, municipality=municipality, changed=changed, after=after, most=limit + 1
    )
    key = found[limit - 1].hsa_id if len(found) > limit else None
    filters = {"kind": kind and kind.value, "municipality": municipality, "changed": changed}
    return {
        "items": found[:limit],
        "next": paging.next_page(f"{PATH}/units", key, limit, filters),
    }


@router.get("/units/{hsa_id}", response=schemas.Unit, operation_id="unit")
def unit(request: HttpRequest, hsa_id: HsaId) -> object:
    """One unit, also one that is closed."""
    found = organisation.unit_by_hsa_id(hsa_id.upper())
    if found is None:
        raise NotFound(f"There is no unit {hsa_id}.", hsa_id=hsa_id)
    return found


@router.get("/units/{hsa_id}/doctors", response=schemas.Doctors, operation_id="doctors")
def doctors(request: HttpRequest, hsa_id: HsaId) -> object:
    """The doctors who can have a panel at a clinic, with capacity and heads: numbers, no patients."""
    today = clock.today()
    panel = listing.panel(clinic_id_of(hsa_id), on=today)
    items = [
        {
            "hsa_id": one.doctor.hsa_id,
            "name": one.doctor.name,
            "role": one.doctor.role,
            "capacity": one.doctor.capacity,
            "heads": one.heads,
            "burden": one.burden,
            "ends_on": one.doctor.ends_on,
        }
        for one in panel.doctors
    ]
    return {
        "clinic": hsa_id.upper(),
        "on": today,
        "listed": panel.listed,
        "without_named_doctor": panel.unnamed,
        "items": items,
    }


def clinic_id_of(hsa_id: str) -> int:
    """Raises NotFound."""
    found = organisation.unit_by_hsa_id(hsa_id.upper())
    if found is None or found.kind != UnitKind.CLINIC.value:
        raise NotFound(f"There is no clinic {hsa_id}.", hsa_id=hsa_id)
    return found.id
