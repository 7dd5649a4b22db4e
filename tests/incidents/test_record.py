"""The record: who keeps it, what it refuses, and that nothing in it is rewritten."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.factories import NOW
from vardnav.audit.models import Line
from vardnav.incidents import actions, selectors
from vardnav.incidents.models import Assessment, Incident, Note, Report
from vardnav.incidents.rules import (
    AlreadySent,
    Harm,
    IncidentGone,
    NotDue,
    NotForIncidents,
    PersonInText,
    State,
    Step,
    StillDue,
)
from vardnav.kernel.actor import Actor, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Actor:
    return factories.staff(factories.clinic(), Role.ADMINISTRATOR, name="Anton Admin")


def opened(by: Actor, **other: Any) -> Incident:
    facts: dict[str, Any] = {
        "title": "Inloggningen svarar inte",
        "text": "Ingen kan logga in.",
        "harms": [Harm.AVAILABILITY],
        "significant": True,
        "concerns_people": False,
        "aware_at": NOW - timedelta(hours=2),
        "by": by,
        "now": NOW,
    }
    return actions.open_incident(**{**facts, **other})


def test_an_incident_goes_from_found_to_closed(admin: Actor) -> None:
    made = opened(admin)
    with pytest.raises(StillDue):
        actions.close(made.id, by=admin, now=NOW)
    with pytest.raises(NotDue):
        actions.send(made.id, Step.FINAL_REPORT, sent_at=NOW, reference="", by=admin, now=NOW)
    for step in (Step.EARLY_WARNING, Step.NOTIFICATION, Step.FINAL_REPORT):
        actions.send(made.id, step, sent_at=NOW, reference="D 12", by=admin, now=NOW)
    with pytest.raises(AlreadySent):
        actions.send(made.id, Step.NOTIFICATION, sent_at=NOW, reference="", by=admin, now=NOW)
    actions.note(made.id, text="Servern är omstartad.", by=admin, now=NOW)
    actions.close(made.id, by=admin, now=NOW)
    record = selectors.record_of(made.id, by=admin, now=NOW)
    assert [one.state for one in record.known.deadlines] == [State.SENT] * 3
    assert record.notes[0].text == "Servern är omstartad."
    with pytest.raises(IncidentGone):
        actions.note(made.id, text="Mer", by=admin, now=NOW)
    kinds = list(Line.objects.filter(resource_id=str(made.id)).order_by("id").values_list("kind", flat=True))
    assert kinds == [
        "incidents.incident.opened",
        *["incidents.report.sent"] * 3,
        "incidents.note.written",
        "incidents.incident.closed",
        "incidents.incident.read",
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_keeps_the_record(admin: Actor, role: Role) -> None:
    made = opened(admin)
    other = factories.staff(role=role)
    for try_it in (
        lambda: opened(other),
        lambda: selectors.incidents(by=other, now=NOW),
        lambda: selectors.record_of(made.id, by=other, now=NOW),
        lambda: actions.note(made.id, text="x", by=other, now=NOW),
        lambda: actions.close(made.id, by=other, now=NOW),
    ):
        with pytest.raises(NotForIncidents):
            try_it()


def test_no_text_of_an_incident_takes_a_personal_number(admin: Actor) -> None:
    made, number = opened(admin), "840314-9928"
    for try_it in (
        lambda: opened(admin, title=number),
        lambda: opened(admin, text=f"Om {number}"),
        lambda: opened(admin, systems=number),
        lambda: opened(admin, aware_by=number),
        lambda: actions.note(made.id, text=number, by=admin, now=NOW),
        lambda: actions.send(made.id, Step.EARLY_WARNING, sent_at=NOW, reference=number, by=admin, now=NOW),
        lambda: assessed(made, admin, why=number),
        lambda: assessed(made, admin, why="x", systems=number),
    ):
        with pytest.raises(PersonInText):
            try_it()


def assessed(made: Incident, by: Actor, *, why: str, systems: str = "", people: bool = True) -> None:
    actions.assess(
        made.id,
        harms=[Harm.CONFIDENTIALITY],
        systems=systems,
        significant=False,
        concerns_people=people,
        why=why,
        by=by,
        now=NOW,
    )


def test_a_new_assessment_changes_what_is_due_and_the_old_one_stays(admin: Actor) -> None:
    made = opened(admin)
    assessed(made, admin, why="En lista skickades till fel enhet.")
    record = selectors.record_of(made.id, by=admin, now=NOW)
    assert [one.step for one in record.known.deadlines] == [Step.PRIVACY]
    assert [one.significant for one in record.assessments] == [False, True]


def test_what_a_reviewer_finds_is_reported_once(admin: Actor) -> None:
    reviewer = factories.staff(role=Role.LOG_REVIEWER)
    first = actions.report_found(title="a", text="b", source="judgement:1", by=reviewer, now=NOW)
    again = actions.report_found(title="a", text="b", source="judgement:1", by=reviewer, now=NOW)
    assert first.id == again.id
    assert [one.step for one in selectors.record_of(first.id, by=admin, now=NOW).known.deadlines] == [Step.PRIVACY]
    with pytest.raises(NotForIncidents):
        actions.report_found(title="a", text="b", source="judgement:2", by=factories.staff(), now=NOW)


def test_nothing_in_the_record_is_rewritten_or_removed(admin: Actor) -> None:
    made = opened(admin)
    actions.note(made.id, text="x", by=admin, now=NOW)
    actions.send(made.id, Step.EARLY_WARNING, sent_at=NOW, reference="", by=admin, now=NOW)
    for try_it in (
        lambda: Note.objects.update(text="y"),
        lambda: Assessment.objects.update(significant=False),
        lambda: Report.objects.update(sent_at=NOW - timedelta(days=1)),
        lambda: Incident.objects.update(aware_at=NOW - timedelta(days=1)),
        lambda: Note.objects.all().delete(),
        lambda: Report.objects.all().delete(),
        lambda: Incident.objects.filter(id=made.id)._raw_delete("default"),  # type: ignore[attr-defined]
    ):
        with pytest.raises(DatabaseError, match=r"append-only|only closed"), transaction.atomic():
            try_it()
    Incident.objects.update(closed_at=NOW, closed_by="x")
    with pytest.raises(DatabaseError, match="only closed"), transaction.atomic():
        Incident.objects.update(closed_at=None)
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        Note.objects.create(incident=made, text="z", noted_at=NOW, noted_by="x")


def test_what_is_due_is_told_until_it_is_sent(admin: Actor) -> None:
    made = opened(admin, concerns_people=True)
    assert selectors.due(NOW) == []
    later = NOW + timedelta(hours=17)
    assert [one.deadline.step for one in selectors.due(later)] == [Step.EARLY_WARNING]
    assert selectors.count_due(NOW + timedelta(hours=23)) == {State.LATE: 1, State.NEAR: 0}
    actions.send(made.id, Step.EARLY_WARNING, sent_at=later, reference="", by=admin, now=later)
    assert selectors.due(later) == []


def test_the_job_cries_out(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    from vardnav.incidents import jobs

    made, said = opened(admin), []
    monkeypatch.setattr(jobs.timezone, "now", lambda: NOW + timedelta(hours=23))
    monkeypatch.setattr(
        jobs.log, "error", lambda event, **facts: said.append((event, facts["incident"], facts["step"]))
    )
    jobs.watch(0)
    assert said == [("incidents.deadline_passed", made.id, "early_warning")]


STEPS = st.sampled_from(list(Step))
DEEDS = st.lists(
    st.tuples(st.just("send"), STEPS) | st.tuples(st.sampled_from(["assess", "note", "close"]), st.booleans()),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS, hours=st.integers(1, 40))
def test_whatever_is_done_an_incident_is_closed_only_when_nothing_is_due(
    admin: Actor, deeds: list[tuple[str, Any]], hours: int
) -> None:
    with transaction.atomic():
        made, now = opened(admin), NOW
        for deed, what in deeds:
            now += timedelta(hours=hours)
            try:
                if deed == "send":
                    actions.send(made.id, what, sent_at=now, reference="", by=admin, now=now)
                elif deed == "assess":
                    assessed(made, admin, why="x", people=what)
                elif deed == "note":
                    actions.note(made.id, text="x", by=admin, now=now)
                else:
                    actions.close(made.id, by=admin, now=now)
            except (NotDue, AlreadySent, StillDue, IncidentGone):
                continue
        record = selectors.record_of(made.id, by=admin, now=now)
        sent = {one.step for one in record.known.deadlines if one.sent_at is not None}
        if record.incident.closed_at is not None:
            assert sent == {one.step for one in record.known.deadlines}
        assert Step.FINAL_REPORT not in sent or Step.NOTIFICATION in sent
        transaction.set_rollback(True)
