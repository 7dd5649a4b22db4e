"""The clinic's desk in Chromium: keyboard, choosing rows, news, and axe on every page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LogIn, OpenPage

PAGES = [
    "/i-dag/",
    "/listade/",
    "/listade/?doctor=none",
    "/ko-och-tak/",
    "/ko-och-tak/ansok/",
    "/bemanning/",
    "/sok/?q=an",
]


@pytest.fixture
def desk(page: Page, log_in: LogIn) -> Page:
    return log_in(page, "clinic_head")


def test_every_page_of_the_desk_is_accessible_and_fits(desk: Page, axe, no_sideways_scroll) -> None:
    for path in PAGES:
        desk.goto(path)
        axe(desk)
        no_sideways_scroll(desk)
    desk.goto("/listade/")
    desk.locator("#list ~ form tbody th a").first.click()
    expect(desk.get_by_role("heading", name="Historik hos oss")).to_be_visible()
    axe(desk)


def test_the_desk_is_readable_in_the_dark(open_page: OpenPage, log_in: LogIn, axe) -> None:
    page = log_in(open_page(scheme="dark"), "clinic_head")
    for path in ("/i-dag/", "/listade/?doctor=none"):
        page.goto(path)
        axe(page)


def test_the_desk_fits_a_phone(phone: Page, log_in: LogIn, axe, no_sideways_scroll) -> None:
    log_in(phone, "clinic_head")
    for path in PAGES:
        phone.goto(path)
        no_sideways_scroll(phone)
    axe(phone)


def test_rows_are_walked_chosen_and_given_a_doctor_by_keys(desk: Page) -> None:
    desk.goto("/listade/?doctor=none")
    names = desk.locator("#list ~ form tbody th a")
    chosen = [names.nth(0).inner_text(), names.nth(1).inner_text()]
    desk.locator("h1").click()
    desk.keyboard.press("j")
    expect(names.nth(0)).to_be_focused()
    desk.keyboard.press("x")
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    expect(desk.locator("[data-chosen-count]")).to_have_text("2 valda")
    desk.keyboard.press("k")
    expect(names.nth(0)).to_be_focused()
    desk.keyboard.press("d")
    doctors = desk.locator(".choose-bar select[name=doctor]")
    expect(doctors).to_be_focused()
    doctors.select_option(index=1)
    desk.locator(".choose-bar input[name=reason]").fill("Prov i webbläsaren")
    desk.keyboard.press("Enter")
    dialog = desk.get_by_role("dialog", name="Ge de valda en fast läkare?")
    expect(dialog).to_contain_text("får ett meddelande")
    dialog.get_by_role("button", name="Ge fast läkare").click()
    expect(desk.locator("#messages")).to_contain_text("2 invånare har fått")
    for name in chosen:
        desk.goto(f"/listade/?doctor=none&name={name.split()[-1]}")
        expect(desk.get_by_role("link", name=name, exact=True)).to_have_count(0)


def test_cancelling_the_question_changes_nothing(desk: Page) -> None:
    desk.goto("/listade/?doctor=none")
    count = desk.locator(".pager-count").inner_text()
    desk.locator("[data-choose-all]").check()
    desk.locator(".choose-bar select[name=doctor]").select_option(index=1)
    desk.get_by_role("button", name="Ge fast läkare").click()
    desk.get_by_role("dialog").get_by_role("button", name="Avbryt").click()
    expect(desk.get_by_role("dialog")).to_have_count(0)
    desk.goto("/listade/?doctor=none")
    assert desk.locator(".pager-count").inner_text() == count


def test_a_new_listing_arrives_on_the_open_page(desk: Page, open_page: OpenPage, log_in: LogIn) -> None:
    """A colleague opens a person by need and registers the choice; the head's open page shows it by itself."""
    desk.goto("/i-dag/")
    desk.locator("#new input[name=person]").first.check()
    colleague = log_in(open_page(), "clinic_staff")
    numbers = (n for n in range(60, 400) if colleague.request.get(f"/person/{n}/").status == 403)
    while True:
        colleague.goto(f"/person/{next(numbers)}/behov/")
        colleague.get_by_label("Vill lista sig hos oss").check()
        colleague.get_by_role("button", name="Visa uppgifterna").click()
        choose = colleague.get_by_role("button", name="Registrera valet")
        if choose.count() and colleague.get_by_text(re.compile("[12] av 2 de senaste")).count():
            break
    name = colleague.locator("h1").inner_text()
    choose.click()
    colleague.get_by_role("button", name="Ja, registrera").click()
    expect(colleague.locator("#messages")).to_contain_text("Valet är registrerat")
    expect(desk.locator("#new")).to_contain_text(name)
    expect(desk.locator("#new input[name=person]:checked")).to_have_count(1)  # who was chosen stays chosen


def test_the_search_finds_a_person_without_a_number_in_the_address(desk: Page) -> None:
    desk.goto("/listade/")
    number = desk.locator("#list ~ form tbody tr").first.locator(".number").get_attribute("title")
    name = desk.locator("#list ~ form tbody th a").first.inner_text()
    desk.locator("h1").click()
    desk.keyboard.press("/")
    expect(desk.locator("#search")).to_be_focused()
    desk.keyboard.type(number or "")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("link", name=name)).to_be_visible()
    assert desk.url.endswith("/sok/")


def test_a_stranger_opens_after_a_stated_reason(desk: Page, axe) -> None:
    refused = next(number for number in range(1, 60) if desk.request.get(f"/person/{number}/").status == 403)
    desk.goto(f"/person/{refused}/")
    axe(desk)
    desk.get_by_role("link", name="Ange varför").click()
    desk.get_by_role("button", name="Visa uppgifterna").click()
    expect(desk.get_by_role("alert")).to_contain_text("Välj ett skäl")
    axe(desk)
    desk.get_by_label("Personen är här").check()
    desk.get_by_role("button", name="Visa uppgifterna").click()
    expect(desk.get_by_text("Öppnad med angivet behov")).to_be_visible()
    axe(desk)


def test_the_list_works_without_javascript(open_page: OpenPage, log_in: LogIn) -> None:
    page = log_in(open_page(javascript=False), "clinic_staff")
    page.goto("/listade/")
    page.locator("#list ~ form tbody input[name=person]").first.check()
    page.locator(".choose-bar select[name=doctor]").select_option(index=1)
    page.locator(".choose-bar input[name=reason]").fill("Prov utan skript")
    page.get_by_role("button", name="Ge fast läkare").click()
    expect(page.locator("#messages")).to_contain_text("som fast läkare")
