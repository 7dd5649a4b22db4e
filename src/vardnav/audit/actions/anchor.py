"""Anchor the log outside the database."""

from datetime import datetime
from pathlib import Path

import structlog

from vardnav.audit import anchors
from vardnav.audit.actions.lines import record
from vardnav.kernel.actor import Actor

log = structlog.get_logger("vardnav.audit")


def anchor(*, by: Actor, now: datetime, folder: Path | None = None, restored: str = "") -> anchors.Anchor:
    """Write down outside the database how long all chains are; the digest goes to the server's log too.

    `restored` says why a backup was put back: what earlier anchors knew and the backup did not is then known to be
    lost. It leaves a line in the log itself.

    Raises AnchorsBroken.
    """
    if restored:
        record("audit.log.restored", by=by, now=now, reason=restored)
    taken = anchors.take(folder, now=now, restored=restored)
    log.info(
        "audit.anchored",
        number=taken.number,
        digest=taken.mac,
        shards=len(taken.shards),
        lines=sum(lines for lines, _ in taken.shards.values()),
    )
    return taken
