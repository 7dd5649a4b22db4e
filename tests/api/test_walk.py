"""Every operation by every key, by nobody and by everybody's session."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern

from tests import factories
from tests.api.conftest import World, bearer
from vardnav.api import docs, urls
from vardnav.api.v1 import METHODS, api
from vardnav.audit.models import Line
from vardnav.identity.rules import Scope
from vardnav.kernel.actor import Role

OPERATIONS = {
    one["operationId"]: (method, path)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method, one in methods.items()
    if method in METHODS
}
SCOPES = docs.scope_of_operation()
OPEN_TO_ALL = {"docs", "openapi-json", "nothing_here"}


def ask(client: Client, name: str, world: World, headers: dict[str, str] | None) -> HttpResponse:
    method, path = OPERATIONS[name]
    body: dict[str, Any] = {"personal_number": world.astrid.personal_number}
    if name in {"choose_clinic", "join_queue"}:
        body["clinic"] = world.room.hsa_id
    if name == "name_doctor":
        body["doctor"] = world.doctor.hsa_id
    address = path.replace("{hsa_id}", world.room.hsa_id)
    if method == "get":
        return client.get(address, headers=headers)
    send: Callable[..., HttpResponse] = getattr(client, method)
    return send(address, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_a_key_opens_what_its_scope_says_and_nothing_else(name: str, client: Client, world: World) -> None:
    for scope in Scope:
        with transaction.atomic():
            answer = ask(client, name, world, bearer(scope.value))
            lines = Line.objects.filter(request_id=answer["X-Request-ID"])
            if scope.value == SCOPES[name]:
                assert answer.status_code in {200, 409}, (scope, answer.content)
                assert not lines.filter(outcome="denied").exists()
            else:
                assert answer.status_code == 403, scope
                assert [line.kind for line in lines] == ["access.denied"]
                assert world.astrid.personal_number not in answer.content.decode()
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_without_a_key_nothing_opens(name: str, client: Client, world: World) -> None:
    assert ask(client, name, world, None).status_code == 401
    assert ask(client, name, world, {"Authorization": "Bearer vnav_x_y"}).status_code == 401


@pytest.mark.parametrize("role", [None, *Role])
def test_a_persons_session_is_no_key(role: Role | None, client: Client, world: World) -> None:
    factories.log_in(client, world.astrid if role is None else factories.staff(world.room, role))
    for name in OPERATIONS:
        assert ask(client, name, world, None).status_code == 401, name


@pytest.mark.parametrize("name", ["person_listing", "choose_clinic", "name_doctor"])
def test_what_is_about_a_person_leaves_a_line_about_them(name: str, client: Client, world: World) -> None:
    if name != "choose_clinic":
        factories.listed(world.astrid, world.room)
    answer = ask(client, name, world, bearer(SCOPES[name]))
    assert answer.status_code == 200, answer.content
    assert Line.objects.filter(request_id=answer["X-Request-ID"], patient_id=world.astrid.id).exists()


def test_every_address_of_the_api_is_in_the_walk() -> None:
    names = {one.name for one in urls.urlpatterns if isinstance(one, URLPattern)}
    assert names == {*OPERATIONS, *OPEN_TO_ALL}
