"""The processes of one server: pages and API, the live channel, the job worker."""

import json
import os
import socket
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from vardnav.config import database
from vardnav.config.supervisor import Child
from vardnav.kernel.errors import Refusal

TRIES = 50


@dataclass(frozen=True, slots=True)
class Stack:
    """What to serve where."""

    host: str = "127.0.0.1"
    port: int = 8000
    live_port: int = 8001
    workers: int = 2
    threads: int = 6
    jobs: bool = True

    @property
    def address(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{name}:{self.port}/"


def default_workers() -> int:
    """Measured on two cores: two processes serve most; more cores take more."""
    return max(2, min(16, os.cpu_count() or 2))


def free_port(host: str, first: int) -> int:
    """This port, or the next one that nobody holds."""
    for port in range(first, first + TRIES):
        if is_free(host, port):
            return port
    raise Refusal(f"No free port between {first} and {first + TRIES - 1}.")


def is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def children(stack: Stack, run_dir: Path) -> list[Child]:
    """Ready to be supervised. `run_dir` is this server's own and empty."""
    metrics = run_dir / "metrics"
    metrics.mkdir()
    log_config = run_dir / "granian.json"
    log_config.write_text(json.dumps(_granian_logging()))
    environment = {
        **os.environ,
        **database.SERVING,
        "DJANGO_SETTINGS_MODULE": "vardnav.config.settings",
        "VARDNAV_SERVING": "1",
        "VARDNAV_LIVE_URL": os.environ.get("VARDNAV_LIVE_URL", f":{stack.live_port}/live/"),
    }
    granian = [sys.executable, "-m", "granian", "--host", stack.host, "--log-level", "error"]
    granian += ["--log-config", str(log_config)]
    # --respawn-failed-workers: a crashed worker comes back without the others noticing.
    pages = [*granian, "--port", str(stack.port), "--interface", "wsgi", "--workers", str(stack.workers)]
    pages += ["--blocking-threads", str(stack.threads), "--respawn-failed-workers", "--no-ws"]
    pages += ["--workers-kill-timeout", "10", "vardnav.config.wsgi:application"]
    live = [*granian, "--port", str(stack.live_port), "--interface", "asgi", "--workers", "1", "--no-ws"]
    live += ["--workers-kill-timeout", "2", "vardnav.live.stream:application"]
    found = [
        Child("web", pages, {**environment, "PROMETHEUS_MULTIPROC_DIR": str(metrics)}),
        Child("live", live, environment),
    ]
    if stack.jobs:
        found.append(Child("jobs", [sys.executable, "-m", "vardnav", "worker"], environment | database.WORKING))
    return found


def wait(stack: Stack, seconds: float = 60.0) -> None:
    """Until pages are answered."""
    end = time.monotonic() + seconds
    while not _answers(stack):
        if time.monotonic() > end:
            raise Refusal(f"{stack.address} does not answer after {seconds:.0f} s.")
        time.sleep(0.1)


def _answers(stack: Stack) -> bool:
    try:
        with urllib.request.urlopen(f"{stack.address}healthz", timeout=10) as answer:  # noqa: S310 - http
            return bool(answer.status == 200)
    except OSError:
        return False


def _granian_logging() -> dict[str, object]:
    """Granian's own lines through our formatter; it writes no access log, ours is better."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "formatters": {"lines": {"()": "vardnav.config.logs.formatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "loggers": {"_granian": {"level": "ERROR", "propagate": True, "handlers": []}},
    }
