"""From a transaction to the open pages."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress

import psycopg
import pytest
from django.db import transaction

from vardnav.live import actions, rules
from vardnav.live.newsroom import Newsroom
from vardnav.live.rules import News
from vardnav.live.stream import cross_origin, database_url, events

TOPIC = "clinic:SE2321000214-A1001"


def listening(test: Callable[[Newsroom], Coroutine[None, None, None]]) -> None:
    """Run a test beside a newsroom that listens to the test's own database."""

    async def run() -> None:
        newsroom = Newsroom()
        listener = asyncio.create_task(newsroom.listen(url))
        try:
            await until(lambda: newsroom.listening)
            await test(newsroom)
        finally:
            listener.cancel()
            with suppress(asyncio.CancelledError):
                await listener

    url = database_url()
    asyncio.run(run())


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.02)


def publish_and_commit() -> None:
    with transaction.atomic():
        actions.publish(TOPIC, "queue.changed")


def publish_and_roll_back() -> None:
    with suppress(RuntimeError), transaction.atomic():
        actions.publish(TOPIC, "never.happened")
        raise RuntimeError


@pytest.mark.django_db(transaction=True)
def test_committed_news_reach_the_pages_that_hear_the_topic_and_rolled_back_ones_nobody() -> None:
    async def test(newsroom: Newsroom) -> None:
        async with newsroom.page([TOPIC]) as hears, newsroom.page(["clinic:other"]) as deaf:
            await asyncio.to_thread(publish_and_roll_back)
            await asyncio.to_thread(publish_and_commit)
            assert await asyncio.wait_for(hears.get(), 5) == News(TOPIC, "queue.changed")
            assert hears.empty()
            assert deaf.empty()

    listening(test)


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_told_and_found_again() -> None:
    async def test(newsroom: Newsroom) -> None:
        async with newsroom.page([TOPIC]) as page:
            async with await psycopg.AsyncConnection.connect(database_url(), autocommit=True) as killer:
                await killer.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE query LIKE 'LISTEN %' AND datname = current_database()"
                )
            assert await asyncio.wait_for(page.get(), 5) == "lost"
            assert await asyncio.wait_for(page.get(), 10) == "missed"
            await asyncio.to_thread(publish_and_commit)
            assert await asyncio.wait_for(page.get(), 5) == News(TOPIC, "queue.changed")

    listening(test)


def test_a_page_too_slow_is_told_to_ask_for_everything() -> None:
    async def run() -> None:
        newsroom = Newsroom()
        async with newsroom.page([TOPIC]) as page:
            for number in range(rules.LONGEST_QUEUE + 1):
                newsroom.tell(News(TOPIC, str(number)))
            assert page.qsize() == 1
            assert page.get_nowait() == "missed"
        assert newsroom.open_pages == 0

    asyncio.run(run())


def test_a_page_hears_at_once_that_the_channel_works_and_whether_the_database_does() -> None:
    async def run() -> None:
        stream = events(frozenset({TOPIC}))
        first, second = await anext(stream), await anext(stream)
        assert (first.event, second.event) == ("ping", "lost")
        await stream.aclose()  # type: ignore[attr-defined]

    asyncio.run(run())


def test_only_our_own_pages_may_listen() -> None:
    assert cross_origin("http://127.0.0.1:8000") is not None
    assert cross_origin("https://evil.example") is None
    assert cross_origin(None) == {}
