"""How long a region takes to load, and how much memory: generated, read in, read in again, written out.

    script/bench load [--quick] [--json]

Each region gets an embedded server of its own in a folder that is thrown away after. Each step is a process of its own,
timed from its start to its end. --quick loads the smallest only.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._measure import cpu_seconds, postmaster, show

VARDNAV = [sys.executable, "-m", "vardnav"]


@dataclass(frozen=True)
class Case:
    region: str
    residents: int | None
    seconds: float  # at most
    megabytes: float = 2000


CASES = (
    Case("jamtland-harjedalen", None, 15),
    Case("vasterbotten", 288_387, 30),
    Case("stockholm", None, 240),
)
GENERATE = """
import sys
from datetime import date
from pathlib import Path
from vardnav.demo import generate
residents = int(sys.argv[3]) if sys.argv[3] != "None" else None
spec = generate.find(sys.argv[1], today=date.today(), residents=residents)
generate.region(spec, Path(sys.argv[2]), lambda what, share: None)
"""


@dataclass(frozen=True)
class Step:
    seconds: float
    megabytes: float
    cpu_client: float
    cpu_server: float


@dataclass(frozen=True)
class Result:
    case: Case
    residents: int
    steps: dict[str, Step]

    @property
    def both(self) -> float:
        return self.steps["generate"].seconds + self.steps["load"].seconds


def timed(command: list[str], home: Path) -> Step:
    server = home / "data" / "postgres" / "postmaster.pid"
    before = cpu_seconds(postmaster(home / "data")) if server.exists() else 0.0
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command[:5])} failed: {said.decode()[-500:]}")
    after = cpu_seconds(postmaster(home / "data")) if server.exists() else 0.0
    return Step(seconds, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime, after - before)


def measured(case: Case) -> Result:
    with tempfile.TemporaryDirectory(prefix="vardnav-load-") as folder:
        home = Path(folder)
        os.environ |= {"VARDNAV_DATA": str(home / "data"), "VARDNAV_DEMO": "1"}
        os.environ.pop("DATABASE_URL", None)
        extract = str(home / "extract")
        steps = {"generate": timed([sys.executable, "-c", GENERATE, case.region, extract, str(case.residents)], home)}
        subprocess.run([*VARDNAV, "postgres", "start"], check=True, capture_output=True)
        try:
            subprocess.run([*VARDNAV, "migrate"], check=True, capture_output=True)
            steps["load"] = timed([*VARDNAV, "region", "import", extract], home)
            steps["again"] = timed([*VARDNAV, "region", "import", extract], home)
            steps["export"] = timed([*VARDNAV, "region", "export", str(home / "out")], home)
        finally:
            subprocess.run([*VARDNAV, "postgres", "stop"], check=True, capture_output=True)
        with (home / "out" / "residents.csv").open("rb") as lines:
            residents = sum(1 for _ in lines) - 1
    return Result(case, residents, steps)


def rows_of(result: Result) -> list[tuple[str, str, str]]:
    name, limit = f"{result.residents:,} residents", result.case.seconds
    load = result.steps["load"]
    return [
        (f"{name}: load", f"{load.seconds:.1f} s", f"<= {limit:.0f} s"),
        ("    with generation", f"{result.both:.1f} s", ""),
        ("    CPU: import, server", f"{load.cpu_client:.1f} s, {load.cpu_server:.1f} s", ""),
        ("    memory of the import", f"{load.megabytes:.0f} MB", f"<= {result.case.megabytes:.0f} MB"),
        ("    the same extract again", f"{result.steps['again'].seconds:.1f} s", ""),
        ("    export", f"{result.steps['export'].seconds:.1f} s", ""),
    ]


def flat(results: list[Result]) -> dict[str, float]:
    found: dict[str, float] = {}
    for result in results:
        name = result.case.region.replace("-", "_")
        found |= {f"{name}_residents": result.residents, f"{name}_load_mb": round(result.steps["load"].megabytes)}
        found |= {f"{name}_{step}_s": round(one.seconds, 1) for step, one in result.steps.items()}
        found[f"{name}_with_generation_s"] = round(result.both, 1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how long a region takes to load.")
    parser.add_argument("--quick", action="store_true", help="the smallest only")
    parser.add_argument("--json", action="store_true", help="one flat object of figures")
    options = parser.parse_args()
    results = [measured(case) for case in (CASES[:1] if options.quick else CASES)]
    rows = [row for result in results for row in rows_of(result)]
    show("Loading a region", rows, flat(results), as_json=options.json)


if __name__ == "__main__":
    main()
