"""In at the test provider, and out: the door, the assignment, the level, the end of a session, other browsers."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LogIn, OpenPage, Server, choose_person
from vardnav.config.embedded import Embedded

Axe = Callable[[Page], None]


def in_database(server: Server, statement: str, *values: object) -> None:
    with psycopg.connect(Embedded(server.data_dir).url(), autocommit=True) as connection:
        connection.execute(statement, values)


def sessions_end_in(server: Server, left: timedelta) -> None:
    in_database(server, "UPDATE identity_session SET expires_at = now() + %s WHERE account_id IS NOT NULL", left)


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_the_way_in_has_no_thresholds(
    open_page: OpenPage, axe: Axe, no_sideways_scroll: Axe, width: int, scheme: str
) -> None:
    page = open_page(width=width, scheme=scheme)
    page.goto("/logga-in/")
    axe(page)
    page.locator("a[href^='/legitimera/medarbetare/']").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vilken medarbetare")
    axe(page)
    no_sideways_scroll(page)


def test_a_resident_comes_home_without_javascript_too(open_page: OpenPage) -> None:
    for javascript in (True, False):
        page = open_page(javascript=javascript)
        page.goto("/min-vardcentral/")
        choose_person(page, "resident", staff=False)
        page.wait_for_url("**/min-vardcentral/")
        page.locator(".account > summary").click()
        page.get_by_role("button", name="Logga ut").click()
        page.wait_for_url("**/logga-in/**")


def test_who_has_two_assignments_chooses(open_page: OpenPage, axe: Axe) -> None:
    page = open_page()
    page.goto("/i-dag/")
    choose_person(page, "named_doctor", staff=True)
    page.wait_for_url("**/uppdrag/**")
    axe(page)
    assert page.locator(".person-button").count() == 2
    chosen = page.locator(".person-button").first.locator("span").inner_text()
    page.locator(".person-button").first.click()
    page.wait_for_url("**/i-dag/")
    expect(page.locator(".account-acting")).to_contain_text(chosen)


def test_level_two_comes_in_but_sees_no_patients(open_page: OpenPage, log_in: LogIn, axe: Axe) -> None:
    page = log_in(open_page(), "clinic_staff", "2")
    page.goto("/listade/")
    expect(page.locator("main")).to_contain_text("tillitsnivå 3")
    assert page.locator("tr.row-link").count() == 0
    axe(page)


def test_level_one_is_told_what_to_do(open_page: OpenPage, axe: Axe) -> None:
    page = open_page()
    page.goto("/logga-in/")
    choose_person(page, "resident", staff=False, level="1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("säkrare sätt")
    axe(page)


def test_one_is_warned_and_may_stay(server: Server, open_page: OpenPage, log_in: LogIn, axe: Axe) -> None:
    page = log_in(open_page(), "clinic_staff")
    sessions_end_in(server, timedelta(seconds=60))
    page.goto("/listade/")
    warning = page.locator("#session-end")
    expect(warning).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Stanna kvar").click()
    expect(warning).to_be_hidden()


def test_what_was_written_outlives_the_session_and_is_covered(
    server: Server, open_page: OpenPage, log_in: LogIn
) -> None:
    page = log_in(open_page(), "clinic_staff")
    page.goto("/listade/")
    page.locator("input[name=name]").first.fill("Halvskrivet")
    sessions_end_in(server, timedelta(seconds=-1))
    page.evaluate("document.dispatchEvent(new CustomEvent('htmx:responseError', { detail: { xhr: { status: 401 } } }))")
    expect(page.get_by_role("heading", name="Du är utloggad")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Logga in i en ny flik").click()
    fresh = opened.value
    choose_person(fresh, "clinic_staff", staff=True)
    fresh.wait_for_url("**/i-dag/")
    fresh.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("main")).to_be_visible()
    assert page.locator("input[name=name]").first.input_value() == "Halvskrivet"


def test_one_comes_back_to_the_page_when_the_session_has_ended(
    server: Server, open_page: OpenPage, log_in: LogIn
) -> None:
    page = log_in(open_page(javascript=False), "clinic_staff")
    sessions_end_in(server, timedelta(seconds=-1))
    page.goto("/listade/?name=an")
    choose_person(page, "clinic_staff", staff=True)
    page.wait_for_url("**/listade/?name=an")


def test_other_browsers_are_logged_out(open_page: OpenPage, log_in: LogIn, axe: Axe) -> None:
    here, there = log_in(open_page(), "region_planner"), log_in(open_page(), "region_planner")
    here.goto("/inloggningar/")
    axe(here)
    for _ in range(here.locator(".row-actions button").count()):
        here.locator(".row-actions button").first.click()
        here.wait_for_load_state()
    expect(here.locator(".row-actions button")).to_have_count(0)
    there.goto("/laget/")
    there.wait_for_url("**/logga-in/**")
    here.goto("/laget/")
    expect(here.get_by_role("heading", level=1)).to_be_visible()
