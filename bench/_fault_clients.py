"""Clients that do not give up: each command is sent with its key until it is answered, and every promise is noted.

Half of them are residents on the pages, half another system on the API. A client never learns why there was no answer;
it only knows what it was told.
"""

import http.client
import json
import random
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

PATIENCE = 40.0  # seconds for one answer
PAUSE = 0.1  # before the same command is sent again
AGAIN = 0.1  # share of done commands that are sent once more at once
RECEIPT = "/klart/"
CSRF = secrets.token_hex(16)
UNFINISHED = frozenset({500, 502, 503, 504})


@dataclass
class Command:
    """A resident's change of clinic, on a page (with a session) or over the API (without)."""

    person: int
    number: str
    session: str
    clinic: int
    hsa_id: str
    key: str = field(default_factory=lambda: str(uuid4()))
    tries: int = 0
    answer: tuple[int, str] | None = None
    equal: bool = True  # all answers to it were the same

    @property
    def promised(self) -> bool:
        """Told that it is done: shown the way to the receipt, or answered on the API."""
        if self.answer is None:
            return False
        status, said = self.answer
        return status == 302 and RECEIPT in said if self.session else status == 200


class Clients:
    """Threads that draw commands from one pile until told to stop."""

    def __init__(self, port: int, token: str, commands: list[Command], *, threads: int, seed: int) -> None:
        self.port, self.token = port, token
        self.pile = deque(commands)
        self.sent: list[Command] = []
        self.promised_at: deque[tuple[float, float]] = deque(maxlen=200)  # sent, promised
        self.unavailable = 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._drive, args=(seed + n,), daemon=True) for n in range(threads)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """What has been sent is sent until it is answered."""
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE * 2)

    def promise_after(self, at: float, seconds: float) -> float | None:
        """Seconds from `at` until a command that was sent after it was promised; None when none was in time."""
        while time.monotonic() < at + seconds:
            for begun, done in list(self.promised_at):
                if begun > at:
                    return done - at
            time.sleep(0.03)
        return None

    def _drive(self, seed: int) -> None:
        chance, caller = random.Random(seed), Caller(self.port, self.token)
        while not self.over.is_set() and self.pile:
            command = self.pile.popleft()
            self.sent.append(command)
            self._finish(command, caller)
            if chance.random() < AGAIN:
                self._finish(command, caller)

    def _finish(self, command: Command, caller: "Caller") -> None:
        while True:
            begun = time.monotonic()
            answer = caller.send(command)
            if answer is not None and answer[0] not in UNFINISHED:
                break
            self.unavailable += answer is not None
            time.sleep(PAUSE)
        note(command, answer)
        self.promised_at.append((begun, time.monotonic()))


def note(command: Command, answer: tuple[int, str]) -> None:
    if command.answer is None:
        command.answer = answer
    command.equal = command.equal and command.answer == answer


class Caller:
    """One keep-alive connection, made anew when it broke."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.connection: http.client.HTTPConnection | None = None

    def send(self, command: Command) -> tuple[int, str] | None:
        """Status and what was said; None when there was no answer."""
        command.tries += 1
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            self.connection.request("POST", *(self._page(command) if command.session else self._call(command)))
            response = self.connection.getresponse()
            body = response.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            return None
        return response.status, response.headers.get("Location", "") if command.session else body

    def _page(self, command: Command) -> tuple[str, str, dict[str, str]]:
        form = urlencode({"csrfmiddlewaretoken": CSRF, "key": command.key})
        headers = {
            "Cookie": f"sessionid={command.session}; csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return f"/vardcentraler/{command.clinic}/valj/", form, headers

    def _call(self, command: Command) -> tuple[str, str, dict[str, str]]:
        body = json.dumps({"personal_number": command.number, "clinic": command.hsa_id})
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": command.key,
        }
        return "/api/v1/listing/choices", body, headers


def commands(count: int, seed: int) -> list[Command]:
    """Changes of residents whom nothing hinders: adults, listed for more than a year, in no queue."""
    from django.utils import timezone

    from vardnav.listing.models import ClinicCount, Listing

    now, chance = timezone.now(), random.Random(seed)
    clinics = dict(ClinicCount.objects.filter(cap__isnull=True).values_list("clinic_id", "clinic__hsa_id"))
    rows = list(
        Listing.objects.filter(
            ends_on__isnull=True,
            clinic_id__in=clinics,
            person__birth_date__lt=now.date() - timedelta(days=20 * 365),
            person__deceased_on__isnull=True,
            made_at__lt=now - timedelta(days=400),
        )
        .exclude(person__queue_places__state__in=["waiting", "offered"])
        .order_by("person_id")
        .values_list("person_id", "person__personal_number", "clinic_id")
    )
    found = chance.sample(rows, min(count, len(rows)))
    on_pages = found[::2]
    sessions = dict(zip((person for person, _, _ in on_pages), log_in([n for _, n, _ in on_pages]), strict=True))
    return [
        Command(person, number, sessions.get(person, ""), to, clinics[to])
        for person, number, at in found
        for to in [chance.choice([one for one in clinics if one != at])]
    ]


def log_in(numbers: list[str]) -> list[str]:
    """A session for each personal number, in their order, as after a login at level 3."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from vardnav.identity.models import Account
    from vardnav.web.session import ACCOUNT, ASSURANCE

    now, engine = timezone.now(), import_module(settings.SESSION_ENGINE)
    rows = [
        Account(login=f"bench{number}", name="bench", personal_number=number, opened_at=now, opened_by="bench")
        for number in numbers
    ]
    for row in rows:
        row.set_unusable_password()
    Account.objects.bulk_create(rows, ignore_conflicts=True)
    accounts = dict(Account.objects.filter(personal_number__in=numbers).values_list("personal_number", "id"))
    keys = []
    with transaction.atomic():
        for number in numbers:
            session: Any = engine.SessionStore()
            session[ACCOUNT], session[ASSURANCE] = accounts[number], 3
            session.save()
            keys.append(session.session_key)
    return keys


def api_key() -> str:
    from django.utils import timezone

    from vardnav.identity.actions import issue_key
    from vardnav.kernel.actor import system

    now = timezone.now()
    scopes = frozenset({"listing:read", "listing:write"})
    return issue_key(name="bench", scopes=scopes, by=system("bench"), now=now, expires_at=now + timedelta(days=1))[1]
