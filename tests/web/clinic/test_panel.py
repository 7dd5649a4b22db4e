import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.test import Client

from tests import factories as make
from tests.web.clinic.conftest import words
from vardnav.audit.models import Line
from vardnav.listing.models import NamedDoctor, PanelCount
from vardnav.organisation.models import Professional, Unit
from vardnav.patients.models import Person

SWEDISH = ["Abel Ek", "Bo Zander", "Cia Ågren", "Dan Ängman", "Eva Öberg"]


@pytest.fixture
def people(eken: Unit) -> list[Person]:
    """Five listed, in Swedish order of surname."""
    made = [make.person(name, born=date(1960 + number, 1, 1)) for number, name in enumerate(SWEDISH)]
    for who in reversed(made):
        make.listed(who, eken)
    return made


def names(page: object) -> list[str]:
    return [row.name for row in page.context["shown"].rows]  # type: ignore[attr-defined]


def test_the_list_stands_in_swedish_order(staff: Client, people: list[Person]) -> None:
    assert names(staff.get("/listade/")) == SWEDISH
    assert names(staff.get("/listade/?sort=-name")) == SWEDISH[::-1]
    assert names(staff.get("/listade/?sort=age")) == SWEDISH[::-1]  # the youngest first


def test_pages_follow_each_other_both_ways_without_a_name_in_the_address(
    staff: Client, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    from vardnav.listing.selectors import listed_page

    monkeypatch.setattr(
        "vardnav.web.clinic.views.panel.selectors.listed_page", lambda **how: listed_page(**(how | {"most": 2}))
    )
    seen, page = [], staff.get("/listade/")
    first = names(page)
    while True:
        seen += names(page)
        after = page.context["shown"].after
        if after is None:
            break
        page = staff.get(f"/listade/?after={after}")
    assert seen == SWEDISH
    page = staff.get(f"/listade/?before={page.context['shown'].before}")
    assert names(page) == SWEDISH[2:4]
    page = staff.get(f"/listade/?before={page.context['shown'].before}")
    assert names(page) == first
    assert page.context["shown"].before is None


def test_reads_leave_as_many_lines_as_rows_shown(staff: Client, people: list[Person]) -> None:
    staff.get("/listade/?name=å")
    assert list(Line.objects.filter(activity="read").values_list("patient_id", flat=True)) == [people[2].id]


def test_the_list_is_filtered_by_doctor_and_by_why_there_is_none(
    staff: Client, eken: Unit, eva: Professional, people: list[Person]
) -> None:
    make.named(people[0], eva, eken)
    gone = make.named(people[1], eva, eken)
    NamedDoctor.objects.filter(id=gone.id).update(ends_on=make.TODAY)
    PanelCount.objects.filter(doctor=eva).update(heads=1, burden=1)
    new = make.person("Nils Nylund")
    make.listed(new, eken, since=make.TODAY - timedelta(days=10))
    assert names(staff.get(f"/listade/?doctor={eva.id}")) == ["Abel Ek"]
    assert len(names(staff.get("/listade/?doctor=none"))) == 5
    assert names(staff.get("/listade/?doctor=none-left")) == ["Bo Zander"]
    assert names(staff.get("/listade/?doctor=none-new")) == ["Nils Nylund"]
    assert names(staff.get("/listade/?doctor=none-not_named")) == SWEDISH[2:]
    page = staff.get("/listade/")
    assert "1 vars läkare har slutat" in words(page)


@pytest.mark.parametrize("query", ["doctor=x'--", "sort=drop", "after=abc", "after=99999999", "doctor=none-what"])
def test_an_address_that_makes_no_sense_shows_a_list(staff: Client, people: list[Person], query: str) -> None:
    assert staff.get(f"/listade/?{query}").status_code == 200


def test_a_name_is_found_by_the_beginning_of_each_word(staff: Client, people: list[Person]) -> None:
    assert names(staff.get("/listade/?name=eva+öb")) == ["Eva Öberg"]
    assert names(staff.get("/listade/?name=%25")) == []


def test_many_get_a_named_doctor_in_one_go(staff: Client, eva: Professional, people: list[Person]) -> None:
    chosen = [str(who.id) for who in people[:3]]
    page = staff.post(
        "/listade/fast-lakare/", {"person": chosen, "doctor": eva.id, "reason": "", "query": "doctor=none"}, follow=True
    )
    assert page.redirect_chain == [("/listade/?doctor=none", 302)]
    assert "3 invånare har fått Eva Berg som fast läkare" in words(page)
    assert PanelCount.objects.get(doctor=eva).heads == 3


def test_above_capacity_needs_a_reason_that_is_then_shown(staff: Client, eken: Unit, people: list[Person]) -> None:
    full = make.doctor(eken, "Bo Full", share="0.10", heads=109)  # room for one more of 110
    asked = {"person": [str(who.id) for who in people[:2]], "doctor": full.id, "reason": "", "query": ""}
    page = staff.post("/listade/fast-lakare/", asked)
    text = words(page)
    assert page.status_code == 422
    assert "1 invånare har fått Bo Full" in text
    assert "Bo Zander : Läkaren har 110 listade och kapacitet för 110" in text
    kept = page.content.decode()
    assert f'value="{people[1].id}" checked' in kept
    assert f'value="{people[0].id}" checked' not in kept
    assert f'<option value="{full.id}" selected' in kept
    page = staff.post(
        "/listade/fast-lakare/", {**asked, "person": [str(people[1].id)], "reason": "Lång relation"}, follow=True
    )
    assert NamedDoctor.objects.get(person=people[1]).above_reason == "Lång relation"
    assert "Över kapacitet: Lång relation" in words(page)


def test_who_is_refused_stays_chosen_also_off_the_page(
    staff: Client, stranger: Client, eken: Unit, eva: Professional, people: list[Person]
) -> None:
    theirs = make.person("Främmande Person")
    asked = {"person": [str(people[0].id), str(theirs.id)], "doctor": eva.id, "reason": "", "query": "name=zander"}
    page = staff.post("/listade/fast-lakare/", asked)
    text = words(page)
    assert page.status_code == 422
    assert "Någon som inte är listad hos er : Enheten har ingen relation till personen" in text
    assert "Främmande" not in text
    assert Line.objects.filter(kind="access.denied", patient_id=theirs.id).count() == 1
    assert NamedDoctor.objects.get().person == people[0]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"doctor": "0"}, "Välj ett giltigt alternativ"),
        ({"doctor": ""}, "Välj en läkare"),
        ({"person": []}, "Ingen är"),
    ],
)
def test_nothing_happens_without_people_and_a_doctor(
    staff: Client, eva: Professional, people: list[Person], asked: dict[str, object], says: str
) -> None:
    form = {"person": [str(people[0].id)], "doctor": eva.id, "reason": "", "query": ""} | asked
    page = staff.post("/listade/fast-lakare/", form)
    assert page.status_code == 422
    assert says in words(page)
    assert NamedDoctor.objects.count() == 0


def test_another_clinics_staff_see_nobody_of_ours(stranger: Client, people: list[Person]) -> None:
    assert names(stranger.get("/listade/")) == []
    assert names(stranger.get(f"/listade/?after={people[0].id}")) == []


def test_protected_identity_shows_its_mark(staff: Client, eken: Unit) -> None:
    hidden = make.person("Hemma Gömd", protected=True)
    make.listed(hidden, eken)
    text = words(staff.get("/listade/"))
    assert "Hemma Gömd Skyddade personuppgifter" in text
    assert "Hemgatan" not in text


def test_the_head_takes_the_list_away_with_a_line_for_each(head: Client, eken: Unit, people: list[Person]) -> None:
    hidden = make.person("Hemma Gömd", protected=True, address="Hemliga vägen 1")
    make.listed(hidden, eken)
    answer = head.post("/listade/hamta.csv")
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="listade-2026-03-16.csv"'
    assert [row["Efternamn"] for row in rows] == ["Ek", "Gömd", "Zander", "Ågren", "Ängman", "Öberg"]
    assert rows[1]["Adress"] == ""
    assert rows[1]["Skyddade personuppgifter"] == "Ja"
    assert "Hemliga" not in text
    assert rows[0]["Adress"] == "Hemgatan 5"
    assert Line.objects.filter(kind="listing.panel.downloaded").count() == 6


def test_the_workbook_has_the_same_rows(head: Client, people: list[Person]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(head.post("/listade/hamta.xlsx").content))
    rows = list(book.active.values)
    assert len(rows) == 6
    assert rows[0][1] == "Efternamn"
    assert rows[1][1] == "Ek"


def test_a_name_is_never_a_formula(head: Client, eken: Unit) -> None:
    make.listed(make.person("Bo =1+1"), eken)
    assert ";'=1+1;" in head.post("/listade/hamta.csv").content.decode()


def test_only_the_head_takes_the_list_away(staff: Client, people: list[Person]) -> None:
    assert staff.post("/listade/hamta.csv").status_code == 403
    assert Line.objects.filter(kind="listing.panel.downloaded").count() == 0


def test_only_csv_and_xlsx_exist(head: Client) -> None:
    assert head.post("/listade/hamta.pdf").status_code == 404
