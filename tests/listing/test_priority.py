"""The program never sets, changes or suggests a priority: what a person or the region gave goes out as it came.

MDR (EU) 2017/745, Annex VIII, rule 11; docs/intended-purpose.md.
"""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests import factories
from tests.factories import NOW, SYSTEM
from vardnav.config.settings import ROOMS
from vardnav.listing.actions import decline_offer, fill_from_queue, leave_queue
from vardnav.listing.models import QueuePlace

PACKAGE = Path(__file__).resolve().parents[2] / "src/vardnav"
WORDS = ("priority", "urgency", "triage", "severity", "acuity")
HAS_A_PROPERTY_TEST = {"listing.QueuePlace.priority_class"}  # below
# Where a class comes in from outside: imports, and regions made up for the demo.
FROM_OUTSIDE = ("extracts/", "demo/generate/", "listing/actions/bulk.py", "listing/models.py")


def test_every_column_that_could_be_a_priority_has_a_property_test() -> None:
    """A new one fails here until a test like the one below says that it goes out as it came in."""
    found = {
        f"{room}.{model.__name__}.{field.name}"
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.concrete_fields
        if any(word in field.name for word in WORDS)
    }
    assert found - {name for name in found if name.startswith("incidents.")} == HAS_A_PROPERTY_TEST


def writes(tree: ast.AST) -> list[int]:
    """Lines that give something called a priority a value: an assignment, an argument, a key."""
    found = []
    for node in ast.walk(tree):
        named = (
            (isinstance(node, ast.keyword) and node.arg in {"priority_class"})
            or (isinstance(node, ast.Attribute) and node.attr == "priority_class" and isinstance(node.ctx, ast.Store))
            or (isinstance(node, ast.Constant) and isinstance(node.value, str) and "SET priority_class" in node.value)
        )
        if named:
            found.append(getattr(node, "lineno", 0))
    return found


def test_no_code_but_the_import_gives_a_class() -> None:
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        if "migrations" in name or "selectors" in name or name.startswith(FROM_OUTSIDE):
            continue  # selectors show it, and write nothing
        assert not writes(ast.parse(path.read_text(encoding="utf-8"))), f"{name} gives a priority"


DEEDS = st.lists(st.tuples(st.sampled_from(["free", "leave", "decline"]), st.integers(0, 5)), max_size=8)


class TestPriorityOutIsPriorityIn(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(classes=st.lists(st.integers(0, 9), min_size=1, max_size=6), deeds=DEEDS)
    def test_whatever_happens_in_a_queue_each_keeps_their_class(
        self, classes: list[int], deeds: list[tuple[str, int]]
    ) -> None:
        factories.region()
        clinic = factories.full_clinic()
        people = [factories.person(f"Bo Prov{n}") for n in range(len(classes))]
        given_in = {}
        for person, priority_class in zip(people, classes, strict=True):
            given_in[factories.queued(person, clinic, priority_class=priority_class).id] = priority_class
        for deed, number in deeds:
            person = people[number % len(people)]
            place = QueuePlace.objects.filter(person=person).exclude(state__in=["left", "listed"]).first()
            if deed == "free":
                factories.free_place(clinic)
                fill_from_queue(clinic.id, by=SYSTEM, now=NOW)
            elif deed == "leave" and place is not None and place.settled_at is None:
                leave_queue(person.id, by=factories.resident(person), now=NOW)
            elif deed == "decline" and place is not None and place.state == "offered":
                decline_offer(person.id, by=factories.resident(person), now=NOW)
        assert dict(QueuePlace.objects.values_list("id", "priority_class")) == given_in


pytestmark = pytest.mark.django_db
