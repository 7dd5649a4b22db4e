"""What news look like, and where a page listens."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

CHANNEL = "vardnav_live"
TOKEN_SECONDS = 12 * 3600  # a long shift
STREAM_SECONDS = 3600  # then the page connects again, and its token is judged again
BEAT_SECONDS = 15  # a page that hears nothing for three beats tells its reader so
RETRY_MILLISECONDS = 3000
LONGEST_QUEUE = 100


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
        topic, kind = json.loads(payload)
    except ValueError:
        return None
    return News(str(topic), str(kind))


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
