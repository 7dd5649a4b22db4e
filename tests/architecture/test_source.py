"""Doors, writers, clocks and templates: what import-linter cannot see."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.conftest import PACKAGE, Module

from vardnav.config.settings import ROOMS

DOORS = {"actions", "selectors", "rules"}
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "update",
    "aupdate",
    "acreate",
    "asave",
}
CLOCKS = {("timezone", "now"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("datetime", "today")}
CLOCKS |= {("timezone", "localtime"), ("timezone", "localdate"), ("time", "time")}
TIMELESS = {"rules", "actions", "selectors", "models"}


def imported(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Every imported dotted name; `from a import b` gives a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def test_a_room_is_entered_by_its_doors_only(modules: list[Module]) -> None:
    """`apps.py` may also register something with a room below when the program starts."""
    wrong = [
        f"{module.at(node)} imports {name}"
        for module in modules
        if module.kind != "apps"
        for node, name in imported(module.tree)
        if (parts := name.split("."))[0] == "vardnav"
        and len(parts) > 2
        and parts[1] in ROOMS
        and parts[1] != module.room
        and parts[2] not in DOORS
    ]
    assert not wrong, "\n".join(wrong)


def test_only_actions_write(modules: list[Module]) -> None:
    """`.update(...)` on a dict or a hash is told from a queryset's by where it stands: after objects, filter ..."""
    wrong = [
        f"{module.at(node)} .{node.func.attr}()"
        for module in modules
        if module.room in ROOMS or module.room in {"web", "api", "extracts", "demo", "cli"}
        if module.kind != "actions"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
        if node.func.attr not in {"update", "delete", "save", "create"} or on_a_queryset(node.func.value)
    ]
    assert not wrong, "\n".join(wrong)


def on_a_queryset(value: ast.expr) -> bool:
    text = ast.unparse(value)
    return bool(re.search(r"\bobjects\b|\.(filter|exclude|all|select_for_update|order_by)\(", text))


def test_no_room_reads_the_clock(modules: list[Module]) -> None:
    wrong = [
        f"{module.at(node)} {ast.unparse(node.func)}()"
        for module in modules
        if module.room in ROOMS and module.kind in TIMELESS
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if (ast.unparse(node.func.value).split(".")[-1], node.func.attr) in CLOCKS
    ]
    assert not wrong, "\n".join(wrong)


def test_no_model_overrides_save_and_nobody_listens_to_signals(modules: list[Module]) -> None:
    """That a connection was made is no signal of a model: the wall must know it."""
    wrong = [
        module.at(node)
        for module in modules
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"} and module.kind == "models")
        or (isinstance(node, ast.ImportFrom) and (node.module or "").endswith("signals"))
        if getattr(node, "module", "") != "django.db.backends.signals"
    ]
    assert not wrong, "\n".join(wrong)


def test_templates_have_nothing_inline() -> None:
    """The Content-Security-Policy would stop it; the page would be broken without a word."""
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=|javascript:|\bhx-on", re.IGNORECASE
    )
    data = re.compile(r"""<script[^>]*type=["']application/json["']""", re.IGNORECASE)
    wrong = [
        f"{template.relative_to(PACKAGE)}:{number} {line.strip()[:100]}"
        for template in PACKAGE.rglob("*.html")
        if "vendor" not in template.parts
        for number, line in enumerate(template.read_text(encoding="utf-8").splitlines(), 1)
        if inline.search(line) and not data.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_a_room_says_what_it_owns(modules: list[Module]) -> None:
    """One docstring in `__init__.py`, and no code."""
    for room in ROOMS:
        tree = ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), room
        assert len(tree.body) == 1, room


def test_names_say_what_a_thing_is(modules: list[Module]) -> None:
    vague = re.compile(r"(Manager|Helper|Utils?|Service|Handler)$")
    wrong = [
        f"{module.at(node)} {node.name}"
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and vague.search(node.name)
        # Django's own word for a model's door to its table
        and not any("Manager" in ast.unparse(base) for base in node.bases)
    ]
    assert not wrong, "\n".join(wrong)
    assert not [module.path for module in modules if module.path.stem in {"utils", "helpers", "services", "managers"}]


def test_files_and_functions_stay_small(modules: list[Module]) -> None:
    """Sizes are examples, not limits; this is where somebody must stop and think."""
    large = [str(module.path) for module in modules if len(module.text.splitlines()) > 500]
    long = [
        f"{module.at(node)} {node.name}"
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= 80
    ]
    assert not large + long, "\n".join(large + long)
