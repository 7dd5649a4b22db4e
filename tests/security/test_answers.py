"""Every address, whoever asks: what a browser may do with the answer, and what no request brings about."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ninja import Schema

from tests.security.tally import FULL, budget, tally
from tests.web.walk_world import World, build
from vardnav.api import schemas
from vardnav.audit.models import Line
from vardnav.listing.models import Listing
from vardnav.web import clock
from vardnav.web.urls import urlpatterns

pytestmark = pytest.mark.django_db
SRC = Path(__file__).resolve().parents[2] / "src/vardnav"
ASKERS = ("nobody", "astrid", "our staff", "our head", "planner", "administrator")
PATTERNS = [one for one in urlpatterns if isinstance(one, URLPattern)]
OTHERS = [
    "/healthz",
    "/metrics",
    "/api/",
    "/api/v1/openapi.json",
    "/api/v1/organisation/region",
    "/api/x",
    "/finns-inte/",
]
EVIL = (
    "//evil.example",
    "https://evil.example/x",
    "/\\evil.example",
    "///evil.example",
    "javascript:alert(1)",
    "\x00/x",
)
UNSAFE = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")
POLICY = {
    "default-src 'none'",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.fixture(scope="module")
def django_db_setup_of_the_walk() -> None:
    """The world is built anew in each test's transaction."""


@pytest.fixture
def world(db: None) -> World:
    return build()


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """Every page's address, and its name."""
    given = {**world.ids, "child_id": world.targets["elsa"].id, "person_id": world.targets["astrid"].id}
    for one in PATTERNS:
        wanted = one.pattern.converters
        if set(wanted) <= set(given):
            yield str(one.name), reverse(f"web:{one.name}", kwargs={name: given[name] for name in wanted})


def test_nearly_every_page_has_an_address_here(world: World) -> None:
    assert len(list(addresses(world))) >= len(PATTERNS) * 0.8


def check_headers(answer: HttpResponse, where: str) -> None:
    policy = answer["Content-Security-Policy"]
    parts = {part.strip() for part in policy.split(";")}
    assert parts >= POLICY, (where, POLICY - parts)
    scripts = next(part for part in parts if part.startswith("script-src"))
    assert not [word for word in UNSAFE if word in scripts.split()], where
    assert "unsafe" not in policy, where
    assert answer["X-Content-Type-Options"] == "nosniff", where
    assert answer["Referrer-Policy"] == "same-origin", where
    assert answer["X-Frame-Options"] == "DENY", where
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin", where
    assert "geolocation=()" in answer["Permissions-Policy"], where
    assert "Access-Control-Allow-Origin" not in answer, where
    assert "Server" not in answer, where
    assert "X-Powered-By" not in answer, where
    if answer.content:
        kind = answer["Content-Type"]
        assert not kind.startswith("text/") or "charset=" in kind.lower() or "version=" in kind, (where, kind)


@pytest.mark.parametrize("who", ASKERS)
def test_every_answer_keeps_the_browser_strict_and_patients_out_of_caches(who: str, world: World) -> None:
    client = world.client(who)
    for where in [*OTHERS, *(address for _, address in addresses(world))]:
        answer = client.get(where)
        assert answer.status_code < 500, where
        check_headers(answer, where)
        if where.startswith("/api/"):
            assert answer["Cache-Control"] in {"no-store", "private, no-cache"}, where
        else:
            cache = answer["Cache-Control"]
            assert "no-store" in cache or "private" in cache or "public" in cache, (where, cache)
            if any(f"Xq{name}" in answer.content.decode("utf-8", "replace") for name in world.targets):
                assert "no-store" in cache, (where, cache)


def test_no_form_is_taken_from_elsewhere(world: World) -> None:
    """Without our token every POST is refused and changes nothing, whoever's cookies come with it."""
    before = (Line.objects.count(), Listing.objects.count())
    for who in ASKERS:
        ours = world.client(who)
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.cookies = ours.cookies
        for name, where in [*addresses(world), ("set_language", "/sprak/setlang/")]:
            answer = client.post(where, {"key": "x", "next": "/"})
            if getattr(find(name), "csrf_exempt", False):
                continue
            assert answer.status_code in {403, 405}, (who, name, answer.status_code)
    assert (Line.objects.filter(outcome="done").count(), Listing.objects.count()) == before


def find(name: str) -> Any:
    return next((one.callback for one in PATTERNS if one.name == name), None)


def test_nothing_is_exempt_from_the_token_but_what_needs_a_key_or_signs_itself() -> None:
    exempt = {
        path
        for path, callback in callbacks(get_resolver().url_patterns)
        if getattr(callback, "csrf_exempt", False) and not path.startswith(("api/", "testlegitimation/"))
    }
    assert exempt <= {"oidc/utloggning/"}, exempt


def callbacks(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from callbacks(one.url_patterns, path)
        else:
            yield path, one.callback


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_do_nothing(method: str, world: World) -> None:
    client = world.client("our head")
    lines = Line.objects.filter(outcome="done").count()
    for name, where in addresses(world):
        answer = client.generic(method.upper(), where)
        assert answer.status_code in {302, 403, 404, 405}, (name, answer.status_code)
    assert Line.objects.filter(outcome="done").count() == lines


def test_a_get_changes_nothing_but_the_log(world: World) -> None:
    before = list(Listing.objects.order_by("id").values())
    for who in ASKERS:
        client = world.client(who)
        for _, where in addresses(world):
            client.get(where)
    assert list(Listing.objects.order_by("id").values()) == before


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "[::1", "x y", ""]
)
def test_another_host_name_is_refused(host: str, world: World) -> None:
    for where in ("/", "/logga-in/", "/api/v1/organisation/region", "/healthz"):
        answer = Client(raise_request_exception=False).get(where, headers={"Host": host}, SERVER_NAME="evil.example")
        assert answer.status_code == 400, (host, where, answer.status_code)
        check_headers(answer, where)
        assert "evil" not in answer.content.decode()


@pytest.mark.parametrize("evil", EVIL)
def test_no_answer_leads_elsewhere(evil: str, world: World) -> None:
    for who in ("nobody", "astrid", "our staff"):
        client = world.client(who)
        for name, where in [*addresses(world), ("set_language", "/sprak/setlang/")]:
            for answer in (
                client.get(f"{where}?{urlencode({'next': evil})}"),
                client.post(
                    where, {"next": evil, "scheme": "dark", "language": "sv"}, headers={"Referer": evil[1:] or "x"}
                ),
            ):
                to = answer.headers.get("Location", "/")
                assert not to.startswith(("//", "/\\", "javascript", "https://evil", "http://evil")), (name, to)
                assert answer.status_code < 500, (name, answer.status_code)


def test_a_page_that_broke_tells_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError(f"SELECT * FROM patients_person WHERE personal_number = '{number}'")

    number = world.targets["astrid"].personal_number
    client = world.client("our staff")
    monkeypatch.setattr(clock, "now", broken)
    for where in ("/", "/logga-in/"):
        answer = client.get(where)
        text = answer.content.decode()
        if answer.status_code == 200:
            continue
        assert answer.status_code == 500, where
        for told in ("Traceback", "RuntimeError", "SELECT", number, str(SRC), ".py", "django"):
            assert told not in text, told
        check_headers(answer, where)


@pytest.mark.parametrize(
    ("where", "status"),
    [("/static/", 404), ("/.git/config", 404), ("/static/../config/settings.py", 404), ("/pyproject.toml", 404)],
)
def test_no_folder_is_listed_and_no_source_is_served(where: str, status: int, client: Client) -> None:
    assert client.get(where).status_code == status


def test_large_bodies_are_refused_and_break_nothing(client: Client) -> None:
    client.raise_request_exception = False
    assert client.post("/logga-in/", {"login": "x" * 3_000_000, "password": "y"}).status_code in {400, 413, 422}
    many = {f"f{n}": "x" for n in range(1100)}
    assert client.post("/logga-in/", many).status_code in {400, 413, 422}


def test_logging_out_clears_the_browser(world: World) -> None:
    client = world.client("our staff")
    assert "Clear-Site-Data" not in client.get("/")
    assert client.post("/logga-ut/")["Clear-Site-Data"] == '"storage"'


def test_what_was_done_to_whom_is_kept_in_no_cookie(world: World) -> None:
    """Only names that we know, all HttpOnly and SameSite; messages stay on the server."""
    known = {"sessionid", "csrftoken", "vardnav_scheme", "django_language", "browser"}
    for who in ASKERS:
        client = world.client(who)
        for _, where in addresses(world):
            client.get(where)
            client.post(where, {"key": "x", "scheme": "dark", "person": world.targets["astrid"].id})
        assert set(client.cookies) <= known, client.cookies
        for name, cookie in client.cookies.items():
            if cookie["path"] and name != "sessionid":  # the test's own way of logging in sets a bare one
                assert cookie["samesite"] == "Lax", name
                assert cookie["httponly"], name


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SRC.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_no_page_takes_a_file() -> None:
    for path, tree in trees():
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.Attribute) and node.attr in {"FILES", "FileField", "ImageField"}), path


def test_no_form_writes_whatever_it_is_sent() -> None:
    """Forms name their fields and hand them to actions; a model is never filled out of a request."""
    for path, tree in trees():
        for node in ast.walk(tree):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            assert name not in {"ModelForm", "modelform_factory", "model_to_dict"}, path
    bodies = [schemas.Person, schemas.Choice, schemas.NamedDoctorChoice]
    assert {one for one in bodies if one.model_config.get("extra") != "forbid"} == set()
    assert all(issubclass(one, Schema) for one in bodies)


SECRET = re.compile(r"(^|_)(digest|mac|token|secret|signature|password|proof|nonce|state_token|code_hash)$")
# They check nobody: the chains are reckoned anew from what is stored, one's own session is marked in a list, and the
# demo has a provider of its own.
OURS = ("audit/", "identity/selectors", "testidp")


def test_secrets_are_compared_in_constant_time() -> None:
    """Never by == : hmac.compare_digest, or a hasher's own check."""
    found = []
    for path, tree in trees():
        if any(one in str(path) for one in OURS):
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq)):
                continue
            sides = [node.left, *node.comparators]
            if any(isinstance(side, ast.Constant) for side in sides):
                continue
            names = [side.attr if isinstance(side, ast.Attribute) else getattr(side, "id", "") for side in sides]
            if any(SECRET.search(name) for name in names):
                found.append(f"{path.relative_to(SRC)}:{node.lineno}")
    assert found == [], found


def test_no_randomness_that_can_be_guessed() -> None:
    """`random` draws demo people and samples; whatever must not be guessed comes from `secrets`."""
    users = {
        str(path.relative_to(SRC))
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import) and any(one.name == "random" for one in node.names)
    }
    assert {user for user in users if not user.startswith(("demo/", "reviews/"))} == set()


FORBIDDEN = {"eval", "exec", "compile", "__import__"}
UNSAFE_MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "yaml",
    "xml",
    "lxml",
    "ldap3",
    "telnetlib",
    "ftplib",
    "smtplib",
    "jinja2",
}


def test_nothing_runs_or_unpacks_what_is_sent() -> None:
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in FORBIDDEN, path
            if isinstance(node, ast.Import | ast.ImportFrom):
                named = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                assert not {name.split(".")[0] for name in named} & UNSAFE_MODULES, path
            if isinstance(node, ast.keyword) and node.arg == "shell":
                assert not getattr(node.value, "value", True), path


WEAK = {"md5", "sha1", "MD5", "SHA1", "ECB", "DES", "ARC4", "Random"}


def test_no_weak_hash_or_cipher_is_named() -> None:
    for path, tree in trees():
        if path.parts[-2] == "demo" or "demo" in path.parts:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in WEAK:
                assert isinstance(node.value, ast.Name), path
                assert node.value.id not in {"hashlib", "hashes", "modes", "algorithms", "random"}, (path, node.attr)


FIELDS = re.findall(
    r"\w+",
    """q sort order after before visa sida enhet fran till sprak plats ordning doctor reason age form indicator from to
    municipality provider patient user kind next person query day month page only""",
)
ASKED = st.dictionaries(
    st.sampled_from(FIELDS),
    st.one_of(
        st.text(max_size=40),
        st.integers(-(10**30), 10**30).map(str),
        st.sampled_from(
            [
                "\x00",
                "\x00a",
                "%00",
                "²",
                "١",
                "-1",
                "1e999",
                "9" * 400,
                "2026-02-30",
                "0001-01-01",
                "\ud7ff",
                "'",
                "--",
            ]
        ),
        st.sampled_from(
            ["9999-12-31", "2026-03-29", "SE2321000214-A1001", "name", "-name", "NaN", "nan", "inf", "\u202e"]
        ),
    ),
    max_size=5,
)


def test_no_query_or_form_breaks_a_page(world: World) -> None:
    """Made up queries and forms at every page, by who may have it: never a 5xx."""
    pages = list(addresses(world))
    clients = {who: world.client(who) for who in ASKERS}
    with tally("pages, queries and forms", "requests") as counted:

        @settings(
            max_examples=budget(400, 4000),
            deadline=None,
            database=None,
            derandomize=not FULL,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.sampled_from(pages), st.sampled_from(ASKERS), ASKED, st.booleans())
        def ask(page: tuple[str, str], who: str, asked: dict[str, str], post: bool) -> None:
            name, where = page
            if name in {"logout", "log_out"}:
                return
            client = clients[who]
            answer = client.post(where, asked) if post else client.get(f"{where}?{urlencode(asked, errors='replace')}")
            counted.add(str(answer.status_code))
            assert answer.status_code < 500, (name, who, asked)

        ask()
    assert counted.broken == 0
