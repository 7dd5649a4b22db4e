"""Refusals: what the program will not do, as named exceptions that pages, API and commands put into words."""

import re
from typing import ClassVar


class Refusal(Exception):
    """Base of every refusal. `facts` are what the sentence needs (a date, a number), never a person's data."""

    status: ClassVar[int] = 409

    def __init__(self, message: str = "", **facts: object) -> None:
        super().__init__(message or (type(self).__doc__ or type(self).__name__).strip().split("\n", 1)[0])
        self.facts = facts

    @property
    def code(self) -> str:
        """The class name as words, for API answers and texts: `CeilingReached` -> `ceiling_reached`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()
