"""Local accounts in a real browser: the first second step, passkeys by Chromium's own authenticator."""

import re
from collections.abc import Callable, Iterator

import pyotp
import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Server

Check = Callable[[Page], None]


@pytest.fixture
def local(server: Server) -> str:
    """Passkeys are bound to a name: the same server, by its name."""
    return server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def authenticator(page: Page) -> Iterator[tuple[CDPSession, str]]:
    """A telephone that is opened by its owner."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    yield cdp, made
    cdp.send("WebAuthn.disable")


def open_local(page: Page) -> None:
    """Where there are providers too, the local account is folded away."""
    if page.locator("details.local:not([open])").count():
        page.locator("details.local > summary").click()


def give_password(page: Page, local: str, server: Server, who: str) -> None:
    person = server.people[who]
    page.goto(f"{local}/logga-in/?next=/sakerhet/")
    open_local(page)
    page.locator("[name=login]").fill(person.username)
    page.locator("[name=password]").fill(person.password)
    page.locator("form:has([name=password]) button:not([type=button])").click()


def log_out(page: Page) -> None:
    page.locator("details.account > summary").click()
    page.get_by_role("button", name="Logga ut").click()


def test_a_passkey_is_set_up_and_then_lets_in_alone(
    page: Page, local: str, server: Server, authenticator: tuple[CDPSession, str], axe: Check
) -> None:
    cdp, phone = authenticator
    give_password(page, local, server, "clinic_head")
    expect(page.get_by_role("heading", name="Skydda inloggningen")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Passnyckel").click()
    axe(page)
    page.get_by_label("Namn på passnyckeln").fill("Provtelefon")
    page.get_by_role("button", name="Skapa passnyckel").click()
    expect(page.get_by_role("heading", name="Spara dina reservkoder")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Ladda ner").click()
    assert download.value.suggested_filename == "vardnav-reservkoder.txt"
    assert page.locator(".codes code").first.inner_text() in download.value.path().read_text()
    page.get_by_role("link", name="fortsätt").click()
    expect(page.get_by_role("rowheader", name="Provtelefon")).to_be_visible()
    axe(page)

    log_out(page)
    page.goto(f"{local}/logga-in/?next=/sakerhet/")
    open_local(page)
    axe(page)
    page.get_by_role("button", name="Logga in med passnyckel").click()
    page.wait_for_url("**/sakerhet/")
    held = cdp.send("WebAuthn.getCredentials", {"authenticatorId": phone})["credentials"]
    assert [one["rpId"] for one in held] == ["localhost"]
    assert held[0]["signCount"] >= 1

    log_out(page)  # somebody else holds the telephone
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    page.goto(f"{local}/logga-in/")
    open_local(page)
    page.get_by_role("button", name="Logga in med passnyckel").click()
    expect(page.locator("[data-passkey-told]")).to_contain_text("Det blev ingen inloggning")


def test_a_key_that_signed_more_often_elsewhere_is_refused(
    page: Page, local: str, server: Server, authenticator: tuple[CDPSession, str]
) -> None:
    """A copy of the telephone was used meanwhile: this one's count is behind."""
    cdp, phone = authenticator
    give_password(page, local, server, "region_planner")
    page.get_by_role("link", name="Passnyckel").click()
    page.get_by_label("Namn på passnyckeln").fill("Kopierad")
    page.get_by_role("button", name="Skapa passnyckel").click()
    page.get_by_role("link", name="fortsätt").click()
    held = cdp.send("WebAuthn.getCredentials", {"authenticatorId": phone})["credentials"][0]
    for count, lets_in in ((100, True), (5, False)):
        log_out(page)
        cdp.send("WebAuthn.removeCredential", {"authenticatorId": phone, "credentialId": held["credentialId"]})
        cdp.send("WebAuthn.addCredential", {"authenticatorId": phone, "credential": {**held, "signCount": count}})
        page.goto(f"{local}/logga-in/?next=/sakerhet/")
        open_local(page)
        page.get_by_role("button", name="Logga in med passnyckel").click()
        if lets_in:
            page.wait_for_url("**/sakerhet/")
        else:
            expect(page.locator("#messages")).to_contain_text("Passnyckeln kunde inte användas")


def test_an_app_is_set_up_on_a_telephone_and_a_password_shown(
    phone: Page, server: Server, axe: Check, no_sideways_scroll: Check
) -> None:
    phone.goto("/logga-in/")
    open_local(phone)
    password = phone.locator("[name=password]")
    password.fill("hemligt")
    phone.get_by_role("button", name="Visa").click()
    expect(password).to_have_attribute("type", "text")
    phone.get_by_role("button", name="Dölj").click()
    expect(password).to_have_attribute("type", "password")
    expect(phone.get_by_role("button", name="Logga in med passnyckel")).to_have_count(0)  # a bare address has none
    no_sideways_scroll(phone)

    give_password(phone, server.url, server, "administrator")
    expect(phone.get_by_text("inte på en IP-adress")).to_be_visible()
    phone.get_by_role("link", name="Kodapp").click()
    assert phone.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    axe(phone)
    no_sideways_scroll(phone)
    app = pyotp.TOTP(re.sub(r"\s", "", phone.locator(".secret").inner_text()))
    phone.get_by_label("Kod").fill(app.now())
    phone.get_by_role("button", name="Bekräfta").click()
    expect(phone.locator(".codes li")).to_have_count(10)
    code = phone.locator(".codes code").first.inner_text()
    no_sideways_scroll(phone)
    phone.get_by_role("link", name="fortsätt").click()
    expect(phone.get_by_role("heading", name="Säkerhet", exact=True)).to_be_visible()
    axe(phone)
    no_sideways_scroll(phone)

    phone.context.clear_cookies()
    give_password(phone, server.url, server, "administrator")
    axe(phone)
    no_sideways_scroll(phone)
    phone.get_by_label("Kod").fill(code)
    phone.get_by_role("button", name="Logga in", exact=True).click()
    expect(phone.locator("#messages")).to_contain_text("En reservkod användes")


def test_a_browser_without_passkeys_says_so(open_page: Callable[..., Page], local: str, server: Server) -> None:
    page = open_page()
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(f"{local}/logga-in/")
    open_local(page)
    expect(page.get_by_text("Den här webbläsaren kan inte använda passnycklar.")).to_be_visible()
    expect(page.get_by_role("button", name="Logga in med passnyckel")).to_have_count(0)
