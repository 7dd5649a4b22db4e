"""Log in at a foreign provider over real HTTP; and whatever comes back that cannot be trusted lets nobody in."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from stdnum import luhn

from tests import factories as make
from tests.web import oidc
from tests.web.oidc import Mock, begin, commission, path_of, query_of, resident, staff
from vardnav.audit.models import Line
from vardnav.identity.models import Account, Session
from vardnav.identity.rules.claims import COORDINATION, PERSONAL
from vardnav.identity.rules.sessions import Way
from vardnav.kernel.actor import Role
from vardnav.web.identity import oidc_client

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the foreign provider, which runs in a thread of ours
]
NUMBER = "198403149928"
HSA_ID = f"{make.PREFIX}-S77"


@pytest.fixture(scope="module")
def running() -> Iterator[Mock]:
    with oidc.mock() as found:
        yield found


@pytest.fixture
def provider(running: Mock, settings: Any) -> Mock:
    settings.OIDC = oidc.settings_for(running.issuer)
    oidc_client.forget_what_providers_said()
    return running


@pytest.fixture
def sofia() -> Account:
    return make.account(name="Sofia Exempelgren", hsa_id=HSA_ID)


def log_in(client: Client, provider: Mock, claims: dict[str, str], who: str, **query: str) -> HttpResponse:
    sub = provider.knows("somebody", claims)
    answer: HttpResponse = client.get(path_of(provider.chosen(begin(client, who, **query), sub)))
    return answer


def refusal() -> Line:
    return Line.objects.get(kind="identity.login.refused")


def nobody_is_in(client: Client) -> bool:
    return client.get("/inloggningar/")["Location"].startswith("/logga-in/")


# --- Residents -----------------------------------------------------------------------------------


def test_a_resident_logs_in_and_an_account_is_opened_the_first_time(client: Client, provider: Mock) -> None:
    for _ in range(2):
        answer = log_in(client, provider, resident(NUMBER), "invanare", next="/om/?a=1")
        assert (answer.status_code, answer["Location"]) == (302, "/om/?a=1")
    account = Account.objects.get()
    assert (account.personal_number, account.name) == (NUMBER, "Astrid Exempelsson")
    assert not account.has_usable_password()
    line = Line.objects.filter(kind="identity.login.done").first()
    assert line is not None
    assert (line.assurance, line.details["provider"], line.user_id) == (3, provider.issuer, NUMBER)
    assert Line.objects.filter(kind="identity.account.opened").count() == 1
    session = Session.objects.get(account=account, digest=client.session.digest)
    assert (session.way, session.assurance, bool(session.logout_hint)) == (Way.OIDC_RESIDENT, 3, True)


def test_a_coordination_number_is_as_good(client: Client, provider: Mock) -> None:
    nine = "840374998"
    number = f"19{nine}{luhn.calc_check_digit(nine)}"
    answer = log_in(client, provider, {**resident(""), COORDINATION: number}, "invanare")
    assert answer.status_code == 302
    assert Account.objects.get().personal_number == number


@pytest.mark.parametrize("number", ["", "198403149927", "19840314R992", "not a number", "1" * 300])
def test_a_number_that_is_none_lets_nobody_in(client: Client, provider: Mock, number: str) -> None:
    answer = log_in(client, provider, resident(number), "invanare")
    assert answer.status_code == 403
    assert refusal().details["refusal"] == "claim_missing"
    assert not Account.objects.exists()
    assert nobody_is_in(client)


def test_a_closed_account_stays_closed(client: Client, provider: Mock) -> None:
    log_in(client, provider, resident(NUMBER), "invanare")
    Account.objects.update(is_active=False)
    answer = log_in(Client(), provider, resident(NUMBER), "invanare")
    assert (answer.status_code, refusal().details["refusal"]) == (403, "account_closed")


@pytest.mark.parametrize("acr", ["", "http://id.elegnamnden.se/loa/1.0/loa1", "http://evil.example/loa3", "3"])
def test_a_level_below_two_or_unknown_lets_nobody_in(client: Client, provider: Mock, acr: str) -> None:
    answer = log_in(client, provider, {**resident(NUMBER), "acr": acr}, "invanare")
    assert answer.status_code == 403
    assert "tillitsnivå 0" in answer.content.decode()
    assert (refusal().details["refusal"], refusal().outcome) == ("level_too_low", "denied")


# --- Staff ---------------------------------------------------------------------------------------


def test_one_assignment_is_acted_in(client: Client, provider: Mock, sofia: Account) -> None:
    make.assignment(sofia, Role.CLINIC_STAFF, make.clinic())
    answer = log_in(client, provider, staff(HSA_ID), "medarbetare", next="/i-dag/")
    assert answer["Location"] == "/i-dag/"
    assert client.get("/i-dag/").status_code == 200
    assert Session.objects.get(account=sofia).way == Way.OIDC_STAFF


def test_the_commission_narrows_the_assignments_for_as_long_as_the_session_lasts(
    client: Client, provider: Mock, sofia: Account
) -> None:
    ours, theirs = make.clinic("Vår"), make.clinic("Deras")
    make.assignment(sofia, Role.CLINIC_STAFF, ours)
    other = make.assignment(sofia, Role.CLINIC_STAFF, theirs)
    answer = log_in(client, provider, staff(HSA_ID, **commission(ours.hsa_id)), "medarbetare", next="/i-dag/")
    assert answer["Location"] == "/i-dag/"
    assert "Deras" not in client.get("/uppdrag/").content.decode()
    assert client.post("/uppdrag/", {"assignment": other.id}).status_code == 403


def test_without_a_commission_one_of_several_is_chosen(client: Client, provider: Mock, sofia: Account) -> None:
    for name in ("Vår", "Deras"):
        make.assignment(sofia, Role.CLINIC_STAFF, make.clinic(name))
    answer = log_in(client, provider, staff(HSA_ID), "medarbetare", next="/i-dag/")
    assert answer["Location"] == "/uppdrag/?next=%2Fi-dag%2F"
    page = client.get("/uppdrag/").content.decode()
    assert "Vår" in page
    assert "Deras" in page


@pytest.mark.parametrize("purpose", ["Administration", "Forskning", ""])
def test_a_commission_that_matches_nothing_is_told(
    client: Client, provider: Mock, sofia: Account, purpose: str
) -> None:
    unit = make.clinic()
    make.assignment(sofia, Role.CLINIC_STAFF, unit)
    answer = log_in(client, provider, staff(HSA_ID, **commission(unit.hsa_id, purpose)), "medarbetare")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert unit.hsa_id in page
    assert purpose in page
    assert refusal().details["refusal"] == "no_matching_assignment"
    assert nobody_is_in(client)


@pytest.mark.parametrize("closed", [True, False])
def test_staff_without_an_account_are_told_who_opens_one(
    client: Client, provider: Mock, sofia: Account, closed: bool
) -> None:
    Account.objects.update(is_active=not closed)
    hsa_id = HSA_ID if closed else f"{make.PREFIX}-NOBODY"
    answer = log_in(client, provider, staff(hsa_id), "medarbetare")
    assert answer.status_code == 403
    assert hsa_id in answer.content.decode()
    assert (refusal().details["refusal"], refusal().details["hsa_id"]) == ("no_staff_account", hsa_id)


def test_a_residents_identity_opens_no_staff_account(client: Client, provider: Mock, sofia: Account) -> None:
    assert log_in(client, provider, resident(NUMBER), "medarbetare").status_code == 403
    assert refusal().details["refusal"] == "level_too_low" or refusal().details["refusal"] == "claim_missing"


def test_level_two_comes_in_and_is_level_two(client: Client, provider: Mock, sofia: Account) -> None:
    make.assignment(sofia, Role.CLINIC_STAFF, make.clinic())
    assert log_in(client, provider, staff(HSA_ID, level=2), "medarbetare").status_code == 302
    assert Session.objects.get(account=sofia).assurance == 2


# --- What cannot be trusted ----------------------------------------------------------------------

Forge = Callable[[dict[str, Any]], str]
OURS = RSAKey.generate_key(2048, {"kid": "forged", "use": "sig"})


def signed(**changed: Any) -> Forge:
    """A token of another's making, or with other claims, signed by the key that the provider shows."""

    def forge(claims: dict[str, Any]) -> str:
        values = {name: value for name, value in {**claims, **changed}.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": "forged"}, values, OURS)

    return forge


def by_another_key(claims: dict[str, Any]) -> str:
    other = RSAKey.generate_key(2048, {"kid": "forged"})
    return jwt.encode({"alg": "RS256", "kid": "forged"}, claims, other)


def by_nobody(claims: dict[str, Any]) -> str:
    """alg none: no signature at all."""
    from joserfc.util import json_b64encode

    return b".".join([json_b64encode({"alg": "none"}), json_b64encode(claims), b""]).decode()


def by_our_secret(claims: dict[str, Any]) -> str:
    """HS256 with what both know, or with the public key as the secret."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("secret" * 8), algorithms=["HS256"])


def cut_short(claims: dict[str, Any]) -> str:
    return signed()(claims)[:-20]


NOW = int(time.time())
FORGERIES: dict[str, Forge] = {
    "another nonce": signed(nonce="another"),
    "no nonce": signed(nonce=None),
    "for somebody else": signed(aud="another"),
    "for us and somebody else": signed(aud=["vardnav", "another"], azp="another"),
    "for nobody": signed(aud=None),
    "too old": signed(exp=NOW - 60, iat=NOW - 600),
    "without an end": signed(exp=None),
    "from the future": signed(iat=NOW + 3600, exp=NOW + 7200),
    "of another issuer": signed(iss="https://evil.example"),
    "of no issuer": signed(iss=None),
    "of nobody": signed(sub=None),
    "another key": by_another_key,
    "no signature": by_nobody,
    "a shared secret": by_our_secret,
    "cut short": cut_short,
    "not a token": lambda claims: "a.b.c",
}


@pytest.fixture
def forged(provider: Mock, monkeypatch: pytest.MonkeyPatch) -> Callable[[Forge], None]:
    """The provider's answer with another id_token, and its keys with ours among them."""

    def use(forge: Forge) -> None:
        monkeypatch.setattr(oidc_client, "keys", lambda *_, **__: oidc_client.KeySet([OURS]))
        fetch = oidc_client.OAuth2Session.fetch_token

        def fetched(self: Any, *args: Any, **kwargs: Any) -> Any:
            token = fetch(self, *args, **kwargs)
            claims = dict(jwt.decode(token["id_token"], provider_keys(provider)).claims)
            claims.pop("at_hash", None)
            return {**token, "id_token": forge(claims)}

        monkeypatch.setattr(oidc_client.OAuth2Session, "fetch_token", fetched)

    return use


def provider_keys(provider: Mock) -> Any:
    import httpx

    return oidc_client.KeySet.import_key_set(httpx.get(f"{provider.issuer}/jwks").json())


def test_the_forging_itself_lets_in_what_is_right(
    client: Client, provider: Mock, forged: Callable[[Forge], None]
) -> None:
    """Else the refusals below would prove nothing."""
    forged(signed())
    assert log_in(client, provider, resident(NUMBER), "invanare").status_code == 302


@pytest.mark.parametrize("what", FORGERIES)
def test_a_token_that_cannot_be_trusted_lets_nobody_in(
    client: Client, provider: Mock, forged: Callable[[Forge], None], what: str
) -> None:
    forged(FORGERIES[what])
    answer = log_in(client, provider, resident(NUMBER), "invanare")
    assert answer.status_code == 403
    assert "gick inte att lita på" in answer.content.decode()
    assert (refusal().details["refusal"], refusal().outcome) == ("login_not_confirmed", "denied")
    assert not Account.objects.exists()
    assert nobody_is_in(client)


def test_an_answer_is_taken_once(client: Client, provider: Mock) -> None:
    sub = provider.knows("somebody", resident(NUMBER))
    back = path_of(provider.chosen(begin(client, "invanare"), sub))
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 403
    assert refusal().details["why"] == "state"


def test_an_answer_to_another_browser_is_refused(client: Client, provider: Mock) -> None:
    sub = provider.knows("somebody", resident(NUMBER))
    back = path_of(provider.chosen(begin(client, "invanare"), sub))
    victim = Client()
    begin(victim, "invanare")
    assert victim.get(back).status_code == 403
    assert nobody_is_in(victim)


def test_an_answer_to_the_other_door_is_refused(client: Client, provider: Mock, sofia: Account) -> None:
    sub = provider.knows("somebody", staff(HSA_ID))
    back = path_of(provider.chosen(begin(client, "invanare"), sub))
    assert client.get(back.replace("/invanare/", "/medarbetare/")).status_code == 403


def test_a_code_is_used_once(client: Client, provider: Mock) -> None:
    """The second has a state of its own, and the first's code."""
    sub = provider.knows("somebody", resident(NUMBER))
    first = provider.chosen(begin(client, "invanare"), sub)
    assert client.get(path_of(first)).status_code == 302
    thief = Client()
    state = query_of(begin(thief, "invanare"))["state"]
    answer = thief.get("/legitimera/invanare/svar/", {"code": query_of(first)["code"], "state": state})
    assert answer.status_code == 403
    assert refusal().details["why"].startswith("code: invalid_grant")


def test_an_answer_that_says_it_is_from_another_issuer_is_refused(client: Client, provider: Mock) -> None:
    sub = provider.knows("somebody", resident(NUMBER))
    back = path_of(provider.chosen(begin(client, "invanare"), sub))
    assert client.get(f"{back}&iss=https://evil.example").status_code == 403
    assert refusal().details["why"] == "iss"


def test_an_answer_too_late_is_refused(client: Client, provider: Mock) -> None:
    sub = provider.knows("somebody", resident(NUMBER))
    back = path_of(provider.chosen(begin(client, "invanare"), sub))
    session = client.session
    for one in session["logins"].values():
        one["at"] = "2026-01-01T00:00:00+00:00"
    session.save()
    assert client.get(back).status_code == 403


def test_what_is_sent_along_is_what_the_standard_wants(client: Client, provider: Mock) -> None:
    asked = query_of(begin(client, "medarbetare"))
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32
    assert "employeeHsaId" in oidc.shown(asked["claims"].encode())["id_token"]
    assert asked["redirect_uri"] == "http://testserver/legitimera/medarbetare/svar/"
    assert query_of(begin(client, "medarbetare"))["state"] != asked["state"]


def test_an_error_with_signs_that_the_log_cannot_keep_is_refused_and_logged(client: Client, provider: Mock) -> None:
    state = query_of(begin(client, "invanare"))["state"]
    answer = client.get("/legitimera/invanare/svar/", {"error": "server\0_error", "state": state})
    assert (answer.status_code, refusal().details["why"]) == (403, "error: server_error")


def test_turning_back_is_no_fault(client: Client, provider: Mock) -> None:
    state = query_of(begin(client, "invanare", next="/om/"))["state"]
    answer = client.get("/legitimera/invanare/svar/", {"error": "access_denied", "state": state})
    assert answer["Location"] == "/logga-in/?next=%2Fom%2F&avbruten=residents"
    assert "Du avbröt" in client.get(answer["Location"]).content.decode()
    assert not Line.objects.filter(kind="identity.login.refused").exists()
    again = client.get("/legitimera/invanare/svar/", {"error": "access_denied", "state": state})
    assert (again.status_code, refusal().details["why"]) == (403, "state")  # whatever the answer, a state is used up


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9", "http://localhost:{port}/elsewhere"])
def test_a_provider_that_does_not_answer_or_is_another_is_told(
    client: Client, provider: Mock, settings: Any, issuer: str
) -> None:
    settings.OIDC = oidc.settings_for(issuer.format(port=provider.issuer.rpartition(":")[2]))
    answer = client.get("/legitimera/invanare/")
    assert answer.status_code in {200, 503}
    assert "svarar inte" in answer.content.decode()


def test_without_a_provider_there_is_no_door(client: Client, settings: Any) -> None:
    settings.OIDC, settings.DEMO = oidc.settings_for(""), False
    assert client.get("/legitimera/invanare/").status_code == 404
    assert "/legitimera/" not in client.get("/logga-in/").content.decode()


def test_nobody_is_sent_elsewhere_after_logging_in(client: Client, provider: Mock) -> None:
    answer = log_in(client, provider, resident(NUMBER), "invanare", next="//evil.example/")
    assert answer["Location"] == "/"


def test_logging_out_here_goes_on_to_the_provider_and_leaves_a_line(client: Client, provider: Mock) -> None:
    log_in(client, provider, resident(NUMBER), "invanare")
    answer = client.post("/logga-ut/")
    assert answer["Location"].startswith(f"{provider.issuer}/")
    asked = query_of(answer["Location"])
    assert asked["post_logout_redirect_uri"] == "http://testserver/logga-in/"
    assert asked["id_token_hint"].count(".") == 2
    assert Line.objects.get(kind="identity.session.ended").details["why"] == "logout"
    assert nobody_is_in(client)
    assert provider.issuer in answer["Content-Security-Policy"].split("form-action")[1].split(";")[0]


def test_the_number_claim_must_be_of_its_kind(client: Client, provider: Mock) -> None:
    """A personal number sent as a coordination number is somebody's mistake, or worse."""
    assert log_in(client, provider, {**resident(""), COORDINATION: NUMBER}, "invanare").status_code == 403
    assert PERSONAL != COORDINATION
