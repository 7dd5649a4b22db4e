"""/healthz and /metrics, for those who watch over the servers."""

import hmac

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from vardnav.config import metrics, schema
from vardnav.kernel.errors import Refusal


@require_safe
def alive(_: HttpRequest) -> JsonResponse:
    """Alive: 200 as long as this process answers at all; the database is not asked."""
    return JsonResponse({"status": "alive"})


@require_safe
def healthz(_: HttpRequest) -> JsonResponse:
    """Ready: 200 when the database answers and has our migrations, else 503 and the reason."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        schema.demand_current()
    except DatabaseError:
        return unavailable("The database does not answer.")
    except Refusal as reason:
        return unavailable(str(reason))
    return JsonResponse({"status": "ok"})


def unavailable(reason: str) -> JsonResponse:
    return JsonResponse({"status": "unavailable", "reason": reason}, status=503)


@require_safe
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Open unless VARDNAV_METRICS_TOKEN is set; then `Authorization: Bearer ...`."""
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and not hmac.compare_digest(wanted.encode(), given.encode()):
        return HttpResponseForbidden("A token is needed.\n", content_type="text/plain")
    return HttpResponse(metrics.text(), content_type=CONTENT_TYPE_LATEST)
