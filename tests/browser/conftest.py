"""Real Chromium against the real stack: `vardnav demo serve --region small`, with a database of its own.

All browser tests run in one worker, one after the other: they share the server and its data.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from vardnav.config import stack
from vardnav.demo.selectors import DemoPerson

CHROMIUM = Path(os.environ.get("VARDNAV_CHROMIUM", "/usr/bin/chromium"))
START_SECONDS = 180
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass(frozen=True)
class Server:
    """The running demo and its people, by role: resident, parent, clinic_staff, clinic_head, ..."""

    url: str
    data_dir: Path
    people: dict[str, DemoPerson] = field(default_factory=dict)


# Not for the session: an open Playwright is a running event loop, in which other tests could not use the database.
@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("browser")
    port = stack.free_port("127.0.0.1", 28200 + 10 * (os.getpid() % 100))
    environment = {**os.environ, "VARDNAV_LOG": "json"}
    arguments = ["demo", "serve", "--region", "small", "--home", str(home), "--port", str(port)]
    log = home / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "vardnav", *arguments], env=environment, stdout=output, stderr=output
        )
    url = f"http://127.0.0.1:{port}"
    data_dir = home / "demo-small"
    try:
        wait(process, url, log)
        yield Server(url, data_dir, introduced(environment | {"VARDNAV_DATA": str(data_dir)}))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not answers(url):
        assert process.poll() is None, f"the demo ended:\n{log.read_text()}"
        assert time.monotonic() < end, f"the demo does not answer:\n{log.read_text()}"
        time.sleep(0.2)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def introduced(environment: dict[str, str]) -> dict[str, DemoPerson]:
    command = [sys.executable, "-m", "vardnav", "demo", "people", "--json"]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return {person["role"]: DemoPerson(**person) for person in json.loads(told)}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    assert CHROMIUM.exists(), f"{CHROMIUM} is missing; run script/setup --test"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-prefers-reduced-motion"],
        )
        yield chromium
        chromium.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[OpenPage]:
    """A new page in a context of its own: `open_page(width=360, scheme="dark", javascript=False)`."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(
        width: int = 1280, height: int = 900, *, scheme: str = "light", javascript: bool = True, locale: str = "sv-SE"
    ) -> Page:
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=javascript,
            locale=locale,
            timezone_id="Europe/Stockholm",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}") if bad(message) else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints, "the browser complains:\n" + "\n".join(complaints)


def bad(message: object) -> bool:
    """Errors, but not that an address answered 4xx: tests ask for such answers."""
    kind, text = getattr(message, "type", ""), getattr(message, "text", "")
    return kind == "error" and "Failed to load resource" not in text


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(width=360, height=740)


LogIn = Callable[..., Page]


def choose_person(page: Page, key: str, *, staff: bool, level: str = "3") -> None:
    """From the page where one logs in: to the test provider, and be somebody there."""
    page.locator(f"a[href^='/legitimera/{'medarbetare' if staff else 'invanare'}/']").click()
    page.locator("[name=level]").select_option(level)
    page.locator(f"button[name=person][value='{key}']").click()


@pytest.fixture
def log_in(server: Server) -> LogIn:
    """`log_in(page, "clinic_staff")`: at the test provider; chooses the first assignment when asked which."""

    def log_one_in(page: Page, who: str | DemoPerson, level: str = "3") -> Page:
        person = who if isinstance(who, DemoPerson) else server.people[who]
        page.goto("/logga-in/")
        choose_person(page, person.role, staff=person.staff, level=level)
        page.wait_for_url(lambda url: "/testlegitimation/" not in url and "/legitimera/" not in url)
        if "/uppdrag/" in page.url:
            page.locator("main button").first.click()
            page.wait_for_url(lambda url: "/uppdrag/" not in url)
        return page

    return log_one_in


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Assert that axe finds nothing wrong (WCAG 2.2 AA and its best practices)."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        found = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]}).response["violations"]
        told = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
            + "\n".join(f"    {node['html'][:160]}" for node in violation["nodes"][:5])
            for violation in found
        ]
        assert not told, f"{page.url}\n" + "\n".join(told)

    return check


@pytest.fixture(scope="session")
def no_sideways_scroll() -> Callable[[Page], None]:
    """Assert that the page fits its width."""

    def check(page: Page) -> None:
        page.wait_for_load_state()  # a click returns when the next page has begun: it may have no element yet
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{page.url} is {over} px too wide"

    return check
