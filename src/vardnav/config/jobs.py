"""The job worker, and what happens to jobs whose worker was killed."""

import asyncio
import signal
from contextlib import suppress

import psycopg
import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status

log = structlog.get_logger("vardnav.jobs")
STOP_SECONDS = 8.0
LOOK_SECONDS = 15.0
RETRY_SECONDS = 1.0


async def work(app: App) -> None:
    """Carry out jobs until told to stop, and begin again when the database went away and came back."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    while not told.is_set():
        try:
            await _work_until(told, app)
        except (ConnectorException, psycopg.Error, OSError) as error:
            log.warning("jobs.database_lost", error=type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), RETRY_SECONDS)


async def _work_until(told: asyncio.Event, app: App) -> None:
    """Until told, or until the worker gives up. Jobs that went well leave no row; the audit log tells of them."""
    async with app.open_async():
        work = asyncio.create_task(
            app.run_worker_async(
                shutdown_graceful_timeout=STOP_SECONDS, delete_jobs="successful", install_signal_handlers=False
            )
        )
        others = [asyncio.create_task(keep_rescuing(app)), asyncio.create_task(told.wait())]
        try:
            await asyncio.wait([work, others[1]], return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                work.cancel()  # it finishes what it has begun
            with suppress(asyncio.CancelledError):
                await work
        finally:
            for one in others:
                one.cancel()
            await asyncio.gather(*others, return_exceptions=True)


async def keep_rescuing(app: App) -> None:
    while True:
        try:
            await rescue_stalled(app)
        except ConnectorException as error:
            log.warning("jobs.rescue_failed", error=type(error).__name__)
        await asyncio.sleep(LOOK_SECONDS)


async def rescue_stalled(app: App) -> None:
    """Free the jobs of workers without heartbeat: such a job keeps its lock, and with it all later ones of its kind."""
    for job in await app.job_manager.get_stalled_jobs():
        log.warning("jobs.stalled", task=job.task_name)
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:  # the same work waits already
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
