"""Every refusal has its sentence: a person never reads a code or English by mistake."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import vardnav
from vardnav.kernel.errors import Refusal
from vardnav.web.refusals import TEXTS

# Said by commands and imports, or to programs; no page shows them.
NOT_ON_PAGES = ("vardnav.cli", "vardnav.config", "vardnav.extracts", "vardnav.api", "vardnav.demo", "vardnav.tables")


def refusals() -> list[type[Refusal]]:
    for module in pkgutil.walk_packages(vardnav.__path__, "vardnav."):
        if not re.search(r"\.migrations|__main__|\.cli\b", module.name):
            importlib.import_module(module.name)
    return sorted(set(_below(Refusal)), key=lambda one: one.__name__)


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


@pytest.mark.parametrize("kind", refusals())
def test_a_refusal_is_worded(kind: type[Refusal]) -> None:
    if kind.__module__.startswith(NOT_ON_PAGES):
        return
    code = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    assert code in TEXTS, f"{kind.__module__}.{kind.__name__}: {kind.__doc__}"
