"""Structured logs that name no patient: routes instead of addresses, and the first line of an error only.

A constraint's DETAIL line quotes the row ("Key (personal_number)=(...)"), so it never reaches the log.
"""

import logging
import os
import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

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
            first_line_of_error,
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


def first_line_of_error(_: object, __: str, event: EventDict) -> EventDict:
    """Where it happened and what kind it was, without the values that PostgreSQL or a form quotes."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[1] is not None:
        frames = traceback.extract_tb(info[2])
        event["error"] = f"{info[0].__name__}: {NUMBER.sub('...', str(info[1]).split(chr(10), 1)[0])}"
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    return event
