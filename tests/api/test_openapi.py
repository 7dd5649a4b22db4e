"""The OpenAPI text does not change by accident, and its examples fit."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from ninja import Schema
from typer.testing import CliRunner

from vardnav.api import docs, schemas
from vardnav.api.v1 import DONE, api, operations
from vardnav.cli.openapi import app

SNAPSHOT = Path(__file__).with_name("openapi.json")
OPERATIONS = [one for _, one in operations(api.get_openapi_schema())]
SCHEMAS = [one for one in vars(schemas).values() if isinstance(one, type) and issubclass(one, Schema)]


def test_the_openapi_text_is_the_one_that_was_agreed() -> None:
    """If the change is meant: `vardnav openapi --to tests/api/openapi.json`."""
    written = CliRunner().invoke(app, []).output
    assert json.loads(written) == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


@pytest.mark.parametrize("operation", OPERATIONS, ids=[one["operationId"] for one in OPERATIONS])
def test_every_operation_has_words_a_scope_and_examples(operation: dict[str, Any]) -> None:
    assert operation["description"]
    assert operation["security"] == [{"ServiceKey": []}]
    assert docs.scope_of_operation()[operation["operationId"]]
    for status, response in operation["responses"].items():
        for content in response["content"].values():
            assert content["example"], status
    for content in operation.get("requestBody", {}).get("content", {}).values():
        assert content["example"]
    for parameter in operation["parameters"]:
        assert "example" in parameter or parameter["schema"].get("type") == "boolean", parameter["name"]


@pytest.mark.parametrize("schema", SCHEMAS, ids=[one.__name__ for one in SCHEMAS])
def test_examples_fit_their_schema(schema: type[Schema]) -> None:
    example = (schema.model_config.get("json_schema_extra") or {}).get("example")  # type: ignore[union-attr]
    if example is not None:
        schema.model_validate(example)


@pytest.mark.parametrize("example", DONE.values(), ids=list(DONE))
def test_examples_of_commands_fit(example: dict[str, Any]) -> None:
    assert schemas.Done.model_validate(example).model_dump(mode="json", exclude_none=True) == example


def test_no_address_has_a_place_for_a_personal_number() -> None:
    text = json.dumps([list(api.get_openapi_schema()["paths"]), [one["parameters"] for one in OPERATIONS]])
    assert "personal" not in text
    assert "person_id" not in text


@pytest.mark.django_db
def test_the_page_lists_every_operation_and_fetches_nothing_from_elsewhere(client: Client) -> None:
    answer = client.get("/api/")
    text = answer.content.decode()
    assert answer.status_code == 200
    for path in api.get_openapi_schema()["paths"]:
        assert path in text
    assert 'src="http' not in text
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_text_is_served_to_anybody(client: Client) -> None:
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "Vårdnav"
