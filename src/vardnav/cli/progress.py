"""Progress of long work, drawn in the terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich import progress as bars
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from vardnav.kernel.progress import Progress

LINE_SECONDS = 5.0  # between lines when nobody watches a bar

console = Console(stderr=True, highlight=False)


@contextmanager
def shown() -> Iterator[Progress]:
    """A callable `(step, done, total)`; a total of 0 means unknown."""
    if not console.is_terminal:
        yield _lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=console) as drawn:
        yield _bars(drawn)


def _bars(drawn: bars.Progress) -> Progress:
    tasks: dict[str, TaskID] = {}

    def report(step: str, done: int, total: int) -> None:
        if step not in tasks:
            tasks[step] = drawn.add_task(step, total=total or None, count="")
        drawn.update(tasks[step], completed=done, total=total or None, count=_count(done, total))

    return report


def _lines() -> Progress:
    told: dict[str, float] = {}

    def report(step: str, done: int, total: int) -> None:
        now = time.monotonic()
        finished = bool(total) and done >= total
        if finished or now - told.get(step, -LINE_SECONDS) >= LINE_SECONDS:
            told[step] = now
            sys.stderr.write(f"{step} {_count(done, total)}\n")

    return report


def _count(done: int, total: int) -> str:
    return f"{done:,} of {total:,}" if total else f"{done:,}"
