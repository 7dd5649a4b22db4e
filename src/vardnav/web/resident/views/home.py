"""Hem: what must I do now, then how it is; and my messages."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render

from vardnav.kernel.actor import ActorKind
from vardnav.listing import selectors as listing
from vardnav.outbox import actions as outbox
from vardnav.outbox import selectors as outbox_selectors
from vardnav.patients import selectors as patients
from vardnav.web import clock
from vardnav.web.request import Request, page
from vardnav.web.resident.subject import Subject, subject_of
from vardnav.web.resident.tasks import tasks_of

SHOWN_AT_HOME = 3


@page(ActorKind.RESIDENT)
@transaction.atomic  # many lines of the log, one commit
def home(request: Request) -> HttpResponse:
    now, by = clock.now(), request.actor
    subject = subject_of(by)
    care = listing.my_care(subject.person_id, by=by, now=now)
    children = [
        (Subject(child.id, child.id), listing.my_care(child.id, by=by, now=now))
        for child in patients.children_of(by=by, now=now)
    ]
    tasks = tasks_of(
        [(subject, care), *children],
        listing.pending_for_me(by=by, now=now),
        outbox_selectors.unread(subject.person_id),
    )
    messages = patients.messages_of(subject.person_id, by=by, now=now, most=SHOWN_AT_HOME)
    context = {"care": care, "subject": subject, "children": children, "tasks": tasks, "letters": messages}
    return render(request, "resident/home.html", context)


@page(ActorKind.RESIDENT)
def messages(request: Request) -> HttpResponse:
    """All messages; seen here, they are no longer new."""
    now, by = clock.now(), request.actor
    person_id = subject_of(by).person_id
    letters = patients.messages_of(person_id, by=by, now=now)
    outbox.mark_read(person_id, now=now)
    return render(request, "resident/messages.html", {"letters": letters})
