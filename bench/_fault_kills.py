"""Who is killed: the processes of one server and of its database, found by what they are."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    command: str


def processes() -> dict[int, Process]:
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it ended while we looked
        if fields[0] != "Z":
            found[int(entry.name)] = Process(int(entry.name), int(fields[1]), command)
    return found


def of_kind(kind: str, server: int, postmaster: int) -> list[int]:
    """The living processes of a kind, oldest first."""
    there = processes()
    children = [one for one in there.values() if one.parent == server]
    web = [one.pid for one in children if "vardnav.config.wsgi" in one.command]
    named = {
        SUPERVISOR: [server] if server in there else [],
        "web": web,
        "live": [one.pid for one in children if "vardnav.live.stream" in one.command],
        "job worker": [one.pid for one in children if "vardnav worker" in one.command],
        "web worker": [one.pid for one in there.values() if one.parent in web],
        "postmaster": [postmaster] if postmaster in there else [],
        "backend": [one.pid for one in there.values() if one.parent == postmaster and " vardnav " in one.command],
    }
    return sorted(named[kind])


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def until(ready: object, seconds: float) -> bool:
    """Wait for a callable to answer something true."""
    assert callable(ready)
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
