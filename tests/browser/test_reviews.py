"""The log reviewer's desk by key, the head's answer and the record of incidents, in a real browser without barriers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]
LogIn = Callable[..., Page]
Check = Callable[[Page], None]


def test_lines_are_judged_by_key_and_a_question_is_answered(
    open_page: OpenPage, log_in: LogIn, axe: Check, no_sideways_scroll: Check
) -> None:
    desk = log_in(open_page(), "log_reviewer")
    expect(desk.locator("h1")).to_have_text("Granskningar")
    axe(desk)
    desk.locator("tbody a").first.click()
    line = desk.locator("#line")
    before = line.inner_text()
    desk.keyboard.press("1")
    expect(line).not_to_have_text(before)
    expect(line).to_be_focused()
    before = line.inner_text()
    desk.keyboard.press("2")
    expect(desk.get_by_label("Kommentar eller fråga")).to_be_focused()
    desk.keyboard.type("Varför öppnades den här dagen?")
    desk.keyboard.press("Control+Enter")
    expect(line).not_to_have_text(before)
    expect(line).to_be_focused()  # until then a key is a letter in the comment
    desk.keyboard.press("v")
    expect(desk.locator(".review-line")).not_to_contain_text("Visa vem")
    axe(desk)
    no_sideways_scroll(desk)
    head = log_in(open_page(), "clinic_head")
    head.goto("/granskningar/fragor/")
    asked = head.locator("article").filter(has_text="Varför öppnades den här dagen?")
    asked.get_by_label("Ditt svar").fill("Patienten ringde om sin tid.")
    asked.get_by_role("button", name="Svara").click()
    expect(head.locator("main")).to_contain_text("Svaret är sparat")
    axe(head)


PAGES = {
    "log_reviewer": ("/granskningar/ny/", "/granskningar/resultat/", "/granskningar/bevakning/"),
    "administrator": ("/konton/", "/incidenter/", "/incidenter/1/", "/incidenter/ny/"),
    "clinic_head": ("/i-dag/", "/granskningar/"),
    "resident": ("/vem-har-last/",),
}


@pytest.mark.parametrize("who", PAGES)
def test_the_pages_fit_a_phone_in_the_dark(
    who: str, open_page: OpenPage, log_in: LogIn, axe: Check, no_sideways_scroll: Check
) -> None:
    phone = log_in(open_page(width=360, height=740, scheme="dark"), who)
    for url in PAGES[who]:
        phone.goto(url)
        axe(phone)
        no_sideways_scroll(phone)


def test_a_report_is_written_down_as_sent(open_page: OpenPage, log_in: LogIn, axe: Check) -> None:
    desk = log_in(open_page(), "administrator")
    desk.goto("/incidenter/1/")
    warning = desk.locator("#early_warning")
    warning.get_by_text("Den är skickad").click()
    warning.get_by_label("Mottagarens diarienummer").fill("D 2026-7")
    warning.get_by_role("button", name="Skriv upp som skickad").click()
    expect(warning).to_contain_text("Skickad i tid")
    axe(desk)
