"""Under load: as many lines as reads, each of who was read; and a log that holds."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client

from tests import factories
from vardnav.audit.models import Line
from vardnav.audit.verify import verify

CLIENTS, EACH = 16, 6


@pytest.mark.django_db(transaction=True)
def test_sixteen_readers_at_once_leave_a_line_for_each_read(anchors: Path) -> None:
    clinic = factories.clinic()
    people = [factories.person(f"Bo Prov{number}") for number in range(CLIENTS)]
    for person in people:
        factories.listed(person, clinic)
    browsers = [Client() for _ in people]
    head = factories.staff(clinic)
    for number, (browser, person) in enumerate(zip(browsers, people, strict=True)):
        factories.log_in(browser, person if number % 2 else head)
    before = Line.objects.count()

    def reader(number: int) -> list[tuple[int, int]]:
        """Residents read of themselves, staff of everybody in turn; answers whom, and what came back."""
        found = []
        try:
            for turn in range(EACH):
                person = people[number] if number % 2 else people[(number + turn) % CLIENTS]
                path = "/min-vardcentral/" if number % 2 else f"/person/{person.id}/"
                found.append((person.id, browsers[number].get(path).status_code))
        finally:
            connections.close_all()
        return found

    with ThreadPoolExecutor(CLIENTS) as pool:
        read = [one for answers in pool.map(reader, range(CLIENTS)) for one in answers]
    assert {status for _, status in read} == {200}
    assert len(read) == CLIENTS * EACH
    lines = Line.objects.filter(kind__in=["listing.care.read", "patients.person.read"], outcome="done")
    assert Counter(lines.values_list("patient_id", flat=True)) == Counter(person for person, _ in read)
    found = verify()
    assert (found.findings, found.lines) == ((), Line.objects.count())
    assert found.lines >= before + len(read)
