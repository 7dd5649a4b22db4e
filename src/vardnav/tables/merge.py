"""Bring staged rows into a table: insert what is new, update what differs, leave the rest untouched.

Two statements under the importer's table lock instead of INSERT ... ON CONFLICT DO UPDATE: that one locks, and so
writes, every row it meets, also those that stay as they are.
"""

# ruff: noqa: S608  names of tables and columns come from this code, values are bound

from dataclasses import dataclass, field

from django.db import connection


@dataclass(frozen=True, slots=True)
class Changed:
    inserted: int = 0
    updated: int = 0

    def __add__(self, other: "Changed") -> "Changed":
        return Changed(self.inserted + other.inserted, self.updated + other.updated)

    @property
    def rows(self) -> int:
        return self.inserted + self.updated


@dataclass(frozen=True, slots=True)
class Merge:
    """How staged rows (`s`) become rows of a table (`t`)."""

    table: str
    key: tuple[str, ...]
    values: dict[str, str]  # column -> expression over s and what is joined
    joins: str = ""
    kept: dict[str, str] = field(default_factory=dict)  # column -> expression over t and n (new), on update


def merge(how: Merge, stage: str) -> Changed:
    """`stage` is the name of a temporary table, from code and never from a user."""
    fresh = is_empty(how.table)
    updated = 0 if fresh else _execute(_update(how, stage))
    return Changed(_execute(_insert(how, stage, fresh)), updated)


def is_empty(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {table})")
        return bool(cursor.fetchone()[0])


def _new(how: Merge, stage: str) -> str:
    values = ", ".join(f"{value} AS {column}" for column, value in how.values.items())
    return f"SELECT {values} FROM {stage} s {how.joins}"


def _insert(how: Merge, stage: str, fresh: bool) -> str:
    columns = ", ".join(how.values)
    unless = "" if fresh else f"WHERE NOT EXISTS (SELECT FROM {how.table} t WHERE {_same_key(how)})"
    return f"INSERT INTO {how.table} ({columns}) SELECT {columns} FROM ({_new(how, stage)}) n {unless}"


def _update(how: Merge, stage: str) -> str:
    values = {column: how.kept.get(column, f"n.{column}") for column in how.values if column not in how.key}
    sets = ", ".join(f"{column} = {value}" for column, value in values.items())
    old = ", ".join(f"t.{column}" for column in values)
    new = ", ".join(values.values())
    return (
        f"UPDATE {how.table} t SET {sets} FROM ({_new(how, stage)}) n "
        f"WHERE {_same_key(how)} AND ({old}) IS DISTINCT FROM ({new})"
    )


def _same_key(how: Merge) -> str:
    return " AND ".join(f"t.{column} = n.{column}" for column in how.key)


def _execute(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)
