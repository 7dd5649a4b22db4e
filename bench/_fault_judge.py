"""What the database holds after it all, against what the clients were told."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from pathlib import Path

from bench._fault_clients import Caller, Command, note


def lost(commands: Iterable[Command]) -> list[str]:
    """Promised, and not there."""
    from vardnav.listing.models import Listing

    promised = {one.person: one for one in commands if one.promised}
    rows = Listing.objects.filter(person_id__in=promised, ends_on__isnull=True).values_list("person_id", "clinic_id")
    there = dict(rows)
    return [f"{one.person} is not at {one.clinic}" for one in promised.values() if there.get(one.person) != one.clinic]


def half_done(commands: Iterable[Command], since: datetime) -> list[str]:
    """A change has one listing, one line, one message and one kept answer, or none of them; the counters agree."""
    from tests.listing.oracle import faults

    from vardnav.audit.models import Command as Kept
    from vardnav.audit.models import Line
    from vardnav.listing.models import Listing
    from vardnav.outbox.models import Message

    sent = list(commands)
    people = {one.person for one in sent}
    chosen = {"origin": "chosen", "made_at__gte": since}
    counted = {
        "listings": Counter(Listing.objects.filter(**chosen).values_list("person_id", flat=True)),
        "lines": Counter(
            Line.objects.filter(kind="listing.listing.made", recorded_at__gte=since).values_list(
                "patient_id", flat=True
            )
        ),
        "messages": Counter(
            Message.objects.filter(template="listing.changed", written_at__gte=since).values_list(
                "recipient_id", flat=True
            )
        ),
    }
    found = []
    for person in people.union(*counted.values()):
        figures = {name: counter[person] for name, counter in counted.items()}
        if len(set(figures.values())) > 1 or max(figures.values()) > 1:
            found.append(f"{person}: {figures}")
    answers = Kept.objects.filter(recorded_at__gte=since)
    made = sum(counted["listings"].values())
    if answers.filter(answer=None).exists() or answers.count() != made:
        found.append(f"{answers.count()} kept answers of {made} changes")
    return found + faults()


def unequal(commands: Iterable[Command], port: int, token: str) -> list[str]:
    """Each is sent once more: the answer is what it was."""
    caller = Caller(port, token)
    found = []
    for one in commands:
        answer = caller.send(one) or caller.send(one)  # a keep-alive connection may have been closed meanwhile
        if answer is not None:
            note(one, answer)
        if answer is None or not one.equal:
            found.append(f"{one.person}: {one.answer} and then {answer}")
    return found


def broken_chains() -> list[str]:
    """Every line of the log, worked out again from the first of its chain."""
    from django.conf import settings
    from django.db import connection

    from vardnav.audit.actions import COLUMNS
    from vardnav.audit.chain import START, mac_of
    from vardnav.audit.models import Line, Shard

    found = []
    with connection.cursor():
        shards = {shard.id: shard for shard in Shard.objects.all()}
        lines = Line.objects.order_by("shard_id", "seq").values_list("shard_id", "seq", "mac", *COLUMNS)
        for shard_id, chain in groupby(lines.iterator(), key=lambda line: line[0]):
            head, seq = START, 0
            key = settings.AUDIT_KEYS[shards[shard_id].key]
            for seq, line in enumerate(chain, 1):
                expected = mac_of(key, shard_id, line[1], head, line[3:])
                if line[1] != seq or bytes(line[2]) != expected:
                    found.append(f"chain {shard_id} breaks at {seq}")
                    break
                head = expected
            shard = shards.pop(shard_id)
            if (shard.lines, bytes(shard.head)) != (seq, head):
                found.append(f"chain {shard_id} ends at {seq}, and its head says {shard.lines}")
        found += [f"chain {shard.id} has lost its lines" for shard in shards.values() if shard.lines]
    return found


def named_in_logs(commands: Iterable[Command], logs: Iterable[Path]) -> list[str]:
    """Numbers, names, addresses and telephones of those who moved, in what all processes and PostgreSQL have logged."""
    from vardnav.patients.models import Person

    people = Person.objects.filter(id__in=[one.person for one in commands])
    told = "".join(path.read_text(errors="replace") for path in logs)
    words = set(re.findall(r"[\w+@.-]+", told))
    found = []
    for person in people:
        number = person.personal_number
        spellings = (number, f"{number[:8]}-{number[8:]}", f"{number[2:8]}-{number[8:]}", number[2:])
        whole = (f"{person.first_name} {person.last_name}", person.address, person.phone, person.email)
        found += [f"a number of {person.id} is in a log" for spelling in spellings if spelling in words]
        found += [f"{person.id} is named in a log" for text in whole if text and text in told]
    return found
