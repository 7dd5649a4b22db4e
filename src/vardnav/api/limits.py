"""How much one caller may ask of us: calls a minute per key, bytes per body.

Calls are counted in each process for itself, which stops a program that has lost its way. An exact limit over
all processes is the front proxy's (docs/api.md).
"""

import os
import threading
import time
from collections.abc import Callable

from vardnav.api.errors import TooManyCalls
from vardnav.kernel.actor import Actor

CALLS_PER_MINUTE = int(os.environ.get("VARDNAV_API_CALLS_PER_MINUTE", "600"))
BODY_BYTES = 16 * 1024
MINUTE = 60


class Counter:
    """Calls of each key in the minute that runs."""

    def __init__(self, most: int, seconds: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self.seconds = seconds
        self.minute = -1
        self.calls: dict[str, int] = {}
        self.lock = threading.Lock()

    def add(self, who: str) -> int:
        """Count one call: 0, or the seconds to wait if there have been too many."""
        at = self.seconds()
        with self.lock:
            if self.minute != int(at // MINUTE):
                self.minute, self.calls = int(at // MINUTE), {}
            self.calls[who] = self.calls.get(who, 0) + 1
            return 0 if self.calls[who] <= self.most else max(1, MINUTE - int(at % MINUTE))


counter = Counter(CALLS_PER_MINUTE)


def count_call(by: Actor) -> None:
    """Raises TooManyCalls."""
    wait = counter.add(by.hsa_id or by.name)
    if wait:
        raise TooManyCalls(f"The key may make {counter.most} calls a minute. Try again in {wait} s.", wait_seconds=wait)
