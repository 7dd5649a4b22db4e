"""The administrator's desk in a real browser: an account from its opening to its end, all without barriers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]
LogIn = Callable[..., Page]
Check = Callable[[Page], None]

PAGES = (
    "/konton/",
    "/konton/nytt/",
    "/regler/",
    "/regler/ceiling/",
    "/api-nycklar/",
    "/api-nycklar/ny/",
    "/logg/",
    "/api/",
)


def test_an_account_is_opened_given_an_assignment_and_closed(
    open_page: OpenPage, log_in: LogIn, axe: Check, no_sideways_scroll: Check
) -> None:
    desk = log_in(open_page(), "administrator")
    desk.goto("/konton/")
    desk.get_by_role("link", name="Öppna konto").click()
    desk.get_by_label("Namn", exact=True).fill("Karin Exempelsson")
    desk.get_by_label("HSA-id").fill("SE5599990009-KARIN")
    desk.get_by_label("Användarnamn").fill("karin")
    desk.get_by_role("button", name="Öppna konto").click()
    expect(desk.locator("h1")).to_have_text("Karin Exempelsson har fått ett konto")
    axe(desk)
    desk.get_by_role("link", name="Ge ett uppdrag").click()
    desk.get_by_label("Sök enhet").fill("central")
    desk.get_by_role("button", name="Sök", exact=True).click()
    desk.locator("input[name=unit]").first.check()
    desk.get_by_label("Medarbetare").check()
    desk.get_by_label("Skäl").fill("Anställd")
    axe(desk)
    desk.get_by_role("button", name="Ge uppdraget").click()
    expect(desk.locator("main")).to_contain_text("Karin Exempelsson har fått uppdraget")
    axe(desk)
    no_sideways_scroll(desk)
    desk.get_by_role("button", name=re.compile("^Avsluta")).click()
    expect(desk.get_by_role("dialog")).to_contain_text("i samma sekund")
    axe(desk)
    desk.get_by_role("dialog").get_by_role("button", name="Avbryt").click()
    expect(desk.locator("main")).not_to_contain_text("Tidigare uppdrag")
    desk.get_by_role("button", name=re.compile("^Avsluta")).click()
    desk.get_by_role("dialog").get_by_role("button", name="Avsluta uppdraget").click()
    expect(desk.locator("main")).to_contain_text("Tidigare uppdrag")
    desk.get_by_role("button", name="Stäng kontot").click()
    desk.get_by_role("dialog").get_by_role("button", name="Stäng kontot").click()
    expect(desk.locator("main")).to_contain_text("kan inte längre logga in")


def test_a_key_is_given_and_revoked(open_page: OpenPage, log_in: LogIn, axe: Check) -> None:
    desk = log_in(open_page(), "administrator")
    desk.goto("/api-nycklar/ny/")
    desk.get_by_role("button", name="Ge nyckeln").click()
    expect(desk.locator("main")).to_contain_text("Välj minst en sak som nyckeln öppnar.")
    axe(desk)
    desk.get_by_label("System", exact=True).fill("Bokningssystemet")
    desk.get_by_label(re.compile("^Läsa organisationen")).check()
    desk.get_by_role("button", name="Ge nyckeln").click()
    secret = desk.locator(".secret").inner_text()
    assert secret.startswith("vnav_")
    axe(desk)
    answer = desk.request.get("/api/v1/organisation/region", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status == 200
    desk.get_by_role("link", name="Jag har kopierat nyckeln").click()
    desk.get_by_role("button", name="Återkalla Bokningssystemet").click()
    desk.get_by_role("dialog").get_by_role("button", name="Återkalla nyckeln").click()
    expect(desk.locator("main")).to_contain_text("öppnar ingenting mer")
    answer = desk.request.get("/api/v1/organisation/region", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status == 401


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_the_log_is_searched_without_a_trace_in_the_address(
    open_page: OpenPage, log_in: LogIn, javascript: bool
) -> None:
    desk = log_in(open_page(javascript=javascript), "administrator")
    desk.goto("/logg/")
    desk.get_by_label("Händelse").fill("identity.login")
    desk.get_by_role("button", name="Sök", exact=True).click()
    expect(desk.locator("tbody th").first).to_contain_text("identity.login")
    assert desk.url.endswith("/logg/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_fits_and_has_no_barriers(
    open_page: OpenPage, log_in: LogIn, axe: Check, no_sideways_scroll: Check, width: int, scheme: str
) -> None:
    page = log_in(open_page(width=width, scheme=scheme), "administrator")
    for path in PAGES:
        page.goto(path)
        axe(page)
        no_sideways_scroll(page)
