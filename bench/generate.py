"""How long it takes to generate a region, and how much memory: each in a process of its own.

    script/bench generate [--quick] [--json]

--quick leaves out Stockholm. Dalarna is built too where its files are (VARDNAV_SHARED_DATA, or ../shared/data).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DALARNA = Path(os.environ.get("VARDNAV_SHARED_DATA", ROOT.parent / "shared" / "data")) / "dalarna"
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Case:
    region: str
    seconds: float  # at most
    megabytes: float


CASES = (
    Case("jamtland-harjedalen", 4, 1500),
    Case("vasterbotten", 8, 1500),
    Case(str(DALARNA), 8, 1500),
    Case("stockholm", 60, 1500),
)


@dataclass(frozen=True)
class Result:
    case: Case
    residents: int
    seconds: float
    cpu_seconds: float
    megabytes: float
    on_disk: float

    @property
    def name(self) -> str:
        return Path(self.case.region).name

    @property
    def holds(self) -> bool:
        return self.seconds <= self.case.seconds and self.megabytes <= self.case.megabytes


def measured(case: Case) -> Result:
    """From the start of Python to its end, with all imports."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        child = subprocess.Popen([sys.executable, __file__, "--build", case.region, folder])
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"generating {case.region} failed")
        seconds = time.perf_counter() - began
        import polars as pl

        residents = pl.scan_parquet(Path(folder) / "residents.parquet").select(pl.len()).collect().item()
        disk = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
    cpu = used.ru_utime + used.ru_stime
    return Result(case, residents, seconds, cpu, used.ru_maxrss * _rss_unit() / 1e6, disk)


def _rss_unit() -> int:
    return 1 if sys.platform == "darwin" else 1024


def build(region: str, folder: str) -> None:
    from vardnav.demo import generate

    generate.region(generate.find(region, today=TODAY), Path(folder), lambda what, share: None)


def flat(results: list[Result]) -> dict[str, float]:
    found: dict[str, float] = {}
    for result in results:
        name = result.name.replace("-", "_")
        found |= {
            f"{name}_residents": result.residents,
            f"{name}_s": round(result.seconds, 2),
            f"{name}_cpu_s": round(result.cpu_seconds, 2),
            f"{name}_mb": round(result.megabytes),
        }
    return found


def table(results: list[Result]) -> str:
    lines = [
        f"{'region':<20} {'residents':>10} {'seconds':>8} {'at most':>8} {'CPU s':>7} {'MB':>6} {'MB on disk':>11}"
    ]
    lines += [
        f"{r.name:<20} {r.residents:>10,} {r.seconds:>8.1f} {r.case.seconds:>8.0f} {r.cpu_seconds:>7.1f} "
        f"{r.megabytes:>6.0f} {r.on_disk:>11.1f}{'' if r.holds else '  above the limit'}"
        for r in results
    ]
    return "\n".join(lines)


def main() -> None:
    if sys.argv[1:2] == ["--build"]:
        build(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description="Measure how long a demo region takes to generate.")
    parser.add_argument("--quick", action="store_true", help="without Stockholm")
    parser.add_argument("--json", action="store_true", help="one flat object of figures")
    options = parser.parse_args()
    cases = [case for case in CASES if case.region != str(DALARNA) or DALARNA.is_dir()]
    if options.quick:
        cases = [case for case in cases if case.region != "stockholm"]
    results = [measured(case) for case in cases]
    print(json.dumps(flat(results)) if options.json else table(results))


if __name__ == "__main__":
    main()
