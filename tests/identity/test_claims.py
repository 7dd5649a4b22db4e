"""What providers say, as tables: levels, purposes, and what is needed to know who somebody is."""

from datetime import date
from typing import Any

import pytest

from tests.web.oidc import commission, resident, staff
from vardnav.identity.rules import claims
from vardnav.identity.rules.claims import (
    COORDINATION,
    HSA_ID,
    LEVELS,
    PERSONAL,
    ClaimMissing,
    Commission,
    LevelTooLow,
    Population,
)
from vardnav.kernel.actor import Purpose
from vardnav.kernel.errors import Refusal

ON = date(2026, 3, 16)
UNIT = "SE5599990009-A1001"


@pytest.mark.parametrize(
    ("acr", "level"),
    [
        ("http://id.sambi.se/loa/loa2", 2),
        ("http://id.sambi.se/loa/loa3", 3),
        ("http://id.sambi.se/loa/loa4", 4),
        ("http://id.elegnamnden.se/loa/1.0/loa2", 2),
        ("http://id.elegnamnden.se/loa/1.0/loa3", 3),
        ("http://id.elegnamnden.se/loa/1.0/loa4", 4),
        ("http://id.swedenconnect.se/loa/1.0/loa3-nonresident", 3),
        ("http://id.swedenconnect.se/loa/1.0/uncertified-loa3", 2),
        ("http://id.elegnamnden.se/loa/1.0/eidas-low", 2),
        ("http://id.elegnamnden.se/loa/1.0/eidas-sub", 3),
        ("http://id.elegnamnden.se/loa/1.0/eidas-nf-high", 4),
        # No level at all: unknown, almost known, of another kind
        ("http://id.sambi.se/loa/loa1", 0),
        ("http://id.sambi.se/loa/loa5", 0),
        ("http://id.sambi.se/loa/LOA3", 0),
        ("https://id.sambi.se/loa/loa3", 0),
        ("http://evil.example/loa3", 0),
        ("3", 0),
        ("", 0),
        (None, 0),
        (3, 0),
        (["http://id.sambi.se/loa/loa3"], 0),
    ],
)
def test_levels(acr: object, level: int) -> None:
    assert claims.level_of({"acr": acr}) == level


def test_no_level_is_above_four() -> None:
    assert set(LEVELS.values()) == {2, 3, 4}


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("Vård och behandling", Purpose.CARE),
        (" vård och behandling ", Purpose.CARE),
        ("Administration", Purpose.ADMINISTRATION),
        ("Verksamhetsuppföljning", Purpose.FOLLOWUP),
        ("Forskning", None),
        ("Vård", None),
        ("", None),
    ],
)
def test_purposes(text: str, purpose: Purpose | None) -> None:
    assert Commission("c", "n", UNIT, text).known_purpose is purpose


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (staff("SE5599990009-S1"), "SE5599990009-S1"),
        (staff(" se5599990009-s1 "), "SE5599990009-S1"),
        (staff("SE5599990009-S1", level=2), "SE5599990009-S1"),
        (staff("SE5599990009-S1", level=1), LevelTooLow),
        (staff(""), ClaimMissing),
        (staff("Sofia"), ClaimMissing),
        (staff("SE5599990009-S1" + "X" * 300), ClaimMissing),
        ({**staff("x"), HSA_ID: ["SE5599990009-S1"]}, ClaimMissing),
        ({"acr": "http://id.sambi.se/loa/loa3", "sub": "SE5599990009-S1"}, ClaimMissing),
        ({}, LevelTooLow),
    ],
)
def test_staff(said: dict[str, Any], answer: str | type[Refusal]) -> None:
    if isinstance(answer, str):
        assert claims.staff(said).hsa_id == answer
    else:
        with pytest.raises(answer):
            claims.staff(said)


@pytest.mark.parametrize(
    ("more", "there"),
    [({}, False), (commission(UNIT), True), ({claims.UNIT: UNIT}, True), ({claims.COMMISSION: "x"}, True)],
)
def test_a_commission_is_there_as_soon_as_any_part_of_it_is(more: dict[str, str], there: bool) -> None:
    """Half a commission narrows to nothing: it is not as if none had come."""
    assert (claims.staff(staff("SE5599990009-S1", **more)).commission is not None) is there


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (resident("198403149928"), "198403149928"),
        (resident("19840314-9928"), "198403149928"),
        ({**resident(""), COORDINATION: "198403749982"}, "198403749982"),
        (resident("198403149927"), ClaimMissing),  # check digit
        (resident("19840314R992"), ClaimMissing),  # a reserve number is no identity
        (resident("198403749982"), ClaimMissing),  # a coordination number where a personal number should be
        ({**resident(""), COORDINATION: "198403149928"}, ClaimMissing),  # and the other way about
        (resident("203003149923"), ClaimMissing),  # not born yet
        ({**resident("198403149928"), "name": ""}, ClaimMissing),
        ({**resident("198403149928"), PERSONAL: 198403149928}, ClaimMissing),
        (resident("198403149928", level=1), LevelTooLow),
    ],
)
def test_residents(said: dict[str, Any], answer: str | type[Refusal]) -> None:
    if isinstance(answer, str):
        assert claims.resident(said, ON).number.value == answer
    else:
        with pytest.raises(answer):
            claims.resident(said, ON)


def test_a_name_may_come_in_parts() -> None:
    said = {**resident("198403149928"), "name": "", "given_name": "Astrid", "family_name": "Exempelsson"}
    assert claims.resident(said, ON).name == "Astrid Exempelsson"


@pytest.mark.parametrize("population", Population)
def test_what_is_read_is_asked_for(population: Population) -> None:
    named = {HSA_ID, claims.UNIT, claims.COMMISSION_PURPOSE} if population is Population.STAFF else {PERSONAL}
    assert named | {"acr", "name"} <= set(claims.asked(population)["id_token"])


def test_an_id_token_is_never_unsigned_nor_signed_by_a_shared_secret() -> None:
    assert not [one for one in claims.ALGORITHMS if one == "none" or one.startswith("HS")]
