"""A review from its draw to its end, on the real log."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.factories import NOW, SYSTEM
from vardnav.audit import actions as audit
from vardnav.audit.models import Line
from vardnav.audit.rules import Activity, Outcome
from vardnav.incidents.models import Incident
from vardnav.kernel.actor import Actor, Role
from vardnav.kernel.errors import Refusal
from vardnav.organisation.models import Unit
from vardnav.patients.models import Person
from vardnav.patients.rules import AccessDenied, AssuranceTooLow
from vardnav.reviews import actions, selectors
from vardnav.reviews.models import Answer, Flag, Judgement, Reminder, Review, Sampled
from vardnav.reviews.rules import (
    AlreadyReviewed,
    FlagGone,
    JudgementNotFounded,
    NotAllJudged,
    NothingToAnswer,
    NotYourReview,
    OwnLine,
    ReviewFinished,
    State,
    Verdict,
    draw,
)

pytestmark = pytest.mark.django_db
FEBRUARY = date(2026, 2, 1)
THEN = datetime.fromisoformat("2026-02-11T09:00:00+01:00")


@pytest.fixture
def clinic() -> Unit:
    return factories.clinic()


@pytest.fixture
def sofia(clinic: Unit) -> Actor:
    return factories.staff(clinic, name="Sofia Exempelgren")


@pytest.fixture
def reviewer(clinic: Unit) -> Actor:
    return factories.staff(clinic, Role.LOG_REVIEWER, name="Lena Granskare")


@pytest.fixture
def head(clinic: Unit) -> Actor:
    return factories.staff(clinic, Role.CLINIC_HEAD, name="Mats Chef")


def read(by: Actor, who: Person, at: datetime = THEN, **other: Any) -> Line:
    audit.record(
        "patients.person.read", by=by, now=at, activity=Activity.READ, patient_id=who.id, relation="unit", **other
    )
    return Line.objects.latest("id")


def drawn(of: Unit, **other: Any) -> Review:
    return actions.draw_review(of.hsa_id, of.name, FEBRUARY, by=SYSTEM, now=NOW, **other)


def risks(review: Review) -> dict[int, list[str]]:
    return dict(review.sampled.values_list("line_id", "risks"))


def test_a_month_is_drawn_with_the_facts_of_each_day(clinic: Unit, sofia: Actor) -> None:
    ours, stranger = factories.person("Bo Ek"), factories.person("Ada Ek")
    relative = factories.person("Per Exempelgren", protected=True)
    for one in (ours, relative):
        factories.listed(one, clinic)
    lines = [read(sofia, one).id for one in (ours, stranger, relative)]
    other_month = read(sofia, ours, THEN - timedelta(days=20)).id
    elsewhere = read(factories.staff(factories.clinic("Annan")), ours).id
    theirs = read(factories.resident(ours), ours).id
    review = drawn(clinic)
    found = risks(review)
    assert set(found) == set(lines)
    assert not {other_month, elsewhere, theirs} & set(found)
    assert [found[one] for one in lines] == [[], ["no_contact"], ["protected", "same_surname"]]
    contacts = dict(review.sampled.values_list("line_id", "contact"))
    assert [contacts[one] for one in lines] == ["listed", "", "listed"]
    assert (review.lines, review.due_on) == (3, date(2026, 3, 20))


def test_own_record_household_and_colleague_go_by_name_and_year(clinic: Unit) -> None:
    eva = factories.doctor(clinic, "Eva Berg")
    factories.doctor(clinic, "Nils Kollega", birth_year=1960)
    acting = factories.staff(clinic)
    acting = factories.actor_of(factories.account(name="Eva Berg", hsa_id=eva.hsa_id), None).__class__(
        kind=acting.kind, name="Eva Berg", account_id=None, hsa_id=eva.hsa_id, acting=acting.acting
    )
    self = factories.person("Eva Berg", born=date(1975, 5, 5), household="x", address="Vägen 1")
    child = factories.person("Olle Annan", born=date(2010, 1, 2), household="x", address="Stigen 2")
    neighbour = factories.person("Kim Granne", household="y", address="Vägen 1")
    colleague = factories.person("Nils Kollega", born=date(1960, 2, 2), household="z", address="Torget 9")
    for one in (self, child, neighbour, colleague):
        factories.listed(one, clinic)
    lines = [read(acting, one).id for one in (self, child, neighbour, colleague)]
    found = risks(drawn(clinic))
    assert [found[one] for one in lines] == [["own_record"], ["household"], ["household"], ["colleague"]]


def test_emergency_refused_flagged_and_very_many_are_seen(clinic: Unit, sofia: Actor) -> None:
    office = factories.unit("Kontoret", factories.UnitKind.REGION_OFFICE)
    known = factories.person("Känd Person")
    regional = factories.staff(office, Role.LOG_REVIEWER, name="Rut Region")
    actions.flag(known.personal_number, reason="Tidigare minister", by=regional, now=NOW)
    many = [factories.person(f"Nr {number} Ek", born=date(1950 + number % 50, 1, 5)) for number in range(9)]
    for one in (known, *many):
        factories.listed(one, clinic)
    from vardnav.parameters.models import Parameter

    Parameter.objects.create(
        name="review_many_patients", value=5, starts_on=date(2020, 1, 1), source="x", set_at=NOW, set_by="x"
    )
    emergency, flagged = read(sofia, many[0], emergency=True).id, read(sofia, known).id
    denied = read(sofia, many[1], THEN + timedelta(days=1), outcome=Outcome.DENIED).id
    for one in many:
        read(sofia, one)
    found = risks(drawn(clinic))
    assert found[emergency] == ["emergency", "many_patients"]
    assert found[flagged] == ["many_patients", "well_known"]
    assert found[denied] == ["denied"]


def test_the_stored_seed_draws_the_same_sample_again(clinic: Unit, sofia: Actor) -> None:
    who = factories.person()
    factories.listed(who, clinic)
    lines = [read(sofia, who, THEN + timedelta(minutes=minute)).id for minute in range(60)]
    review = drawn(clinic)
    assert sorted(review.sampled.filter(by_lot=True).values_list("line_id", flat=True)) == sorted(
        draw(lines, review.seed, 20)
    )
    again = drawn(clinic, reason="Extra för att se", seed=review.seed)
    assert set(risks(again)) == set(risks(review))
    assert again.number == 1


def test_a_month_has_one_review_and_extra_ones_with_a_reason(clinic: Unit, reviewer: Actor, head: Actor) -> None:
    now = NOW
    assert actions.draw_month(FEBRUARY, by=SYSTEM, now=now) == 1
    assert actions.draw_month(FEBRUARY, by=SYSTEM, now=now) == 0
    with pytest.raises(AlreadyReviewed):
        drawn(clinic)
    made = actions.draw_extra(clinic.hsa_id, FEBRUARY, reason="Klagomål från patient", by=reviewer, now=now)
    assert made.number == 1
    with pytest.raises(JudgementNotFounded):
        actions.draw_extra(clinic.hsa_id, FEBRUARY, reason="", by=reviewer, now=now)
    for other in (head, factories.staff(factories.clinic("Annan"), Role.LOG_REVIEWER)):
        with pytest.raises(NotYourReview):
            actions.draw_extra(clinic.hsa_id, FEBRUARY, reason="Vill titta lite", by=other, now=now)
    first = Review.objects.get(number=0)
    assert first.finished_by == SYSTEM.name, "a month without a line is done when it is drawn"


@pytest.fixture
def item(clinic: Unit, sofia: Actor) -> Sampled:
    who = factories.person("Xqastrid Hemlig")
    read(sofia, who)
    return drawn(clinic).sampled.get()


def test_a_line_is_asked_about_answered_decided_and_locked(item: Sampled, reviewer: Actor, head: Actor) -> None:
    with pytest.raises(NotAllJudged):
        actions.finish(item.review_id, by=reviewer, now=NOW)
    with pytest.raises(NothingToAnswer):
        actions.answer(item.id, text="Hon ringde oss", by=head, now=NOW)
    actions.judge(item.id, Verdict.NEEDS_EXPLANATION, comment="Varför öppnades den?", by=reviewer, now=NOW)
    assert selectors.reviews(by=head, now=NOW)[0].state is State.WAITING
    assert selectors.waiting_for(by=head, now=NOW).questions == 1
    (asked,) = selectors.asked_of(by=head, now=NOW)
    assert asked.line is not None
    assert asked.line.user_name == "Sofia Exempelgren"
    actions.answer(item.id, text="Hon ringde oss om en tid.", by=head, now=NOW)
    with pytest.raises(NothingToAnswer):
        actions.answer(item.id, text="Och en gång till då", by=head, now=NOW)
    with pytest.raises(NotAllJudged):
        actions.finish(item.review_id, by=reviewer, now=NOW)
    actions.judge(item.id, Verdict.WARRANTED, comment="", by=reviewer, now=NOW)
    desk = selectors.desk(item.review_id, by=reviewer, now=NOW)
    assert [one.verdict for one in desk.items[0].judgements] == ["warranted", "needs_explanation"]
    actions.finish(item.review_id, by=reviewer, now=NOW)
    for late in (
        lambda: actions.judge(item.id, Verdict.UNWARRANTED, comment="Ångrade mig nu", by=reviewer, now=NOW),
        lambda: actions.finish(item.review_id, by=reviewer, now=NOW),
    ):
        with pytest.raises(ReviewFinished):
            late()
    kinds = Line.objects.filter(kind__startswith="reviews.").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == [
        "reviews.review.drawn",
        "reviews.line.judged",
        "reviews.questions.read",
        "reviews.question.answered",
        "reviews.line.judged",
        "reviews.review.read",
        "reviews.review.finished",
    ]


def test_what_was_judged_is_never_rewritten(item: Sampled, reviewer: Actor, head: Actor) -> None:
    actions.judge(item.id, Verdict.NEEDS_EXPLANATION, comment="Varför öppnades den?", by=reviewer, now=NOW)
    actions.answer(item.id, text="Hon ringde oss om en tid.", by=head, now=NOW)
    actions.judge(item.id, Verdict.WARRANTED, comment="", by=reviewer, now=NOW)
    actions.finish(item.review_id, by=reviewer, now=NOW)
    for try_it in (
        lambda: Judgement.objects.update(verdict="warranted"),
        lambda: Judgement.objects.all()._raw_delete("default"),  # type: ignore[attr-defined]
        lambda: Answer.objects.update(text="x"),
        lambda: Sampled.objects.update(risks=[]),
        lambda: Sampled.objects.all()._raw_delete("default"),  # type: ignore[attr-defined]
        lambda: Review.objects.update(finished_at=None),
        lambda: Review.objects.update(seed="x"),
        lambda: Judgement.objects.create(sampled=item, verdict="warranted", judged_at=NOW, judged_by="x"),
        lambda: Sampled.objects.create(review=item.review, line_id=1, place=2, by_lot=True),
    ):
        with pytest.raises(DatabaseError, match=r"append-only|only finished|is finished"), transaction.atomic():
            try_it()


def test_nobody_judges_or_answers_for_their_own_line(clinic: Unit, reviewer: Actor, head: Actor) -> None:
    """Who reviews also works with patients, in another assignment at the same unit."""
    work = factories.assignment(factories.Account.objects.get(id=reviewer.account_id), Role.CLINIC_STAFF, clinic)
    at_work = factories.actor_of(factories.Account.objects.get(id=reviewer.account_id), work, assurance=3)
    who = factories.person()
    own, heads = read(at_work, who), read(head, who)
    review = drawn(clinic)
    mine = review.sampled.get(line_id=own.id)
    with pytest.raises(OwnLine):
        actions.judge(mine.id, Verdict.WARRANTED, comment="", by=reviewer, now=NOW)
    assert not Judgement.objects.exists()
    theirs = review.sampled.get(line_id=heads.id)
    actions.judge(theirs.id, Verdict.NEEDS_EXPLANATION, comment="Varför öppnades den?", by=reviewer, now=NOW)
    with pytest.raises(OwnLine):
        actions.answer(theirs.id, text="Det var för vårdens skull", by=head, now=NOW)
    colleague = factories.staff(clinic, Role.LOG_REVIEWER, name="Annan Granskare")
    actions.judge(mine.id, Verdict.WARRANTED, comment="", by=colleague, now=NOW)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LOG_REVIEWER])
def test_lines_are_for_reviewers_of_the_unit_alone(item: Sampled, clinic: Unit, role: Role) -> None:
    elsewhere = factories.staff(factories.clinic("Annan"), Role.LOG_REVIEWER)
    for other in (factories.staff(clinic, role), elsewhere):
        for try_it in (
            lambda by=other: selectors.desk(item.review_id, by=by, now=NOW),
            lambda by=other: actions.judge(item.id, Verdict.WARRANTED, comment="", by=by, now=NOW),
            lambda by=other: selectors.shown_patient(item.id, by=by, now=NOW),
            lambda by=other: actions.finish(item.review_id, by=by, now=NOW),
        ):
            with pytest.raises(NotYourReview):
                try_it()


def test_who_the_patient_is_is_an_active_choice_with_its_line(item: Sampled, reviewer: Actor, clinic: Unit) -> None:
    desk = selectors.desk(item.review_id, by=reviewer, now=NOW)
    assert "Xqastrid" not in str(desk)
    shown = selectors.shown_patient(item.id, by=reviewer, now=NOW)
    assert shown.name == "Xqastrid Hemlig"
    line = Line.objects.get(kind="reviews.patient.shown")
    assert (line.patient_id, line.user_id) == (Person.objects.get().id, reviewer.hsa_id)
    weak = Actor(**{**{name: getattr(reviewer, name) for name in reviewer.__slots__}, "assurance": 2})
    for try_it in (
        lambda: selectors.desk(item.review_id, by=weak, now=NOW),
        lambda: selectors.shown_patient(item.id, by=weak, now=NOW),
        lambda: actions.judge(item.id, Verdict.WARRANTED, comment="", by=weak, now=NOW),
    ):
        with pytest.raises(AssuranceTooLow):
            try_it()
    from vardnav.patients.selectors import introduce

    with pytest.raises(AccessDenied):
        introduce(line.patient_id, by=factories.staff(clinic), now=NOW, kind="x.y.z", reason="")


def test_an_unwarranted_line_becomes_one_incident_without_the_patient(item: Sampled, reviewer: Actor) -> None:
    with pytest.raises(NothingToAnswer):
        actions.report_incident(item.id, by=reviewer, now=NOW)
    actions.judge(item.id, Verdict.UNWARRANTED, comment="Grannen Xqastrid Hemlig", by=reviewer, now=NOW)
    first = actions.report_incident(item.id, by=reviewer, now=NOW)
    assert actions.report_incident(item.id, by=reviewer, now=NOW) == first
    made = Incident.objects.get()
    assert "Xqastrid" not in made.title + made.text
    assert str(item.line_id) in made.text
    assert selectors.reviews(by=reviewer, now=NOW)[0].incidents == 1


def test_figures_states_and_reminders(item: Sampled, clinic: Unit, reviewer: Actor, head: Actor) -> None:
    planner = factories.staff(role=Role.REGION_PLANNER)
    row = selectors.figures(by=planner, now=NOW).rows[0]
    assert (row.lines, row.sampled, row.judged, row.state) == (1, 1, 0, State.OPEN)
    assert actions.remind(by=SYSTEM, now=NOW) == 1, "four days left"
    assert actions.remind(by=SYSTEM, now=NOW) == 0
    assert actions.remind(by=SYSTEM, now=NOW + timedelta(days=5)) == 1
    assert list(Reminder.objects.order_by("id").values_list("late", flat=True)) == [False, True]
    late = selectors.waiting_for(by=planner, now=NOW + timedelta(days=5))
    assert (late.open, late.late) == (0, 1)
    other = factories.staff(factories.clinic("Annan"), Role.CLINIC_HEAD)
    assert selectors.reviews(by=other, now=NOW) == []
    for nobody in (factories.staff(clinic), factories.staff(role=Role.ADMINISTRATOR)):
        with pytest.raises(NotYourReview):
            selectors.figures(by=nobody, now=NOW)


def test_a_unit_without_a_reviewer_is_named(clinic: Unit) -> None:
    planner = factories.staff(clinic, Role.REGION_PLANNER)
    assert selectors.figures(by=planner, now=NOW).without_reviewer == [clinic.name]
    factories.staff(clinic, Role.LOG_REVIEWER)
    assert selectors.figures(by=planner, now=NOW).without_reviewer == []
    factories.clinic("Annan")
    assert selectors.figures(by=planner, now=NOW).without_reviewer == ["Annan"]
    factories.staff(factories.unit("Kontoret", factories.UnitKind.REGION_OFFICE), Role.LOG_REVIEWER)
    assert selectors.figures(by=planner, now=NOW).without_reviewer == []


def test_the_region_alone_flags_well_known_people(reviewer: Actor) -> None:
    who = factories.person()
    office = factories.unit("Kontoret", factories.UnitKind.REGION_OFFICE)
    regional = factories.staff(office, Role.LOG_REVIEWER)
    with pytest.raises(NotYourReview):
        actions.flag(who.personal_number, reason="Tidigare minister", by=reviewer, now=NOW)
    with pytest.raises(NotYourReview):
        selectors.flags(by=reviewer, now=NOW)
    with pytest.raises(FlagGone):
        actions.flag("191212121212", reason="Tidigare minister", by=regional, now=NOW)
    made = actions.flag(who.personal_number, reason="Tidigare minister", by=regional, now=NOW)
    assert actions.flag(who.personal_number, reason="Någonting annat", by=regional, now=NOW) == made
    actions.unflag(made.id, by=regional, now=NOW)
    with pytest.raises(FlagGone):
        actions.unflag(made.id, by=regional, now=NOW)
    assert Flag.objects.get().ended_by == regional.name
    assert Line.objects.filter(patient_id=who.id, kind__startswith="reviews.person").count() == 2


DEEDS = st.lists(
    st.sampled_from(["warranted", "needs_explanation", "unwarranted", "answer", "incident", "finish"]), max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_whatever_is_done_a_finished_review_is_decided_and_stays(
    item: Sampled, reviewer: Actor, head: Actor, deeds: list[str]
) -> None:
    with transaction.atomic():
        finished, kept = False, 0
        for number, deed in enumerate(deeds):
            now = NOW + timedelta(minutes=number)
            try:
                if deed == "answer":
                    actions.answer(item.id, text="Det var för vården", by=head, now=now)
                elif deed == "incident":
                    actions.report_incident(item.id, by=reviewer, now=now)
                elif deed == "finish":
                    actions.finish(item.review_id, by=reviewer, now=now)
                    finished = True
                else:
                    actions.judge(item.id, Verdict(deed), comment="Lång kommentar", by=reviewer, now=now)
                    assert not finished
            except Refusal:
                pass
            assert Judgement.objects.count() >= kept
            kept = Judgement.objects.count()
        desk = selectors.desk(item.review_id, by=reviewer, now=NOW)
        assert (desk.review.finished_at is not None) == finished
        assert not finished or desk.decided == len(desk.items)
        transaction.set_rollback(True)


MANY = """
INSERT INTO audit_line (recorded_at, kind, activity, outcome, emergency, actor_kind, assurance, user_id, user_name,
    role, purpose, unit_hsa_id, unit_name, provider_hsa_id, patient_id, resource_type, resource_id,
    resource_unit_hsa_id, resource_provider_hsa_id, reason, details, request_id, shard_id, seq, mac)
SELECT %s::timestamptz + (n %% 30000) * interval '1 minute', 'patients.person.read', 'read', 'done', n %% 5000 = 0,
    'staff', 3, 'SE5599990009-B' || n %% 60, 'Nr ' || n %% 60 || ' Namn', 'clinic_staff', 'care', %s, 'x', 'p',
    n %% 9000 + 1, 'patient', '', '', 'p', '', '{"relation": "unit"}', '', -1, n, '' FROM generate_series(1, %s) n
"""


def test_a_month_with_many_lines_is_drawn_with_as_many_as_the_region_allows(clinic: Unit) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MANY, [datetime.fromisoformat("2026-02-01T00:00:00+01:00"), clinic.hsa_id, 20_000])
        cursor.execute("ANALYZE audit_line")
    review = drawn(clinic)
    assert (review.lines, review.sampled.count()) == (20_000, 250)
