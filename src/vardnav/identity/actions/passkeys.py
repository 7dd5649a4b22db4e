"""Passkeys: asked a question that is good for three minutes and one answer, from our own address only."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import webauthn
from django.db import IntegrityError, transaction
from django.db.models import Q
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from vardnav.identity.actions.factors import check_not_last, tell
from vardnav.identity.models import Account, Challenge, Passkey
from vardnav.identity.rules.factors import PasskeyNotAdded, PasskeyRefused, TooManyPasskeys
from vardnav.identity.rules.limits import CHALLENGE_LIVES, MOST_PASSKEYS, NoticeKind
from vardnav.kernel.actor import Actor

LONGEST_ANSWER = 16_384
BROKEN = (
    WebAuthnException,
    ValueError,
    KeyError,
    TypeError,
    RecursionError,
)  # what a library says of an answer that is no answer


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are: the name keys are bound to, and the address a browser must say it is at."""

    domain: str
    origin: str
    name: str = "Vårdnav"


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser gets (JSON), and what the visitor's session keeps to tell that it was put here."""

    options: str
    asked: bytes


def ask_passkey(*, site: Site, now: datetime, account_id: int | None = None) -> Question:
    """Ask for a key: any that is for this site, or one of an account's."""
    challenge = _challenge(None, now)
    mine = Passkey.objects.filter(account_id=account_id) if account_id else Passkey.objects.none()
    options = webauthn.generate_authentication_options(
        rp_id=site.domain,
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[PublicKeyCredentialDescriptor(id=bytes(one.credential_id)) for one in mine] or None,
    )
    return Question(webauthn.options_to_json(options), challenge)


def ask_new_passkey(*, site: Site, by: Actor, now: datetime) -> Question:
    """Ask the authenticator to make a key for the account.

    Raises TooManyPasskeys.
    """
    account = Account.objects.get(id=by.account_id or 0, is_active=True)
    mine = list(account.passkeys.all())
    if len(mine) >= MOST_PASSKEYS:
        raise TooManyPasskeys
    challenge = _challenge(account, now)
    options = webauthn.generate_registration_options(
        rp_id=site.domain,
        rp_name=site.name,
        user_name=account.login,
        user_display_name=account.name,
        user_id=bytes(mine[0].handle) if mine else secrets.token_bytes(32),
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(one.credential_id)) for one in mine],
    )
    return Question(webauthn.options_to_json(options), challenge)


def add_passkey(
    answer: str, *, name: str, asked: bytes, handle: bytes, site: Site, by: Actor, now: datetime
) -> Passkey:
    """Raises PasskeyNotAdded."""
    account = Account.objects.get(id=by.account_id or 0, is_active=True)
    if not _used_up(asked, account.id, now) or len(answer) > LONGEST_ANSWER:
        raise PasskeyNotAdded(why="challenge")
    try:
        made = parse_registration_credential_json(answer)
        found = webauthn.verify_registration_response(
            credential=made,
            expected_challenge=asked,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        with transaction.atomic():
            passkey = Passkey.objects.create(
                account=account,
                name=name.strip()[:60] or "Passnyckel",
                handle=handle,
                credential_id=found.credential_id,
                public_key=found.credential_public_key,
                sign_count=found.sign_count,
                transports=[one.value for one in made.response.transports or []][:8],
                added_at=now,
            )
            tell(account, NoticeKind.PASSKEY_ADDED, by=by, now=now, name=passkey.name)
    except (*BROKEN, IntegrityError) as error:
        raise PasskeyNotAdded(why=type(error).__name__) from error
    return passkey


@transaction.atomic
def name_passkey(passkey_id: int, name: str, *, by: Actor) -> None:
    Passkey.objects.filter(id=passkey_id, account_id=by.account_id or 0).update(name=name.strip()[:60] or "Passnyckel")


@transaction.atomic
def remove_passkey(passkey_id: int, *, by: Actor, now: datetime) -> None:
    """Raises LastFactor."""
    account = Account.objects.select_for_update().get(id=by.account_id or 0, is_active=True)
    passkey = account.passkeys.filter(id=passkey_id).first()
    if passkey is None:
        return
    check_not_last(account)
    passkey.delete()
    tell(account, NoticeKind.PASSKEY_REMOVED, by=by, now=now, name=passkey.name)


def passkey_that_answers(answer: str, *, asked: bytes, site: Site, now: datetime) -> Passkey:
    """The key that signed the question, its count led on. Raises PasskeyRefused with `why`."""
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused(why="too long")
    try:
        given = parse_authentication_credential_json(answer)
        passkey = Passkey.objects.select_for_update().select_related("account").get(credential_id=given.raw_id)
    except (*BROKEN, Passkey.DoesNotExist) as error:
        raise PasskeyRefused(why="unknown") from error
    if given.response.user_handle not in (None, bytes(passkey.handle)):
        raise PasskeyRefused(why="handle")
    try:
        found = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=asked,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except BROKEN as error:
        raise PasskeyRefused(why=str(error)[:120]) from error
    passkey.sign_count, passkey.used_at = found.new_sign_count, now
    passkey.save(update_fields=["sign_count", "used_at"])
    return passkey


def use_up(asked: bytes, *, now: datetime) -> bool:
    """Whether the question was still open; from now on it is not, whatever the answer was."""
    return _used_up(asked, None, now)


def forget_challenges(*, now: datetime) -> int:
    return Challenge.objects.filter(expires_at__lt=now).delete()[0]


def _challenge(account: Account | None, now: datetime) -> bytes:
    """Kept here, so that two answers at once cannot both take it; those that ran out go as new ones come."""
    forget_challenges(now=now)
    value = secrets.token_bytes(32)
    Challenge.objects.create(value=value, account=account, expires_at=now + CHALLENGE_LIVES)
    return value


def _used_up(asked: bytes, account_id: int | None, now: datetime) -> bool:
    mine = Q(account_id=account_id) if account_id else Q(account__isnull=True)
    found = Challenge.objects.filter(mine, value=asked)
    return bool(found.filter(expires_at__gt=now).delete()[0])
