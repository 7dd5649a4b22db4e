"""HSA-id: the national directory's identity of units and professionals."""

import re

PATTERN = re.compile(r"SE\d{10}-[A-Z0-9]{1,20}\Z")


class NotAnHsaId(ValueError):
    def __init__(self, value: str) -> None:
        super().__init__(f"{value!r} is not an HSA-id: SE, ten digits, a hyphen, letters or digits")


def parse(text: str) -> str:
    """The HSA-id in its canonical form (upper case, no spaces).

    Raises NotAnHsaId.
    """
    value = text.strip().upper()
    if not PATTERN.match(value):
        raise NotAnHsaId(text)
    return value
