"""Two months of reading at the known clinic, the review of each, and an incident: so that those desks are alive.

All through the rooms' actions, at the instants it would have happened.
"""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from vardnav.demo.generate.cast import resident
from vardnav.incidents import actions as incidents
from vardnav.incidents.rules import Harm
from vardnav.kernel.actor import Actor
from vardnav.listing import selectors as listing
from vardnav.patients import actions as patients_actions
from vardnav.patients import selectors as patients
from vardnav.patients.rules import NeedReason
from vardnav.reviews import actions as reviews
from vardnav.reviews import selectors as review_selectors
from vardnav.reviews.rules import Verdict, bounds_of, previous_month

READ = 24


def live_through(nurse: Actor, head: Actor, reviewer: Actor, administrator: Actor, *, now: datetime) -> None:
    """The month before last is reviewed and locked; last month's review is under way, with a question to the head."""
    last = previous_month(localdate(now))
    before = previous_month(last)
    begins = bounds_of(before)[0]
    listed = listing.listed_page(by=nurse, now=begins - timedelta(days=2), most=READ).rows
    known = patients.id_of_number(resident("resident").personal_number)
    reviews.flag(resident("resident").personal_number, reason="Leder ett program i radion", by=reviewer, now=begins)
    for month in (before, last):
        starts, ends = bounds_of(month)
        _work([row.person_id for row in listed], known, nurse, head, starts)
        unit = nurse.acting.unit_name if nurse.acting else ""
        reviews.draw_review(nurse.unit_hsa_id or "", unit, month, by=reviewer, now=ends + timedelta(hours=3))
    rows = {row.month: row.id for row in review_selectors.reviews(by=reviewer, now=now)}
    done, under_way = (
        review_selectors.desk(rows[month], by=reviewer, now=now) for month in (previous_month(last), last)
    )
    for item in done.items:
        reviews.judge(item.id, Verdict.WARRANTED, comment="", by=reviewer, now=now)
    reviews.finish(done.review.id, by=reviewer, now=now)
    asked = next((item for item in under_way.items if item.line and item.contact == "need"), None)
    if asked is not None:
        question = "Varför öppnades uppgifterna? Personen är inte listad hos er."
        reviews.judge(asked.id, Verdict.NEEDS_EXPLANATION, comment=question, by=reviewer, now=now)
    for item in under_way.items[-6:]:
        if item is not asked:
            reviews.judge(item.id, Verdict.WARRANTED, comment="", by=reviewer, now=now)
    _incident(administrator, now)


def _work(ids: list[int], known: int | None, nurse: Actor, head: Actor, begins: datetime) -> None:
    """Patients opened one by one over the month, a well-known one among them; some by a stated need."""
    first = begins + timedelta(days=1, hours=8)
    for number, person_id in enumerate([*ids, *([known] if known else [])]):
        who = head if number % 6 == 5 else nurse
        patients.open_card(person_id, by=who, now=first + timedelta(days=number, minutes=17 * number % 480))
    for role in ("unlisted", "queued", "protected"):
        found = patients.id_of_number(resident(role).personal_number)
        if found is not None:
            at = first + timedelta(days=9, hours=2)
            patients_actions.state_need(found, reason=NeedReason.ASKED_BY_PERSON, text="", by=nurse, now=at)
            patients.open_card(found, by=nurse, now=at + timedelta(minutes=1))


def _incident(administrator: Actor, now: datetime) -> None:
    made = incidents.open_incident(
        title="Inloggningen svarade inte på förmiddagen",
        text="Medarbetare på flera vårdcentraler kom inte in mellan 08.10 och 09.25. Driften startade om tjänsten.",
        harms=[Harm.AVAILABILITY],
        systems="Vårdnav, inloggning",
        significant=True,
        concerns_people=False,
        aware_at=now - timedelta(hours=20),
        aware_by="Driftens jour",
        by=administrator,
        now=now,
    )
    incidents.note(made.id, text="Orsaken söks hos leverantören av inloggning.", by=administrator, now=now)
