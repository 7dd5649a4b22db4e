"""A password alone opens nothing, and what comes after it leads where one was going."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pyotp
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.factories import SYSTEM
from tests.logins import give_app, log_in_by_form
from tests.web.test_walk import PATTERNS, address, body
from tests.web.walk_world import World, build
from vardnav.audit.models import Line
from vardnav.identity import actions, selectors
from vardnav.identity.models import Account, RecoveryCode
from vardnav.identity.selectors import Assignment
from vardnav.kernel.actor import Role
from vardnav.web import clock
from vardnav.web.identity.halfway import HALFWAY
from vardnav.web.session_store import ACCOUNT

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
LEFT = {"/logga-in/kod/", "/logga-in/andra-steget/", "/logga-in/nytt-losenord/"}
OWN_STEP = {"first_password", "factor_choose", "second_step", "app_add", "passkey_add", "passkey_add_question"}


def text(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def opened(login: str = "sofia", **more: object) -> Account:
    return actions.open_account(
        login=login,
        name="Sofia Exempelgren",
        hsa_id=f"{factories.PREFIX}-SOFIA",
        password=PASSWORD,
        by=SYSTEM,
        now=timezone.now(),
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def sofia() -> Account:
    """Staff at a clinic, with nothing but a password yet."""
    made = opened()
    factories.assignment(made, Role.CLINIC_STAFF, factories.clinic())
    return made


def by_password(client: Client, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post("/logga-in/", {"login": "sofia", "password": password, **more})


# --- What a password alone opens


@pytest.mark.parametrize("has_app", [False, True])
def test_a_password_alone_opens_no_page_that_a_stranger_may_not_have(has_app: bool) -> None:
    """Every address there is, asked by somebody halfway and by a stranger: they are answered alike."""
    world: World = build()
    staff = world.actors["our staff"]
    assert staff is not None
    account = Account.objects.get(id=staff.account_id)
    account.login, account.password = "sofia", opened("other").password
    account.save()
    if has_app:
        give_app(account)
    for each in {one for pattern in PATTERNS.values() for one in pattern.pattern.converters}:
        world.ids.setdefault(each, 1)
    halfway, astrid = Client(raise_request_exception=False), world.targets["astrid"]
    for name in sorted(set(PATTERNS) - OWN_STEP):
        for method in ("get", "post"):
            if HALFWAY not in halfway.session:
                by_password(halfway)
            data = body(name, world, "our staff") if method == "post" else {}
            asked = [getattr(one, method)(address(name, world, astrid), data) for one in (halfway, Client())]
            if name in {"passkey_login", "app_remove", "passkey_remove", "recovery_codes", "password", "passkey_name"}:
                assert asked[0].headers.get("Location") in {*LEFT, "/"} or asked[0].status_code == 405, name
                continue
            assert asked[0].status_code == asked[1].status_code, name
            leads = [one.headers.get("Location", "").partition("&state=")[0] for one in asked]  # made by lot each time
            assert leads[0] == leads[1], name
            assert "Walkson" not in asked[0].content.decode(), name
            assert ACCOUNT not in halfway.session, name


def test_no_actor_is_made_of_a_password_alone(client: Client, sofia: Account) -> None:
    answer = by_password(client)
    assert (answer.status_code, answer["Location"]) == (302, "/logga-in/andra-steget/")
    assert client.get("/logga-in/andra-steget/").wsgi_request.actor is None  # type: ignore[attr-defined]
    assert client.get("/i-dag/")["Location"].startswith("/logga-in/?next=")
    assert not Line.objects.filter(kind="identity.login.done").exists()


@pytest.mark.parametrize(
    ("has_app", "page", "leads"),
    [
        (False, "/logga-in/kod/", "/logga-in/andra-steget/"),
        (False, "/logga-in/nytt-losenord/", "/logga-in/andra-steget/"),
        (True, "/logga-in/andra-steget/", "/logga-in/kod/"),
        (True, "/sakerhet/app/", "/logga-in/kod/"),
        (True, "/sakerhet/passnyckel/", "/logga-in/kod/"),
    ],
)
def test_halfway_one_comes_to_the_step_that_is_left_and_no_other(
    client: Client, sofia: Account, has_app: bool, page: str, leads: str
) -> None:
    if has_app:
        give_app(sofia)
    by_password(client)
    assert client.get(page)["Location"] == leads
    posted = client.post(page, {"code": "123456", "new": "kaffe utan socker"})
    assert posted.status_code == 405 or posted["Location"] == leads
    assert client.get("/i-dag/").status_code == 302


def test_halfway_ends_after_a_quarter_of_an_hour(
    client: Client, sofia: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = give_app(sofia)
    by_password(client)
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.post("/logga-in/kod/", {"code": app.at(later)})["Location"] == "/logga-in/"
    assert client.get("/i-dag/").status_code == 302


def test_halfway_ends_when_the_password_does(client: Client, sofia: Account) -> None:
    app = give_app(sofia)
    by_password(client)
    actions.reset_password(sofia.id, by=SYSTEM, now=timezone.now())
    assert client.post("/logga-in/kod/", {"code": app.now()})["Location"] == "/logga-in/"


# --- The whole way


def test_a_code_makes_the_login_whole_and_leads_where_one_was_going(client: Client, sofia: Account) -> None:
    answer = log_in_by_form(client, "sofia", PASSWORD, going_to="/listade/")
    assert answer["Location"] == "/listade/"
    shown = client.get("/listade/")
    assert shown.status_code == 200
    assert shown.wsgi_request.actor.assurance == 3  # type: ignore[attr-defined]


def test_a_wrong_code_is_said_at_its_field_and_counted(client: Client, sofia: Account) -> None:
    app = give_app(sofia)
    by_password(client)
    wrong = "000000" if app.now() != "000000" else "111111"
    for _ in range(5):
        answer = client.post("/logga-in/kod/", {"code": wrong})
        assert answer.status_code == 403
        assert "Koden stämmer inte" in text(answer)
    assert re.search(r"Du kan försöka igen kl\.\s\d\d\.\d\d", text(client.post("/logga-in/kod/", {"code": app.now()})))


def test_the_first_login_of_an_account_from_its_temporary_password_to_the_desk(client: Client) -> None:
    clinic = factories.clinic()
    made, given = actions.open_staff_account(
        login="sofia", name="Sofia Exempelgren", hsa_id="SE5599990009-SOFIA", by=SYSTEM, now=timezone.now()
    )
    factories.assignment(made, Role.CLINIC_STAFF, clinic)
    assert by_password(client, given, next="/i-dag/")["Location"] == "/logga-in/nytt-losenord/"
    for away in ("/logga-in/kod/", "/logga-in/andra-steget/", "/sakerhet/app/"):
        assert client.get(away)["Location"] == "/logga-in/nytt-losenord/"
    refused = client.post("/logga-in/nytt-losenord/", {"new": "Exempelgren 2026"})
    assert refused.status_code == 422
    assert "ditt namn" in text(refused)
    chosen = client.post("/logga-in/nytt-losenord/", {"new": "kaffe utan socker"})
    assert chosen["Location"] == "/logga-in/andra-steget/"
    page = client.get("/sakerhet/app/").content.decode()
    assert '<img class="qr" src="data:image/svg+xml' in page
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert secret
    codes = client.post("/sakerhet/app/", {"code": pyotp.TOTP(secret[1].replace(" ", "")).now()})
    shown = re.findall(r"<code>(\d(?:-\w{4}){3})</code>", codes.content.decode())
    assert len(shown) == 10
    file = re.search(r'href="data:text/plain[^,]*,([^"]+)" download', codes.content.decode())
    assert file
    assert all(code in unquote(file[1]) for code in shown)
    assert 'href="/i-dag/"' in codes.content.decode()
    assert client.get("/i-dag/").status_code == 200
    assert codes["Cache-Control"].find("no-store") >= 0
    kinds = list(Line.objects.filter(user_id=made.hsa_id).order_by("id").values_list("kind", flat=True))
    assert [kind for kind in kinds if kind.startswith("identity.") and "assign" not in kind] == [
        "identity.password.accepted",
        "identity.password.changed",
        "identity.factor.app_added",
        "identity.login.done",
        "identity.factor.codes_made",
    ]


def test_a_recovery_code_lets_in_and_the_next_login_tells_of_it(client: Client, sofia: Account) -> None:
    give_app(sofia)
    by = selectors.actor_of(sofia, None, assurance=3)
    code = actions.make_recovery_codes(by=by, now=timezone.now())[4]
    by_password(client)
    assert client.post("/logga-in/kod/", {"code": code})["Location"] == "/"
    assert "En reservkod användes" in text(client.get("/i-dag/"))
    log_in_by_form(client, "sofia", PASSWORD)
    assert "En reservkod användes" not in text(client.get("/i-dag/"))


def test_the_answer_is_the_same_for_a_name_that_nobody_has(client: Client, sofia: Account) -> None:
    def shown(login: str) -> tuple[int, str]:
        answer = client.post("/logga-in/", {"login": login, "password": "wrong"})
        return answer.status_code, text(answer).replace(login, "")

    for _ in range(7):
        (status, said), other = shown("sofia"), shown("nobody")
        assert (status, re.sub(r"\d\d\.\d\d", "", said)) == (other[0], re.sub(r"\d\d\.\d\d", "", other[1]))
    assert "Du kan försöka igen" in said


# --- Where tries are counted

# behind our proxy, X-Forwarded-For, REMOTE_ADDR -> the network they are counted at
NETWORKS = [
    (False, "", "192.0.2.7", "192.0.2.7"),
    (False, "198.51.100.1", "192.0.2.7", "192.0.2.7"),  # anybody can write the header
    (True, "198.51.100.1", "10.0.0.1", "198.51.100.1"),
    (True, "203.0.113.9, 198.51.100.1", "10.0.0.1", "198.51.100.1"),  # only the last is our proxy's
    (True, "", "10.0.0.1", ""),  # the proxy tells nothing: nobody is shut out for it
    (True, "nonsense", "10.0.0.1", ""),
    (False, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    (False, "", "::ffff:192.0.2.7", "192.0.2.7"),
]


@pytest.mark.parametrize(("proxy", "header", "remote", "network"), NETWORKS)
def test_the_network_tries_are_counted_at(
    rf: object, settings: object, proxy: bool, header: str, remote: str, network: str
) -> None:
    from vardnav.web.identity.network import network_of

    settings.BEHIND_PROXY = proxy  # type: ignore[attr-defined]
    headers = {"HTTP_X_FORWARDED_FOR": header} if header else {}
    assert network_of(rf.get("/", REMOTE_ADDR=remote, **headers)) == network  # type: ignore[attr-defined]


SITES = [
    ("localhost:8000", "", ["localhost"], ("localhost", "http://localhost:8000")),
    ("vard.example", "", ["vard.example"], ("vard.example", "http://vard.example")),
    ("a.vard.example", "vard.example", [".vard.example"], ("vard.example", "http://a.vard.example")),
    ("127.0.0.1:8000", "", ["127.0.0.1"], None),
    ("[::1]:8000", "", ["[::1]"], None),
    ("evil.example", "", ["*"], None),
]


@pytest.mark.parametrize(("host", "domain", "allowed", "site"), SITES)
def test_the_site_that_passkeys_are_bound_to(
    rf: object, settings: object, host: str, domain: str, allowed: list[str], site: tuple[str, str] | None
) -> None:
    from vardnav.web.identity.network import site_of

    settings.ALLOWED_HOSTS, settings.PASSKEY_DOMAIN = allowed, domain  # type: ignore[attr-defined]
    found = site_of(rf.get("/", HTTP_HOST=host))  # type: ignore[attr-defined]
    assert ((found.domain, found.origin) if found else None) == site


def test_a_browser_that_one_has_been_in_by_is_not_shut_out_by_strangers(client: Client, sofia: Account) -> None:
    log_in_by_form(client, "sofia", PASSWORD)
    client.post("/logga-ut/")
    for _ in range(6):
        by_password(Client(), "wrong")
    assert "Du kan försöka igen" in text(by_password(Client()))
    assert by_password(client)["Location"] == "/logga-in/kod/"
    client.cookies["browser"] = client.cookies["browser"].value[:-3] + "xxx"
    assert "Du kan försöka igen" in text(by_password(client))


# --- Säkerhet


@pytest.fixture
def inside(client: Client, sofia: Account) -> Client:
    log_in_by_form(client, "sofia", PASSWORD)
    return client


CHANGES = [
    ("app_add", "post", {}),
    ("app_add", "get", {}),
    ("app_remove", "post", {}),
    ("passkey_add", "get", {}),
    ("passkey_add_question", "post", {}),
    ("passkey_name", "post", {"passkey_id": 1}),
    ("passkey_remove", "post", {"passkey_id": 1}),
    ("recovery_codes", "post", {}),
    ("password", "post", {}),
]


@pytest.mark.parametrize(("name", "method", "ids"), CHANGES)
def test_a_change_demands_that_one_has_shown_who_one_is_within_ten_minutes(
    inside: Client, name: str, method: str, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = getattr(inside, method)(reverse(f"web:{name}", kwargs=ids))
    assert answer["Location"].startswith("/sakerhet/bekrafta/?next=")
    assert not RecoveryCode.objects.exists()


def test_one_shows_again_who_one_is_by_a_code(inside: Client, sofia: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    app = give_app(sofia)
    wrong = inside.post("/sakerhet/bekrafta/", {"code": "nothing", "next": "/sakerhet/losenord/"})
    assert wrong.status_code == 403
    right = inside.post("/sakerhet/bekrafta/", {"code": app.at(later), "next": "/sakerhet/losenord/"})
    assert right["Location"] == "/sakerhet/losenord/"
    assert inside.get("/sakerhet/losenord/").status_code == 200
    assert Line.objects.filter(kind="identity.login.confirmed").exists()


def test_a_new_password_keeps_this_session_and_ends_the_others(inside: Client, sofia: Account) -> None:
    other = Client()
    log_in_by_form(other, "sofia", PASSWORD)
    wrong = inside.post("/sakerhet/losenord/", {"current": "fel", "new": "kaffe utan socker"})
    assert "Det nuvarande lösenordet stämmer inte." in text(wrong)
    key = inside.session.session_key
    done = inside.post("/sakerhet/losenord/", {"current": PASSWORD, "new": "kaffe utan socker"}, follow=True)
    assert "Lösenordet är bytt." in text(done)
    assert inside.session.session_key != key
    assert inside.get("/i-dag/").status_code == 200
    assert other.get("/i-dag/").status_code == 302


def test_the_page_lists_what_lets_in_and_what_has_changed(inside: Client, sofia: Account) -> None:
    shown = text(inside.get("/sakerhet/"))
    assert "Kodapp Tillagd" in shown
    codes = inside.post("/sakerhet/reservkoder/")
    assert len(re.findall(r"<code>\d-", codes.content.decode())) == 10
    assert "10 koder kvar." in text(inside.get("/sakerhet/"))
    assert "Nya reservkoder skapades" in text(inside.get("/sakerhet/"))
    refused = inside.post("/sakerhet/app/ta-bort/")
    assert refused.status_code == 409
    assert "minst ett andra steg" in text(refused)


def test_no_factor_is_added_by_a_session_of_a_provider_alone(client: Client) -> None:
    """Who came in by the region's provider has to know the password too, or has nothing to change here."""
    staff = factories.staff()
    factories.log_in(client, staff)
    assert client.get("/sakerhet/app/")["Location"].startswith("/sakerhet/bekrafta/")
    assert "genom din organisation" in text(client.get("/sakerhet/bekrafta/"))
    assert client.post("/sakerhet/bekrafta/", {"password": ""}).status_code == 422
    assert client.post("/sakerhet/bekrafta/", {"password": "!"}).status_code == 403


# --- The administrator


def test_an_administrator_opens_and_resets(client: Client, sofia: Account) -> None:
    give_app(sofia)
    for _ in range(6):
        by_password(Client(), "wrong")
    factories.log_in(client, factories.staff(role=Role.ADMINISTRATOR, name="Anton Admin"))
    page = text(client.get(f"/konton/{sofia.id}/"))
    assert "Låst en stund" in page
    assert "öppnas igen kl." in page
    client.post(f"/konton/{sofia.id}/las-upp/")
    assert by_password(Client())["Location"] == "/logga-in/kod/"
    answer = client.post(f"/konton/{sofia.id}/nollstall/")
    given = re.search(r'class="secret">([^<]+)<', answer.content.decode())
    assert given
    assert by_password(Client(), given[1])["Location"] == "/logga-in/nytt-losenord/"
    assert "Inget än" in text(client.get(f"/konton/{sofia.id}/"))


def test_nobody_opens_or_resets_their_own(client: Client) -> None:
    admin = factories.log_in(client, factories.staff(role=Role.ADMINISTRATOR))
    for deed in ("las-upp", "nollstall"):
        assert client.post(f"/konton/{admin.account_id}/{deed}/").status_code == 403
    assert Assignment.objects.filter(account_id=admin.account_id).exists()
