"""The job worker, and what happens to jobs whose worker was killed."""

import asyncio
from contextlib import suppress

import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status

log = structlog.get_logger("vardnav.jobs")
STOP_SECONDS = 8.0
LOOK_SECONDS = 15.0


async def work(app: App) -> None:
    """Carry out jobs until told to stop. Jobs that went well leave no row behind; the audit log tells of them."""
    async with app.open_async():
        rescue = asyncio.create_task(keep_rescuing(app))
        try:
            await app.run_worker_async(shutdown_graceful_timeout=STOP_SECONDS, delete_jobs="successful")
        finally:
            rescue.cancel()
            with suppress(asyncio.CancelledError):
                await rescue


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
