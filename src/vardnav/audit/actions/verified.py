"""Verify the log, and keep what came of it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction

from vardnav.audit.actions.lines import record
from vardnav.audit.chain import current_key
from vardnav.audit.models import Verification
from vardnav.audit.rules import Activity
from vardnav.audit.verify import Verified, place_signature, verify
from vardnav.kernel.actor import Actor
from vardnav.kernel.progress import Progress, silent
from vardnav.tables import sql

log = structlog.get_logger("vardnav.audit")
MOST_LOGGED = 20
KEEP_PLACES = (
    "INSERT INTO audit_place (shard_id, seq, mac, key, signature)"
    " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[], %s::text[], %s::bytea[])"
    " ON CONFLICT (shard_id) DO UPDATE"
    " SET seq = excluded.seq, mac = excluded.mac, key = excluded.key, signature = excluded.signature"
    " WHERE audit_place.seq <= excluded.seq"
)


def verify_and_keep(
    *,
    by: Actor,
    now: datetime,
    anchors: Path | None = None,
    since_last: bool = False,
    progress: Progress = silent,
) -> Verified:
    """Verify all chains, whole or from where the last verification ended; the next one may go on from here.

    What is found is an error in the server's log, a line in this log, and a row that the metrics tell of.
    """
    found = verify(anchors=anchors, since_last=since_last, progress=progress)
    with transaction.atomic():
        Verification.objects.create(
            is_whole=not since_last,
            lines=found.lines,
            anchors=found.anchors,
            findings=len(found.findings),
            seconds=found.seconds,
            verified_at=now,
            verified_by=by.name,
        )
        if found.holds:
            _keep_places(found)
        counted: dict[str, Any] = {"lines": found.lines, "findings": len(found.findings), "whole": not since_last}
        record("audit.log.verified", by=by, now=now, activity=Activity.READ, **counted)
    for one in found.findings[:MOST_LOGGED]:
        log.error("audit.fault", shard=one.shard_id, line=one.seq, last=one.last, fault=one.fault.value, told=one.told)
    log.log(40 if found.findings else 20, "audit.verified", **counted, seconds=round(found.seconds, 1))
    return found


def _keep_places(found: Verified) -> None:
    name, key = current_key()
    places = [(id_, seq, mac) for id_, (seq, mac) in found.places.items() if seq]
    signatures = [place_signature(key, *place) for place in places]
    ids, seqs, macs = ([place[part] for place in places] for part in range(3))
    sql.run(KEEP_PLACES, [ids, seqs, macs, [name] * len(places), signatures])
