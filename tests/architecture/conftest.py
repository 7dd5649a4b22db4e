"""The source tree, read once."""

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "vardnav"


@dataclass(frozen=True)
class Module:
    """A source file: its dotted name and its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def dotted(self) -> tuple[str, ...]:
        return self.path.relative_to(PACKAGE.parent).with_suffix("").parts

    @property
    def room(self) -> str:
        return self.dotted[1] if len(self.dotted) > 2 else ""

    @property
    def kind(self) -> str:
        """`actions` for room/actions.py and room/actions/book.py alike."""
        return self.dotted[2] if len(self.dotted) > 2 else self.dotted[-1]

    def at(self, node: ast.AST) -> str:
        return f"{self.path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    return [
        Module(path, text := path.read_text(encoding="utf-8"), ast.parse(text))
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts
    ]
