"""The page docs/extract.md, made from the format itself."""

import sys

from vardnav.extracts.format import TABLES, Column, Kind, Table

HEAD = """\
# The extract format

<!-- Made from src/vardnav/extracts/format.py: python -m vardnav.extracts.document > docs/extract.md -->

A region's registers as a folder with one file for each table: `residents.csv` or `residents.parquet`, and so on.
`vardnav region import DIR` reads it, `vardnav region export DIR` writes it.

* **CSV** is UTF-8 with a header, commas, and quotes around values that hold a comma or a quote. A value is on one line.
* **Parquet** has the same columns: text, or the type itself (dates, whole numbers, numbers, true/false, timestamps).
* Columns may come in any order. A column too many or too few is a fault: a misspelt name never goes unseen.
* An empty value means unknown. Blanks around a value are cut off.
* Periods are half-open: `starts_on` is the first day, `ends_on` the first day after. Empty `ends_on`: it goes on.
* Numbers are kept with two decimals, instants with microseconds, coordinates as they are.

## Import

The extract is judged as a whole before anything is written: every value, every reference (to a row of the extract or
of the database), and that periods do not overlap (with each other or with the database's). All faults are told with
file, line, column, value and remedy; the first hundred on the screen, all of them in a CSV report (`--report`). In
Parquet, lines are rows counted from 1. One fault is enough for nothing to be written.

Then the rows are brought in, in one transaction. A row whose key the database has is updated where it differs, other
rows are new, and **nothing is removed**: a row that is in the database and not in the extract stays, so that a part of
the tables, or of their rows, can be sent by itself. To end something, send the row with its `ends_on`. The same
extract again changes nothing.

**An end that stands is kept.** A row of *listings* or *named_doctors* that has ended in the database and has no
`ends_on` in the extract keeps its end, whoever set it: the extract may be older than the day a resident left the
clinic, and nothing in it tells. The import goes on, counts such rows, and writes them to the report (`--report`) as
*kept*. To take an end back, send a row that begins that day; another `ends_on` replaces it.

An import that is interrupted, by whatever, leaves everything as it was.

While the tables are compared and merged, whoever changes a listing waits; reading goes on. Two imports at the same
time are refused. An import leaves one line in the log (`extracts.region.imported`) with the number of rows by table.

## Export

An export is the region's own copy of its data: **patient data, to be kept as such.** The folder can be read only by the
account that wrote it. Rows are sorted by key and always written the same way, so that export, import, and export again
in the same way give the same bytes. It leaves one line in the log (`extracts.region.exported`).

For people with protected identity, the columns marked *whereabouts* are left empty, the area too, and rows of
*guardians* that name one of them, as child or guardian, are left out. Import keeps what the database has where such a
value is empty and removes no row that is absent, so nothing is lost when an extract comes back. Their names, clinic and
named doctor are still there. `--with-protected --reason "..."` writes everything; the reason stands in the log.

To move a region to an empty database, export it `--with-protected`: a protected person who is new there and has no
area is a fault.

Not in an extract: accounts, assignments, the log, needs that staff have stated, offers (a place that is offered is
exported as waiting), asked and refused caps, and choices that wait for the other guardian.

## Tables
"""

KINDS = {
    Kind.HSA_ID: "`SE`, ten digits, hyphen, capital letters or digits",
    Kind.PERSON: "`YYYYMMDDNNNN` (day + 60 in a coordination number), or `YYYYMMDDRNNN` for a reserve number",
    Kind.LANGUAGES: "ISO 639-1 codes with a space between",
    Kind.DATE: "`YYYY-MM-DD`",
    Kind.INSTANT: "`YYYY-MM-DDTHH:MM:SSZ`",
    Kind.FLAG: "`true` or `false`",
}


def page() -> str:
    return "\n".join([HEAD, *(_table(table) for table in TABLES)])


def _table(table: Table) -> str:
    lines = [f"### {table.name}", "", table.says, ""]
    if table.apart:
        lines += [f"Periods with the same {' and '.join(f'`{name}`' for name in table.apart)} may not overlap.", ""]
    lines += ["| column | what it is | value |", "|---|---|---|"]
    lines += [f"| {_name(table, column)} | {_says(column)} | {_value(column)} |" for column in table.columns]
    return "\n".join([*lines, ""])


def _name(table: Table, column: Column) -> str:
    return f"**`{column.name}`** (key)" if column.name in table.key else f"`{column.name}`"


def _says(column: Column) -> str:
    says = column.says
    if column.refers:
        says += f"; a row of *{column.refers}*"
    if not column.required and "empty" not in says:
        says += "; may be empty"
    return says + ("; *whereabouts*" if column.whereabouts else "")


def _value(column: Column) -> str:
    if column.one_of:
        return ", ".join(f"`{word}`" for word in column.one_of)
    if column.low is not None:
        return f"{column.kind.value}, {column.low:,.10g} to {column.high:,.10g}"
    if column.kind in (Kind.TEXT, Kind.CODE):
        return f"up to {column.longest} characters"
    return KINDS[column.kind]


if __name__ == "__main__":
    sys.stdout.write(page())
