"""Processes that live and die together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vardnav.config import supervisor
from vardnav.config.supervisor import Child
from vardnav.kernel.errors import Refusal

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def child(name: str, code: str) -> Child:
    return Child(name, [sys.executable, "-c", code], os.environ)


def test_one_that_dies_again_and_again_stops_all() -> None:
    steady = child("steady", "import time; time.sleep(60)")
    with pytest.raises(Refusal, match="The broken process died again and again"):
        supervisor.run([steady, child("broken", "raise SystemExit(3)")])
    assert not steady.alive


def test_one_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.5)
    stubborn = child("stubborn", STUBBORN)
    stubborn.start()
    time.sleep(0.3)
    begun = time.monotonic()
    supervisor.stop([stubborn])
    assert time.monotonic() - begun < 5
    assert not stubborn.alive


def test_a_killed_supervisor_leaves_no_orphans(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    inner = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    outer = (
        "import os, sys\n"
        "from vardnav.config.supervisor import Child, run\n"
        f"run([Child('inner', [sys.executable, '-c', {inner!r}], os.environ)])"
    )
    process = subprocess.Popen([sys.executable, "-c", outer])
    for _ in range(100):
        if note.exists() and note.read_text():
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(0.5)
    assert not lives(int(note.read_text()))


def lives(pid: int) -> bool:
    """A dead process that nobody has buried yet does not live."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
