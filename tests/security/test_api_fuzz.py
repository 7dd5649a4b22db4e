"""Requests made of the OpenAPI text itself, right and wrong, with keys of every scope, on the real database.

Every answer passes all of schemathesis' checks: no 5xx, only statuses, types and shapes that the text promises, wrong
data refused, no operation without its key. Off is only `positive_data_acceptance`: a schema cannot say that a check
digit is right or a clinic open, so what fits the schema may still be refused (422, 409).
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.checks import CHECKS, CheckContext
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    AcceptedNegativeData,
    negative_data_rejection,
    positive_data_acceptance,
)

from tests import factories
from tests.api.conftest import bearer
from tests.security.tally import FULL, Tally, budget, tally
from vardnav.api import docs, limits
from vardnav.identity.rules import Scope
from vardnav.patients.models import Person

pytestmark = pytest.mark.django_db
OPERATIONS = 13
REQUESTS = budget(560, 4400)  # of one by one, over all operations
SEQUENCES, STEPS = budget(8, 60), budget(8, 12)  # of linked ones
ALL = "all scopes"


def config() -> SchemathesisConfig:
    return SchemathesisConfig.from_dict({"generation": {"allow-x00": True, "codec": "utf-8"}})


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "counter", limits.Counter(10_000_000))


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A server gives its connection back after a request; here all requests are in the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def schema(db: None, unlimited: None, one_connection: None) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=config())


@pytest.fixture
def known(db: None) -> dict[str, list[str]]:
    """Values that exist, so that requests come past the door: fields of a body and of an address."""
    factories.region()
    room, full = factories.clinic(), factories.full_clinic()
    people = [factories.person(f"Person{n} Prov") for n in range(4)]
    factories.listed(people[0], room)
    factories.queued(people[1], full)
    doctor = factories.doctor(room)
    office = factories.unit("Regionkontoret", factories.UnitKind.REGION_OFFICE)
    units = [room.hsa_id, full.hsa_id]
    return {
        "personal_number": [one.personal_number for one in people],
        "clinic": units,
        "hsa_id": [*units, office.hsa_id],
        "doctor": [doctor.hsa_id],
    }


@pytest.fixture
def keys(db: None) -> dict[str, dict[str, str]]:
    return {ALL: bearer(*Scope), **{scope.value: bearer(scope.value) for scope in Scope}}


def operations(schema: BaseSchema) -> list[APIOperation]:
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


def with_known(case: Case, known: dict[str, list[str]], choose: Callable[[list[str]], str]) -> None:
    """Put values that exist in the place of made up ones."""
    for where in (case.body, case.path_parameters):
        if isinstance(where, dict):
            for name in set(where) & set(known):
                if isinstance(where[name], str):
                    where[name] = choose(known[name])


def wrong_data_is_refused(ctx: CheckContext, response: Response, case: Case) -> bool | None:
    """As schemathesis' own check, but an empty list in a query is nothing on the wire, so nothing wrong was sent."""
    try:
        refused: bool | None = negative_data_rejection(ctx, response, case)
    except AcceptedNegativeData:
        sent = set(parse_qs(urlsplit(response.request.url or "").query, keep_blank_values=True))
        made_up = set(case.query or {}) - {one.name for one in case.operation.query}
        if made_up and not made_up & sent:
            return None
        raise
    return refused


CHECKED: dict[str, Any] = {
    "excluded_checks": [positive_data_acceptance, negative_data_rejection],
    "additional_checks": [wrong_data_is_refused],
}


def is_right(case: Case) -> bool:
    return case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE


def count(counted: Tally, response: Response) -> None:
    counted.add(str(response.status_code))


@pytest.fixture
def counted_answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[Tally], None]:
    """Every request the program sends is counted, those that a check sends by itself too."""
    from schemathesis.transport.wsgi import WSGITransport

    send = WSGITransport.send

    def start(counted: Tally) -> None:
        def sent(self: WSGITransport, case: Case, **kwargs: Any) -> Response:
            response = send(self, case, **kwargs)
            count(counted, response)
            return response

        monkeypatch.setattr(WSGITransport, "send", sent)

    return start


def how(most: int) -> settings:
    phases = [Phase.generate] if not FULL else [Phase.generate, Phase.target]
    return settings(
        max_examples=most,
        deadline=None,
        database=None,
        derandomize=not FULL,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )


def test_no_request_breaks_the_api(
    schema: BaseSchema,
    known: dict[str, list[str]],
    keys: dict[str, dict[str, str]],
    counted_answers: Callable[[Tally], None],
) -> None:
    found = operations(schema)
    assert len(found) >= OPERATIONS
    with tally("API, one by one", "requests") as counted:
        counted_answers(counted)
        for operation in found:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                _try(operation, mode, known, keys, REQUESTS // len(found) // 2)
    assert counted.done >= REQUESTS * 0.5  # some wrong data cannot be made of every operation
    assert counted.broken == 0


def _try(
    operation: APIOperation,
    mode: GenerationMode,
    known: dict[str, list[str]],
    keys: dict[str, dict[str, str]],
    most: int,
) -> None:
    needed = docs.scope_of_operation()[str(operation.definition.raw["operationId"])]

    @how(most)
    @given(
        data=st.data(), case=operation.as_strategy(generation_mode=mode), key=st.sampled_from([ALL, ALL, ALL, *Scope])
    )
    def ask(data: st.DataObject, case: Case, key: str) -> None:
        if is_right(case) and data.draw(st.booleans()):
            with_known(case, known, lambda values: data.draw(st.sampled_from(values)))
        with transaction.atomic():
            answer = case.call_and_validate(headers=keys[key], **CHECKED)
            transaction.set_rollback(True)
        if key not in (ALL, needed):
            assert answer.status_code in {401, 403, 404, 405, 413}, (key, needed, answer.status_code)

    ask()


def test_no_sequence_of_requests_breaks_the_api(
    schema: BaseSchema,
    known: dict[str, list[str]],
    keys: dict[str, dict[str, str]],
    counted_answers: Callable[[Tally], None],
) -> None:
    """One answer's values go into the next request, as schemathesis links them; what one changed stays changed."""
    people = known["personal_number"]

    class Machine(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.atomic = transaction.atomic()
            self.atomic.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

        def before_call(self, case: Case) -> None:
            if not is_right(case):
                return
            with_known(case, known, lambda values: values[len(people) % len(values)])
            people.append(people.pop(0))

        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return {"headers": keys[ALL]}

        def validate_response(self, response: Response, case: Case, **kwargs: Any) -> None:
            case.validate_response(response, headers=keys[ALL], **CHECKED)

    with tally("API, in sequence", "requests") as counted:
        counted_answers(counted)
        run_state_machine_as_test(Machine, settings=settings(how(SEQUENCES), stateful_step_count=STEPS))
    assert counted.done >= SEQUENCES
    assert counted.broken == 0


def test_all_checks_are_on() -> None:
    names = {check.__name__ for check in CHECKS.get_all() if hasattr(check, "__name__")}
    assert {
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "missing_required_header",
        "unsupported_method",
        "ignored_auth",
    } <= names


def test_the_world_has_people(known: dict[str, list[str]]) -> None:
    assert Person.objects.count() == len(known["personal_number"])
