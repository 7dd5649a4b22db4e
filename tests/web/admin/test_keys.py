from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.admin.test_accounts import password_in, text
from vardnav.identity.models import ApiKey
from vardnav.identity.selectors import service
from vardnav.kernel.actor import Actor

FORM = {"name": "Bokningssystemet", "scopes": ["organisation:read", "listing:read"]}


def in_days(days: int) -> dict[str, str]:
    return {"expires_on": (timezone.localdate() + timedelta(days=days)).isoformat()}


def test_a_key_is_shown_once_and_opens_what_was_chosen(client: Client, admin: Actor) -> None:
    answer = client.post("/api-nycklar/ny/", {**FORM, **in_days(30)})
    secret = password_in(answer)
    acting = service(secret, timezone.now())
    assert acting is not None
    assert (acting.name, acting.scopes) == ("Bokningssystemet", {"organisation:read", "listing:read"})
    listed = client.get("/api-nycklar/")
    assert secret not in listed.content.decode()
    assert "Läsa listningar" in text(listed)
    assert "I kraft" in text(listed) or "Slutar snart" in text(listed)


def test_the_last_day_of_a_key_counts(client: Client, admin: Actor) -> None:
    client.post("/api-nycklar/ny/", {**FORM, **in_days(0)})
    expires = timezone.localtime(ApiKey.objects.get().expires_at)
    assert (expires.date(), expires.hour) == (timezone.localdate() + timedelta(days=1), 0)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"scopes": []}, "Välj minst en sak"),
        ({"scopes": ["everything"]}, "everything"),
        ({"name": ""}, "Skriv vilket system"),
        (in_days(-1), "Välj en dag från i dag"),
        (in_days(731), "högst två år fram"),
    ],
)
def test_a_key_that_opens_too_much_or_too_long_is_refused(
    client: Client, admin: Actor, changes: dict[str, object], says: str
) -> None:
    answer = client.post("/api-nycklar/ny/", {**FORM, **in_days(30), **changes})
    assert answer.status_code == 422
    assert says in text(answer)
    assert not ApiKey.objects.exists()


def test_a_revoked_key_opens_nothing(client: Client, admin: Actor) -> None:
    secret = password_in(client.post("/api-nycklar/ny/", {**FORM, **in_days(300)}))
    answer = client.post(f"/api-nycklar/{ApiKey.objects.get().id}/aterkalla/", follow=True)
    assert "Nyckeln är återkallad" in text(answer)
    assert "Återkallad" in text(answer)
    assert service(secret, timezone.now()) is None


def test_without_keys_the_page_says_how_to_begin(client: Client, admin: Actor) -> None:
    assert "Inga nycklar än" in text(client.get("/api-nycklar/"))
