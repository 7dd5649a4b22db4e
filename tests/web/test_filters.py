"""Patient Data Act 2:8: nothing sensitive but health is a word to search or a filter to choose by.

Every page is asked for, and every name that it looks for in its address is written down, also what a form reads. They
stand here with what they choose by. A new one fails until somebody has asked the law about it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict

from tests.web.test_walk import PATTERNS, address, count_the_day, may_come
from tests.web.walk_world import World, build
from vardnav.api.v1 import METHODS, api

# Race, ethnic origin, opinion, belief, union, biometry, sex life and orientation (GDPR article 9), offences; and the
# nearest stand-ins for them that a register of residents has. Language is chosen of a clinic's staff, not of a person.
SENSITIVE = {
    *("ethnicity", "birth_country", "citizenship", "religion", "union", "party", "sex", "gender", "orientation"),
    *("protected", "skyddad", "offence", "crime", "interpreter", "mother_tongue", "household", "address", "guardian"),
    *("kon", "fodelseland", "medborgarskap", "religion", "tolk", "modersmal", "hushall", "adress"),
}
PAGES = {
    "after": "the page that follows",
    "alla": "the log: one's own visits too",
    "avbruten": "whether a login was broken off",
    "before": "the page before",
    "doctor": "a clinic's listed, by named doctor or why there is none",
    "enhet": "the log of one's own, by unit",
    "fran": "clinics, by travel time from a municipality",
    "indicator": "the region's figures",
    "karta": "the region's figures on the map",
    "kolumner": "columns of the region's table",
    "kommun": "clinics, by municipality",
    "name": "a clinic's listed, by name",
    "next": "the page to come to after a login",
    "ordning": "the order of clinics",
    "plats": "clinics with room",
    "q": "names of one's own listed, of clinics and of staff",
    "sort": "the order of a list: name, since, age, burden (health)",
    "sprak": "clinics, by what their staff speak",
    "state": "an answer of a provider of identity",
    "urval": "clinics of a goal that is not met",
    "vardgivare": "clinics, by care provider",
    "visa": "the address of a page that stays",
}
API = {
    "after": "the page that follows",
    "changed": "day of change of a unit",
    "kind": "kind of unit",
    "language": "spoken at a clinic",
    "limit": "length of a page",
    "municipality": "of a unit",
    "query": "name of a unit",
    "with_room": "clinics with room",
}


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that views look for in the address of a request."""
    names: set[str] = set()

    class Recording(QueryDict):
        def __getitem__(self, key: str) -> Any:
            names.add(key)
            return super().__getitem__(key)

        def get(self, key: str, default: Any = None) -> Any:
            names.add(key)
            return super().get(key, default)

        def getlist(self, key: str, default: Any = None) -> Any:
            names.add(key)
            return super().getlist(key, default)

        def __contains__(self, key: object) -> bool:
            names.add(str(key))
            return super().__contains__(key)

    def recorded(request: WSGIRequest) -> QueryDict:
        return Recording(request.META.get("QUERY_STRING", ""), encoding=request.encoding)

    monkeypatch.setattr(WSGIRequest, "GET", property(recorded))
    return names


@pytest.mark.django_db
def test_no_list_is_chosen_by_what_is_sensitive(asked_for: set[str]) -> None:
    world = build()
    count_the_day()
    for name, who in pages(world):
        world.client(who).get(address(name, world, world.targets["elsa"]))
    assert asked_for == set(PAGES), f"new: {asked_for - set(PAGES)}, gone: {set(PAGES) - asked_for}"
    assert not SENSITIVE & set(PAGES)


def pages(world: World) -> Iterator[tuple[str, str]]:
    """Each page with one who may have it."""
    for name in PATTERNS:
        for who in ("nobody", "johanna", "our head", "planner", "administrator"):
            if may_come(name, world.actors[who]):
                yield name, who
                break


def test_no_program_chooses_by_what_is_sensitive() -> None:
    found = {
        parameter["name"]
        for methods in api.get_openapi_schema()["paths"].values()
        for method, operation in methods.items()
        if method in METHODS
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query"
    }
    assert found == set(API), found ^ set(API)
    assert not SENSITIVE & set(API)
