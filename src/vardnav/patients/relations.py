"""The ways a unit can have a resident, and which units have data of them. A room above registers its own.

A room where a unit comes to have a resident (listed, booked, referred, discharged to ...) calls `register` once, from
its `AppConfig.ready`, with a name that stands in the log and two functions:

* `holds(person_id, unit_hsa_id, on)`: has this unit that relation to this resident on this day? It answers for now, not
  for what has ended; it is asked before each answer, so it is one indexed look-up. A unit for which it holds comes
  under Relation.UNIT in the table of `rules`.
* `sources(person_id)`: the units that have data of this resident in the room, also since long ago. It is what a
  resident can block and what can be opened by consent or in an emergency; a unit that is left out can be neither.
* `spans(person_ids, unit_hsa_id, since, until)`: on which days the unit had that relation to these residents, of those
  that touch the period; for the checks of the log, one statement for a month's thousands.

What the room then shows a unit of what stems from another unit goes through `selectors.sight` (one person) or
`selectors.sights` (a list, one statement).
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date

from vardnav.patients.rules import Source

Holds = Callable[[int, str, date], bool]
Span = tuple[date, date | None]  # half open
Spans = Callable[[Collection[int], str, date, date], Iterable[tuple[int, date, date | None]]]
Sources = Callable[[int], Iterable[Source]]

_registered: dict[str, Holds] = {}
_sources: dict[str, Sources] = {}
_spans: dict[str, Spans] = {}


def register(name: str, holds: Holds, sources: Sources | None = None, spans: Spans | None = None) -> None:
    _registered[name] = holds
    if spans is not None:
        _spans[name] = spans
    if sources is not None:
        _sources[name] = sources


def between(person_id: int, unit_hsa_id: str, on: date) -> str | None:
    """The name of the first relation that holds, for the log; None if there is none."""
    for name, holds in _registered.items():
        if holds(person_id, unit_hsa_id, on):
            return name
    return None


def all_spans() -> list[tuple[str, Spans]]:
    return list(_spans.items())


def units_with(person_id: int) -> list[Source]:
    """Every unit that has data of a resident, by name."""
    found = {one.hsa_id: one for sources in _sources.values() for one in sources(person_id)}
    return sorted(found.values(), key=lambda one: (one.name.casefold(), one.hsa_id))
