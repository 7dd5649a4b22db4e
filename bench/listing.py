"""How many listing changes a second over HTTP, with login, rules, audit and messages; and races for the last places.

    script/bench listing [--quick] [--json]

Beside the program the same transaction written by hand runs against the same server: the neighbourhood of the limit.
Each change is another resident's, logged in, at a random other clinic; 16 clients on keep-alive connections in two
client processes, which share the machine's cores with the server.
"""

import argparse
import multiprocessing as mp
import os
import random
import secrets
import socket
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("VARDNAV_DATA", str(Path(".data/bench-listing").absolute()))
os.environ |= {
    "VARDNAV_DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "vardnav.config.settings",
    "VARDNAV_LOG_LEVEL": "WARNING",
    "VARDNAV_DATABASE_POOL": "20",
}
os.environ.pop("DATABASE_URL", None)

from bench._measure import cpu_seconds, percentile, postmaster, served, show  # noqa: E402

CLIENTS, PROCESSES = 16, 2
PORT, LIVE_PORT = 8740, 8741
CSRF = secrets.token_hex(16)


# --- Getting ready -------------------------------------------------------------------------------


def load(residents: int) -> None:
    """A region to change in: Jämtland Härjedalen with fewer people, loaded once."""
    from vardnav.cli.ready import ready
    from vardnav.config import schema
    from vardnav.config import database

    database.start()
    ready(migrated=False)
    schema.migrate()
    from vardnav.demo import actions, selectors

    if selectors.loaded() is None:
        actions.load(region="jamtland-harjedalen", residents=residents, seed=1, progress=lambda *_: None)


def movers(count: int) -> list[tuple[int, str, str, int]]:
    """Residents who may change: id, personal number, session cookie, present clinic."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from vardnav.identity import actions as identity
    from vardnav.identity.models import Account
    from vardnav.kernel.actor import system
    from vardnav.listing.models import Listing
    from vardnav.web.session import ACCOUNT

    now = timezone.now()
    rows = list(
        Listing.objects.filter(
            ends_on__isnull=True,
            starts_on__lte=now.date(),
            person__birth_date__lt=now.date() - timedelta(days=20 * 365),
            person__deceased_on__isnull=True,
            made_at__lt=now - timedelta(days=400),
        )
        .exclude(person__queue_places__state__in=["waiting", "offered"])
        .values_list("person_id", "person__personal_number", "clinic_id")
        .order_by("?")[:count]
    )
    accounts = dict(Account.objects.filter(personal_number__isnull=False).values_list("personal_number", "id"))
    found = []
    for person_id, number, clinic_id in rows:
        if number not in accounts:
            by = system("bench")
            accounts[number] = identity.open_account(
                login=f"bench{number}", name="bench", personal_number=number, by=by, now=now
            ).id
        session = SessionStore()
        session[ACCOUNT] = accounts[number]
        session.create()
        found.append((person_id, number, str(session.session_key), clinic_id))
    return found


def open_clinics() -> list[int]:
    from vardnav.listing.models import ClinicCount

    return list(ClinicCount.objects.filter(cap__isnull=True).order_by("clinic_id").values_list("clinic_id", flat=True))


# --- Over HTTP -----------------------------------------------------------------------------------


def request(path: str, session: str) -> bytes:
    key = secrets.token_hex(16)
    body = f"csrfmiddlewaretoken={CSRF}&key={key}"
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nCookie: sessionid={session}; csrftoken={CSRF}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def answer(connection: socket.socket) -> int:
    """Read one whole answer; its status."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return 0
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += connection.recv(65536)
    return int(head[9:12])


def drive(requests: list[bytes], results: "mp.Queue[list[tuple[int, float]]]", start: Any) -> None:
    """One client process: its share of the clients, each with a list of requests of its own."""
    found: list[tuple[int, float]] = []
    lock = threading.Lock()

    def client(mine: list[bytes]) -> None:
        connection = socket.create_connection(("127.0.0.1", PORT))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        taken = []
        start.wait()
        for one in mine:
            begun = time.perf_counter()
            connection.sendall(one)
            status = answer(connection)
            taken.append((status, time.perf_counter() - begun))
        with lock:
            found.extend(taken)

    count = CLIENTS // PROCESSES
    threads = [threading.Thread(target=client, args=(requests[number::count],)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(found)


def run(requests: list[bytes]) -> tuple[list[tuple[int, float]], float]:
    """Send all requests from all clients; (status, seconds) of each and the wall time."""
    context = mp.get_context("fork")
    results: mp.Queue[list[tuple[int, float]]] = context.Queue()
    start = context.Barrier(CLIENTS + 1)
    clients = [
        context.Process(target=drive, args=(requests[number::PROCESSES], results, start)) for number in range(PROCESSES)
    ]
    for one in clients:
        one.start()
    start.wait()
    begun = time.perf_counter()
    found = [pair for _ in clients for pair in results.get()]
    wall = time.perf_counter() - begun
    for one in clients:
        one.join()
    return found, wall


# --- The same by hand ----------------------------------------------------------------------------

STEPS = (
    "SELECT session_data FROM django_session WHERE session_key = %(session)s AND expire_date > now()",
    "SELECT id, name, personal_number FROM identity_account WHERE personal_number = %(number)s AND is_active",
    "SELECT id, birth_date, burden FROM patients_person WHERE id = %(person)s FOR NO KEY UPDATE",
    "SELECT * FROM listing_listing WHERE person_id = %(person)s ORDER BY starts_on",
    "SELECT id, name FROM organisation_unit WHERE id = %(to)s AND kind = 'clinic'",
    "SELECT * FROM listing_cliniccount WHERE clinic_id IN (%(at)s, %(to)s) ORDER BY clinic_id FOR NO KEY UPDATE",
    "UPDATE listing_listing SET ends_on = current_date + 1 WHERE person_id = %(person)s AND ends_on IS NULL",
    "UPDATE listing_cliniccount SET listed = listed + 1, burden = burden + 1 WHERE clinic_id = %(to)s",
    "INSERT INTO listing_listing (person_id, clinic_id, starts_on, previous_ends_on, origin, made_at, made_by, welcomed_by)"
    " VALUES (%(person)s, %(to)s, current_date + 1, current_date + 1, 'chosen', now(), 'by hand', '')",
    "UPDATE listing_cliniccount SET listed = listed - 1, burden = burden - 1 WHERE clinic_id = %(at)s",
    "UPDATE listing_nameddoctor SET ends_on = current_date + 1 WHERE person_id = %(person)s AND ends_on IS NULL"
    " AND starts_on <= current_date",
    "INSERT INTO audit_line (recorded_at, kind, activity, outcome, actor_kind, user_id, user_name, role, purpose,"
    " unit_hsa_id, unit_name, patient_id, resource_type, resource_id, reason, details, request_id) VALUES (now(),"
    " 'listing.listing.made', 'write', 'done', 'resident', %(number)s, 'by hand', '', '', '', '', %(person)s, 'clinic',"
    " 'x', '', '{}', '')",
    "INSERT INTO outbox_message (recipient_id, channel, template, facts, written_at, written_by)"
    " VALUES (%(person)s, 'inbox', 'listing.changed', '{}', now(), 'by hand')",
    "SELECT pg_notify('vardnav_bench', 'x')",
)


def by_hand(work: list[dict[str, Any]], url: str, results: "mp.Queue[float]", start: Any) -> None:
    """One process of hand-written clients, as many as over HTTP."""
    import psycopg

    def client(mine: list[dict[str, Any]]) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            start.wait()
            for one in mine:
                with connection.transaction():
                    for step in STEPS:
                        connection.execute(step, one, prepare=True)

    count = CLIENTS // PROCESSES
    threads = [threading.Thread(target=client, args=(work[number::count],)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(time.perf_counter())


def hand_written(work: list[dict[str, Any]], url: str) -> float:
    """Changes a second."""
    context = mp.get_context("fork")
    results: mp.Queue[float] = context.Queue()
    start = context.Barrier(CLIENTS + 1)
    clients = [
        context.Process(target=by_hand, args=(work[number::PROCESSES], url, results, start))
        for number in range(PROCESSES)
    ]
    for one in clients:
        one.start()
    start.wait()
    begun = time.perf_counter()
    for _ in clients:
        results.get()
    wall = time.perf_counter() - begun
    for one in clients:
        one.join()
    return len(work) / wall


# --- The race ------------------------------------------------------------------------------------


def race(people: list[tuple[int, str, str, int]], places: int) -> dict[str, int]:
    """All race for the last places of three capped clinics, those refused queue, and places come free again."""
    from django.db import connections
    from django.utils import timezone

    from tests.listing.oracle import faults
    from vardnav.kernel.actor import system
    from vardnav.listing import actions
    from vardnav.listing.models import ClinicCount, Listing

    by, now = system("bench"), timezone.now()
    capped = open_clinics()[:3]
    for clinic_id in capped:
        count = ClinicCount.objects.get(clinic_id=clinic_id)
        actions.grant_cap(
            clinic_id,
            heads=count.listed + places,
            starts_on=now.date(),
            ends_on=now.date() + timedelta(days=300),
            decision="bench",
            today=now.date(),
            by=by,
            now=now,
        )
    connections.close_all()
    chosen = [
        (one, next(clinic for clinic in capped[number % 3 :] + capped if clinic != one[3]))
        for number, one in enumerate(people)
    ]
    first, _ = run([request(f"/vardcentraler/{to}/valj/", one[2]) for one, to in chosen])
    second, _ = run([request(f"/vardcentraler/{to}/ko/", one[2]) for one, to in chosen])
    leavers = Listing.objects.filter(clinic_id__in=capped, ends_on__isnull=True, origin="chosen", made_at__gte=now)
    for person_id in list(leavers.values_list("person_id", flat=True)[: places * 2]):
        actions.leave_clinic(person_id, by=by, now=timezone.now())
    found = faults()
    won = sum(status == 302 for status, _ in first)
    result = {
        "contended": len(first) + len(second),
        "won": won,
        "over_cap": sum("above its cap" in fault for fault in found) + max(0, won - places * len(capped)),
        "queue_errors": sum("offered" in fault for fault in found),
        "other_faults": sum("offered" not in fault and "above its cap" not in fault for fault in found),
        "unclear": sum(status not in (302, 409) for status, _ in first + second),
    }
    connections.close_all()
    return result


# --- All of it -----------------------------------------------------------------------------------


def measure(changes: int, contended: int, residents: int) -> dict[str, float]:
    from django.db import connections

    load(residents)
    from vardnav.config import database

    clinics = open_clinics()
    people = movers(2 * changes + contended)
    chance = random.Random(1)
    at_http, at_hand, racing = people[:changes], people[changes : 2 * changes], people[2 * changes :]

    def elsewhere(at: int) -> int:
        return chance.choice([clinic for clinic in clinics if clinic != at])

    requests = [request(f"/vardcentraler/{elsewhere(one[3])}/valj/", one[2]) for one in at_http]
    work = [{"person": p, "number": n, "session": s, "at": c, "to": elsewhere(c)} for p, n, s, c in at_hand]
    connections.close_all()
    data_dir = Path(os.environ["VARDNAV_DATA"])
    with served(PORT, LIVE_PORT) as server:
        warm = max(32, changes // 20)
        run(requests[:warm])
        before = cpu_seconds(server, postmaster(data_dir))
        answers, wall = run(requests[warm:])
        used = cpu_seconds(server, postmaster(data_dir)) - before
        raced = race(racing, places=max(5, contended // 12))
    limit = hand_written(work, database.url())
    done = sum(status == 302 for status, _ in answers)
    if done < 0.98 * len(answers):
        raise SystemExit(f"only {done} of {len(answers)} changes were made: {sorted({s for s, _ in answers})}")
    return {
        "changes_per_s": round(done / wall, 1),
        "p50_ms": round(percentile([seconds for _, seconds in answers], 0.50) * 1000, 1),
        "p95_ms": round(percentile([seconds for _, seconds in answers], 0.95) * 1000, 1),
        "changes": done,
        **raced,
        "hand_written_per_s": round(limit, 1),
        "ratio_to_hand_written": round(done / wall / limit, 3),
        "cpu_ms_per_change": round(used / done * 1000, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="in at most 45 seconds")
    parser.add_argument("--json", action="store_true", help="one flat object of figures")
    arguments = parser.parse_args()
    size = (1500, 600, 20_000) if arguments.quick else (6000, 3000, 60_000)
    figures = measure(*size)
    wanted = {"changes_per_s": "≥ 200", "p95_ms": "< 150", "over_cap": "0", "queue_errors": "0", "unclear": "0"}
    rows = [(name, f"{value:,}", wanted.get(name, "")) for name, value in figures.items()]
    show("Listing changes over HTTP, 16 clients", rows, figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
