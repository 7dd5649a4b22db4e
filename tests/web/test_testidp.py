"""The demo's provider of identity: whole by the standard where there is a demo, and nowhere else."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from tests import factories as make
from tests.factories import SYSTEM
from tests.web.oidc import begin, path_of, query_of
from vardnav.audit import actions as audit
from vardnav.audit.models import Line
from vardnav.demo.generate.cast import professional, resident
from vardnav.demo.selectors import LOADED, grown_ups
from vardnav.identity.models import Account, Session
from vardnav.kernel.actor import Role
from vardnav.web.identity import oidc_client
from vardnav.web.testidp import provider

pytestmark = pytest.mark.django_db
ASTRID, SOFIA = resident("resident"), professional("clinic_staff")


@pytest.fixture
def demo() -> None:
    """The database says that it holds one."""
    audit.record(LOADED, by=SYSTEM, now=timezone.now(), reason="small")


@pytest.fixture
def sofia(demo: None) -> Account:
    made = make.account(name=SOFIA.name, hsa_id=SOFIA.hsa_id)
    make.assignment(made, Role.CLINIC_STAFF, make.clinic())
    return made


def choose(client: Client, who: str, key: str, level: str = "3", **query: str) -> Any:
    """Begin, choose a person, come back."""
    asked = path_of(begin(client, who, **query))
    assert client.get(asked).status_code == 200
    chosen = client.post(asked, {"person": key, "level": level})
    return client.get(path_of(chosen["Location"]))


def test_a_resident_logs_in(client: Client, demo: None) -> None:
    answer = choose(client, "invanare", "resident", next="/om/")
    assert answer["Location"] == "/om/"
    assert Account.objects.get().personal_number == ASTRID.personal_number
    assert Session.objects.get(account__isnull=False).assurance == 3


def test_staff_log_in_with_their_commission(client: Client, sofia: Account) -> None:
    assert choose(client, "medarbetare", "clinic_staff", next="/i-dag/")["Location"] == "/i-dag/"
    assert Line.objects.get(kind="identity.login.done").details["commission"].startswith(make.PREFIX)


@pytest.mark.parametrize(("level", "status"), [("2", 302), ("1", 403), ("", 302), ("9", 302)])
def test_the_level_is_the_one_that_was_chosen(client: Client, sofia: Account, level: str, status: int) -> None:
    assert choose(client, "medarbetare", "clinic_staff", level).status_code == status


def test_turning_back_comes_back(client: Client, demo: None) -> None:
    assert choose(client, "invanare", "")["Location"].startswith("/logga-in/?")


def test_each_door_has_its_people(client: Client, demo: None) -> None:
    staff = client.get(path_of(begin(client, "medarbetare"))).content.decode()
    residents = client.get(path_of(begin(client, "invanare"))).content.decode()
    for one in grown_ups():
        assert (one.name in staff, one.name in residents) == (bool(one.hsa_id), bool(one.personal_number))
    assert choose(client, "invanare", "clinic_staff")["Location"].startswith("/logga-in/?")  # not at this door


def test_without_a_demo_nobody_can_be_anybody(client: Client) -> None:
    asked = path_of(begin(client, "invanare"))
    for answer in (client.get(asked), client.post(asked, {"person": "resident"})):
        assert answer.status_code == 400
        assert ASTRID.name not in answer.content.decode()


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://evil.example/legitimera/invanare/svar/"},
        {"redirect_uri": "http://testserver/utseende/"},
        {"client_id": "another"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"scope": "profile"},
    ],
)
def test_a_question_that_is_not_in_order_sends_nobody_anywhere(
    client: Client, demo: None, changed: dict[str, str]
) -> None:
    asked = query_of(begin(client, "invanare")) | changed
    assert client.post(f"/testlegitimation/authorize?{urlencode(asked)}", {"person": "resident"}).status_code == 400


def test_over_http_it_answers_as_within_the_process(client: Client, demo: None) -> None:
    """A client that is not ours finds its way by discovery alone, and gets a token it can check."""
    found = client.get("/testlegitimation/.well-known/openid-configuration").json()
    assert found["issuer"] == "http://testserver/testlegitimation"
    url = begin(client, "invanare")
    state = query_of(url)["state"]
    verifier = client.session["logins"][state]["verifier"]
    back = query_of(client.post(path_of(url), {"person": "resident"})["Location"])
    form = {
        "grant_type": "authorization_code",
        "code": back["code"],
        "code_verifier": verifier,
        "redirect_uri": "http://testserver/legitimera/invanare/svar/",
    }
    basic = {"Authorization": "Basic dmFyZG5hdi1pbnZhbmFyZTp2YXJkbmF2LWRlbW8="}
    token = client.post(path_of(found["token_endpoint"]).rstrip("?"), form, headers=basic).json()
    shown = client.get(path_of(found["jwks_uri"]).rstrip("?")).json()
    assert "d" not in shown["keys"][0]  # the public half alone
    keys = KeySet.import_key_set(shown)
    claims = jwt.decode(token["id_token"], keys, algorithms=["ES256"]).claims
    assert (claims["iss"], claims["aud"], back["state"]) == (found["issuer"], "vardnav-invanare", state)
    again = client.post(path_of(found["token_endpoint"]).rstrip("?"), form, headers=basic)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "changed",
    [{"code_verifier": "x" * 64}, {"code": "forged"}, {"redirect_uri": "http://testserver/"}, {"grant_type": "x"}],
)
def test_a_code_is_changed_only_by_who_asked_for_it(client: Client, demo: None, changed: dict[str, str]) -> None:
    url = begin(client, "invanare")
    verifier = client.session["logins"][query_of(url)["state"]]["verifier"]
    code = query_of(client.post(path_of(url), {"person": "resident"})["Location"])["code"]
    here = "http://testserver/legitimera/invanare/svar/"
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": here}
    basic = "Basic dmFyZG5hdi1pbnZhbmFyZTp2YXJkbmF2LWRlbW8="
    assert provider.token(form | changed, basic, "http://testserver/testlegitimation")[0] == 400
    assert provider.token(form, "Basic b3RoZXI6c2VjcmV0", "http://testserver/testlegitimation")[0] == 401
    assert provider.token(form, basic, "http://testserver/testlegitimation")[0] == 200


def test_logging_out_leads_back_to_us_and_nowhere_else(client: Client, demo: None) -> None:
    choose(client, "invanare", "resident")
    away = client.post("/logga-ut/")["Location"]
    assert away.startswith("http://testserver/testlegitimation/end-session?")
    assert client.get(path_of(away))["Location"] == "http://testserver/logga-in/"
    elsewhere = {"post_logout_redirect_uri": "https://evil.example/logga-in/"}
    assert client.get("/testlegitimation/end-session", elsewhere)["Location"] == "/"


def test_the_key_is_the_same_in_all_processes_and_not_in_the_source() -> None:
    assert provider.key().as_dict(private=True)["d"] == provider.key.__wrapped__().as_dict(private=True)["d"]
    oidc_client.forget_what_providers_said()


# --- Never in production -------------------------------------------------------------------------

PRODUCTION = {
    "VARDNAV_DEMO": "",
    "VARDNAV_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "VARDNAV_AUDIT_KEYS": "zyxwvutsrqponmlkjihgfedcba9876543210" * 2,
    "VARDNAV_ALLOWED_HOSTS": "vard.example",
    "VARDNAV_BEHIND_PROXY": "1",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "DJANGO_SETTINGS_MODULE": "vardnav.config.settings",
}


def python(source: str, tmp_path: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **PRODUCTION, "VARDNAV_DATA": str(tmp_path), **changed}
    command = [sys.executable, "-c", f"import django; django.setup()\n{source}"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


DEPLOY = "from django.core.management import call_command; call_command('check', deploy=True, fail_level='WARNING')"


def test_in_production_it_cannot_be_imported_nor_asked(tmp_path: Path) -> None:
    done = python("import vardnav.web.testidp.views", tmp_path)
    assert done.returncode == 1
    assert "exists in demos only" in done.stderr
    routed = python(
        "from vardnav.config.urls import urlpatterns; assert 'testlegitimation' not in str(urlpatterns); import sys;"
        "assert not [one for one in sys.modules if one.startswith('vardnav.web.testidp')]",
        tmp_path,
    )
    assert routed.returncode == 0, routed.stderr


def test_production_settings_pass_every_check_without_a_warning(tmp_path: Path) -> None:
    done = python(DEPLOY, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_a_deployment_check_finds_what_lets_the_wrong_people_in(tmp_path: Path) -> None:
    wrong = {
        "VARDNAV_DEMO": "1",
        "VARDNAV_OIDC_STAFF_ISSUER": "http://idp.example",
        "VARDNAV_OIDC_STAFF_CLIENT_ID": "x",
        "VARDNAV_OIDC_RESIDENTS_ISSUER": "https://idp.example",
    }
    done = python(DEPLOY, tmp_path, **wrong)
    assert done.returncode == 1
    for found in ("vardnav.E001", "vardnav.E002", "vardnav.E003"):
        assert found in done.stderr
