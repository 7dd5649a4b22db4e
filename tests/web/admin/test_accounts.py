import re
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests import factories
from vardnav.audit.models import Line
from vardnav.identity.actions import log_in
from vardnav.identity.models import Account, Assignment
from vardnav.identity.rules import LoginRefused
from vardnav.identity.selectors import actor
from vardnav.kernel.actor import Actor, Role

NEW = {"name": "Bo Ek", "hsa_id": "se5599990009-bo", "login": "Bo"}


def text(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def password_in(answer: HttpResponse) -> str:
    found = re.search(r'class="secret">([^<]+)<', answer.content.decode())
    assert found
    return found[1]


def test_staff_are_found_by_name_id_and_login(client: Client, admin: Actor) -> None:
    bo = factories.account(name="Bo Ek", hsa_id="SE5599990009-BO")
    factories.account(factories.person("Bosse Invånare"))
    for query in ("bo e", "se5599990009-bo", bo.login):
        shown = text(client.get("/konton/", {"q": query}))
        assert "Bo Ek" in shown
        assert "Bosse" not in shown
    assert "Inget konto passar" in text(client.get("/konton/", {"q": "finns inte"}))


def test_many_accounts_come_in_pages(client: Client, admin: Actor) -> None:
    for number in range(60):
        factories.account(name=f"Medarbetare {number:02}")
    first = client.get("/konton/")
    next_page = re.search(r'rel="next" href="([^"]+)"', first.content.decode())
    assert next_page
    second = client.get(f"/konton/{next_page[1].replace('&amp;', '&')}")
    assert "Medarbetare 48" in text(first)
    assert "Medarbetare 49" in text(second)
    assert "Medarbetare 48" not in text(second)


def test_an_opened_account_can_log_in_with_the_password_shown_once(client: Client, admin: Actor) -> None:
    answer = client.post("/konton/nytt/", NEW)
    made = log_in(login="bo", password=password_in(answer), now=timezone.now())
    assert (made.name, made.hsa_id) == ("Bo Ek", "SE5599990009-BO")
    assert answer["Cache-Control"] == "no-store"
    assert "secret" not in client.get(f"/konton/{made.id}/").content.decode()
    assert Line.objects.get(kind="identity.account.opened").user_name == "Anton Admin"


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"hsa_id": "123"}, 422, "Skriv SE, tio siffror"),
        ({"name": ""}, 422, "Skriv medarbetarens namn."),
        ({"login": ""}, 422, "Skriv ett användarnamn."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: Client, admin: Actor, changes: dict[str, str], status: int, says: str
) -> None:
    answer = client.post("/konton/nytt/", {**NEW, **changes})
    assert answer.status_code == status
    assert says in text(answer)
    for kept in {**NEW, **changes}.values():
        assert kept in answer.content.decode()


def test_a_taken_login_is_said(client: Client, admin: Actor) -> None:
    client.post("/konton/nytt/", NEW)
    answer = client.post("/konton/nytt/", {**NEW, "hsa_id": "SE5599990009-BO2"})
    assert answer.status_code == 409
    assert "Det finns redan ett konto" in text(answer)


def test_a_unit_is_searched_for_and_an_assignment_given(client: Client, admin: Actor) -> None:
    bo, eken = factories.account(name="Bo Ek"), factories.clinic("Ekens vårdcentral")
    factories.clinic("Alens vårdcentral")
    found = text(client.get(f"/konton/{bo.id}/uppdrag/", {"q": "eken"}))
    assert "Ekens vårdcentral, Östersund" in found
    assert "Alens" not in found
    form = {"unit": eken.hsa_id, "role": "clinic_staff", "starts_on": timezone.localdate(), "reason": "Anställd"}
    answer = client.post(f"/konton/{bo.id}/uppdrag/?q=eken", form, follow=True)
    assert "Bo Ek har fått uppdraget vid Ekens vårdcentral." in text(answer)
    made = Assignment.objects.get(account=bo)
    acting = actor(bo.id, made.id, timezone.now())
    assert acting is not None
    assert (acting.role, acting.unit_hsa_id) == (Role.CLINIC_STAFF, eken.hsa_id)


def test_the_last_day_of_an_assignment_counts(client: Client, admin: Actor) -> None:
    bo, eken = factories.account(), factories.clinic()
    form = {"unit": eken.hsa_id, "role": "clinic_head", "reason": "Vikariat"}
    days = {"starts_on": "2026-10-01", "ends_on": "2026-10-25"}  # the day the clocks go back
    assert client.post(f"/konton/{bo.id}/uppdrag/", {**form, **days}).status_code == 302
    made = Assignment.objects.get(account=bo)
    assert made.ends_at is not None
    assert timezone.localtime(made.ends_at).isoformat() == "2026-10-26T00:00:00+01:00"
    assert timezone.localtime(made.starts_at).isoformat() == "2026-10-01T00:00:00+02:00"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ends_on": "2020-01-01"}, "Uppdraget slutar innan det har börjat."),
        ({"reason": ""}, "Skriv varför uppdraget ges."),
        ({"role": ""}, "Välj en roll."),
        ({"starts_on": "i morgon"}, "Skriv datumet som ÅÅÅÅ-MM-DD."),
    ],
)
def test_an_assignment_that_is_not_whole_is_refused(
    client: Client, admin: Actor, changes: dict[str, str], says: str
) -> None:
    bo, eken = factories.account(), factories.clinic()
    form = {"unit": eken.hsa_id, "role": "clinic_staff", "starts_on": timezone.localdate(), "reason": "x", **changes}
    answer = client.post(f"/konton/{bo.id}/uppdrag/", form)
    assert answer.status_code == 422
    assert says in text(answer)
    assert not Assignment.objects.filter(account=bo).exists()


def test_an_assignment_is_ended_at_once(client: Client, admin: Actor) -> None:
    bo = factories.account(name="Bo Ek")
    made = factories.assignment(bo, at=factories.clinic())
    answer = client.post(f"/konton/uppdrag/{made.id}/avsluta/", follow=True)
    assert "är slut." in text(answer)
    acting = actor(bo.id, made.id, timezone.now())
    assert acting is not None
    assert acting.acting is None
    assert "Tidigare uppdrag" in text(answer)


def test_a_new_password_is_shown_once_and_the_old_is_worth_nothing(client: Client, admin: Actor) -> None:
    first = password_in(client.post("/konton/nytt/", NEW))
    bo = Account.objects.get(login="bo")
    second = password_in(client.post(f"/konton/{bo.id}/losenord/"))
    assert log_in(login="bo", password=second, now=timezone.now())
    with pytest.raises(LoginRefused):
        log_in(login="bo", password=first, now=timezone.now())


def test_a_closed_account_is_closed_for_good(client: Client, admin: Actor) -> None:
    bo = factories.account(name="Bo Ek")
    answer = client.post(f"/konton/{bo.id}/stang/", follow=True)
    assert "Bo Ek kan inte längre logga in." in text(answer)
    assert "Ge ett uppdrag" not in text(answer)


def test_nobody_gives_themselves_anything(client: Client, admin: Actor) -> None:
    """Whoever hands out authority would else hand themselves the patients of every clinic."""
    eken = factories.clinic()
    assert admin.acting is not None
    form = {"unit": eken.hsa_id, "role": "clinic_head", "starts_on": date(2026, 1, 1), "reason": "Nyfiken"}
    own = f"/konton/{admin.account_id}"
    for path, data in (
        (f"{own}/uppdrag/", form),
        (f"{own}/stang/", {}),
        (f"{own}/losenord/", {}),
        (f"/konton/uppdrag/{admin.acting.assignment_id}/avsluta/", {}),
    ):
        assert client.post(path, data).status_code == 403, path
    assert Assignment.objects.filter(account_id=admin.account_id, ends_at__isnull=True).count() == 1


def test_a_residents_account_is_none_of_theirs(client: Client, admin: Actor) -> None:
    astrid = factories.account(factories.person())
    assert client.get(f"/konton/{astrid.id}/").status_code == 404
    assert client.get(f"/konton/{astrid.id}/uppdrag/").status_code == 404
    assert client.post(f"/konton/{astrid.id}/stang/").status_code == 404


def test_a_coming_assignment_is_told_as_such(client: Client, admin: Actor) -> None:
    bo = factories.account()
    factories.assignment(bo, at=factories.clinic(), starts_at=timezone.now() + timedelta(days=2))
    assert "Har inte börjat" in text(client.get(f"/konton/{bo.id}/"))
