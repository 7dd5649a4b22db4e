"""The change of clinic written by hand: the neighbourhood of what the database can do.

The same tables, rows and locks as the program, one prepared statement after the other on one connection a client;
no rules, no refusals, no Django. It keeps every counter right, which the judge checks with the rest.
"""

import multiprocessing as mp
import time
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import psycopg

from bench._http import CLIENTS, PROCESSES, WAIT, in_threads

STEPS = (
    "SELECT data FROM identity_session WHERE digest = encode(sha256(%(session)s::bytea), 'hex') AND expires_at > now()",
    "SELECT id, name, personal_number FROM identity_account WHERE personal_number = %(number)s AND is_active",
    "SELECT id, birth_date, burden FROM patients_person WHERE id = %(person)s FOR NO KEY UPDATE",
    "SELECT * FROM listing_listing WHERE person_id = %(person)s ORDER BY starts_on",
    "SELECT id, name FROM organisation_unit WHERE id = %(to)s AND kind = 'clinic'",
    "SELECT * FROM listing_cliniccount WHERE clinic_id IN (%(at)s, %(to)s) ORDER BY clinic_id FOR NO KEY UPDATE",
    "UPDATE listing_listing SET ends_on = current_date + 1 WHERE person_id = %(person)s AND ends_on IS NULL",
    """
    INSERT INTO listing_listing
        (person_id, clinic_id, starts_on, previous_ends_on, origin, made_at, made_by, welcomed_by)
    VALUES (%(person)s, %(to)s, current_date + 1, current_date + 1, 'chosen', now(), 'by hand', '')
    """,
    "UPDATE listing_cliniccount SET listed = listed + 1, burden = burden + %(burden)s WHERE clinic_id = %(to)s",
    "UPDATE listing_cliniccount SET listed = listed - 1, burden = burden - %(burden)s WHERE clinic_id = %(at)s",
    """
    WITH ended AS (
        UPDATE listing_nameddoctor SET ends_on = current_date + 1 WHERE person_id = %(person)s AND ends_on IS NULL
        RETURNING clinic_id, doctor_id
    )
    UPDATE listing_panelcount c SET heads = heads - 1, burden = burden - %(burden)s
    FROM ended WHERE c.clinic_id = ended.clinic_id AND c.doctor_id = ended.doctor_id
    """,
    """
    INSERT INTO audit_line
        (recorded_at, kind, activity, outcome, emergency, actor_kind, assurance, user_id, user_name, role, purpose,
        unit_hsa_id, unit_name, provider_hsa_id, patient_id, resource_type, resource_id, resource_unit_hsa_id,
        resource_provider_hsa_id, reason, details, request_id, shard_id, seq, mac)
    VALUES (now(), 'listing.listing.made', 'write', 'done', false, 'resident', 3, %(number)s, 'by hand', '', '', '', '',
        '', %(person)s, 'clinic', 'x', '', '', '', '{}', '', 0, 0, '')
    """,
    """
    INSERT INTO outbox_message (recipient_id, channel, template, facts, written_at, written_by)
    VALUES (%(person)s, 'inbox', 'listing.changed', '{}', now(), 'by hand')
    """,
    "SELECT pg_notify('vardnav_bench', 'x')",
)


@dataclass(frozen=True)
class Move:
    """A resident, and from where to where; both clinics without a cap."""

    person: int
    number: str
    session: str
    burden: Decimal
    at: int
    to: int


def changes_per_second(moves: list[Move], url: str) -> float:
    context = mp.get_context("fork")
    results: mp.Queue[int] = context.Queue()
    start = context.Barrier(CLIENTS + 1)
    clients = [
        context.Process(target=_drive, args=(moves[number::PROCESSES], url, results, start), daemon=True)
        for number in range(PROCESSES)
    ]
    for one in clients:
        one.start()
    start.wait(WAIT)
    begun = time.perf_counter()
    done = sum(results.get() for _ in clients)
    wall = time.perf_counter() - begun
    for one in clients:
        one.join()
    if done < len(moves):
        raise SystemExit(f"only {done} of {len(moves)} changes were made by hand")
    return done / wall


def _drive(moves: list[Move], url: str, results: "mp.Queue[int]", start: Any) -> None:
    done: list[int] = []

    def client(mine: list[Move]) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            start.wait(WAIT)
            for one in mine:
                values = asdict(one)
                with connection.transaction():
                    for step in STEPS:
                        connection.execute(step, values, prepare=True)
                done.append(one.person)

    in_threads(CLIENTS // PROCESSES, moves, client)
    results.put(len(done))
