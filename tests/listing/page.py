"""Write docs/rules/listing.md from the tables of cases: python -m tests.listing.page"""

from datetime import date
from enum import Enum
from pathlib import Path

from tests.listing.cases import TABLES

HEAD = """# Listing and named doctors: the rules, with worked cases

Every row below is a test. Values marked as the region's own are parameters with a day they hold from and a source;
the cases use the defaults. The code: `src/vardnav/listing/rules.py`, `src/vardnav/organisation/rules.py`,
`src/vardnav/patients/rules.py`.
"""


def page() -> str:
    parts = [HEAD]
    for table in TABLES:
        parts.append(f"\n## {table.title}\n\n{table.explains}\n\nSource: {table.source}.\n")
        parts.append(f"\n| {' | '.join(table.columns)} |\n|{'---|' * len(table.columns)}")
        parts.extend(f"\n| {' | '.join(_text(cell) for cell in row)} |" for row in table.rows)
        parts.append("\n")
    return "".join(parts)


def _text(cell: object) -> str:
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Enum):
        return str(cell.value)
    if isinstance(cell, tuple):
        return ", ".join(_text(one) for one in cell) or "–"
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


if __name__ == "__main__":
    Path("docs/rules/listing.md").write_text(page(), encoding="utf-8")
