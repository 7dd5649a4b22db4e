"""How long every page takes: each GET page of each demo person, asked over HTTP again and again.

    script/bench pages [--quick] [--json] [--region stockholm] [--residents N] [--data DIR] [--fresh]

Times are the client's on loopback, over one kept connection, from the first byte sent to the last byte read, so they
hold what waiting for a worker and the answer's way cost too. `CPU` is what the server and PostgreSQL spent, which a
busy machine disturbs less. Pages and what they fetch (map points) are held to 100 ms; files to take away are told
apart. The region's data is kept between runs, since loading takes minutes; --fresh loads it anew.
"""

import argparse
import http.client
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench._measure import cpu_seconds, percentile, postmaster, served, show
from bench._sessions import sessions_of

PORT, LIVE_PORT = 8744, 8745
LIMIT_MS = 100
FIRST = 2  # unmeasured: a process reads a template once
FILES = {
    "panel_download",
    "series",
    "clinics_csv",
    "clinics_xlsx",
    "region_clinic_series",
    "region_municipality_series",
}
# Demo people beside those introduced, who see what others do not.
MORE = {"other_guardian": {"home", "child_answer_choice"}, "queued": {"home", "my_clinic", "leave_queue"}}
OF_EVERYBODY = ("nobody", "resident")  # who are asked for the pages that are open to all
HEAD_OF_LARGEST = "benchhead"
# Pages that work harder when asked for something: a filter, an order, a page further on, a search (by POST).
VARIANTS: dict[str, list[str]] = {
    "panel": [
        "doctor=none",
        "doctor=none-left",
        "doctor=none-new",
        "doctor=none-not_named",
        "doctor={doctor}",
        "sort=-age",
        "sort=burden&after={person_id}",
        "after={person_id}",
        "name=an",
        "name=zzz",
        "name=and+karl",
    ],
    "find_clinic": ["visa=1000", "q=a&plats=1", "ordning=queue"],
    "clinics": ["urval=over", "sort=-listed_per_specialist", "karta=named_share"],
    "search": ["POST q=an", "POST q=zzz", "POST q={personal_number}"],
    "panel_download": ["POST form=all"],
    "audit_search": ["POST kind=patients", "POST user=SE5599990009-DEMO1", "POST patient={personal_number}"],
}


# --- Getting ready -------------------------------------------------------------------------------


def load(region: str, residents: int | None, *, fresh: bool) -> None:
    """The region, with what some pages need to have something to show. Kept when it is there."""
    from vardnav.cli.ready import ready
    from vardnav.config import database, embedded, schema

    data_dir = database.data_dir()
    if fresh and data_dir.exists():
        from vardnav.cli.demo import throw_away

        throw_away(data_dir)
    embedded.ensure(embedded.Embedded(data_dir))
    ready(migrated=False)
    schema.migrate()
    from django.db import transaction

    from vardnav.demo import actions, selectors

    if selectors.loaded() is None:
        actions.load(region=region, residents=residents, seed=1, progress=lambda *_: None)
        vacuum()
    with transaction.atomic():
        prepare()


def vacuum() -> None:
    """What autovacuum does within minutes of a load."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def prepare() -> None:
    """A head of the largest clinic, who asks for a cap, and a choice that waits for the other guardian."""
    from django.utils import timezone

    from vardnav.demo.selectors import PASSWORD
    from vardnav.identity import actions as identity
    from vardnav.identity import selectors as accounts
    from vardnav.identity.models import Account
    from vardnav.kernel.actor import Role, system
    from vardnav.listing import actions as listing
    from vardnav.organisation.selectors import unit

    if Account.objects.filter(login=HEAD_OF_LARGEST).exists():
        return  # an earlier run's
    now, by = timezone.now(), system("bench")
    clinic = unit(largest_clinic())
    assert clinic is not None
    head = identity.open_account(
        login=HEAD_OF_LARGEST, name="Största Chef", hsa_id="SE5599990009-BENCH", password=PASSWORD, by=by, now=now
    )
    held = identity.grant_assignment(
        account_id=head.id,
        role=Role.CLINIC_HEAD,
        unit_hsa_id=clinic.hsa_id,
        unit_name=clinic.name,
        provider_hsa_id=clinic.care_provider.hsa_id,
        starts_at=now,
        ends_at=None,
        reason="bench",
        by=by,
        now=now,
    )
    actor = accounts.actor(head.id, held.id, now, "", assurance=3)
    assert actor is not None
    today = timezone.localdate(now)
    listing.ask_cap(
        clinic.id,
        heads=25_000,
        starts_on=today + timedelta(days=10),
        ends_on=today + timedelta(days=90),
        reason="bench",
        by=actor,
        now=now,
    )
    parent = Account.objects.get(login="johanna")
    johanna = accounts.actor(parent.id, None, now, "", assurance=3)
    assert johanna is not None
    child_id = child_of("johanna")
    listing.choose_clinic(child_id, largest_clinic(but_of=child_id), by=johanna, now=now, key=None)


def largest_clinic(*, but_of: int = 0) -> int:
    """With most listed; of those without a cap, and not where a resident is listed."""
    from vardnav.listing.models import ClinicCount, Listing

    taken = Listing.objects.filter(person_id=but_of, ends_on__isnull=True).values_list("clinic_id", flat=True)
    free = ClinicCount.objects.filter(cap__isnull=True).exclude(clinic_id__in=list(taken))
    return int(free.order_by("-listed").values_list("clinic_id", flat=True)[0])


def child_of(login: str) -> int:
    """The youngest but one, who has two guardians."""
    from vardnav.identity.models import Account
    from vardnav.patients.models import Guardianship

    number = Account.objects.get(login=login).personal_number
    children = Guardianship.objects.filter(guardian__personal_number=number).order_by("child__birth_date")
    return int(children.values_list("child_id", flat=True)[0])


# --- Which pages ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Visitor:
    """Somebody to log in as, and what stands in the addresses they open."""

    label: str
    login: str | None
    session: str
    given: Mapping[str, Any]
    may: frozenset[Any]  # what a view's mark must hold for it to be theirs


def visitors() -> list[Visitor]:
    from vardnav.demo.generate.cast import PEOPLE
    from vardnav.demo.selectors import people, username

    introduced = [person.role for person in people()]
    cast = {person.role: person for person in PEOPLE}
    found = [Visitor("nobody", None, "", common(), frozenset())]
    found += [visitor(role, username(cast[role])) for role in [*introduced, *MORE]]
    return [*found, visitor("head of largest clinic", HEAD_OF_LARGEST)]


def visitor(label: str, login: str) -> Visitor:
    from django.utils import timezone

    from vardnav.identity import selectors as identity
    from vardnav.identity.models import Account
    from vardnav.kernel.actor import ActorKind

    account = Account.objects.get(login=login)
    held = identity.valid_assignments(account.id, timezone.now()).first()
    given = common()
    session = sessions_of({account.id: held.id if held else None})[account.id]
    if held is None:
        if label in ("parent", "other_guardian"):
            given["child_id"] = child_of(login)
        return Visitor(label, login, session, given, frozenset({ActorKind.RESIDENT}))
    if held.role.startswith("clinic"):
        given |= at_clinic(held.unit_hsa_id)
    return Visitor(label, login, session, given, frozenset({held.role}))


def common() -> dict[str, Any]:
    """What stands in addresses that are about nobody in particular."""
    from django.utils import timezone

    from vardnav.identity.models import Account, Assignment
    from vardnav.listing.models import Cap, PendingChoice
    from vardnav.places.models import Municipality

    today = timezone.localdate()
    choice = PendingChoice.objects.filter(state="waiting").first()
    asked = Cap.objects.filter(state="asked").first()
    return {
        "clinic_id": largest_clinic(),
        "code": Municipality.objects.order_by("-population")[0].code,
        "year": today.year - (today.month == 1),
        "month": today.month - 1 or 12,
        "cap_id": asked.id if asked else 0,
        "choice_id": choice.id if choice else 0,
        "account_id": Account.objects.get(login="sofia").id,
        "assignment_id": Assignment.objects.order_by("id")[0].id,
        "key_id": 0,
        "name": "ceiling",
        "topic": "vardcentral",
        "what": "valt",
        "form": "csv",
        "personal_number": Account.objects.get(login="astrid").personal_number,
    }


def at_clinic(hsa_id: str) -> dict[str, Any]:
    """A resident in the middle of the clinic's list, and a doctor of theirs."""
    from vardnav.listing.models import NamedDoctor

    named = NamedDoctor.objects.filter(clinic__hsa_id=hsa_id, ends_on__isnull=True).order_by("person__sort_name")
    one = named[named.count() // 2]
    return {"clinic_id": one.clinic_id, "person_id": one.person_id, "doctor": one.doctor_id}


@dataclass
class Page:
    """One address of one visitor, and how its requests went."""

    route: str
    path: str
    form: dict[str, str] | None = None  # sent by POST
    ms: list[float] = field(default_factory=list)
    status: int = 0
    size: int = 0
    cpu_ms: float = 0.0

    @property
    def is_file(self) -> bool:
        return self.route.split(" ")[0] in FILES

    @property
    def p50(self) -> float:
        return percentile(self.ms, 0.50)

    @property
    def p95(self) -> float:
        return percentile(self.ms, 0.95)


def pages_of(one: Visitor) -> Iterator[Page]:
    """Every page whose view is open to the visitor, as it is and as asked for more."""
    from django.urls import URLPattern, reverse

    from vardnav.web.urls import urlpatterns

    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        name, wanted = str(pattern.name), pattern.pattern.converters
        if not theirs(name, getattr(pattern.callback, "who", frozenset()), one) or not set(wanted) <= set(one.given):
            continue
        path = reverse(f"web:{name}", kwargs={key: one.given[key] for key in wanted})
        yield Page(name, path)
        for variant in VARIANTS.get(name, []) if asks_for_more(name, one) else []:
            if {key[1:-1] for key in re.findall(r"\{\w+\}", variant)} <= set(one.given):
                yield varied(name, path, variant.format_map(one.given), variant)


def theirs(name: str, who: frozenset[Any] | None, one: Visitor) -> bool:
    """Whether the visitor may open the page, and is the one to ask for it."""
    if one.label in MORE:
        return name in MORE[one.label]
    if who is None:
        return one.label in OF_EVERYBODY and name not in ("start", "logout", "assignments")
    return bool(who & one.may)


def asks_for_more(name: str, one: Visitor) -> bool:
    """A clinic's list is hardest where most are listed, so the other clinics' are asked for once."""
    return one.login == HEAD_OF_LARGEST or not name.startswith("panel")


def varied(name: str, path: str, asked: str, shown: str) -> Page:
    if asked.startswith("POST "):
        pairs = [pair.split("=", 1) for pair in asked.removeprefix("POST ").split("&")]
        return Page(f"{name} {shown}", path, dict(pairs))
    return Page(f"{name} ?{shown}", f"{path}?{asked}")


# --- Asking --------------------------------------------------------------------------------------


class Browser:
    """One kept connection with its cookies."""

    def __init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> tuple[int, bytes, float]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.connection.request("POST" if form is not None else "GET", path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        seconds = time.perf_counter() - begun
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, seconds

    def log_in(self, one: Visitor) -> None:
        self.ask("/logga-in/")  # for the token that forms carry
        if one.login is not None:
            self.cookies["sessionid"] = one.session


def visit(one: Visitor, times: int, roots: tuple[int, ...]) -> list[Page]:
    browser = Browser()
    browser.log_in(one)
    found = []
    for page in pages_of(one):
        page.status, text, _ = browser.ask(page.path, page.form)
        page.size = len(text)
        if page.status == 405:  # a view that takes a form only
            continue
        found.append(page)
        if page.status != 200:
            continue
        for _ in range(FIRST - 1):
            browser.ask(page.path, page.form)
        before = cpu_seconds(*roots)
        page.ms = [browser.ask(page.path, page.form)[2] * 1000 for _ in range(times)]
        page.cpu_ms = (cpu_seconds(*roots) - before) / times * 1000
    return found


# --- All of it -----------------------------------------------------------------------------------


def flat(found: list[tuple[Visitor, Page]]) -> dict[str, float]:
    """The worst and the middle of the pages' p95, and each route's worst visitor."""
    pages = [page for _, page in found if page.ms and not page.is_file]
    files = [page for _, page in found if page.ms and page.is_file]
    figures: dict[str, float] = {
        "pages": len(pages),
        "pages_over_limit": sum(page.p95 > LIMIT_MS for page in pages),
        "p95_ms_worst": round(max(page.p95 for page in pages), 1),
        "p95_ms_median": round(percentile([page.p95 for page in pages], 0.5), 1),
        "cpu_ms_worst": round(max(page.cpu_ms for page in pages), 1),
        "p95_ms_worst_file": round(max((page.p95 for page in files), default=0), 1),
    }
    for page in [*pages, *files]:
        name = re.sub(r"\W+", "_", page.route).strip("_")
        figures[f"p95_ms_{name}"] = max(round(page.p95, 1), figures.get(f"p95_ms_{name}", 0.0))
    return figures


def table(found: list[tuple[Visitor, Page]], title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    shown = Table(title=title, title_justify="left")
    for name in ("role", "route", "p50 ms", "p95 ms", "CPU ms", "bytes"):
        shown.add_column(name, justify="left" if name in ("role", "route") else "right")
    for one, page in sorted(found, key=lambda pair: -pair[1].p95 if pair[1].ms else 0):
        if page.ms:
            name = f"{page.route} (file)" if page.is_file else page.route
            figures = (f"{page.p50:.1f}", f"{page.p95:.1f}", f"{page.cpu_ms:.1f}", f"{page.size:,}")
            shown.add_row(one.label, name, *figures)
    console = Console(width=130)
    console.print(shown)
    not_there = sorted({f"{page.route} ({page.status})" for _, page in found if not page.ms})
    there = {page.route for _, page in found if page.ms}
    gone = [name for name in not_there if name.rsplit(" (", 1)[0] not in there]
    console.print(f"Nothing to show, so not measured: {', '.join(gone) or 'none'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="20,000 residents, in at most 45 seconds")
    parser.add_argument("--json", action="store_true", help="one flat object of figures")
    parser.add_argument("--region", help="without it stockholm; with --quick jamtland-harjedalen")
    parser.add_argument("--residents", type=int, help="without it, as many as live there; with --quick 20,000")
    parser.add_argument("--times", type=int, help="requests of each page: 40, with --quick 3")
    parser.add_argument("--data", type=Path, help="the data folder, .data/bench-pages/REGION-RESIDENTS")
    parser.add_argument("--fresh", action="store_true", help="load the region anew")
    options = parser.parse_args()
    region = options.region or ("jamtland-harjedalen" if options.quick else "stockholm")
    residents = options.residents or (20_000 if options.quick else None)
    data_dir = (options.data or Path(f".data/bench-pages/{Path(region).name}-{residents or 'all'}")).absolute()
    os.environ |= {"VARDNAV_DATA": str(data_dir), "VARDNAV_DEMO": "1"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "vardnav.config.settings", "VARDNAV_LOG_LEVEL": "WARNING"}
    os.environ.pop("DATABASE_URL", None)
    load(region, residents, fresh=options.fresh)
    who = visitors()
    from django.db import connections

    connections.close_all()
    with served(PORT, LIVE_PORT) as server:
        roots = (server, postmaster(data_dir))
        found = [
            (one, page) for one in who for page in visit(one, options.times or (3 if options.quick else 40), roots)
        ]
    figures = flat(found)
    if not options.json:
        table(found, f"Every page of {region}, {residents or 'all'} residents")
    rows = [(name, f"{figures[name]:,}", "< 100" if name == "p95_ms_worst" else "") for name in list(figures)[:6]]
    show("All pages", rows, figures, as_json=options.json)


if __name__ == "__main__":
    main()
