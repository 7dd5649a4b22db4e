"""The generated region as the tables of the extract format (docs/extract.md)."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from vardnav.demo.generate.arrays import Ints
from vardnav.demo.generate.geography import Areas
from vardnav.demo.generate.listings import ORIGINS, Listings
from vardnav.demo.generate.named import REASONS, Named
from vardnav.demo.generate.organisation import Organisation
from vardnav.demo.generate.queues import Queues
from vardnav.demo.generate.residents import PIECE
from vardnav.demo.generate.spec import RegionSpec
from vardnav.demo.generate.staff import Staff

LISTINGS = {
    "personal_number": pl.String, "starts_on": pl.Date, "unit_hsa_id": pl.String, "ends_on": pl.Date,
    "origin": pl.String,
}  # fmt: skip
NAMED_DOCTORS = {
    "personal_number": pl.String, "starts_on": pl.Date, "unit_hsa_id": pl.String,
    "professional_hsa_id": pl.String, "ends_on": pl.Date, "above_reason": pl.String,
}  # fmt: skip


def _date(days: Ints) -> pl.Series:
    """Days since 1970 as dates; -1 becomes empty."""
    known = pl.Series(days.astype(np.int32))
    return known.set(known == -1, None).cast(pl.Date)


def region(spec: RegionSpec) -> pl.DataFrame:
    county = spec.county
    return pl.DataFrame({"code": [county.code], "name": [county.region], "hsa_id": [f"{county.hsa_prefix}-0000"]})


def municipalities(spec: RegionSpec) -> pl.DataFrame:
    columns = ("code", "name", "county_code", "population", "latitude", "longitude")
    return pl.DataFrame({name: [getattr(m, name) for m in spec.municipalities] for name in columns})


def areas(spec: RegionSpec, areas: Areas) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "code": areas.codes,
            "name": areas.names,
            "municipality_code": [spec.municipalities[i].code for i in areas.municipality],
            "population": areas.population.astype(np.int64),
            "latitude": areas.latitude,
            "longitude": areas.longitude,
            "care_need_index": areas.care_need_index,
        }
    )


def care_providers(organisation: Organisation) -> pl.DataFrame:
    columns = ("hsa_id", "name", "form")
    return pl.DataFrame({name: [getattr(p, name) for p in organisation.providers] for name in columns})


def units(organisation: Organisation) -> pl.DataFrame:
    of = organisation.units
    return pl.DataFrame(
        {
            "hsa_id": [unit.hsa_id for unit in of],
            "name": [unit.name for unit in of],
            "kind": [unit.kind for unit in of],
            "care_provider_hsa_id": [unit.provider for unit in of],
            "municipality_code": [unit.municipality_code for unit in of],
            "address": [organisation.addresses[unit.hsa_id][0] for unit in of],
            "postal_code": [organisation.addresses[unit.hsa_id][1] for unit in of],
            "city": [unit.city for unit in of],
            "latitude": [unit.latitude for unit in of],
            "longitude": [unit.longitude for unit in of],
            "phone": [organisation.phones[unit.hsa_id] for unit in of],
            "languages": [unit.languages or None for unit in of],
            "starts_on": [unit.starts_on for unit in of],
            "ends_on": pl.Series([unit.ends_on for unit in of], dtype=pl.Date),
        }
    )


def professionals(staff: Staff) -> pl.DataFrame:
    columns = {
        "hsa_id": pl.String, "first_name": pl.String, "last_name": pl.String, "birth_year": pl.Int64,
        "sex": pl.String, "profession": pl.String, "specialty": pl.String, "languages": pl.String,
    }  # fmt: skip
    return pl.DataFrame(
        {
            name: pl.Series([getattr(person, name) for person in staff.professionals], dtype=kind)
            for name, kind in columns.items()
        }
    )


def employments(organisation: Organisation, staff: Staff) -> pl.DataFrame:
    of = staff.employments
    return pl.DataFrame(
        {
            "professional_hsa_id": [staff.professionals[e.professional].hsa_id for e in of],
            "unit_hsa_id": [organisation.units[e.unit].hsa_id for e in of],
            "role": [e.role for e in of],
            "starts_on": [e.starts_on for e in of],
            "ends_on": pl.Series([e.ends_on for e in of], dtype=pl.Date),
            "share": [e.share for e in of],
            "duties_share": [e.duties_share for e in of],
            "training_started_on": pl.Series([e.training_started_on for e in of], dtype=pl.Date),
        }
    )


def listings(organisation: Organisation, listings: Listings, number: pl.Series) -> Iterator[pl.DataFrame]:
    clinics = pl.Series([unit.hsa_id for unit in organisation.units])
    origins = pl.Series(ORIGINS)
    for begin in range(0, len(listings.person), PIECE):
        rows = slice(begin, begin + PIECE)
        yield pl.DataFrame(
            {
                "personal_number": number.gather(listings.person[rows].astype(np.uint32)),
                "starts_on": _date(listings.starts[rows]),
                "unit_hsa_id": clinics.gather(listings.at[rows].astype(np.uint32)),
                "ends_on": _date(listings.ends[rows]),
                "origin": origins.gather(listings.origin[rows].astype(np.uint32)),
            }
        )


def named_doctors(organisation: Organisation, staff: Staff, named: Named, number: pl.Series) -> Iterator[pl.DataFrame]:
    clinics = pl.Series([unit.hsa_id for unit in organisation.units])
    doctors = pl.Series([person.hsa_id for person in staff.professionals])
    reasons = pl.Series([*REASONS, None], dtype=pl.String)
    for begin in range(0, len(named.person), PIECE):
        rows = slice(begin, begin + PIECE)
        reason = named.reason[rows]
        yield pl.DataFrame(
            {
                "personal_number": number.gather(named.person[rows].astype(np.uint32)),
                "starts_on": _date(named.starts[rows]),
                "unit_hsa_id": clinics.gather(named.at[rows].astype(np.uint32)),
                "professional_hsa_id": doctors.gather(named.doctor[rows].astype(np.uint32)),
                "ends_on": _date(named.ends[rows]),
                "above_reason": reasons.gather(np.where(reason < 0, len(REASONS), reason).astype(np.uint32)),
            }
        )


def caps(organisation: Organisation, queues: Queues) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "unit_hsa_id": [organisation.units[cap.clinic].hsa_id for cap in queues.caps],
            "starts_on": [cap.starts_on for cap in queues.caps],
            "heads": [cap.heads for cap in queues.caps],
            "ends_on": [cap.ends_on for cap in queues.caps],
            "decision": [cap.decision for cap in queues.caps],
        }
    )


def queue(organisation: Organisation, queues: Queues, number: pl.Series) -> pl.DataFrame:
    clinics = pl.Series([unit.hsa_id for unit in organisation.units])
    seconds = pl.Series(queues.joined.astype(np.int64) * 1_000_000)
    return pl.DataFrame(
        {
            "personal_number": number.gather(queues.person.astype(np.uint32)),
            "unit_hsa_id": clinics.gather(queues.clinic.astype(np.uint32)),
            "joined_at": seconds.cast(pl.Datetime("us", "UTC")),
            "priority_class": queues.priority.astype(np.int64),
        }
    )
