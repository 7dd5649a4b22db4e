"""How much a fuzz run really did: counted where it happens, written for script/fuzz to show.

`FUZZ=full` asks for the long run; the gate runs the short one. `FUZZ_TALLY` names the table's file.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

FULL = os.environ.get("FUZZ") == "full"


def budget(short: int, full: int) -> int:
    """How much to do: little in the gate, `full` (times FUZZ_TIMES) by script/fuzz."""
    return int(full * float(os.environ.get("FUZZ_TIMES", "1"))) if FULL else short


@dataclass
class Tally:
    what: str
    unit: str
    done: int = 0
    faults: int = 0
    broken: int = 0  # answers of 5xx
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str = "") -> None:
        self.done += 1
        self.kinds[kind] += 1
        self.broken += kind.startswith("5")


@contextmanager
def tally(what: str, unit: str) -> Iterator[Tally]:
    """Counts inside, and writes the count also when a fault ends the run."""
    counted = Tally(what, unit)
    try:
        yield counted
    except BaseException:
        counted.faults += 1
        raise
    finally:
        where = os.environ.get("FUZZ_TALLY")
        if where:
            row = {**vars(counted), "kinds": dict(sorted(counted.kinds.items()))}
            with Path(where).open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")


def show(path: Path, *, as_json: bool) -> str:
    """The rows of a tally file: as a table, or as JSON."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    if as_json:
        whole = {name: sum(row[name] for row in rows) for name in ("done", "faults", "broken")}
        return json.dumps({"rows": rows, "total": whole}, ensure_ascii=False)
    head = f"{'':34}{'done':>10}  {'':10}{'faults':>8}{'5xx':>6}"
    lines = [
        f"{row['what']:34}{row['done']:>10,}  {row['unit']:10}{row['faults']:>8}{row['broken']:>6}".replace(",", " ")
        for row in rows
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    print(show(Path(sys.argv[1]), as_json="--json" in sys.argv))  # noqa: T201
