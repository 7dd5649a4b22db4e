"""Sessions read in plain SQL behave as Django's."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from vardnav.web.session_store import SessionStore

pytestmark = pytest.mark.django_db


def saved(**data: object) -> str:
    store = SessionStore()
    store.update(data)
    store.create()
    return str(store.session_key)


def test_what_was_kept_is_read() -> None:
    assert SessionStore(saved(account=7)).get("account") == 7


def test_a_session_whose_time_is_over_is_nobodys() -> None:
    key = saved(account=7)
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert SessionStore(key).get("account") is None


def test_a_key_that_nobody_gave_out_is_not_taken_over() -> None:
    planted = SessionStore("planted0planted0planted0planted0")
    planted["account"] = 7
    planted.save()
    assert planted.session_key != "planted0planted0planted0planted0"


def test_data_that_was_tampered_with_is_empty() -> None:
    key = saved(account=7)
    Session.objects.filter(session_key=key).update(session_data="forged:data:here")
    assert SessionStore(key).get("account") is None
