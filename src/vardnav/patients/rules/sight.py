"""Which unit's data about a person shows to whom.

Patient Data Act (2008:355) 4:4-5: what a person has blocked shows to no other unit until the person consents or it is
an emergency. Act (2022:913): data of another care provider show only with consent or in an emergency. One table says
it, and the pages, the lists, the programs' answers and docs/rules/access.md all follow it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vardnav.kernel.actor import Actor, ActorKind


class Whose(StrEnum):
    """How the unit that the data stem from stands to the one who asks."""

    OWN_UNIT = "own_unit"
    SAME_PROVIDER = "same_provider"
    OTHER_PROVIDER = "other_provider"


class Barrier(StrEnum):
    """What stands between the data and the one who asks."""

    NONE = "none"
    BLOCKED = "blocked"
    CONSENT = "consent"  # opened for this unit: the person has said yes
    EMERGENCY = "emergency"  # opened for this member of staff: danger to life or health
    ENDED = "ended"  # an opening that has run out or was closed: as if it had never been


class OpeningKind(StrEnum):
    CONSENT = "consent"
    EMERGENCY = "emergency"


_ALL = frozenset(Barrier)
_OPENED = frozenset({Barrier.CONSENT, Barrier.EMERGENCY})
# Rows: who asks. What no row has does not show. Residents see their own and their children's, whoever has it.
SHOWN: dict[ActorKind, dict[Whose, frozenset[Barrier]]] = {
    ActorKind.RESIDENT: dict.fromkeys(Whose, _ALL),
    ActorKind.SYSTEM: dict.fromkeys(Whose, _ALL),
    ActorKind.SERVICE: dict.fromkeys(Whose, frozenset({Barrier.NONE})),
    ActorKind.STAFF: {
        Whose.OWN_UNIT: _ALL,
        Whose.SAME_PROVIDER: _OPENED | {Barrier.NONE},
        Whose.OTHER_PROVIDER: _OPENED,
    },
}


def shown(kind: ActorKind, whose: Whose, barrier: Barrier) -> bool:
    return barrier in SHOWN[kind].get(whose, frozenset())


@dataclass(frozen=True, slots=True)
class Opened:
    """An opening in force: which units it shows, and until when."""

    id: int
    kind: OpeningKind
    units: tuple[str, ...]
    opened_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Sight:
    """What one actor sees of one person: ask `shows` of everything that stems from a unit."""

    by: Actor
    others: bool  # whether anything of other units is theirs to see at all (Deed.READ_OTHER_UNITS)
    blocks: Mapping[str, datetime]  # units with a standing block, and since when
    openings: tuple[Opened, ...]
    needs_emergency: bool = False  # the relation itself is a need stated in an emergency

    def shows(self, unit_hsa_id: str, provider_hsa_id: str) -> bool:
        """Whether data of this unit, of this care provider, are to be seen."""
        whose = self._whose(unit_hsa_id, provider_hsa_id)
        if not self.others and whose is not Whose.OWN_UNIT:
            return False
        return shown(self.by.kind, whose, self.barrier(unit_hsa_id))

    @property
    def blocked(self) -> bool:
        """Whether somebody else's block hides something from this actor: "Det finns spärrade uppgifter"."""
        return any(
            not shown(self.by.kind, Whose.SAME_PROVIDER, self.barrier(unit))
            for unit in self.blocks
            if unit != self.by.unit_hsa_id
        )

    @property
    def own_unit_blocked_at(self) -> datetime | None:
        return self.blocks.get(self.by.unit_hsa_id or "")

    @property
    def hides(self) -> bool:
        """Whether the answer may leave something out."""
        return self.blocked or not self.others or self.by.kind is ActorKind.STAFF

    @property
    def emergency(self) -> bool:
        return self.needs_emergency or any(one.kind is OpeningKind.EMERGENCY for one in self.openings)

    def barrier(self, unit_hsa_id: str) -> Barrier:
        since = self.blocks.get(unit_hsa_id)
        for one in self.openings:
            # A block made after the opening is a new wish: it closes what was open.
            if unit_hsa_id in one.units and (since is None or since <= one.opened_at):
                return Barrier(one.kind.value)
        return Barrier.NONE if since is None else Barrier.BLOCKED

    def _whose(self, unit_hsa_id: str, provider_hsa_id: str) -> Whose:
        if unit_hsa_id == self.by.unit_hsa_id:
            return Whose.OWN_UNIT
        same = bool(provider_hsa_id) and provider_hsa_id == self.by.provider_hsa_id
        return Whose.SAME_PROVIDER if same else Whose.OTHER_PROVIDER
