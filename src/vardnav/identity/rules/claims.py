"""What providers of identity say about people, as tables: names of claims, levels of assurance, purposes.

Staff: Inera's IdP (SITHS), claims named as in its list of attributes, commissions (medarbetaruppdrag) from HSA, levels
as Sambi names them. Residents: the Swedish OpenID Connect profile (oidc.se) and levels of Sweden Connect. All claims
are asked for in the id_token, which is signed; nothing is fetched from elsewhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from vardnav.kernel import hsa_id, personal_number
from vardnav.kernel.actor import Purpose
from vardnav.kernel.errors import Refusal
from vardnav.kernel.personal_number import NotAPersonalNumber, NumberKind, PersonalNumber

Claims = Mapping[str, Any]
LOWEST = 2  # nobody comes in below; patient data demands more (patients.rules)
UNKEPT = re.compile("[\\x00-\\x1f\\x7f\\ud800-\\udfff]")  # control characters and half characters
ALGORITHMS = ("RS256", "ES256", "PS256")  # how an id_token may be signed: never none, never by a shared secret


class Population(StrEnum):
    """Whom a provider knows."""

    STAFF = "staff"
    RESIDENTS = "residents"


class LevelTooLow(Refusal):
    """The way the person identified themselves is not sure enough."""

    status = 403


class ClaimMissing(Refusal):
    """The provider did not say what is needed to know who it is."""

    status = 403


class NoStaffAccount(Refusal):
    """Nobody has opened an account for this HSA-id, or it is closed."""

    status = 403


class AccountClosed(Refusal):
    """The resident's account is closed."""

    status = 403


class NoMatchingAssignment(Refusal):
    """None of the person's assignments is at the commission's unit and for its purpose."""

    status = 403


class LoginNotConfirmed(Refusal):
    """What came back from the provider cannot be trusted."""

    status = 403


class ProviderSilent(Refusal):
    """The provider does not answer."""

    status = 503


# Levels (tillitsnivå) by the URIs of acr. What is not here is no level at all.
LEVELS = {
    **{f"http://id.sambi.se/loa/loa{level}": level for level in (2, 3, 4)},
    **{f"http://id.elegnamnden.se/loa/1.0/loa{level}": level for level in (2, 3, 4)},
    **{
        f"http://id.swedenconnect.se/loa/1.0/uncertified-loa{level}": 2 for level in (2, 3)
    },  # nobody has certified them
    **{f"http://id.swedenconnect.se/loa/1.0/loa{level}-nonresident": level for level in (2, 3, 4)},
    "http://id.elegnamnden.se/loa/1.0/eidas-low": 2,
    "http://id.elegnamnden.se/loa/1.0/eidas-sub": 3,
    "http://id.elegnamnden.se/loa/1.0/eidas-high": 4,
    "http://id.elegnamnden.se/loa/1.0/eidas-nf-sub": 3,
    "http://id.elegnamnden.se/loa/1.0/eidas-nf-high": 4,
}
WANTED_LEVELS = {
    Population.STAFF: "http://id.sambi.se/loa/loa3 http://id.sambi.se/loa/loa4",
    Population.RESIDENTS: "http://id.elegnamnden.se/loa/1.0/loa3 http://id.elegnamnden.se/loa/1.0/loa4",
}

# Purposes of commissions in HSA, in small letters.
PURPOSES = {
    "vård och behandling": Purpose.CARE,
    "administration": Purpose.ADMINISTRATION,
    "uppföljning": Purpose.FOLLOWUP,
    "verksamhetsuppföljning": Purpose.FOLLOWUP,
    "kvalitetssäkring": Purpose.FOLLOWUP,
    "statistik": Purpose.FOLLOWUP,
}

HSA_ID = "employeeHsaId"
COMMISSION = "commissionHsaId"
COMMISSION_NAME = "commissionName"
COMMISSION_PURPOSE = "commissionPurpose"
UNIT = "healthCareUnitHsaId"
PROVIDER = "healthCareProviderHsaId"
PERSONAL = "https://id.oidc.se/claim/personalIdentityNumber"
COORDINATION = "https://id.oidc.se/claim/coordinationNumber"

SCOPES = {
    Population.STAFF: "openid profile",
    Population.RESIDENTS: "openid profile "
    "https://id.oidc.se/scope/naturalPersonInfo https://id.oidc.se/scope/naturalPersonNumber",
}
# The claims parameter: what is asked for in the id_token, and whether we cannot do without (OpenID Connect Core 5.5).
ASKED: dict[Population, dict[str, bool]] = {
    Population.STAFF: {
        HSA_ID: True,
        "name": False,
        "given_name": False,
        "family_name": False,
        COMMISSION: False,
        COMMISSION_NAME: False,
        COMMISSION_PURPOSE: False,
        UNIT: False,
        PROVIDER: False,
        "acr": True,
    },
    Population.RESIDENTS: {
        PERSONAL: False,
        COORDINATION: False,
        "name": False,
        "given_name": False,
        "family_name": False,
        "acr": True,
    },
}


@dataclass(frozen=True, slots=True)
class Commission:
    """What the staff member said at the provider that they are about to do: at a unit, for a purpose."""

    hsa_id: str
    name: str
    unit_hsa_id: str
    purpose: str  # as it came

    @property
    def known_purpose(self) -> Purpose | None:
        return PURPOSES.get(self.purpose.strip().lower())


@dataclass(frozen=True, slots=True)
class StaffIdentity:
    hsa_id: str
    name: str
    level: int
    commission: Commission | None


@dataclass(frozen=True, slots=True)
class ResidentIdentity:
    number: PersonalNumber
    name: str
    level: int


def asked(of: Population) -> dict[str, dict[str, dict[str, bool] | None]]:
    """The value of the claims parameter."""
    return {"id_token": {name: {"essential": True} if needed else None for name, needed in ASKED[of].items()}}


def level_of(claims: Claims) -> int:
    return LEVELS.get(_text(claims, "acr"), 0)


def staff(claims: Claims) -> StaffIdentity:
    """Raises LevelTooLow, ClaimMissing."""
    level = _checked_level(claims)
    try:
        who = hsa_id.parse(_text(claims, HSA_ID))
    except hsa_id.NotAnHsaId as error:
        raise ClaimMissing(claim=HSA_ID) from error
    return StaffIdentity(who, _name(claims), level, _commission(claims))


def resident(claims: Claims, on: date) -> ResidentIdentity:
    """A reserve number is nobody's legal identity: no provider vouches for it.

    Raises LevelTooLow, ClaimMissing.
    """
    level = _checked_level(claims)
    claim = PERSONAL if _text(claims, PERSONAL) else COORDINATION
    try:
        number = personal_number.parse(_text(claims, claim), on)
    except NotAPersonalNumber as error:
        raise ClaimMissing(claim=claim) from error
    if number.kind is not (NumberKind.PERSONAL if claim == PERSONAL else NumberKind.COORDINATION):
        raise ClaimMissing(claim=claim)
    name = _name(claims)
    if not name:
        raise ClaimMissing(claim="name")
    return ResidentIdentity(number, name, level)


def _checked_level(claims: Claims) -> int:
    level = level_of(claims)
    if level < LOWEST:
        raise LevelTooLow(level=level, lowest=LOWEST)
    return level


def _commission(claims: Claims) -> Commission | None:
    """None when the provider sent none; one without a unit or a purpose is one that nothing matches."""
    if not any(_text(claims, name) for name in (COMMISSION, UNIT, COMMISSION_PURPOSE)):
        return None
    return Commission(
        hsa_id=_text(claims, COMMISSION),
        name=_text(claims, COMMISSION_NAME),
        unit_hsa_id=_text(claims, UNIT).upper(),
        purpose=_text(claims, COMMISSION_PURPOSE),
    )


def _name(claims: Claims) -> str:
    parts = (_text(claims, "given_name"), _text(claims, "family_name"))
    return (_text(claims, "name") or " ".join(part for part in parts if part))[:200]


def _text(claims: Claims, name: str) -> str:
    """A claim of another kind than text, far too long, or with what no database keeps, is as none."""
    found = claims.get(name)
    if not isinstance(found, str) or len(found) > 200 or UNKEPT.search(found):
        return ""
    return found.strip()
