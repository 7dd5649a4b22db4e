"""Every table says which of its fields hold what kind of personal data."""

from typing import Literal

PersonalDataClass = Literal["none", "identity", "contact", "health", "whereabouts", "account"]


def classes(**names_by_class: str) -> dict[str, str]:
    """Map field names to their class: `classes(none="id at", identity="name")`."""
    return {name: kind for kind, names in names_by_class.items() for name in names.split()}
