"""Where one is logged in: to see, and to end; and where one comes back to when a session has ended by itself."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories as make
from vardnav.audit.models import Line
from vardnav.identity import actions
from vardnav.identity.models import Session
from vardnav.identity.rules import NotAnAdministrator
from vardnav.identity.rules.sessions import SessionGone
from vardnav.kernel.actor import Actor, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def sofia() -> Actor:
    return make.staff()


def browser(who: Actor) -> Client:
    client = Client()
    make.log_in(client, who)
    return client


def is_in(client: Client) -> bool:
    return client.get("/inloggningar/").status_code == 200


def ended() -> list[str]:
    return [line.details["why"] for line in Line.objects.filter(kind="identity.session.ended")]


def test_all_ones_own_are_shown_and_nobody_elses(sofia: Actor) -> None:
    here, _, _ = browser(sofia), browser(sofia), browser(make.staff(name="Mats"))
    page = here.get("/inloggningar/").content.decode()
    assert page.count("Lösenord och ett andra steg") >= 2
    assert page.count("Den här") == 1
    assert page.count("/avsluta/") == 1


def test_one_is_ended_at_once(sofia: Actor) -> None:
    here, there = browser(sofia), browser(sofia)
    other = Session.objects.exclude(digest=here.session.digest).get()
    assert here.post(f"/inloggningar/{other.id}/avsluta/").status_code == 302
    assert (is_in(here), is_in(there), ended()) == (True, False, ["own"])


def test_all_others_are_ended_and_this_one_stays(sofia: Actor) -> None:
    here, there, elsewhere, mats = browser(sofia), browser(sofia), browser(sofia), browser(make.staff(name="Mats"))
    here.post("/inloggningar/avsluta-andra/")
    assert [is_in(one) for one in (here, there, elsewhere, mats)] == [True, False, False, True]
    assert ended() == ["others", "others"]


def test_another_persons_is_none_of_mine(sofia: Actor) -> None:
    mats = browser(make.staff(name="Mats"))
    theirs = Session.objects.get()
    with pytest.raises(SessionGone):
        actions.end_session(theirs.id, by=sofia, now=timezone.now())
    assert sofia.account_id != theirs.account_id
    with pytest.raises(NotAnAdministrator):
        actions.end_sessions(theirs.account_id or 0, by=sofia, now=timezone.now())
    assert is_in(mats)


def test_an_administrator_ends_all_of_an_account(sofia: Actor) -> None:
    there, elsewhere = browser(sofia), browser(sofia)
    admin = browser(make.staff(role=Role.ADMINISTRATOR, name="Anton"))
    assert "Logga ut överallt" in admin.get(f"/konton/{sofia.account_id}/").content.decode()
    admin.post(f"/konton/{sofia.account_id}/avsluta-inloggningar/")
    assert (is_in(there), is_in(elsewhere), is_in(admin)) == (False, False, True)
    assert ended() == ["administrator", "administrator"]


def test_logging_out_ends_this_one_with_a_line(sofia: Actor) -> None:
    here, there = browser(sofia), browser(sofia)
    here.post("/logga-ut/")
    assert (is_in(here), is_in(there), ended()) == (False, True, ["logout"])


def test_an_assignment_that_has_ended_is_not_acted_in_any_more(sofia: Actor) -> None:
    here = browser(sofia)
    assert here.get("/i-dag/").status_code == 200
    assert sofia.acting is not None
    actions.end_assignment(sofia.acting.assignment_id, by=make.SYSTEM, now=timezone.now())
    assert here.get("/i-dag/")["Location"] == "/uppdrag/"


# --- When it has ended by itself -----------------------------------------------------------------


def over(client: Client) -> Client:
    Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    return client


def going_to(location: str) -> list[str]:
    return parse_qs(urlsplit(location).query)["next"]


def test_one_comes_back_to_the_page(sofia: Actor) -> None:
    answer = over(browser(sofia)).get("/listade/?name=a")
    assert going_to(answer["Location"]) == ["/listade/?name=a"]


@pytest.mark.parametrize(
    ("sent_from", "back"),
    [
        ("http://testserver/listade/?name=a", "/listade/?name=a"),
        ("https://evil.example/listade/", "/"),
        ("http://evil.example/", "/"),
        ("", "/"),
    ],
)
def test_from_a_form_one_comes_back_to_the_page_it_stood_on(sofia: Actor, sent_from: str, back: str) -> None:
    answer = over(browser(sofia)).post("/listade/fast-lakare/", headers={"referer": sent_from})
    assert going_to(answer["Location"]) == [back]


def test_a_part_of_a_page_says_that_it_cannot_be_had(sofia: Actor) -> None:
    """Else the page where one logs in would be put into the middle of another."""
    assert over(browser(sofia)).get("/i-dag/", headers={"hx-request": "true"}).status_code == 401


def test_the_page_asks_how_long_and_says_that_somebody_is_there(sofia: Actor) -> None:
    here = browser(sofia)
    Session.objects.update(
        seen_at=timezone.now() - timedelta(minutes=29), expires_at=timezone.now() + timedelta(seconds=60)
    )
    asked = here.get("/inloggningar/kvar/", headers={"X-Vardnav-Quiet": "1"}).json()
    assert 55 < asked["seconds"] <= 60
    stayed = here.post("/inloggningar/kvar/", headers={"X-Vardnav-Quiet": "1"}).json()
    assert 29 * 60 < stayed["seconds"] <= 30 * 60
    assert stayed["account"] == sofia.account_id
    assert over(here).get("/inloggningar/kvar/").json() == {"seconds": 0, "account": None}


def test_every_page_of_somebody_logged_in_knows_its_end(sofia: Actor) -> None:
    here = browser(sofia)
    assert 'id="session-end"' in here.get("/i-dag/").content.decode()
    assert 'id="session-end"' not in Client().get("/logga-in/").content.decode()
