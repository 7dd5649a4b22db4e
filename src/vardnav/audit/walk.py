"""Walk along one chain and say where it does not hold. Knows no database: rows come in order, findings go out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from vardnav.audit.chain import START, Fields, mac_of

MOST_KEPT = 1000  # lines of a chain that are told of one by one
MOST_MATCHED = 60  # lines of a chain that are looked for at each other's places


class Fault(StrEnum):
    CHANGED = "changed"  # a column or the MAC is not what was written, or the program never wrote the line
    MISSING = "missing"
    INSERTED = "inserted"
    DUPLICATED = "duplicated"
    MOVED = "moved"
    CUT = "cut"  # the end is gone
    HEAD = "head"  # the shard's own row does not fit its lines
    SHARD = "shard"  # the shard's own row is gone
    KEY = "key"  # made with a key that is not among the settings
    ANCHOR = "anchor"  # the chain is not the one that was anchored
    ANCHORS = "anchors"  # the anchors' own file does not hold


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    shard_id: int  # 0: no chain's
    seq: int  # the first line it is about
    last: int
    fault: Fault
    told: str

    def __str__(self) -> str:
        if not self.shard_id:
            return f"{self.fault}: {self.told}"
        lines = f"line {self.seq}" if self.seq == self.last else f"lines {self.seq}-{self.last}"
        return f"shard {self.shard_id}, {lines}: {self.fault}: {self.told}"


@dataclass(frozen=True, slots=True)
class Anchored:
    """What an anchor says of a chain: the MAC of the line that was its last, and which anchor."""

    head: bytes
    anchor: str


@dataclass(slots=True)
class Place:
    """A line that does not fit where it stands, and the MAC it stands behind."""

    seq: int
    before: bytes
    mac: bytes
    line: Fields


class Walk:
    """One chain, from its first line or from a place that was verified before.

    A fault is told once: after a line that does not fit the walk goes on from the MAC that stands there, or from the
    one it should have had, whichever the next line fits.
    """

    def __init__(
        self,
        shard_id: int,
        key: bytes | None,
        *,
        start: tuple[int, bytes] = (0, START),
        cuts: Mapping[int, tuple[int, bytes]] | None = None,
        anchored: Mapping[int, Anchored] | None = None,
    ) -> None:
        self.id, self.key = shard_id, key
        self.seq, self.mac = start
        self.start = start[0]
        self.before: bytes | None = None  # what stood before the last line
        self.should: bytes | None = None  # the MAC that the last line should have had
        self.known = key is not None  # whether the MAC before the next line is known
        self.cuts, self.anchored = cuts or {}, anchored or {}
        self.unfit: list[Place] = []
        self.more = 0  # lines beyond those, which do not fit either
        self.holes: list[tuple[int, bytes]] = []  # the first line that is missing, and the MAC before it
        self.findings: list[Finding] = []

    def step(self, seq: int, mac: bytes, line: Fields) -> None:
        """The next row in the order of seq and id."""
        if seq != self.seq + 1 and not self._reach(seq, mac, line):
            return
        if self.known and self.key is not None:
            made = mac_of(self.key, self.id, seq, self.mac, line)
            self.before = self.mac
            if made == mac:
                self.should = None
            else:
                self._unfit(seq, mac, line, made)
        self.known = self.key is not None
        self.seq, self.mac = seq, mac
        if seq in self.anchored:
            self._compare(seq)

    def _unfit(self, seq: int, mac: bytes, line: Fields, made: bytes) -> None:
        assert self.key is not None  # noqa: S101 - asked for by step
        if self.should is not None and mac_of(self.key, self.id, seq, self.should, line) == mac:
            self.should = None  # the MAC of the line before is what was changed, and that is told
            return
        self.should = made
        if len(self.unfit) < MOST_KEPT:
            self.unfit.append(Place(seq, self.mac, mac, line))
        else:
            self.more += 1

    def _reach(self, seq: int, mac: bytes, line: Fields) -> bool:
        """Whether this row is to be looked at as the next: past what was cut by rule, and past what is missing."""
        while self.seq + 1 in self.cuts and seq > self.seq + 1:
            self.seq, self.mac = self.cuts[self.seq + 1]
            self.should, self.known = None, self.key is not None
        if seq == self.seq + 1:
            return True
        if seq <= self.seq:
            self._again(seq, mac, line)
            return False
        self._tell(Fault.MISSING, self.seq + 1, seq - 1, "no such line")
        self.holes.append((self.seq + 1, self.mac))
        self.known, self.should = False, None
        return True

    def _again(self, seq: int, mac: bytes, line: Fields) -> None:
        """A second row at a place that has one: the one that fits is the true one."""
        if seq <= self.start:
            self._tell(Fault.INSERTED, seq, seq, "it stands before lines that were verified")
            return
        if mac == self.mac:
            self._tell(Fault.DUPLICATED, seq, seq, "two lines are the same")
            return
        self._tell(Fault.INSERTED, seq, seq, "two lines have one place")
        first_is_false = bool(self.unfit) and self.unfit[-1].seq == seq == self.seq and self.before is not None
        if first_is_false and self._fits(Place(seq, b"", mac, line), seq, self.before or b""):
            self.unfit.pop()
            self.mac, self.should = mac, None

    def _compare(self, seq: int) -> None:
        told = self.anchored[seq]
        if self.mac != told.head and self.should != told.head:
            self._tell(Fault.ANCHOR, seq, seq, f"it is not the line that was the last at {told.anchor}")

    def end(self, lines: int, head: bytes) -> None:
        """What the shard's own row says: how many lines, and the last one's MAC."""
        while self.seq + 1 in self.cuts:
            self.seq, self.mac = self.cuts[self.seq + 1]
            self.should = None
        if self.seq < lines:
            self._tell(Fault.CUT, self.seq + 1, lines, "the shard counts lines that are not there")
            self.holes.append((self.seq + 1, self.mac))
        elif self.seq > lines:
            self._tell(Fault.HEAD, lines + 1, self.seq, "there are more lines than the shard counts")
        elif head not in (self.mac, self.should):
            self._tell(Fault.HEAD, lines, lines, "the shard's last MAC is not the last line's")
        beyond = max(self.anchored, default=0)
        if beyond > self.seq:
            told = self.anchored[beyond]
            self._tell(Fault.CUT, self.seq + 1, beyond, f"the lines were there at {told.anchor}")
        self._tell_unfit()

    def gone(self, until: int) -> None:
        """The shard's own row is not there."""
        self._tell(Fault.SHARD, 1, max(until, 1), "the shard's own row is gone")
        self._tell_unfit()

    def _tell_unfit(self) -> None:
        true = {one.seq: self._true_place(one) for one in self.unfit} if len(self.unfit) <= MOST_MATCHED else {}
        for run in _runs(self.unfit, true):
            where = true.get(run[0].seq)
            fault, told = (
                (Fault.MOVED, f"it fits as line {where}") if where else (Fault.CHANGED, "its MAC does not fit")
            )
            self._tell(fault, run[0].seq, run[-1].seq, told)
        if self.more:
            self._tell(Fault.CHANGED, self.unfit[-1].seq + 1, self.seq, f"{self.more} of these do not fit their MACs")

    def _true_place(self, one: Place) -> int:
        """Where in the same chain a line fits that does not fit where it stands; 0 is nowhere."""
        places = [(other.seq, other.before) for other in self.unfit if other is not one]
        places += [(one.seq + off, one.before) for off in (1, -1)] + self.holes
        return next((seq for seq, before in places if self._fits(one, seq, before)), 0)

    def _fits(self, one: Place, seq: int, before: bytes) -> bool:
        return self.key is not None and mac_of(self.key, self.id, seq, before, one.line) == one.mac

    def _tell(self, fault: Fault, seq: int, last: int, told: str) -> None:
        self.findings.append(Finding(self.id, seq, last, fault, told))


def _runs(places: list[Place], true: Mapping[int, int]) -> Iterator[list[Place]]:
    """Lines together that follow on each other and are told the same of."""
    run: list[Place] = []
    for one in places:
        if run and (one.seq != run[-1].seq + 1 or bool(true.get(one.seq)) != bool(true.get(run[-1].seq))):
            yield run
            run = []
        run.append(one)
    if run:
        yield run
