from datetime import timedelta

import pytest

from tests import factories
from tests.factories import NOW, SYSTEM
from vardnav.audit.models import Line
from vardnav.identity import actions, selectors
from vardnav.identity.models import ApiKey
from vardnav.identity.rules import BadKey, NotAnAdministrator, UnknownScope
from vardnav.kernel.actor import ActorKind, Role

pytestmark = pytest.mark.django_db
READ = frozenset({"listing:read"})
DAY = timedelta(days=1)


def issue(**changes: object) -> tuple[ApiKey, str]:
    values = {"name": "Bokning", "scopes": READ, "by": SYSTEM, "now": NOW, **changes}
    return actions.issue_key(**values)  # type: ignore[arg-type]


def test_a_key_acts_as_its_system_with_its_scopes() -> None:
    key, token = issue()
    actor = selectors.service(token, NOW, "r1")
    assert actor is not None
    assert (actor.kind, actor.name, actor.scopes) == (ActorKind.SERVICE, "Bokning", READ)
    assert (actor.hsa_id, actor.request_id, actor.role) == (f"key:{key.prefix}", "r1", None)


def test_only_the_digest_is_kept() -> None:
    key, token = issue()
    secret = token.rsplit("_", 1)[-1]
    assert secret not in str(ApiKey.objects.values().get(id=key.id))
    assert secret not in str(list(Line.objects.values()))
    assert len(token) > 50


def test_secrets_with_underscores_are_whole() -> None:
    for _ in range(40):
        _, token = issue()
        assert selectors.service(token, NOW) is not None


@pytest.mark.parametrize("change", ["x", "", " "])
def test_a_changed_key_is_no_key(change: str) -> None:
    _, token = issue()
    assert selectors.service(token[:-1] + change, NOW) is None
    assert selectors.service(token.replace("vnav_", "vnav"), NOW) is None


def test_a_key_ends_by_itself() -> None:
    _, token = issue(expires_at=NOW + DAY)
    assert selectors.service(token, NOW + DAY - timedelta(seconds=1)) is not None
    assert selectors.service(token, NOW + DAY) is None


def test_a_revoked_key_is_out_at_once_and_only_once() -> None:
    key, token = issue()
    actions.revoke_key(key.id, by=SYSTEM, now=NOW)
    actions.revoke_key(key.id, by=SYSTEM, now=NOW + DAY)
    assert selectors.service(token, NOW) is None
    key.refresh_from_db()
    assert key.revoked_at == NOW
    assert Line.objects.filter(kind="identity.key.revoked").count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"scopes": frozenset({"all"})}, UnknownScope),
        ({"scopes": frozenset()}, BadKey),
        ({"name": " "}, BadKey),
        ({"expires_at": NOW}, BadKey),
        ({"expires_at": NOW + timedelta(days=732)}, BadKey),
        ({"by": factories.system("x"), "scopes": frozenset({"listing:read", "x"})}, UnknownScope),
    ],
)
def test_a_key_that_opens_too_much_or_too_long_is_refused(changes: dict[str, object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        issue(**changes)


@pytest.mark.parametrize("role", [Role.CLINIC_STAFF, Role.CLINIC_HEAD, Role.REGION_PLANNER])
def test_only_administrators_issue_and_revoke(role: Role) -> None:
    by, (key, _) = factories.staff(role=role), issue()
    with pytest.raises(NotAnAdministrator):
        issue(by=by)
    with pytest.raises(NotAnAdministrator):
        actions.revoke_key(key.id, by=by, now=NOW)
