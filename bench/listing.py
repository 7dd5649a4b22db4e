"""How many listing changes a second over HTTP, with login, rules, audit and messages; and races for the last places.

    script/bench listing [--quick] [--json]

Each change is another resident's, logged in, at a random other clinic; 16 clients on keep-alive connections in two
client processes, which share the machine's cores with the server. Beside it the same transaction written by hand
runs against the same database. A judge that counts everything again has the last word.
"""

import argparse
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

FOLDER = Path(f".data/bench-listing-{os.getpid()}").absolute()  # this run's own: it is emptied at the end
os.environ |= {
    "VARDNAV_DATA": str(FOLDER),
    "VARDNAV_DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "vardnav.config.settings",
    "VARDNAV_LOG_LEVEL": "WARNING",
}
os.environ.pop("DATABASE_URL", None)

from bench import _by_hand, _http  # noqa: E402
from bench._measure import cpu_seconds, percentile, postmaster, served, settle, show  # noqa: E402
from bench._sessions import sessions_of  # noqa: E402

WANTED = {
    "changes_per_s": "≥ 200",
    "p95_ms": "< 150",
    "over_cap": "0",
    "queue_errors": "0",
    "other_faults": "0",
    "unclear": "0",
}


@dataclass(frozen=True)
class Mover:
    """A resident who may change, and their session."""

    person: int
    number: str
    session: str
    burden: Decimal
    at: int  # the present clinic


@dataclass(frozen=True)
class Size:
    changes: int
    contended: int
    residents: int


QUICK, WHOLE = Size(1200, 400, 10_000), Size(6000, 3000, 60_000)


# --- Getting ready -------------------------------------------------------------------------------


def load(residents: int) -> None:
    """A region to change in: Jämtland Härjedalen with fewer people."""
    from vardnav.cli.ready import ready
    from vardnav.config import database, schema

    database.start()
    ready(migrated=False)
    schema.migrate()
    from vardnav.demo import actions

    actions.load(region="jamtland-harjedalen", residents=residents, seed=1, progress=lambda *_: None)


def movers(count: int) -> list[Mover]:
    """Adults whose listing is more than a year old and who wait nowhere: nothing stands in the way of a change."""
    from django.utils import timezone

    from vardnav.listing.models import Listing

    now = timezone.now()
    rows = (
        Listing.objects.filter(
            ends_on__isnull=True,
            clinic_id__in=open_clinics(),
            person__birth_date__lt=now.date() - timedelta(days=20 * 365),
            person__deceased_on__isnull=True,
            made_at__lt=now - timedelta(days=400),
        )
        .exclude(person__queue_places__state__in=["waiting", "offered"])
        .values_list("person_id", "person__personal_number", "person__burden", "clinic_id")
        .order_by("?")[:count]
    )
    found = list(rows)
    if len(found) < count:
        raise SystemExit(f"only {len(found)} of {count} residents may change")
    sessions = log_in([number for _, number, _, _ in found])
    return [Mover(person, number, sessions[number], burden, at) for person, number, burden, at in found]


def log_in(numbers: list[str]) -> dict[str, str]:
    """A session for each personal number, with an account for those who have none."""
    from django.utils import timezone

    from vardnav.identity.models import Account

    now = timezone.now()
    Account.objects.bulk_create(
        [
            Account(
                login=f"bench{number}",
                name="bench",
                personal_number=number,
                opened_at=now,
                opened_by="bench",
                password="!",  # noqa: S106 - nothing that a password could be
            )
            for number in numbers
        ],
        ignore_conflicts=True,
    )
    accounts = dict(Account.objects.filter(personal_number__in=numbers).values_list("personal_number", "id"))
    keys = sessions_of(dict.fromkeys(accounts.values()))
    return {str(number): keys[account_id] for number, account_id in accounts.items()}


def open_clinics() -> list[int]:
    from vardnav.listing.models import ClinicCount

    return list(ClinicCount.objects.filter(cap__isnull=True).order_by("clinic_id").values_list("clinic_id", flat=True))


# --- The race ------------------------------------------------------------------------------------


def race(port: int, people: list[Mover], places: int) -> dict[str, float]:
    """All race for the last places of three clinics with a cap, those refused queue, and places come free again."""
    from django.db import connections
    from django.utils import timezone
    from tests.listing.oracle import faults

    from vardnav.kernel.actor import system
    from vardnav.listing import actions
    from vardnav.listing.models import Listing

    by, now = system("bench"), timezone.now()
    capped = open_clinics()[:3]
    for clinic_id in capped:
        cap(clinic_id, places)
    connections.close_all()
    chosen = [
        (one, next(clinic for clinic in capped[number % 3 :] + capped if clinic != one.at))
        for number, one in enumerate(people)
    ]
    first = _http.run(port, [_http.post(port, f"/vardcentraler/{to}/valj/", one.session) for one, to in chosen])
    second = _http.run(port, [_http.post(port, f"/vardcentraler/{to}/ko/", one.session) for one, to in chosen])
    arrived = Listing.objects.filter(clinic_id__in=capped, ends_on__isnull=True, origin="chosen", made_at__gte=now)
    for person_id in list(arrived.values_list("person_id", flat=True)[: places * 2]):
        actions.leave_clinic(person_id, by=by, now=timezone.now())
    found = faults()
    connections.close_all()
    for fault in found:
        print(fault, file=sys.stderr)
    over_cap = sum("above its cap" in fault for fault in found)
    queue_errors = sum("offered" in fault for fault in found)
    pairs = first.pairs + second.pairs
    return {
        "contended": len(pairs),
        "won": first.count(302),
        "over_cap": over_cap,
        "queue_errors": queue_errors,
        "other_faults": len(found) - over_cap - queue_errors,
        "unclear": sum(status not in (302, 409) for status, _ in pairs),
    }


def cap(clinic_id: int, places: int) -> None:
    """Leave so many places free at a clinic."""
    from django.utils import timezone

    from vardnav.kernel.actor import system
    from vardnav.listing import actions
    from vardnav.listing.models import ClinicCount

    now = timezone.now()
    today = timezone.localdate(now)
    actions.grant_cap(
        clinic_id,
        heads=ClinicCount.objects.get(clinic_id=clinic_id).listed + places,
        starts_on=today,
        ends_on=today + timedelta(days=300),
        decision="bench",
        today=today,
        by=system("bench"),
        now=now,
    )


# --- All of it -----------------------------------------------------------------------------------


def measure(size: Size) -> dict[str, float]:
    from django.db import connections

    from vardnav.config import database, stack

    load(size.residents)
    clinics, chance = open_clinics(), random.Random(1)
    people = movers(2 * size.changes + size.contended)

    def elsewhere(at: int) -> int:
        return chance.choice([clinic for clinic in clinics if clinic != at])

    over_http, rest = people[: size.changes], people[size.changes :]
    moves = [
        _by_hand.Move(one.person, one.number, one.session, one.burden, one.at, elsewhere(one.at))
        for one in rest[: size.changes]
    ]
    port = stack.free_port("127.0.0.1", 8740)
    live_port = stack.free_port("127.0.0.1", port + 1)
    connections.close_all()
    with served(port, live_port) as server:
        figures = changes(port, server, over_http, elsewhere)
        by_hand = _by_hand.changes_per_second(moves, database.url())
        raced = race(port, rest[size.changes :], places=max(5, size.contended // 12))
    return {
        **figures,
        "hand_written_per_s": round(by_hand, 1),
        "ratio_to_hand_written": round(figures["changes_per_s"] / by_hand, 3),
        **raced,
    }


def changes(port: int, server: int, people: list[Mover], elsewhere: Callable[[int], int]) -> dict[str, float]:
    """The rate, the answer times and the CPU time, after a short run that warms the processes up."""
    requests = [_http.post(port, f"/vardcentraler/{elsewhere(one.at)}/valj/", one.session) for one in people]
    warm = len(requests) // 6
    _http.run(port, requests[:warm])
    postgres = postmaster(FOLDER)
    settle(server, postgres)
    before = cpu_seconds(server), cpu_seconds(postgres)
    answers = _http.run(port, requests[warm:])
    web, database = cpu_seconds(server) - before[0], cpu_seconds(postgres) - before[1]
    done = answers.count(302)
    if done < 0.98 * len(answers.pairs):
        raise SystemExit(f"only {done} of {len(answers.pairs)} changes were made: {sorted(answers.statuses)}")
    return {
        "changes_per_s": round(done / answers.wall, 1),
        "p50_ms": round(percentile(answers.seconds, 0.50) * 1000, 1),
        "p95_ms": round(percentile(answers.seconds, 0.95) * 1000, 1),
        "changes": done,
        "cpu_ms_per_change": round((web + database) / done * 1000, 2),
        "cpu_ms_web": round(web / done * 1000, 2),
        "cpu_ms_postgres": round(database / done * 1000, 2),
        "load_average": round(os.getloadavg()[0], 1),
    }


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
        figures = measure(QUICK if arguments.quick else WHOLE)
    finally:
        leave_nothing()
    rows = [(name, f"{value:,}", WANTED.get(name, "")) for name, value in figures.items()]
    show("Listing changes over HTTP, 16 clients", rows, figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
