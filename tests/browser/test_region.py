"""The region's desk in Chromium: map and table, charts, a decision, and axe on every page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LogIn, OpenPage

PAGES = [
    "/laget/",
    "/laget/definitioner/",
    "/regionen/vardcentraler/",
    "/regionen/vardcentraler/?kolumner=alla&urval=over&karta=named_share",
    "/regionen/vardcentraler/?q=finns-inte",
    "/tak-och-beslut/",
    "/tak-och-beslut/nytt/",
]


@pytest.fixture
def desk(page: Page, log_in: LogIn) -> Page:
    return log_in(page, "region_planner")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_every_page_of_the_region_is_accessible_and_fits(
    open_page: OpenPage, log_in: LogIn, axe, no_sideways_scroll, width: int, scheme: str
) -> None:
    page = log_in(open_page(width=width, scheme=scheme), "region_planner")
    for path in PAGES:
        page.goto(path)
        axe(page)
        no_sideways_scroll(page)
    page.goto("/regionen/vardcentraler/")
    page.locator(".region-table tbody th a").first.click()
    expect(page.get_by_role("heading", name="Läkare och deras listade")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    page.get_by_role("navigation", name="Du är här").get_by_role("link").last.click()
    expect(page.get_by_role("heading", name="De som bor här")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    page.goto("/laget/")
    page.get_by_role("link", name="Månadsrapport").click()
    expect(page.get_by_role("heading", name="Kommunerna")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)


def test_the_map_stands_beside_its_table_and_leads_to_a_municipality(desk: Page) -> None:
    desk.goto("/regionen/vardcentraler/?karta=named_share")
    expect(desk.locator(".map canvas")).to_be_visible()
    expect(desk.locator(".map-legend")).to_contain_text("55")
    places = desk.locator(".map-links a")
    assert places.count() >= desk.locator(".region-table tbody tr").count()
    places.first.focus()
    expect(desk.locator(".maplibregl-popup")).to_contain_text("Har fast läkare")
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_contain_text("kommun")


def test_charts_are_drawn_and_keep_their_tables(desk: Page) -> None:
    desk.goto("/laget/")
    expect(desk.locator(".chart canvas")).to_have_count(6)
    first = desk.locator(".chart").first
    expect(first.locator("table")).to_be_hidden()
    first.get_by_text("Visa som tabell").click()
    expect(first.locator("tbody tr")).to_have_count(25)
    desk.get_by_text("Så räknas det").first.click()
    expect(desk.get_by_text("Täljare").first).to_be_visible()


def test_without_javascript_the_tables_stand_in_for_map_and_charts(open_page: OpenPage, log_in: LogIn) -> None:
    page = log_in(open_page(javascript=False), "region_planner")
    page.goto("/laget/")
    expect(page.locator(".chart table").first).to_be_visible()
    page.goto("/regionen/vardcentraler/")
    expect(page.get_by_text("Allt finns i tabellen")).to_be_visible()
    page.get_by_role("link", name="Listade", exact=False).first.click()
    expect(page).to_have_url(re.compile("sort=listed"))


def test_a_cap_asked_on_paper_is_granted(desk: Page) -> None:
    desk.goto("/tak-och-beslut/")
    before = desk.locator("#tak ~ .table-wrap tbody tr").count()
    desk.get_by_role("link", name="Bevilja ett tak").click()
    desk.get_by_role("button", name="Bevilja taket").click()
    expect(desk.get_by_role("heading", name=re.compile("fel|rätta", re.IGNORECASE)).first).to_be_visible()
    free = desk.locator("select[name=clinic] option")
    desk.locator("select[name=clinic]").select_option(index=free.count() - 1)
    desk.locator("[name=heads]").fill("9000")
    desk.locator("[name=starts_on]").fill("2031-01-01")
    desk.locator("[name=ends_on]").fill("2032-01-01")
    desk.locator("[name=decision]").fill("HSN 2030/1. Prov i webbläsaren.")
    desk.get_by_role("button", name="Bevilja taket").click()
    expect(desk.get_by_text("är beviljat.")).to_be_visible()
    expect(desk.locator("#tak ~ .table-wrap tbody tr")).to_have_count(before + 1)
