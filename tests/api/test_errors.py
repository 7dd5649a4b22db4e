"""Everything that goes wrong is a problem that says what to do."""

import json
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.api.conftest import Post, World, bearer
from vardnav.api import limits
from vardnav.audit.models import Line
from vardnav.identity.actions import issue_key, revoke_key
from vardnav.organisation import selectors

Headers = dict[str, str]
REGION = "/api/v1/organisation/region"


def test_without_a_key_nothing_is_said(client: Client, world: World) -> None:
    answer = client.get(REGION)
    assert (answer.status_code, answer.json()["code"]) == (401, "key_needed")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["request_id"] == answer["X-Request-ID"]
    assert Line.objects.filter(kind="access.denied", user_id="api").count() == 1


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer vnav_", "Bearer vnav_x", "Bearer vnav_x_y", "Basic YTpi", "vnav_x_y", "Bearer a\tb"],
)
def test_a_key_that_is_no_key_is_refused(client: Client, world: World, header: str) -> None:
    assert client.get(REGION, headers={"Authorization": header}).status_code == 401


def test_a_session_is_no_key(client: Client, world: World) -> None:
    """An administrator's browser cannot be made to use the API."""
    factories.log_in(client, factories.staff(role=factories.Role.ADMINISTRATOR))
    assert client.get(REGION).status_code == 401


def test_a_revoked_key_is_out_at_once(client: Client, world: World) -> None:
    now = timezone.now()
    key, token = issue_key(name="x", scopes=frozenset({"organisation:read"}), by=factories.SYSTEM, now=now)
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(REGION, headers=headers).status_code == 200
    revoke_key(key.id, by=factories.SYSTEM, now=now)
    assert client.get(REGION, headers=headers).status_code == 401


def test_an_expired_key_is_refused(client: Client, world: World) -> None:
    now = timezone.now()
    _, token = issue_key(
        name="x",
        scopes=frozenset({"organisation:read"}),
        by=factories.SYSTEM,
        now=now - timedelta(days=2),
        expires_at=now - timedelta(seconds=1),
    )
    assert client.get(REGION, headers={"Authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/", "/api/v1/listing/person/19121212-1212"])
def test_an_address_that_does_not_exist_is_a_problem_too(client: Client, world: World, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_wrong_method_says_which_are_right(client: Client, world: World, reader: Headers) -> None:
    answer = client.delete(REGION, headers=reader)
    assert (answer.status_code, answer["Allow"], answer.json()["code"]) == (405, "GET", "method_not_allowed")


def test_a_large_body_is_not_read(post: Post, world: World) -> None:
    answer = post("choices", personal_number="1" * limits.BODY_BYTES, clinic=world.room.hsa_id)
    assert (answer.status_code, answer.json()["facts"]) == (413, {"most_bytes": limits.BODY_BYTES})


@pytest.mark.parametrize("body", ["", "{", "[" * 9000, '"x"', "\xff", "null", '{"personal_number": "\\ud800"}'])
def test_a_body_that_is_no_object_is_a_problem(client: Client, world: World, writer: Headers, body: str) -> None:
    answer = client.post(
        "/api/v1/listing/queue/leave", body.encode("latin-1"), content_type="application/json", headers=writer
    )
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"
    json.loads(answer.content)


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        ("19840314-9825", "check digit"),
        ("19840231-9824", "no such day"),
        ("hej", "ÅÅÅÅMMDD-NNNN"),
        ("١٩٨٤٠٣١٤٩٨٢٤", "ÅÅÅÅMMDD-NNNN"),
        ("", "ÅÅÅÅMMDD-NNNN"),
        ("1\0", "control characters"),
    ],
)
def test_a_number_that_does_not_fit_says_why(post: Post, world: World, number: str, remedy: str) -> None:
    answer = post("queue/leave", personal_number=number)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == "personal_number"
    assert remedy in error["remedy"]


def test_a_field_that_is_not_known_is_refused(post: Post, world: World) -> None:
    answer = post("queue/leave", personal_number=world.astrid.personal_number, clinc="SE1")
    [error] = answer.json()["errors"]
    assert error == {"field": "clinc", "value": "SE1", "remedy": "Remove the field: it is not known here."}


def test_a_missing_field_is_named(post: Post, world: World) -> None:
    errors = post("choices").json()["errors"]
    assert {one["field"]: one["remedy"] for one in errors} == {
        "personal_number": "Add the field.",
        "clinic": "Add the field.",
    }


@pytest.mark.parametrize("key", ["å", "a b", "x" * 201])
def test_a_key_for_once_is_plain_text(post: Post, world: World, key: str) -> None:
    assert post("queue/leave", key=key, personal_number=world.astrid.personal_number).status_code == 422


def test_too_many_calls_are_told_to_wait(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "counter", limits.Counter(2, seconds=lambda: 70.0))
    headers, other = bearer("organisation:read"), bearer("organisation:read")
    statuses = [client.get(REGION, headers=headers).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    answer = client.get(REGION, headers=headers)
    assert (answer["Retry-After"], answer.json()["code"]) == ("50", "too_many_calls")
    assert client.get(REGION, headers=other).status_code == 200


def test_calls_are_counted_by_the_minute() -> None:
    clock = [0.0]
    counter = limits.Counter(1, seconds=lambda: clock[0])
    assert counter.add("a") == 0
    assert counter.add("a") == 60
    clock[0] = 60.0
    assert counter.add("a") == 0


def test_no_problem_shows_an_id_of_ours(post: Post, world: World) -> None:
    answer = post("choices", headers=bearer("listing:read"), personal_number="x", clinic="SE1")
    assert "patient_id" not in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RuntimeError("personal data of somebody"), 500, "something_went_wrong"),
        (OperationalError("connection lost"), 503, "service_unavailable"),
    ],
)
def test_a_fault_of_ours_is_a_problem_that_tells_nothing(
    client: Client,
    world: World,
    reader: Headers,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    code: str,
) -> None:
    def broken() -> None:
        raise error

    monkeypatch.setattr(selectors, "region", broken)
    answer = client.get(REGION, headers=reader)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert str(error) not in answer.content.decode()


@pytest.mark.parametrize("query", ["limt=5", "limit=5&limit=6", "after=&=null", "hsa_id=SE1"])
def test_a_parameter_that_is_not_known_or_stands_twice_is_refused(
    query: str, client: Client, world: World, reader: Headers
) -> None:
    answer = client.get(f"/api/v1/organisation/units?{query}", headers=reader)
    assert answer.status_code == 422, answer.content
    assert len(answer.json()["errors"]) == 1


def test_a_parameter_that_is_not_known_says_nothing_to_who_has_no_key(client: Client, world: World) -> None:
    assert client.get("/api/v1/organisation/units?limt=5").status_code == 401


def test_a_length_that_is_no_number_is_refused(client: Client, world: World, reader: Headers) -> None:
    for length in ("x", "-1", "1e3", "²"):
        assert client.get(REGION, headers=reader, CONTENT_LENGTH=length).status_code == 400, length


def test_a_call_over_http_is_refused_and_not_led_on(
    client: Client, world: World, reader: Headers, settings: pytest.FixtureRequest
) -> None:
    """A key that goes over HTTP has leaked; a redirect would hide it."""
    settings.BEHIND_PROXY = True  # type: ignore[attr-defined]
    assert client.get(REGION, headers=reader).status_code == 403
    assert client.get(REGION, headers=reader, secure=True).status_code == 200
