"""Start a demo region, log in as its people, and photograph the pages that the documents show."""

import argparse
import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PORT = 8760
WIDE, PHONE = (1280, 900), (390, 844)


@dataclass(frozen=True)
class Picture:
    """One page, as one person sees it. `role` is a demo person's; None is somebody who has not logged in."""

    name: str
    role: str | None
    path: str
    size: tuple[int, int] = WIDE
    scheme: str = "light"
    language: str = "sv"
    whole: bool = False
    wait_for: str = "main"


PICTURES = (
    Picture("login", None, "/logga-in/", whole=True),
    Picture("resident-home", "resident", "/hem/", PHONE),
    Picture("resident-clinic", "resident", "/min-vardcentral/", PHONE),
    Picture("resident-find", "resident", "/hitta-vardcentral/", wait_for="canvas"),
    Picture("resident-log", "resident", "/vem-har-last/", PHONE),
    Picture("parent-children", "parent", "/barn/", PHONE),
    Picture("clinic-today", "clinic_staff", "/i-dag/"),
    Picture("clinic-panel", "clinic_head", "/listade/"),
    Picture("clinic-queue", "clinic_head", "/ko-och-tak/"),
    Picture("clinic-staffing", "clinic_head", "/bemanning/"),
    Picture("region-overview", "region_planner", "/laget/", wait_for="canvas"),
    Picture("region-overview-dark", "region_planner", "/laget/", scheme="dark", wait_for="canvas"),
    Picture("region-overview-english", "region_planner", "/laget/", language="en", wait_for="canvas"),
    Picture("region-clinics", "region_planner", "/regionen/vardcentraler/", wait_for="canvas"),
    Picture("region-decisions", "region_planner", "/tak-och-beslut/"),
    Picture("admin-accounts", "administrator", "/konton/"),
    Picture("admin-parameters", "administrator", "/regler/"),
    Picture("admin-log", "administrator", "/logg/"),
    Picture("api", None, "/api/"),
)


@contextmanager
def demo(region: str) -> Iterator[dict[str, dict[str, str]]]:
    """The running demo's people by role."""
    command = [str(ROOT / "script" / "demo"), "--region", region, "--port", str(PORT)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait(process)
        data = ROOT / ".data" / f"demo-{region}"
        told = subprocess.run(
            [sys.executable, "-m", "vardnav", "demo", "people", "--json"],
            env={"VARDNAV_DATA": str(data), "VARDNAV_DEMO": "1", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        yield {person["role"]: person for person in json.loads(told)}
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _wait(process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("the demo stopped before it answered")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the demo did not answer within five minutes")


def take(browser: Browser, picture: Picture, people: dict[str, dict[str, str]], to: Path) -> None:
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{PORT}",
        viewport={"width": picture.size[0], "height": picture.size[1]},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        locale="en-GB" if picture.language == "en" else "sv-SE",
        timezone_id="Europe/Stockholm",
    )
    page = context.new_page()
    if picture.role is not None:
        log_in(page, people[picture.role])
    page.goto(picture.path)
    page.wait_for_load_state("networkidle")
    page.locator(picture.wait_for).first.wait_for(timeout=15_000)
    page.wait_for_timeout(600)  # maps and charts draw themselves
    page.screenshot(path=to / f"{picture.name}.png", full_page=picture.whole)
    context.close()


def log_in(page: Page, person: dict[str, str]) -> None:
    page.goto("/logga-in/")
    page.locator(f"a[href^='/legitimera/{'medarbetare' if person['staff'] else 'invanare'}/']").click()
    page.locator(f"button[name=person][value='{person['role']}']").click()
    page.wait_for_load_state("networkidle")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", default="jamtland-harjedalen")
    parser.add_argument("--to", type=Path, default=HERE, help="another folder for the pictures")
    parser.add_argument("names", nargs="*", help="only these pictures")
    arguments = parser.parse_args()
    wanted = [one for one in PICTURES if not arguments.names or one.name in arguments.names]
    arguments.to.mkdir(parents=True, exist_ok=True)
    with demo(arguments.region) as people, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-dev-shm-usage", "--use-gl=angle", "--use-angle=swiftshader"],
        )
        for picture in wanted:
            try:
                take(browser, picture, people, arguments.to)
            except Exception as error:  # one page that fails should not cost the others
                print(f"{picture.name}: {error}".split("\n", 1)[0], file=sys.stderr)
            else:
                print(picture.name)
        browser.close()


if __name__ == "__main__":
    main()
