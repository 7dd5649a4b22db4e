"""Load a demo region into an empty database. Never where a real region is served: the password is in the source."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.timezone import now as clock

from vardnav.audit import actions as audit
from vardnav.demo import generate
from vardnav.demo.generate.cast import CAPPED_CLINIC, CLINIC, PROFESSIONALS, RESIDENTS, CastProfessional
from vardnav.demo.reviewed import live_through
from vardnav.demo.selectors import LOADED, PASSWORD, STAFF_ROLES, loaded, username
from vardnav.extracts import actions as extracts
from vardnav.followup import actions as followup
from vardnav.identity import actions as identity
from vardnav.identity.selectors import Assignment, actor_of
from vardnav.kernel.actor import Actor, Role, system
from vardnav.kernel.errors import Refusal
from vardnav.kernel.progress import Progress, silent
from vardnav.listing import actions as listing
from vardnav.listing.selectors import my_care, panel
from vardnav.organisation import selectors as organisation
from vardnav.patients import actions as patients
from vardnav.patients import selectors as people
from vardnav.patients.rules import DEMANDED_ASSURANCE

MONTHS = 24
ALSO_AT = {"named_doctor": (CLINIC, CAPPED_CLINIC)}  # who chooses an assignment when logging in
DEFAULT_REGION = "jamtland-harjedalen"


def load(
    region: str | Path = DEFAULT_REGION,
    residents: int | None = None,
    seed: int = 1,
    progress: Progress = silent,
) -> None:
    """Generate a region, read it in, open accounts for its known people and take its history: all or nothing.

    The same demo again is nothing to do.

    Raises Refusal: this is no demo, the database holds another demo or a region, there is no such region.
    """
    check_allowed()
    now, by = clock(), system("demo")
    wanted = f"{region}, {residents or 'all'} residents, seed {seed}"
    if _is_there(wanted):
        return
    spec = _found(str(region), residents, seed, now)
    with _generated(spec, progress) as folder, transaction.atomic():
        extracts.import_region(folder, by=by, now=now, progress=progress)
        progress("opening accounts", 0, 0)
        _open_accounts(spec.county.hsa_prefix, by=by, now=now)
        progress("taking history", 0, 0)
        followup.take_history(MONTHS, by=by, now=now)
        audit.record(LOADED, by=by, now=now, reason=wanted)


def check_allowed() -> None:
    """Raises Refusal."""
    if not settings.DEMO and os.environ.get("VARDNAV_DEMO") != "1":
        raise Refusal("Demo people have a known password: set VARDNAV_DEMO=1 if this is a demo.")


def _is_there(wanted: str) -> bool:
    """Raises Refusal when the database holds something else."""
    there = loaded()
    if there is not None and there != wanted:
        raise Refusal(f"The database holds another demo ({there}); this one needs a database of its own.")
    if there is None and (region := organisation.region()) is not None:
        raise Refusal(f"The database holds {region.name} already; a demo needs a database of its own.")
    return there is not None


def _found(region: str, residents: int | None, seed: int, now: datetime) -> generate.RegionSpec:
    try:
        return generate.find(region, today=localdate(now), seed=seed, residents=residents)
    except generate.UnknownRegion as error:
        raise Refusal(str(error)) from error


@contextmanager
def _generated(spec: generate.RegionSpec, progress: Progress) -> Iterator[Path]:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="demo-extract-") as name:
        folder = Path(name)
        generate.region(spec, folder, lambda step, share: progress("generating", round(share * 100), 100))
        yield folder


def _open_accounts(hsa_prefix: str, *, by: Actor, now: datetime) -> None:
    """For everyone known but the children."""
    for resident in RESIDENTS:
        if not resident.guardians:
            opened = identity.open_account(
                login=username(resident),
                name=resident.name,
                by=by,
                now=now,
                password=PASSWORD,
                personal_number=resident.personal_number,
            )
            if resident.role == "queued":
                _block_own_clinic(actor_of(opened, None, assurance=DEMANDED_ASSURANCE), now=now)
    acting: dict[str, Actor] = {}
    for person in PROFESSIONALS:
        account = identity.open_account(
            login=username(person), name=person.name, by=by, now=now, password=PASSWORD, hsa_id=person.hsa_id
        )
        if person.role in STAFF_ROLES:
            assignment = _assign(account.id, person, f"{hsa_prefix}-{person.unit}", by=by, now=now)
            acting[person.role] = actor_of(account, assignment, assurance=DEMANDED_ASSURANCE)
            if STAFF_ROLES[person.role] is Role.CLINIC_HEAD:
                _ask_for_a_cap(actor_of(account, assignment), now=now)
        for unit in ALSO_AT.get(person.role, ()):
            _assign(account.id, person, f"{hsa_prefix}-{unit}", by=by, now=now, role=Role.CLINIC_STAFF)
    live_through(
        acting["clinic_staff"], acting["clinic_head"], acting["log_reviewer"], acting["administrator"], now=now
    )


def _block_own_clinic(resident: Actor, *, now: datetime) -> None:
    """Something for another clinic's staff to meet: listed at one clinic, which is blocked, and in another's queue."""
    person_id = people.own_id(resident)
    if person_id is None:
        return
    current = my_care(person_id, by=resident, now=now).current
    if current is not None:
        patients.place_block(person_id, current.hsa_id, by=resident, now=now)


def _ask_for_a_cap(head: Actor, *, now: datetime) -> None:
    """Something for the region to decide: the known head of clinic asks."""
    clinic = organisation.unit_by_hsa_id(head.unit_hsa_id or "")
    if clinic is None:
        return
    starts_on = localdate(now) + timedelta(days=14)
    listing.ask_cap(
        clinic.id,
        heads=panel(clinic.id, on=localdate(now)).listed + 100,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=183),
        reason="Två läkare är föräldralediga under våren, och vikarier saknas.",
        by=head,
        now=now,
    )


def _assign(
    account_id: int, person: CastProfessional, hsa_id: str, *, by: Actor, now: datetime, role: Role | None = None
) -> Assignment:
    unit = organisation.unit_by_hsa_id(hsa_id)
    if unit is None:
        raise Refusal(f"The generated region has no unit {hsa_id} for {person.name}.")
    return identity.grant_assignment(
        account_id=account_id,
        role=role or STAFF_ROLES[person.role],
        unit_hsa_id=unit.hsa_id,
        unit_name=unit.name,
        provider_hsa_id=unit.care_provider.hsa_id,
        starts_at=now,
        ends_at=None,
        reason="Demo",
        by=by,
        now=now,
    )
