"""The live channel's own small ASGI process: server-sent events at `/live/?token=...`.

News are unnamed messages (`topic`, `kind`). Named events: `ping` at once and every 15 s, `lost` (the database is
gone), `missed` (ask for everything again). Each carries `at`, so that a page can show when the last news came.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.http.request import validate_host
from django.utils.log import configure_logging
from psycopg.conninfo import make_conninfo
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from vardnav.live import rules, selectors
from vardnav.live.newsroom import Event, Newsroom

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vardnav.config.settings")
# Settings and signing only: no django.setup(), no models. A second sooner, and half the memory.
configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)

newsroom = Newsroom()


def database_url() -> str:
    """Django's own connection parameters, for a connection outside its pool."""
    given = connection.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "options")
    return make_conninfo(**{name: given[name] for name in wanted if given.get(name)})


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    listener = asyncio.create_task(newsroom.listen(database_url()))
    yield
    listener.cancel()
    with suppress(asyncio.CancelledError):
        await listener


async def stream(request: Request) -> Response:
    """One open page."""
    allowed = cross_origin(request.headers.get("origin"))
    topics = selectors.topics_of(request.query_params.get("token", ""))
    if allowed is None or not topics:
        return PlainTextResponse("The token is not valid here.", 403)
    return EventSourceResponse(events(topics), headers=allowed, ping=rules.STREAM_SECONDS)


def cross_origin(origin: str | None) -> dict[str, str] | None:
    """Headers that let the page's origin read the stream; None when the origin is not one of our hosts."""
    if origin is None:
        return {}
    host = rules.host_of(origin)
    if host is None or not validate_host(host, settings.ALLOWED_HOSTS):
        return None
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}


async def events(topics: frozenset[str]) -> AsyncIterator[ServerSentEvent]:
    """What one page hears, until its hour is over."""
    end = asyncio.get_running_loop().time() + rules.STREAM_SECONDS
    async with newsroom.page(topics) as queue:
        yield sse("ping")
        if not newsroom.listening:
            yield sse("lost")
        while asyncio.get_running_loop().time() < end:
            try:
                yield worded(await asyncio.wait_for(queue.get(), rules.BEAT_SECONDS))
            except TimeoutError:
                yield sse("ping" if newsroom.listening else "lost")


def worded(event: Event) -> ServerSentEvent:
    if isinstance(event, rules.News):
        return sse(None, topic=event.topic, kind=event.kind)
    return sse(event)


def sse(event: str | None, **facts: str) -> ServerSentEvent:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    data = json.dumps({"at": at, **facts}, ensure_ascii=False)
    return ServerSentEvent(data, event=event, retry=rules.RETRY_MILLISECONDS)


async def health(_: Request) -> Response:
    status = 200 if newsroom.listening else 503
    return JSONResponse({"listening": newsroom.listening, "open_pages": newsroom.open_pages}, status)


application = Starlette(
    routes=[Route("/live/", stream), Route("/live/healthz", health)],
    lifespan=lifespan,
)
