"""Pages by key set: `?after=` the last key of the page before, and the address of the next page ready made."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from ninja import Query

PAGE = 50
LARGEST_PAGE = 200
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"

Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Items on a page.", example=PAGE)]
After = Annotated[
    str,
    Query(
        max_length=40,
        pattern=PRINTABLE,
        description="The key after which the page begins; take it from `next`.",
        example="SE2321000214-A1001",
    ),
]


def next_page(path: str, key: str | None, limit: int, filters: Mapping[str, object]) -> str | None:
    """None when there is no more. Filters that are not used are left out."""
    if key is None:
        return None
    kept = {name: value for name, value in filters.items() if value not in (None, "", False)}
    named = {name: str(value).lower() if isinstance(value, bool) else value for name, value in kept.items()}
    return f"{path}?{urlencode({**named, 'limit': limit, 'after': key})}"
