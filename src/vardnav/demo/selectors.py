"""The people one can try the demo as."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoPerson:
    role_label: str
    name: str
    username: str
    password: str
    does: str


def people() -> list[DemoPerson]:
    return []
