"""THE WALK: every address of every page, by everyone who can come to it, about residents they are something to or not.

What is right is not written here page by page: it follows from who the view says may have it (`who`), from the table of
patients.rules, and from how each stands to each (walk_world.RELATIONS). Whatever is answered, three things hold always:

* nobody sees a name, a number or an address of somebody they have no right to read;
* whoever is seen by somebody else has a line in the log from that very request;
* whoever is refused about a resident leaves a line too.

A new page fails the walk until it stands in a table below.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from tests import factories
from tests.web.walk_world import World, build, relation
from vardnav.audit.models import Line
from vardnav.followup.actions import take_snapshot
from vardnav.kernel.actor import Actor, ActorKind
from vardnav.patients.models import Person
from vardnav.patients.rules import Deed, allows
from vardnav.web.urls import urlpatterns

pytestmark = pytest.mark.django_db

PATTERNS = {str(one.name): one for one in urlpatterns if isinstance(one, URLPattern)}
OPEN_WITHOUT_MARK = {"theme"}  # a cookie of one's own; Django's decorator, not ours
READ, CHOOSE, CARE = Deed.READ, Deed.CHOOSE, Deed.CARE
BLOCK, OPEN = Deed.BLOCK, Deed.OPEN_HIDDEN


@dataclass(frozen=True)
class About:
    """A page about one resident: what GET and POST do with their data (None: not answered)."""

    get: Deed | None = None
    post: Deed | None = None


PATIENT_PAGES: dict[str, About] = {
    # a resident's pages about a child: the same as about oneself
    "child_my_clinic": About(READ),
    "child_undo_change": About(READ, CHOOSE),
    "child_leave_clinic": About(READ, CHOOSE),
    "child_leave_queue": About(READ, CHOOSE),
    "child_offer": About(READ, CHOOSE),
    "child_receipt": About(READ),
    "child_choose_clinic": About(READ, CHOOSE),
    "child_join_queue": About(READ, CHOOSE),
    "child_my_log": About(Deed.READ_LOG),
    "child_my_log_file": About(Deed.READ_LOG),
    "child_blocks": About(READ),
    "child_find_clinic": About(READ),
    "child_clinic_points": About(READ),
    "child_clinic_page": About(READ),
    # a clinic's pages about a resident
    "person": About(READ),
    "person_doctor": About(post=CARE),
    "person_end_doctor": About(post=CARE),
    "person_choose_us": About(post=CHOOSE),
    "person_join_queue": About(post=CHOOSE),
    "person_leave_queue": About(post=CHOOSE),
    "person_take_in": About(post=CHOOSE),
    "person_welcome": About(post=CARE),
    "person_block": About(BLOCK, BLOCK),
    "person_open": About(OPEN, OPEN),
    "person_open_units": About(OPEN, OPEN),
    "person_close": About(post=OPEN),
}
# Pages with a resident in their address that show nothing of the resident before another page has checked.
ASK_FIRST = {
    "state_need": "any clinic's staff may say why; the page has no name on it",
    "child_answer_choice": "only a choice that waits for this very guardian is found; else it is gone (409)",
}
# Pages whose role is all there is to check: lists of one's own clinic, figures, accounts ...
ROLE_PAGES = {
    *("start", "login", "logout", "assignments", "theme", "search"),
    *("first_password", "factor_choose", "second_step", "passkey_login", "passkey_question", "security", "confirm"),
    *("confirm_by_passkey", "password", "app_add", "app_remove", "passkey_add", "passkey_add_question"),
    *("passkey_name", "passkey_remove", "recovery_codes", "account_reset_factors", "account_unlock"),
    *("oidc_begin", "oidc_answer", "my_sessions", "end_session", "end_other_sessions", "stay", "account_end_sessions"),
    *("accessibility", "about", "privacy", "help", "help_topic"),
    *("home", "messages", "children", "my_clinic", "undo_change", "leave_clinic", "leave_queue", "offer", "receipt"),
    *("choose_clinic", "join_queue", "my_log", "my_log_file", "blocks", "place_block", "lift_block"),
    *("find_clinic", "municipality_shapes", "clinic_points", "clinic_page"),
    *(
        "today",
        "welcome",
        "panel",
        "panel_name_doctor",
        "panel_download",
        "queue",
        "ask_cap",
        "withdraw_cap",
        "staffing",
    ),
    *("overview", "series", "definitions", "month_report", "clinics", "clinics_csv", "clinics_xlsx", "region_clinic"),
    *("region_clinic_series", "region_municipality", "region_municipality_series", "map_areas", "map_points"),
    *("decisions", "grant_cap", "decide_cap"),
    *("accounts", "account_open", "account", "account_reset_password", "account_close", "assignment_give"),
    *("assignment_end", "parameters", "parameter", "api_keys", "api_key_issue", "api_key_revoke"),
    *("audit_search", "audit_download"),
    *("reviews", "review", "review_new", "review_results", "review_results_csv", "review_questions", "review_flags"),
    *("review_flag_end", "review_finish", "review_judge", "review_show", "review_incident", "review_answer"),
    *("incidents", "incident_new", "incident", "incident_assess", "incident_note", "incident_send"),
    *("incident_close", "incident_document"),
}
OF_A_DAY = {
    *("overview", "series", "month_report", "clinics", "clinics_csv", "clinics_xlsx", "region_clinic", "map_areas"),
    *("region_clinic_series", "region_municipality", "region_municipality_series", "map_points"),
}
NOT_YOURS = {
    ("post", "assignments"),
    ("get", "oidc_answer"),
    ("post", "review_answer"),  # another clinic's head
    ("post", "review_flag_end"),  # the region's reviewers keep the list
}  # an assignment that is nobody's is refused by its own rule
REFUSED_BY_RULE = {"person_welcome"}  # a need is no listing: NotYourClinic, after the read has left its line
FINE = {200, 302, 409, 422}  # let in: done, gone on, or told why it cannot be done


@pytest.fixture
def world(db: None) -> World:
    return build()


def count_the_day() -> None:
    """The region's figures are of a day that has been counted."""
    now = timezone.now()
    take_snapshot(on=timezone.localdate(now), by=factories.SYSTEM, now=now)


def body(name: str, world: World, who: str) -> dict[str, Any]:
    """What a page's form sends, filled in well enough that the deed itself is tried."""
    filled: dict[str, dict[str, Any]] = {
        "person_doctor": {"doctor": world.their_doctor.id if "their" in who else world.doctor.id},
        "person_end_doctor": {"why": "Läkaren har slutat"},
        "person_take_in": {"exemption": "care_home"},
        "state_need": {"reason": "wants_to_list"},
        "person_block": {"request": "Bad om det vid besök i dag", "what": "place"},
        "person_open": {"reason": "Personen säger ja vid besök"},
        "person_open_units": {"reason": "Personen säger ja vid besök", "units": [world.theirs.hsa_id]},
        "welcome": {"person": world.targets["astrid"].id},
        "panel_name_doctor": {"person": world.targets["astrid"].id, "doctor": world.doctor.id},
        "search": {"q": "Xqastrid"},
        "audit_search": {"patient": world.targets["astrid"].personal_number},
        "audit_download": {"patient": world.targets["astrid"].personal_number},
        "account_open": {"name": "Ny", "hsa_id": "SE5599990009-NY", "login": "ny"},
        "child_answer_choice": {"answer": "yes"},
        "review_judge": {"verdict": "warranted"},
        "review_answer": {"text": "Hon ringde oss om en tid"},
        "child_offer": {"answer": "no"},
        "offer": {"answer": "no"},
    }
    return {"key": str(uuid4()), **filled.get(name, {})}


def methods(name: str) -> tuple[str, ...]:
    """GET and POST, as the page answers them."""
    about = PATIENT_PAGES.get(name)
    if about is not None:
        return tuple(method for method, deed in (("get", about.get), ("post", about.post)) if deed)
    return ("get", "post")


def address(name: str, world: World, target: Person | None = None) -> str:
    wanted = PATTERNS[name].pattern.converters
    given = {**world.ids, **({"child_id": target.id, "person_id": target.id} if target else {})}
    return reverse(f"web:{name}", kwargs={each: given[each] for each in wanted})


@dataclass
class Step:
    """One request of the walk and what came of it."""

    who: str
    actor: Actor | None
    name: str
    method: str
    answer: HttpResponse
    lines: list[Line]
    sent: set[str]  # what the form gives back to who wrote it

    @property
    def text(self) -> str:
        return self.answer.content.decode("utf-8", "replace")

    def __str__(self) -> str:
        to = self.answer.headers.get("Location", "")
        return f"{self.method.upper()} {self.name} by {self.who}: {self.answer.status_code} {to}"


def steps(name: str, world: World, target: Person | None = None) -> Iterator[Step]:
    """Everyone's request for a page; each is undone before the next."""
    for who, actor in world.actors.items():
        for method in methods(name):
            with transaction.atomic():
                ask: Callable[..., HttpResponse] = getattr(world.client(who), method)
                data = body(name, world, who) if method == "post" else {}
                answer = ask(address(name, world, target), data)
                lines = list(Line.objects.filter(request_id=answer["X-Request-ID"]))
                yield Step(who, actor, name, method, answer, lines, {str(value) for value in data.values()})
                transaction.set_rollback(True)


def may_come(name: str, actor: Actor | None) -> bool:
    """Whether the view's own mark lets this kind of person in at all."""
    who = getattr(PATTERNS[name].callback, "who", None)
    if who is None:
        return True
    if actor is None:
        return False
    return ActorKind.RESIDENT in who if actor.kind is ActorKind.RESIDENT else actor.role in who


def check_turned_away(step: Step, world: World) -> None:
    """To the login, to choose an assignment, or refused with a line."""
    actor = step.actor
    if actor is None:
        assert (step.answer.status_code, step.answer["Location"].split("?")[0]) == (302, "/logga-in/"), step
    elif step.who in {"idle", "ended"}:
        assert (step.answer.status_code, step.answer["Location"]) == (302, "/uppdrag/"), step
    else:
        assert step.answer.status_code == 403, step
        assert [line.kind for line in step.lines if line.outcome == "denied"] == ["access.denied"], step


def check_nothing_leaks(step: Step, world: World) -> None:
    """Only those whom this person may read are seen, and each of them has a line of this request."""
    for key, target in world.targets.items():
        is_self = step.actor is not None and step.actor.personal_number == target.personal_number
        seen = [what for what in secrets(key, target) if what in step.text and what not in step.sent]
        if key == "hidden":
            assert not {target.address, target.phone, target.email} & set(seen), f"{step}: {seen}"
        if not seen or is_self:
            continue
        may_read = step.actor is not None and allows(step.actor, relation(step.who, key), READ)
        may_read = may_read or any(line.kind == "reviews.patient.shown" for line in step.lines)  # an active choice
        assert may_read, f"{step}: shows {seen}"
        assert any(line.patient_id == target.id for line in step.lines), f"{step}: {seen} without a line"


def secrets(key: str, target: Person) -> list[str]:
    number = target.personal_number
    return [f"Xq{key}", number, f"{number[2:8]}-{number[8:]}", target.address, target.phone, target.email]  # type: ignore[list-item]


def standing(step: Step, world: World) -> Actor | None:
    """An assignment that ended after the session began is as none."""
    return world.actors["idle"] if step.who == "ended" else step.actor


@pytest.mark.parametrize("name", sorted(ROLE_PAGES))
def test_a_page_of_a_role(name: str, world: World) -> None:
    if name in OF_A_DAY:
        count_the_day()
    for step in steps(name, world):
        check_nothing_leaks(step, world)
        if step.answer.status_code == 405:  # a view that answers the other method only
            continue
        if may_come(name, standing(step, world)):
            assert step.answer.status_code in FINE or (step.method, name) in NOT_YOURS, step
        else:
            check_turned_away(step, world)


@pytest.mark.parametrize("name", sorted(PATIENT_PAGES))
def test_a_page_about_a_resident(name: str, world: World) -> None:
    for key in ("astrid", "bo", "elsa", "tor", "vera", "hidden"):
        for step in steps(name, world, world.targets[key]):
            check_about(step, key, world)


def check_about(step: Step, key: str, world: World) -> None:
    """Let in or refused as the table of patients.rules says, and with a line either way."""
    check_nothing_leaks(step, world)
    actor = standing(step, world)
    if actor is None or not may_come(step.name, actor):
        check_turned_away(step, world)
        return
    deed = PATIENT_PAGES[step.name].get if step.method == "get" else PATIENT_PAGES[step.name].post
    assert deed is not None
    about = [line for line in step.lines if line.patient_id == world.targets[key].id]
    if allows(actor, relation(step.who, key), deed):
        assert step.answer.status_code in FINE, step
        if step.answer.status_code == 200:
            assert [line for line in about if line.outcome == "done"], f"{step}: no line"
    else:
        assert step.answer.status_code == 403, step
        assert [line for line in about if line.outcome == "denied"] or step.name in REFUSED_BY_RULE, f"{step}: no line"


@pytest.mark.parametrize("key", ["astrid", "elsa", "tor", "vera"])
@pytest.mark.parametrize("name", sorted(ASK_FIRST))
def test_a_page_that_asks_first(name: str, key: str, world: World) -> None:
    for step in steps(name, world, world.targets[key]):
        check_nothing_leaks(step, world)
        actor = standing(step, world)
        if actor is None or not may_come(name, actor):
            check_turned_away(step, world)
        else:
            assert step.answer.status_code in FINE, step
            if name == "child_answer_choice" and (step.who, key) != ("johanna", "elsa"):
                assert step.answer.status_code == 409, step


def test_every_page_is_in_the_walk() -> None:
    assert {*ROLE_PAGES, *PATIENT_PAGES, *ASK_FIRST} == set(PATTERNS)


def test_a_page_about_a_resident_stands_among_those() -> None:
    """An address with a resident in it cannot hide among the pages of a role."""
    for name in ROLE_PAGES:
        assert not {"person_id", "child_id"} & set(PATTERNS[name].pattern.converters), name


def test_every_view_says_who_may_have_it() -> None:
    unmarked = {name for name, pattern in PATTERNS.items() if not hasattr(pattern.callback, "who")}
    assert unmarked == OPEN_WITHOUT_MARK


def test_a_search_for_a_stranger_shows_the_number_only_and_leaves_a_line(world: World) -> None:
    """Found by the whole number, without a relation: that the person exists, and the way to state a need."""
    client, astrid = world.client("their staff"), world.targets["astrid"]
    answer = client.post(reverse("web:search"), {"q": astrid.personal_number})
    assert answer.status_code == 200
    assert "Xqastrid" not in answer.content.decode()
    assert Line.objects.filter(patient_id=astrid.id, request_id=answer["X-Request-ID"]).exists()


def test_a_number_in_an_address_is_not_searched_for(world: World) -> None:
    answer = world.client("our staff").get(reverse("web:search"), {"q": world.targets["astrid"].personal_number})
    assert answer.status_code == 302
    assert not Line.objects.filter(patient_id=world.targets["astrid"].id, request_id=answer["X-Request-ID"]).exists()
