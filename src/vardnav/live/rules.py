"""What news look like, and where a page listens."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

CHANNEL = "vardnav_live"
TOKEN_SECONDS = 12 * 3600  # a long shift
STREAM_SECONDS = 3600  # then the page connects again, and its token is judged again
BEAT_SECONDS = 15  # a page that hears nothing for three beats tells its reader so
RETRY_MILLISECONDS = 3000
LONGEST_QUEUE = 100
ORIGIN = re.compile(r"https?://(?P<host>[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class News:
    """Something of this kind happened to this topic."""

    topic: str
    kind: str

    def payload(self) -> str:
        return json.dumps([self.topic, self.kind], ensure_ascii=False)


def read(payload: str) -> News | None:
    """The news in a notification; None for what we did not write."""
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    match found:
        case [str(topic), str(kind)]:
            return News(topic, kind)
    return None


def address(setting: str, *, scheme: str, host: str) -> str:
    """Where this page listens.

    `setting` is an address, a path on the page's own host, or `:port/path` on the same host name.
    """
    if not setting.startswith(":"):
        return setting
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return f"{scheme}://{name}{setting}"


def origin(url: str) -> str:
    """Scheme, host and port of an address; empty for a path on the page's own host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def host_of(origin: str) -> str | None:
    """The host of an Origin header as ALLOWED_HOSTS has it; None when it is not written as browsers write one."""
    found = ORIGIN.fullmatch(origin)
    return found["host"] if found else None
