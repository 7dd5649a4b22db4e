"""All open pages of one process, and the one database connection that feeds them."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Literal

import psycopg

from vardnav.live.rules import CHANNEL, LONGEST_QUEUE, News, read

Event = News | Literal["lost", "missed"]
QUIET_SECONDS = 20  # then ask the database whether the connection still lives
log = logging.getLogger(__name__)


class Newsroom:
    """Hands each news to the pages that hear its topic."""

    def __init__(self) -> None:
        self._pages: defaultdict[str, set[asyncio.Queue[Event]]] = defaultdict(set)
        self.listening = False

    @asynccontextmanager
    async def page(self, topics: Iterable[str]) -> AsyncIterator[asyncio.Queue[Event]]:
        """The queue of one open page, for as long as it is open."""
        queue: asyncio.Queue[Event] = asyncio.Queue(LONGEST_QUEUE)
        chosen = frozenset(topics)
        for topic in chosen:
            self._pages[topic].add(queue)
        try:
            yield queue
        finally:
            for topic in chosen:
                self._pages[topic].discard(queue)
                if not self._pages[topic]:
                    del self._pages[topic]

    @property
    def open_pages(self) -> int:
        return len(set().union(*self._pages.values()))

    def tell(self, news: News) -> None:
        for queue in self._pages.get(news.topic, ()):
            _put(queue, news)

    def tell_all(self, event: Literal["lost", "missed"]) -> None:
        for queue in set().union(*self._pages.values()):
            _put(queue, event)

    async def listen(self, url: str) -> None:
        """Listen for ever; connects again by itself and tells pages that they may have missed something."""
        pause = 0.2
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    url, autocommit=True, connect_timeout=10
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.listening, pause = True, 0.2
                    self.tell_all("missed")
                    await self._hear(connection)
            except (psycopg.Error, OSError) as error:
                if self.listening:
                    log.warning("live.database_lost", extra={"error": type(error).__name__})
                    self.tell_all("lost")
                self.listening = False
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def _hear(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            async for notification in connection.notifies(timeout=QUIET_SECONDS):
                if news := read(notification.payload):
                    self.tell(news)
            await connection.execute("SELECT 1")


def _put(queue: asyncio.Queue[Event], event: Event) -> None:
    """A page too slow to keep up loses its backlog and is told to ask for everything again."""
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        event = "missed"
    queue.put_nowait(event)
