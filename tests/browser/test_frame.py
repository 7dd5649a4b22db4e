"""The frame around every page, before and after logging in."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

ROLES = ("resident", "parent", "clinic_staff", "clinic_head", "region_planner", "administrator")


def test_the_login_page_is_accessible_in_light_and_dark(
    open_page: Callable[..., Page], axe: Callable[[Page], None], no_sideways_scroll: Callable[[Page], None]
) -> None:
    for scheme in ("light", "dark"):
        for width in (360, 1280):
            page = open_page(width=width, scheme=scheme)
            page.goto("/logga-in/")
            expect(page.locator("h1")).to_have_count(1)
            axe(page)
            no_sideways_scroll(page)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_comes_to_a_first_page_of_their_own(
    role: str, page: Page, log_in: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    log_in(page, role)
    expect(page.locator("h1")).to_have_count(1)
    axe(page)


def test_a_page_that_is_not_there_says_so_in_plain_words(page: Page, axe: Callable[[Page], None]) -> None:
    answer = page.goto("/finns-inte/")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("h1")).to_contain_text("finns inte")
    axe(page)


def test_logging_in_works_without_javascript(open_page: Callable[..., Page], log_in: Callable[..., Page]) -> None:
    page = log_in(open_page(javascript=False), "resident")
    expect(page.locator("h1")).to_have_count(1)
