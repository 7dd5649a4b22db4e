"""The command line: each module in this folder with an `app` is a subcommand of its own name."""

import importlib
import os
import pkgutil
import signal
import sys

import typer

from vardnav.cli.ready import explained
from vardnav.kernel.errors import Refusal


def build() -> typer.Typer:
    """All commands. Nothing is connected or started: `vardnav --help` works without a database."""
    app = typer.Typer(
        name="vardnav",
        help="Vårdnav: what a Swedish region runs its primary care on.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    for module in sorted(found.name for found in pkgutil.iter_modules(__path__)):
        part = getattr(importlib.import_module(f"{__name__}.{module}"), "app", None)
        if isinstance(part, typer.Typer):
            alone = len(part.registered_commands) == 1 and part.registered_callback is None
            app.add_typer(part, name=None if alone else module)
    return app


def main() -> None:
    """Run one command: exit code 0 when it did its work, else one sentence on stderr and 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vardnav.config.settings")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that exit handlers run
    try:
        build()()
    except Exception as error:
        if os.environ.get("VARDNAV_DEBUG") == "1":
            raise
        sentence = explained(error)
        sys.stderr.write(f"vardnav: {sentence}\n")
        sys.exit(1)


__all__ = ["Refusal", "build", "main"]
