"""Version 1: its operations, its errors, and the OpenAPI text of both."""

from collections.abc import Iterator
from typing import Any

import pydantic
from ninja import NinjaAPI
from ninja.errors import ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema

from vardnav.api import errors, listing, organisation, schemas
from vardnav.api.asked import Parameters

PROBLEMS = {
    400: ("bad_request", "The body cannot be read: send a JSON object in UTF-8."),
    401: ("key_needed", "Send a key that is in force: Authorization: Bearer vnav_..."),
    403: ("scope_missing", "The key needs the scope listing:write."),
    404: ("not_found", "There is no unit SE2321000214-A9999."),
    409: ("clinic_full", "The clinic has a cap and no free place, or others wait before."),
    413: ("too_large", "The request is larger than the API reads."),
    422: ("invalid", "These fields do not fit: personal_number."),
    429: ("too_many_calls", "The key may make 600 calls a minute. Try again in 12 s."),
}
DONE = {
    "choose_clinic": {"result": "listed", "clinic": "Ekens hälsocentral", "starts_on": "2026-11-24"},
    "join_queue": {"result": "queued", "clinic": "Alens hälsocentral", "ahead": 12},
    "leave_queue": {"result": "left_queue"},
    "accept_offer": {"result": "listed", "clinic": "Alens hälsocentral", "starts_on": "2026-11-24"},
    "decline_offer": {"result": "declined"},
    "name_doctor": {"result": "named", "doctor": "Eva Berg", "starts_on": "2026-11-23"},
}
METHODS = {"get", "post", "put", "patch", "delete"}


class VersionOne(NinjaAPI):
    """Adds what Ninja leaves out: the value that did not fit, and the problems of every operation."""

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        values = [
            one["input"]
            for context in error_contexts
            for one in context.pydantic_validation_error.errors(include_url=False)
        ]
        found = super().validation_error_from_error_contexts(error_contexts)
        for one, value in zip(found.errors, values, strict=True):
            if one["type"] != "missing":
                one["value"] = value
        return found

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix or "/api/v1/", path_params=path_params)
        components = schema["components"]["schemas"]
        problem = pydantic.TypeAdapter(schemas.Problem).json_schema(ref_template="#/components/schemas/{model}")
        components.update(problem.pop("$defs"))
        components["Problem"] = problem
        for method, operation in operations(schema):
            _give_examples(operation, components)
            _give_problems(operation, method)
        return schema


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation of an OpenAPI text with its method."""
    for path in schema["paths"].values():
        for method, operation in path.items():
            if method in METHODS:
                yield method, operation


def _give_examples(operation: dict[str, Any], components: dict[str, Any]) -> None:
    """The example of a schema, or of the command, beside each body."""
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    for body in [*bodies, *operation["responses"].values()]:
        for content in body.get("content", {}).values():
            name = content["schema"].get("$ref", "").rsplit("/", 1)[-1]
            example = components.get(name, {}).get("example") or content["schema"].get("example")
            content["example"] = DONE[operation["operationId"]] if name == "Done" else example


def _give_problems(operation: dict[str, Any], method: str) -> None:
    wanted = (
        PROBLEMS if method == "post" else {code: text for code, text in PROBLEMS.items() if code not in (400, 409, 413)}
    )
    for status, (code, detail) in wanted.items():
        example: dict[str, Any] = {
            "type": f"{errors.PAGE}{code}",
            "title": errors.TITLES.get(status, code.replace("_", " ").capitalize()),
            "status": status,
            "detail": detail,
            "code": code,
            "request_id": "3f0c9d1d6f0b4b8e9a51",
        }
        if status == 422:
            remedy = "The check digit does not match."
            example["errors"] = [{"field": "personal_number", "value": "19840314-9825", "remedy": remedy}]
        operation["responses"][status] = {
            "description": code.replace("_", " ").capitalize(),
            "content": {errors.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
        }


api = VersionOne(
    title="Vårdnav",
    version="1",
    description="Organisation and listing of one region. Problems are told as RFC 9457 says; see /api/.",
    urls_namespace="api-v1",
    docs_url=None,  # Ninja's page fetches its scripts from elsewhere; ours is /api/
)
errors.install(api)
api.add_decorator(Parameters(api.get_openapi_schema).checked)
api.add_router("/organisation", organisation.router)
api.add_router("/listing", listing.router)
