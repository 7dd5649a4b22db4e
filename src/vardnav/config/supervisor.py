"""Several processes that live and die together."""

import ctypes
import os
import signal
import subprocess  # nosec B404 - starts our own processes with fixed commands
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

from vardnav.kernel.errors import Refusal

log = structlog.get_logger("vardnav.serve")
STOP_SECONDS = 15.0
MOST_RESTARTS = 5  # within the window; then something is wrong that a restart does not cure
WINDOW_SECONDS = 60.0
TICK_SECONDS = 0.2
PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """A process to keep alive."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    restarts: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops all in order
            preexec_fn=_die_with_parent,
        )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def revive(self, now: float) -> bool:
        """Start again after an unexpected end; False when it happened too often."""
        self.restarts = [at for at in self.restarts if now - at < WINDOW_SECONDS] + [now]
        if len(self.restarts) > MOST_RESTARTS:
            return False
        if self.process:
            _kill_session(self.process)  # workers that outlived it would keep the port
        self.start()
        return True


def run(children: Sequence[Child], *, when_started: Callable[[], None] = lambda: None) -> None:
    """Keep all alive until SIGTERM or SIGINT; then stop them in bounded time.

    Raises
    ------
    Refusal
        When one dies again and again: all are stopped.
    """
    asked: list[int] = []

    def ask(number: int, _: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        for child in children:
            child.start()
        when_started()
        while not asked:
            time.sleep(TICK_SECONDS)
            _revive_dead(children)
    finally:
        stop(children)
        for number, handler in before.items():
            signal.signal(number, handler)


def _revive_dead(children: Sequence[Child]) -> None:
    for child in children:
        if child.alive:
            continue
        status = child.process.returncode if child.process else None
        log.error("process.died", process=child.name, status=status)
        if not child.revive(time.monotonic()):
            raise Refusal(f"The {child.name} process died again and again; all are stopped.")


def stop(children: Sequence[Child]) -> None:
    """Ask all to stop; after STOP_SECONDS make them."""
    for child in children:
        _signal(child, signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.error("process.killed", process=child.name)
        _kill_session(child.process)
        child.process.wait()


def _signal(child: Child, number: int) -> None:
    if child.alive and child.process is not None:
        child.process.send_signal(number)


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    """Nothing of it may stay behind, its own children neither."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _die_with_parent() -> None:
    """A supervisor that is killed leaves no orphans (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
