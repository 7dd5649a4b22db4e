"""Watch over the embedded PostgreSQL: one that was killed is started again, one that was stopped stays stopped."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from vardnav.config import embedded
from vardnav.config.embedded import Embedded
from vardnav.kernel.errors import Refusal

log = structlog.get_logger("vardnav.postgres")
LOOK_SECONDS = 0.5  # between looks whether the server lives
RETRY_SECONDS = 1.0  # after a start that failed: a full disk, for instance


@contextmanager
def kept_alive(server: Embedded | None) -> Iterator[None]:
    """While the block runs, start the server again whenever it has been killed; one that was stopped stays stopped."""
    if server is None:
        yield
        return
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(server, over), daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join(RETRY_SECONDS)


def _watch(server: Embedded, over: threading.Event) -> None:
    pause = LOOK_SECONDS
    while not over.wait(pause):
        pause = LOOK_SECONDS
        try:
            if revive(server):
                log.error("postgres.started_again")
        except (Refusal, OSError) as error:
            log.error("postgres.still_down", error=type(error).__name__)  # PostgreSQL's own log says why
            pause = RETRY_SECONDS


def revive(server: Embedded) -> bool:
    """Start the server if it was killed or gave up. False when it runs, or was stopped in order."""
    if not _fell(server):
        return False
    with embedded.alone(server):
        if not _fell(server):
            return False
        embedded.launch(server)
    return True


def _fell(server: Embedded) -> bool:
    if embedded.runs(server):
        return False
    said = embedded.run(server, "pg_controldata", f"--pgdata={server.cluster}").stdout
    return re.search(r"^Database cluster state: +shut down", said, re.MULTILINE) is None
