"""What the benchmarks share: CPU seconds of processes, percentiles, a server of one's own, a table, a flat object."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

TICKS = os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of them do not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def cpu_seconds(*roots: int) -> float:
    """CPU time so far of processes and all their descendants, also of children that have been reaped."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        parents[int(entry.name)] = int(fields[1])
        used[int(entry.name)] = sum(int(ticks) for ticks in fields[11:15]) / TICKS
    return sum(seconds for pid, seconds in used.items() if _under(pid, set(roots), parents))


def _under(pid: int, roots: set[int], parents: dict[int, int]) -> bool:
    while pid > 1:
        if pid in roots:
            return True
        pid = parents.get(pid, 0)
    return False


def settle(*roots: int) -> None:
    """Wait, ten seconds at most, until processes that have just started rest: their imports are not the work."""
    for _ in range(20):
        before = cpu_seconds(*roots)
        time.sleep(0.5)
        if cpu_seconds(*roots) - before < 0.05:
            return


def postmaster(data_dir: Path) -> int:
    """The process of the embedded server."""
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])


@contextmanager
def served(port: int, live_port: int) -> Iterator[int]:
    """`vardnav serve` on this environment's database; answers its process id."""
    command = [sys.executable, "-m", "vardnav", "serve", "--port", str(port), "--live-port", str(live_port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", server)
        yield server.pid
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise SystemExit(f"the server stopped with status {server.returncode}")
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not answer within 30 seconds")


def show(title: str, rows: Sequence[tuple[str, str, str]], figures: dict[str, float], *, as_json: bool) -> None:
    """The table for people (figure, value, wanted), or the flat object for programs."""
    if as_json:
        print(json.dumps(figures))
        return
    table = Table(title=title, title_justify="left")
    for name in ("figure", "measured", "wanted"):
        table.add_column(name, justify="left" if name == "figure" else "right")
    for row in rows:
        table.add_row(*row)
    Console(width=120).print(table)
