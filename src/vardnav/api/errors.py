"""Whatever goes wrong as application/problem+json (RFC 9457): what happened, to which field, and what to do."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from vardnav.api.audit import record_denial
from vardnav.kernel.errors import Refusal

log = logging.getLogger("vardnav.api")
CONTENT_TYPE = "application/problem+json"
PAGE = "/api/#"  # the page that explains every type
PRIVATE_FACTS = {"patient_id"}  # ids of ours are for our own log
REMEDIES = {
    "missing": "Add the field.",
    "extra_forbidden": "Remove the field: it is not known here.",
    "string_type": "Write a string.",
    "string_too_long": "Write at most {max_length} characters.",
    "string_too_short": "Write at least {min_length} characters.",
    "int_parsing": "Write a whole number.",
    "greater_than_equal": "Write {ge} or more.",
    "less_than_equal": "Write {le} or less.",
    "enum": "Use one of {expected}.",
    "date_from_datetime_parsing": "Write a date as ÅÅÅÅ-MM-DD.",
    "date_parsing": "Write a date as ÅÅÅÅ-MM-DD.",
    "date_type": "Write a date as ÅÅÅÅ-MM-DD.",
    "bool_parsing": "Write true or false.",
    "model_attributes_type": "Send a JSON object.",
    "model_type": "Send a JSON object.",
    "string_pattern_mismatch": "Write it in the form of the example.",
}


class Invalid(Refusal):
    """A field does not fit."""

    status = 422

    def __init__(self, field: str, value: object, remedy: str) -> None:
        super().__init__(f"{field} does not fit: {remedy}")
        self.errors = [{"field": field, "value": shown(value), "remedy": remedy}]


class NotFound(Refusal):
    """There is nothing of that name here."""

    status = 404


class ScopeMissing(Refusal):
    """The key does not have the scope that this needs."""

    status = 403


class TooManyCalls(Refusal):
    """The key has made all its calls for this minute."""

    status = 429


class TooLarge(Refusal):
    """The request is larger than the API reads."""

    status = 413


TITLES = {401: "Key needed", 404: "Not found", 405: "Method not allowed", 500: "Something went wrong"}
DETAILS = {
    400: "The body cannot be read: send a JSON object in UTF-8.",
    401: "Send a key that is in force: Authorization: Bearer vnav_...",
    403: "Call over HTTPS. The key has now gone over HTTP, where others may have read it: have it revoked.",
    404: "There is nothing at this address; /api/ lists every operation.",
    405: "The address exists but not with this method; Allow says which.",
    503: "The database does not answer just now. Send the request again in a moment, with its Idempotency-Key.",
    500: "We have logged what happened. The request changed nothing; it may be sent again with its Idempotency-Key.",
}


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    *,
    title: str = "",
    facts: Mapping[str, object] | None = None,
    errors: Sequence[Mapping[str, object]] = (),
) -> HttpResponse:
    body: dict[str, Any] = {
        "type": f"{PAGE}{code}",
        "title": title or code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": getattr(request, "request_id", ""),
    }
    told = {name: plain(fact) for name, fact in (facts or {}).items() if name not in PRIVATE_FACTS}
    if told:
        body["facts"] = told
    if errors:
        body["errors"] = list(errors)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})


def plain(fact: object) -> object:
    """A fact as JSON has it."""
    if fact is None or isinstance(fact, bool | int | float | str):
        return fact
    if isinstance(fact, date):  # datetime too
        return fact.isoformat()
    return str(fact) if isinstance(fact, Decimal) else str(fact)[:200]


def shown(value: object) -> object:
    """What was sent, so that the sender finds it; long texts are cut."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:100].encode("utf-8", "replace").decode()


def of_status(request: HttpRequest, status: int) -> HttpResponse:
    title = TITLES.get(status, HTTPStatus(status).phrase)
    code = title.lower().replace(" ", "_")
    return problem(request, status, code, DETAILS.get(status, title), title=title)


def of_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A denied access leaves its own line although the work is rolled back."""
    if refusal.status == 403:
        record_denial(request, refusal)
    answer = problem(
        request,
        refusal.status,
        refusal.code,
        str(refusal),
        facts=refusal.facts,
        errors=getattr(refusal, "errors", ()),
    )
    if isinstance(refusal, TooManyCalls):
        answer["Retry-After"] = str(refusal.facts["wait_seconds"])
    return answer


def of_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [_field_error(one) for one in error.errors]
    fields = ", ".join(str(one["field"]) for one in errors)
    return problem(request, 422, "invalid", f"These fields do not fit: {fields}.", errors=errors)


def _field_error(one: Mapping[str, Any]) -> dict[str, object]:
    """`loc` is where pydantic looked: ("body", "choice", "clinic") or ("query", "limit")."""
    where = [str(part) for part in one["loc"]]
    field = ".".join(where[2:] if where[0] == "body" and len(where) > 2 else where[1:]) or where[0]
    remedy = REMEDIES.get(one["type"], "")
    try:
        remedy = remedy.format(**one.get("ctx", {}))
    except KeyError:
        remedy = ""
    return {"field": field, "value": shown(one.get("value")), "remedy": remedy or f"{one['msg']}."}


def install(api: NinjaAPI) -> None:
    """Let every error of the API be a problem."""

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return of_refusal(request, refusal)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return of_validation(request, error)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        record_denial(request, error)
        answer = of_status(request, 401)
        answer["WWW-Authenticate"] = 'Bearer realm="vardnav"'
        return answer

    @api.exception_handler(Exception)
    def broke(request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("the API broke", exc_info=error)
        return of_status(request, 503 if isinstance(error, OperationalError | InterfaceError) else 500)

    @api.exception_handler(HttpError)
    def failed(request: HttpRequest, error: HttpError) -> HttpResponse:
        return of_status(request, error.status_code)
