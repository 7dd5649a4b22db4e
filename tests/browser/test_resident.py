"""The resident's pages in a real browser: a choice made on a phone, and every page without barriers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import choose_person

OpenPage = Callable[..., Page]
LogIn = Callable[..., Page]
Check = Callable[[Page], None]

PUBLIC = (
    "/hitta-vardcentral/",
    "/tillganglighet/",
    "/om/",
    "/dina-uppgifter/",
    "/hjalp/",
    "/hjalp/vardcentral/",
    "/hjalp/ko/",
)
MINE = (
    "/hem/",
    "/min-vardcentral/",
    "/min-vardcentral/lamna/",
    "/meddelanden/",
    "/barn/",
    "/vem-har-last/?alla=on",
    "/hitta-vardcentral/?q=central",
)


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_choose_a_clinic_on_a_phone_and_undo_it(
    open_page: OpenPage, log_in: LogIn, axe: Check, no_sideways_scroll: Check, javascript: bool
) -> None:
    phone = open_page(width=360, height=740, javascript=javascript)

    def look() -> None:
        no_sideways_scroll(phone)
        if javascript:
            axe(phone)

    log_in(phone, "resident")
    phone.goto("/min-vardcentral/")
    had = phone.locator(".place-name").first.inner_text()
    phone.get_by_role("link", name="Hitta vårdcentral").first.click()
    phone.get_by_label("Bara med plats för nya").check()
    phone.get_by_role("button", name="Sök", exact=True).click()
    look()
    other = phone.locator(".card-link h3 a").filter(has_not_text=had).first
    chosen = other.inner_text()
    other.click()
    look()
    phone.get_by_role("link", name="Välj den här vårdcentralen").click()
    expect(phone.locator("h1")).to_have_text("Kontrollera ditt val")
    expect(phone.locator(".summary")).to_contain_text(chosen)
    look()
    phone.get_by_role("button", name="Byt vårdcentral").click()
    expect(phone.locator("h1")).to_have_text(f"Du har valt {chosen}")
    expect(phone).to_have_title(re.compile("^Klart"))
    look()
    phone.get_by_role("link", name="Ångra").click()
    look()
    phone.get_by_role("button", name="Ångra bytet").click()
    expect(phone.locator("h1")).to_have_text("Bytet är ångrat")
    look()


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages_are_accessible_and_fit(
    open_page: OpenPage, axe: Check, no_sideways_scroll: Check, width: int, scheme: str
) -> None:
    page = open_page(width=width, scheme=scheme)
    for address in PUBLIC:
        page.goto(address)
        axe(page)
        no_sideways_scroll(page)


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_residents_pages_are_accessible_and_fit(
    open_page: OpenPage, log_in: LogIn, axe: Check, no_sideways_scroll: Check, width: int, scheme: str
) -> None:
    page = log_in(open_page(width=width, scheme=scheme), "parent")
    for address in MINE:
        page.goto(address)
        axe(page)
        no_sideways_scroll(page)
    page.goto("/barn/")
    page.locator(".card-link a").first.click()
    axe(page)
    no_sideways_scroll(page)


def test_the_map_draws_the_clinics_and_leads_to_them(page: Page) -> None:
    page.goto("/hitta-vardcentral/")
    expect(page.locator(".map canvas")).to_be_visible()
    links = page.locator(".map-links a")
    assert links.count() == page.locator(".card-link").count()
    links.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/vardcentraler/\d+/$"))


def test_a_visitor_who_logs_in_comes_back_to_the_clinic_they_wanted(page: Page) -> None:
    page.goto("/hitta-vardcentral/?plats=on")
    page.locator(".card-link h3 a").last.click()
    page.get_by_role("link", name="Logga in och välj").click()
    page.wait_for_url(re.compile(r"/logga-in/\?next="))
    choose_person(page, "resident", staff=False)
    expect(page.locator("h1")).to_have_text("Kontrollera ditt val")
