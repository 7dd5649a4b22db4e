"""Sessions in our own table behave as Django's, and end when they should."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from tests import factories as make
from vardnav.identity.models import Session
from vardnav.identity.rules import digest
from vardnav.identity.rules.sessions import Way
from vardnav.web import session as sessions
from vardnav.web.session_store import ACCOUNT, WAY, SessionStore

pytestmark = pytest.mark.django_db


def saved(**data: object) -> str:
    store = SessionStore()
    store.update({ACCOUNT: make.account().id, **data})
    store.create()
    return str(store.session_key)


def row(key: str) -> Session:
    return Session.objects.get(digest=digest(key))


def test_what_was_kept_is_read() -> None:
    assert SessionStore(saved(thing=7)).get("thing") == 7


def test_the_cookie_is_kept_nowhere() -> None:
    key = saved()
    assert key not in str(list(Session.objects.values()))
    assert SessionStore(row(key).digest).get(ACCOUNT) is None  # what stands in the table opens nothing


def test_a_session_whose_time_is_over_is_nobodys() -> None:
    key = saved()
    Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert SessionStore(key).get(ACCOUNT) is None


def test_a_key_that_nobody_gave_out_is_not_taken_over() -> None:
    planted = SessionStore("planted0planted0planted0planted0")
    planted["thing"] = 7
    planted.save()
    assert planted.session_key != "planted0planted0planted0planted0"


def test_data_that_was_tampered_with_is_empty() -> None:
    key = saved()
    Session.objects.update(data="forged:data:here")
    assert SessionStore(key).get(ACCOUNT) is None


def test_another_cookie_is_the_same_session() -> None:
    key = saved(thing=7)
    begun = timezone.now() - timedelta(hours=1)
    Session.objects.update(begun_at=begun)
    store = SessionStore(key)
    store.cycle_key()
    assert SessionStore(key).get("thing") is None
    assert SessionStore(store.session_key).get("thing") == 7
    assert Session.objects.get().begun_at == begun


def test_a_visitor_who_is_on_the_way_has_a_quarter_of_an_hour() -> None:
    store = SessionStore()
    store["thing"] = 7
    store.create()
    left = Session.objects.get().expires_at - timezone.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)


@pytest.fixture
def astrid(client: Client) -> Client:
    make.log_in(client, make.person())
    return client


def set_times(**ago: float) -> None:
    """As if it began, was seen, so many minutes ago."""
    now = timezone.now()
    Session.objects.update(**{f"{name}_at": now - timedelta(minutes=minutes) for name, minutes in ago.items()})


def test_somebody_who_is_there_moves_the_end_once_a_minute(astrid: Client) -> None:
    set_times(begun=10, seen=0.5)
    before = Session.objects.get()
    astrid.get("/hem/")
    assert Session.objects.get().seen_at == before.seen_at
    set_times(seen=5)
    astrid.get("/hem/")
    after = Session.objects.get()
    assert timezone.now() - after.seen_at < timedelta(seconds=30)
    assert after.expires_at - after.seen_at == settings.STAFF_SESSION[0]  # by password: as staff


def test_a_page_that_refreshes_itself_is_not_somebody(astrid: Client) -> None:
    set_times(begun=10, seen=5)
    before = Session.objects.get().seen_at
    astrid.get("/hem/", headers={sessions.QUIET: "1"})
    assert Session.objects.get().seen_at == before


@pytest.mark.parametrize(
    ("way", "idle", "longest"),
    [(Way.OIDC_STAFF, 30, 8), (Way.PASSWORD, 30, 8), (Way.PASSKEY, 30, 8), (Way.OIDC_RESIDENT, 20, 4)],
)
def test_a_session_lasts_as_long_as_its_kind_may(way: Way, idle: int, longest: int) -> None:
    key, now = saved(**{WAY: way.value}), timezone.now()
    assert abs(row(key).expires_at - row(key).begun_at - timedelta(minutes=idle)) < timedelta(seconds=1)
    Session.objects.update(begun_at=now - timedelta(hours=longest) + timedelta(minutes=3))
    store = SessionStore(key)
    store.load()
    assert store.see(now) == now + timedelta(minutes=3)  # whoever is there: not longer


def test_a_request_costs_one_statement_for_its_session(astrid: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Besides asking who it is; nothing is written within the minute."""
    asked: list[str] = []
    from vardnav.tables import sql

    execute = sql._execute

    def counted(statement: str, values: object = ()) -> object:
        asked.append(statement)
        return execute(statement, values)  # type: ignore[arg-type]

    astrid.get("/hem/")
    monkeypatch.setattr(sql, "_execute", counted)
    astrid.get("/om/")
    assert len([one for one in asked if "identity_session" in one]) == 1
    assert len([one for one in asked if "identity_account" in one]) == 1


def test_the_end_of_the_session_is_told_the_page(astrid: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[HttpRequest] = []
    monkeypatch.setattr("vardnav.web.public.views.render", lambda request, *_, **__: seen.append(request))
    with pytest.raises(ValueError, match="didn't return an HttpResponse"):
        astrid.get("/om/")
    assert seen[0].session_ends_at == Session.objects.get().expires_at  # type: ignore[attr-defined]


def test_a_session_that_ended_meanwhile_does_not_begin_again_under_another_cookie() -> None:
    key = saved(**{WAY: Way.PASSWORD.value})
    store = SessionStore(key)
    assert store.get(ACCOUNT)
    Session.objects.all().delete()  # an administrator ends it while its own request runs
    with pytest.raises(SessionInterrupted):
        store.cycle_key()
    assert not Session.objects.exists()
