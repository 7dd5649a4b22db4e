"""What the log is worth: tamperings found, reads that left their line, and what line and access check cost.

    script/bench trust [--quick] [--json]

Reads go over HTTP from 16 clients, each of another resident; then the lines are counted. CPU is this process's and its
PostgreSQL backend's, with the line and the access check and without them, in blocks that take turns in one run.
Tamperings are done in the tables by somebody who may do everything there but has no key; after each round the real
verification runs, with an anchor from before, and must name every chain that was touched and no other.
"""

import argparse
import gc
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import fmean, median
from typing import Any
from unittest.mock import patch

FOLDER = Path(f".data/bench-trust-{os.getpid()}").absolute()  # this run's own: it is emptied at the end
os.environ |= {
    "VARDNAV_DATA": str(FOLDER),
    "VARDNAV_DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "vardnav.config.settings",
    "VARDNAV_LOG_LEVEL": "WARNING",
    "VARDNAV_SERVING": "1",  # static files as a server has them
}
os.environ.pop("DATABASE_URL", None)

from bench import _http  # noqa: E402
from bench._measure import served, settle, show  # noqa: E402

WANTED = {
    "audit_access_cpu_ms": "≤ 1.5",
    "tamperings_found": "all",
    "false_alarms": "0",
    "log_lines": "= reads",
    "verify_lines_per_s": "≥ 20,000",
}
PANEL = 50


WARM = 3  # pairs of blocks that are not counted: plans and caches fill


@dataclass(frozen=True)
class Size:
    residents: int
    reads: int
    blocks: int  # with and without, of each kind of request
    block: int  # requests of a block
    chains: int
    tamperings: int


QUICK, WHOLE = Size(2000, 320, 14, 4, 1000, 5000), Size(10_000, 4800, 60, 6, 2000, 20_000)


# --- The region ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    residents: list[tuple[int, str]]  # person and session
    staff: str  # session of a clinic's head
    own_people: list[int]  # whom that head may read
    clinics: list[int]  # without a cap


def load(size: Size) -> World:
    from vardnav.cli.ready import ready
    from vardnav.config import database, schema

    database.start()
    ready(migrated=False)
    schema.migrate()
    from vardnav.demo import actions

    actions.load(region="jamtland-harjedalen", residents=size.residents, seed=1, progress=lambda *_: None)
    return world(count=max(2 * size.blocks * size.block, 400))


def world(count: int) -> World:
    from bench._sessions import sessions_of
    from vardnav.listing.models import ClinicCount, Listing

    largest = ClinicCount.objects.filter(cap__isnull=True).order_by("-listed").first()
    assert largest is not None
    own = Listing.objects.filter(clinic_id=largest.clinic_id, ends_on__isnull=True, person__deceased_on__isnull=True)
    account_id, assignment_id = head_of(largest.clinic_id)
    free = ClinicCount.objects.filter(cap__isnull=True).order_by("clinic_id").values_list("clinic_id", flat=True)
    return World(
        residents=residents(count),
        staff=sessions_of({account_id: assignment_id})[account_id],
        own_people=list(own.order_by("id").values_list("person_id", flat=True)[:1000]),
        clinics=list(free),
    )


def residents(count: int) -> list[tuple[int, str]]:
    """Adults who may change, each with an account and a session."""
    from django.utils import timezone

    from bench._sessions import sessions_of
    from vardnav.identity.models import Account
    from vardnav.listing.models import Listing

    now = timezone.now()
    rows = list(
        Listing.objects.filter(
            ends_on__isnull=True,
            person__birth_date__lt=now.date() - timedelta(days=20 * 365),
            person__deceased_on__isnull=True,
            made_at__lt=now - timedelta(days=400),
        )
        .exclude(person__queue_places__state__in=["waiting", "offered"])
        .values_list("person_id", "person__personal_number")
        .order_by("person_id")[:count]
    )
    numbers = [number for _, number in rows]
    unusable = {"opened_at": now, "opened_by": "bench", "password": "!"}
    Account.objects.bulk_create(
        [Account(login=f"bench{number}", name="bench", personal_number=number, **unusable) for number in numbers],
        ignore_conflicts=True,
    )
    accounts = dict(Account.objects.filter(personal_number__in=numbers).values_list("personal_number", "id"))
    sessions = sessions_of(dict.fromkeys(accounts.values()))
    return [(person, sessions[accounts[number]]) for person, number in rows]


def head_of(clinic_id: int) -> tuple[int, int]:
    """An account and an assignment as head of a clinic."""
    from django.utils import timezone

    from vardnav.identity import actions
    from vardnav.identity.models import Account
    from vardnav.kernel.actor import Role, system
    from vardnav.organisation.models import Unit

    now, by = timezone.now(), system("bench")
    unit = Unit.objects.select_related("care_provider").get(id=clinic_id)
    account = Account.objects.create(
        login="benchhead",
        name="Bench Head",
        hsa_id="SE5599990009-BENCH",
        opened_at=now,
        opened_by="bench",
        password="!",  # noqa: S106 - nothing that a password could be
    )
    held = actions.grant_assignment(
        account_id=account.id,
        role=Role.CLINIC_HEAD,
        unit_hsa_id=unit.hsa_id,
        unit_name=unit.name,
        provider_hsa_id=unit.care_provider.hsa_id,
        starts_at=now,
        ends_at=None,
        reason="bench",
        by=by,
        now=now,
    )
    return account.id, held.id


# --- Reads and lines -----------------------------------------------------------------------------

READ_KINDS = ("listing.care.read", "patients.person.read")


def get(port: int, path: str, session: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: sessionid={session}\r\n\r\n".encode()


def reads(size: Size, found: World) -> dict[str, float]:
    """Read over HTTP from all clients at once; who was read must be exactly whom the lines name."""
    from django.db import connections

    from vardnav.audit.models import Line
    from vardnav.config import stack

    port = stack.free_port("127.0.0.1", 8760)
    live_port = stack.free_port("127.0.0.1", port + 1)
    asked: list[int] = []
    requests = []
    for number in range(size.reads):
        if number % 2:
            person, session = found.residents[number // 2 % len(found.residents)]
            requests.append(get(port, "/min-vardcentral/", session))
        else:
            person = found.own_people[number // 2 % len(found.own_people)]
            requests.append(get(port, f"/person/{person}/", found.staff))
        asked.append(person)
    before = Line.objects.order_by("-id").values_list("id", flat=True)[0]
    connections.close_all()
    with served(port, live_port) as server:
        settle(server)
        answers = _http.run(port, requests)
    if answers.statuses != {200}:
        raise SystemExit(f"not all reads were answered: {Counter(status for status, _ in answers.pairs)}")
    lines = Line.objects.filter(id__gt=before, kind__in=READ_KINDS, outcome="done")
    named = Counter(lines.values_list("patient_id", flat=True))
    if named != Counter(asked):
        print(f"read and not logged, or the reverse: {len((named - Counter(asked)) + (Counter(asked) - named))}")
    return {"reads": answers.count(200), "log_lines": named.total(), "reads_per_s": round(size.reads / answers.wall, 1)}


# --- What it costs -------------------------------------------------------------------------------


def backend_ns(pid: int) -> int:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])


@contextmanager
def without_line_and_check() -> Iterator[None]:
    """The program as it would be if nobody were logged and nobody checked; the rest is the same."""
    from vardnav.kernel.actor import ActorKind
    from vardnav.patients.rules import Relation

    def anybody(person_id: int, *, by: Any, now: Any) -> Relation:
        return Relation.SELF if by.kind is ActorKind.RESIDENT else Relation.UNIT

    nothing: Callable[..., None] = lambda *_, **__: None  # noqa: E731
    with ExitStack() as patched:
        for name, put in {
            "vardnav.audit.actions.lines._append": nothing,
            "vardnav.audit.actions.lines._ids": lambda many: [0] * many,
            "vardnav.patients.selectors.relation.relation_of": anybody,
            "vardnav.patients.selectors.relation.check": nothing,
            "vardnav.patients.selectors.sight._standing": lambda *_: [],
        }.items():
            patched.enter_context(patch(name, put))
        yield


def costs(size: Size, found: World) -> dict[str, float]:
    """CPU of a request with and without, by kind, in milliseconds: medians of blocks that take turns."""
    from django.db import connection
    from django.test import Client

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    staff, movers = Client(SERVER_NAME="127.0.0.1"), iter(found.residents)

    def ask(client: Client, session: str, path: str, form: dict[str, str] | None = None) -> None:
        client.cookies["sessionid"] = session
        answer = client.get(path) if form is None else client.post(path, form)
        if answer.status_code != (200 if form is None else 302):
            raise SystemExit(f"{path} answered {answer.status_code}")

    def move() -> None:
        person, session = next(movers)
        to = next(one for one in found.clinics if one != clinic_of(person))
        before_moves.append((session, f"/vardcentraler/{to}/valj/"))

    before_moves: list[tuple[str, str]] = []
    one = found.residents[0]
    kinds: dict[str, Callable[[], None]] = {
        "my clinic": lambda: ask(staff, one[1], "/min-vardcentral/"),
        "person page": lambda: ask(staff, found.staff, f"/person/{found.own_people[0]}/"),
        "panel of 50": lambda: ask(staff, found.staff, "/listade/"),
        "change": lambda: ask(staff, *before_moves.pop(), {"key": os.urandom(16).hex()}),
    }
    figures: dict[str, float] = {}
    gc.collect()
    gc.freeze()  # what stands anyway is not looked through before each block
    for name, request in kinds.items():
        spent: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(2 * (WARM + size.blocks)):
            is_with = turn % 2 == 0
            with ExitStack() as stack:
                if not is_with:
                    stack.enter_context(without_line_and_check())
                if name == "change":
                    for _ in range(size.block):
                        move()
                else:
                    request()
                gc.collect()
                begun = time.process_time_ns() + backend_ns(pid)
                for _ in range(size.block):
                    request()
                spent[is_with].append((time.process_time_ns() + backend_ns(pid) - begun) / size.block / 1e6)
        key = name.replace(" ", "_")
        figures[f"cpu_ms_{key}"] = round(median(spent[True][WARM:]), 2)
        pairs = list(zip(spent[True], spent[False], strict=True))[WARM:]
        differences = [one - other for one, other in pairs]
        figures[f"audit_access_cpu_ms_{key}"] = round(median(differences), 2)
    worst = [figures[f"audit_access_cpu_ms_{name.replace(' ', '_')}"] for name in kinds]
    return {"audit_access_cpu_ms": round(fmean(worst), 2), "audit_access_cpu_ms_worst": max(worst), **figures}


def clinic_of(person_id: int) -> int:
    from vardnav.listing.models import Listing

    return int(
        Listing.objects.filter(person_id=person_id).order_by("-starts_on").values_list("clinic_id", flat=True)[0]
    )


# --- Tamperings ----------------------------------------------------------------------------------

LINES = (6, 7, 8, 9, 10, 11, 12)  # of a chain


def build_chains(many: int, chance: random.Random) -> dict[int, int]:
    """Chains of this connection's own, written as the program writes, of lines of several kinds."""
    from django.db import connection, transaction
    from django.utils import timezone

    from vardnav.audit import actions as audit
    from vardnav.audit.chain import START, Shard, _leased, current_key
    from vardnav.kernel.actor import Acting, Actor, ActorKind, Purpose, Role, system

    acting = Acting(1, Role.CLINIC_STAFF, Purpose.CARE, "SE5599990009-U1", "Ekens vårdcentral", "SE5599990009-P1")
    staff = Actor(ActorKind.STAFF, "Sofia Exempelgren", 1, None, "SE5599990009-S1", acting, assurance=3)
    chains: dict[int, int] = {}
    name, key = current_key()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_shard (key, head) SELECT %s, %s FROM generate_series(1, %s) RETURNING id",
            [name, START, many],
        )
        for (id_,) in cursor.fetchall():
            _leased[connection.connection] = Shard(id_, key, 0, START)
            now, lines = timezone.now(), chance.choice(LINES)
            audit.record("patients.need.stated", by=staff, now=now, patient_id=id_, reason="Söker akut", of=("A", "B"))
            audit.record("listing.cap.asked", by=system("bench"), now=now, resource=("clinic", id_), heads=id_)
            shown = range(id_, id_ + lines - 2)
            audit.record_reads("listing.panel.read", shown, by=staff, now=now, page=id_)
            chains[id_] = lines
        del _leased[connection.connection]
    return chains


def tamper(size: Size) -> tuple[dict[str, float], list[tuple[str, int, int]]]:
    """All rounds; the figures, and of each kind how many there were and how many were found."""
    from django.utils import timezone

    from bench import _tampering
    from vardnav.audit import actions as audit
    from vardnav.audit.verify import verify
    from vardnav.kernel.actor import system

    chance = random.Random(1)
    chains = build_chains(size.chains, chance)
    audit.anchor(by=system("bench"), now=timezone.now())
    whole = verify()
    if not whole.holds:
        raise SystemExit(f"the log does not hold before anything is done to it: {whole.findings[0]}")
    done, seen, alarms, rates = Counter[str](), Counter[str](), 0, [whole.lines_per_second]
    while done.total() < size.tamperings:
        some = dict(chance.sample(sorted(chains.items()), min(len(chains), size.tamperings - done.total())))
        chosen = _tampering.picks(some, _tampering.KINDS, chance)
        named, rate = one_round(chosen)
        rates.append(rate)
        for kind, picks in chosen.items():
            for pick in picks:
                touched = _tampering.touched(kind, pick)
                done[kind] += 1
                seen[kind] += touched <= named
                named -= touched
        alarms += len(named)
    figures = {
        "tamperings": done.total(),
        "tamperings_found": seen.total(),
        "false_alarms": alarms,
        "tampering_kinds": len(done),
        "chains": len(chains),
        "verify_lines": whole.lines,
        "verify_lines_per_s": round(median(rates)),
    }
    return figures, [(kind, done[kind], seen[kind]) for kind in done]


def one_round(chosen: dict[str, list[Any]]) -> tuple[set[int], float]:
    """Tamper with every chain, verify, and take it all back; the chains that were named, and the speed."""
    from django.db import connection, transaction

    from bench import _tampering
    from vardnav.audit.verify import verify

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for kind, picks in chosen.items():
                if picks:
                    _tampering.KINDS[kind](cursor, picks)
        found = verify()
        transaction.set_rollback(True)
    return {one.shard_id for one in found.findings}, found.lines_per_second


# --- All of it -----------------------------------------------------------------------------------


def measure(size: Size) -> tuple[dict[str, float], list[tuple[str, int, int]]]:
    begun = time.perf_counter()
    found = load(size)
    loaded = time.perf_counter()
    counted = reads(size, found)
    counted["seconds_load"], counted["seconds_reads"] = round(loaded - begun, 1), round(time.perf_counter() - loaded, 1)
    begun = time.perf_counter()
    cost = costs(size, found)
    cost["seconds_costs"] = round(time.perf_counter() - begun, 1)
    begun = time.perf_counter()
    tampered, kinds = tamper(size)
    tampered["seconds_tamperings"] = round(time.perf_counter() - begun, 1)
    return {**cost, **tampered, **counted}, kinds


def leave_nothing() -> None:
    """Stop the database and empty the folder, whatever happened."""
    from django.db import connections

    from vardnav.config import database, embedded

    connections.close_all()
    server = database.embedded()
    if server is not None:
        embedded.release(server)
    shutil.rmtree(FOLDER, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="in at most 45 seconds")
    parser.add_argument("--json", action="store_true", help="one flat object of figures")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        figures, kinds = measure(QUICK if arguments.quick else WHOLE)
    finally:
        leave_nothing()
    rows = [(name, f"{value:,}", WANTED.get(name, "")) for name, value in figures.items()]
    rows += [(f"  {kind}", f"{found:,} found", f"of {done:,}") for kind, done, found in kinds]
    show("What the log is worth", rows, figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
