"""Rules over all tables."""

import tomllib
from collections.abc import Iterator
from enum import StrEnum
from typing import get_args

import pytest
from django.apps import apps
from django.db.models import CheckConstraint, Field, ForeignKey, Model
from tests.architecture.conftest import ROOT

from vardnav.config.settings import ROOMS
from vardnav.kernel.personal_data import PersonalDataClass

MODELS = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
NAMES = [model._meta.label for model in MODELS]
ours = pytest.mark.parametrize("model", MODELS, ids=NAMES)

LIMITS = {"starts_at", "ends_at", "expires_at"}  # where a time begins and ends: nobody does that
AT_WITHOUT_BY = {
    "audit.Line": {"recorded_at"},  # the line is all about who: user_id
    "audit.Command": {"recorded_at"},  # user_id
    "identity.Passkey": {"added_at", "used_at"},  # only its owner adds and uses it
    "identity.Totp": {"added_at", "used_at"},  # the same
    "identity.Session": {"begun_at", "seen_at"},  # the account
    "outbox.Message": {"read_at"},  # only its recipient can open it
}


def floors() -> dict[str, int]:
    """The height of each room, from the contract in pyproject."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {room.strip(): height for height, layer in enumerate(reversed(layers)) for room in layer.split("|")}


def fields(model: type[Model]) -> Iterator[Field]:
    return iter(model._meta.concrete_fields)


@ours
def test_no_foreign_key_points_upward(model: type[Model]) -> None:
    height = floors()
    for field in fields(model):
        if isinstance(field, ForeignKey) and field.related_model._meta.app_label in ROOMS:
            target = field.related_model._meta.app_label
            here = model._meta.app_label
            assert target == here or height[target] < height[here], f"{field} -> {target}"


@ours
def test_every_choice_is_held_by_the_database(model: type[Model]) -> None:
    checks = [constraint for constraint in model._meta.constraints if isinstance(constraint, CheckConstraint)]
    for field in fields(model):
        if field.choices:
            assert any(field.name in str(check.condition) for check in checks), f"{field} has no CheckConstraint"


@ours
def test_every_field_says_what_personal_data_it_holds(model: type[Model]) -> None:
    declared = getattr(model, "personal_data", None)
    assert declared is not None, f"{model} does not declare personal_data"
    assert set(declared) == {field.name for field in fields(model)}
    assert set(declared.values()) <= set(get_args(PersonalDataClass))


@ours
def test_constraints_are_sentences_of_their_room(model: type[Model]) -> None:
    for constraint in model._meta.constraints:
        assert constraint.name.startswith(f"{model._meta.app_label}_"), constraint.name


@ours
def test_an_instant_has_somebody_behind_it(model: type[Model]) -> None:
    names = {field.name for field in fields(model)}
    alone = {name for name in names if name.endswith("_at") and name not in LIMITS and f"{name[:-3]}_by" not in names}
    assert alone == AT_WITHOUT_BY.get(model._meta.label, set())


@ours
def test_instants_and_dates_are_named_as_such(model: type[Model]) -> None:
    for field in fields(model):
        kind = field.get_internal_type()
        if kind == "DateTimeField":
            assert field.name.endswith(("_at", "_until")) or field.name == "last_login", field  # Django's
        if kind == "DateField":
            assert field.name.endswith(("_on", "_date")) or field.name == "month", field


def test_every_room_has_a_floor() -> None:
    assert set(ROOMS) <= set(floors())


def test_enums_of_choices_are_strings() -> None:
    for model in MODELS:
        for field in fields(model):
            for value, _ in field.flatchoices or ():
                assert isinstance(value, str | StrEnum), field
