"""/api/: every operation with its examples, as a page of our own that fetches nothing from elsewhere."""

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vardnav.api import limits
from vardnav.api.auth import ServiceKey
from vardnav.api.v1 import METHODS, PROBLEMS, api
from vardnav.identity.rules import Scope


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    context = {
        "operations": operations(),
        "problems": [(status, code, detail) for status, (code, detail) in PROBLEMS.items()],
        "scopes": list(Scope),
        "calls_per_minute": limits.CALLS_PER_MINUTE,
        "body_bytes": limits.BODY_BYTES,
    }
    return render(request, "api/docs.html", context)


@cache
def operations() -> list[dict[str, Any]]:
    """What the page shows of each operation, read from the OpenAPI text itself."""
    schema = api.get_openapi_schema()
    scopes = scope_of_operation()
    return [
        {
            "method": method.upper(),
            "path": path,
            "name": one["operationId"],
            "summary": one["description"],
            "scope": scopes[one["operationId"]],
            "parameters": one.get("parameters", []),
            "request": _pretty(one.get("requestBody", {})),
            "response": _pretty(one["responses"][200]),
        }
        for path, methods in schema["paths"].items()
        for method, one in methods.items()
        if method in METHODS
    ]


def scope_of_operation() -> dict[str, str]:
    """The scope that each operation asks for, from its own guard."""
    return {
        operation.operation_id: key.scope.value
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
        for key in operation.auth_callbacks
        if operation.operation_id and isinstance(key, ServiceKey)
    }


def _pretty(body: dict[str, Any]) -> str:
    example = body.get("content", {}).get("application/json", {}).get("example")
    return json.dumps(example, ensure_ascii=False, indent=2) if example is not None else ""
