"""What stands in an address: a parameter that is not known, or stands twice, is refused and not lost in silence."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from ninja.openapi.schema import OpenAPISchema

from vardnav.api.errors import Invalid

View = Callable[..., Any]
LONGEST_NAME = 60


class Parameters:
    """The query parameters of each operation, read off the OpenAPI text once."""

    def __init__(self, text: Callable[[], OpenAPISchema]) -> None:
        self.text = text
        self.known: dict[str, frozenset[str]] = {}

    def of(self, operation: str) -> frozenset[str]:
        if not self.known:
            self.known = {
                one["operationId"]: frozenset(
                    each["name"] for each in one.get("parameters", []) if each["in"] == "query"
                )
                for methods in self.text()["paths"].values()
                for one in methods.values()
                if "operationId" in one
            }
        return self.known.get(operation, frozenset())

    def checked(self, view: View) -> View:
        """Refuse before the view is asked; who has no key or scope has been refused already."""

        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            match = request.resolver_match
            known = self.of(match.url_name or "") if match else frozenset()
            for name, values in request.GET.lists():
                if name not in known:
                    remedy = f"Remove it; known are {', '.join(sorted(known))}." if known else "Remove it."
                    raise Invalid(name[:LONGEST_NAME], values[-1], remedy)
                if len(values) > 1:
                    raise Invalid(name, values[-1], "Write it once.")
            return view(request, *args, **kwargs)

        return inner
