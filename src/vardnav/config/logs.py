"""Structured logs that name no patient: routes instead of addresses, and of an error its kind and where it happened.

The text of an error quotes what it is about: a constraint's DETAIL the row, a ValueError the value, a KeyError the key.
So no text is kept but of errors about the connection to the database, and those have no rows to quote.
"""

import logging
import os
import re
import sys
import traceback
from typing import Any

import psycopg
import structlog
from structlog.typing import EventDict, Processor

# Classes of SQLSTATE: connection, resources, an operator's doing, the system; none: the client's own, of no statement.
ABOUT_THE_SERVER = frozenset({"", "08", "53", "57", "58"})
NUMBER = re.compile(r"\d{6,8}[-+ ]?(?:\d{4}|[Rr]\d{3})")  # an identity number that an error quotes


def console() -> bool:
    """Coloured lines on a terminal, JSON elsewhere; VARDNAV_LOG decides when it is set."""
    return os.environ.get("VARDNAV_LOG", "console" if sys.stderr.isatty() else "json") == "console"


def settings(level: str = "INFO") -> dict[str, Any]:
    """Django's LOGGING: everything to stderr through one formatter."""
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "vardnav.config.logs.formatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},  # our own line tells of the rest
            "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners fill the log
            "_granian": {"level": "WARNING"},
            "procrastinate": {"level": "WARNING"},
        },
    }


def formatter() -> logging.Formatter:
    last: Processor = structlog.dev.ConsoleRenderer() if console() else structlog.processors.JSONRenderer()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_shared(), structlog.stdlib.ExtraAdder(allow=["error"])],
        processors=[
            route_for_address,
            kind_of_error,
            no_numbers,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            last,
        ],
    )


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def route_for_address(_: object, __: str, event: EventDict) -> EventDict:
    """Django's own error lines hold the address; ours hold the route."""
    request = getattr(event.get("_record"), "request", None)
    if request is not None and hasattr(request, "resolver_match"):
        match = request.resolver_match
        event.update(event="request.failed", route=match.route if match else "")
    return event


def kind_of_error(_: object, __: str, event: EventDict) -> EventDict:
    """Where it happened and what kind it was, without the values that it quotes."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[1] is not None:
        frames = traceback.extract_tb(info[2])
        event["error"] = told(info[1])
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
        if text := str(info[1]).strip():  # others write the text of an error into their own line
            event["event"] = str(event.get("event", "")).replace(text, "...").replace(repr(info[1]), "...")
    return event


def told(error: BaseException) -> str:
    """The kind of an error; of the database's its code and constraint; the text only where it can quote no row."""
    name, cause = type(error).__name__, error.__cause__ or error
    if not isinstance(cause, psycopg.Error):
        return name
    state = cause.sqlstate or ""
    if isinstance(cause, psycopg.OperationalError) and state[:2] in ABOUT_THE_SERVER:
        return f"{name}: {NUMBER.sub('...', str(error).split(chr(10), 1)[0])}"
    return " ".join(part for part in (f"{name}:", state, cause.diag.constraint_name or "") if part).rstrip(":")


def no_numbers(_: object, __: str, event: EventDict) -> EventDict:
    """Whoever wrote the line: an identity number stands in no log."""
    return {name: NUMBER.sub("...", value) if isinstance(value, str) else value for name, value in event.items()}
