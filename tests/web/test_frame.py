"""The frame around every page: what each role is offered, and what no page may contain."""

import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory, override_settings
from django.urls import path

from vardnav.kernel.actor import Acting, Actor, ActorKind, Purpose, Role
from vardnav.web.frame import nav
from vardnav.web.frame.context import frame
from vardnav.web.frame.views import theme

WEB = Path(nav.__file__).resolve().parents[1]
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
urlpatterns = [path("theme/", theme)]


def staff(role: Role) -> Actor:
    acting = Acting(1, role, Purpose.CARE, "SE2321000214-A1001", "Krokoms hälsocentral")
    return Actor(kind=ActorKind.STAFF, name="Karin Lindqvist", acting=acting)


RESIDENT = Actor(kind=ActorKind.RESIDENT, name="Maja Hansson")


@pytest.mark.parametrize("actor", [RESIDENT, *(staff(role) for role in Role)])
def test_nobody_has_more_than_seven_entries(actor: Actor) -> None:
    assert 1 <= len(nav.entries_for(actor)) <= 7


def test_a_stranger_has_no_entries() -> None:
    assert nav.entries_for(None) == ()
    assert nav.navigation(None, "/") == ()


@override_settings(ROOT_URLCONF="tests.web.test_frame")
def test_entries_whose_pages_do_not_exist_are_not_shown() -> None:
    assert nav.navigation(RESIDENT, "/") == ()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.name)
def test_no_template_has_inline_style_or_script(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=[\"']|\shx-on|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_every_icon_the_templates_name_is_vendored() -> None:
    named = {name for each in TEMPLATES for name in re.findall(r"{% icon \"([a-z0-9-]+)\"", each.read_text())}
    named |= {entry.icon for actor in (RESIDENT, *map(staff, Role)) for entry in nav.entries_for(actor)}
    assert {name for name in named if not (WEB / f"static/vendor/lucide/{name}.svg").exists()} == set()


def test_staff_get_the_desk_and_residents_the_calm_page(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.actor = staff(Role.CLINIC_HEAD)  # type: ignore[attr-defined]
    assert frame(request)["frame"].density == "desk"
    request.actor = RESIDENT  # type: ignore[attr-defined]
    assert frame(request)["frame"].density == "calm"


@pytest.mark.parametrize(("cookie", "scheme"), [("dark", "dark"), ("light", "light"), ("<b>", "auto")])
def test_the_colour_scheme_is_the_remembered_one(rf: RequestFactory, cookie: str, scheme: str) -> None:
    rf.cookies["vardnav_scheme"] = cookie
    assert frame(rf.get("/"))["frame"].color_scheme == scheme


@pytest.mark.parametrize(
    ("asked", "answered"), [("/plan/?a=1", "/plan/?a=1"), ("https://elsewhere.example/", "/"), ("", "/")]
)
def test_the_light_switch_goes_back_to_the_page_and_nowhere_else(rf: RequestFactory, asked: str, answered: str) -> None:
    response = theme(rf.post("/theme/", {"scheme": "dark", "next": asked}))
    assert response["Location"] == answered
    assert response.cookies["vardnav_scheme"].value == "dark"


class Move(forms.Form):
    number = forms.CharField(label="Personnummer", help_text="Till exempel 20121212-9980")
    reason = forms.ChoiceField(label="Orsak", choices=[("a", "Flyttat")], widget=forms.RadioSelect)


def rendered(source: str, **context: object) -> str:
    return Template("{% load vardnav %}" + source).render(Context(context))


def test_a_field_is_tied_to_its_help_and_its_error() -> None:
    html = rendered("{% field form.number %}", form=Move({}))
    assert 'aria-describedby="id_number_help id_number_error"' in html
    assert 'id="id_number_help"' in html
    assert 'id="id_number_error"' in html
    assert 'aria-invalid="true"' in html


def test_the_error_summary_links_to_the_fields() -> None:
    html = rendered("{% form_errors form %}", form=Move({}))
    assert '<a href="#id_number">Personnummer: ' in html
    assert '<a href="#id_reason">Orsak: ' in html
    assert 'id="id_reason"' in rendered("{% field form.reason %}", form=Move({}))


def test_a_form_without_errors_has_no_summary() -> None:
    assert "error-summary" not in rendered("{% form_errors form %}", form=Move())


def test_a_meter_says_in_words_what_is_above_capacity() -> None:
    over = rendered("{% meter 934 880 %}")
    assert "54 över" in over
    assert "data-over" in over
    assert "data-over" not in rendered("{% meter 880 880 %}")
    assert "<b>12</b>" in rendered("{% meter 12 None %}")


def test_what_people_write_is_escaped() -> None:
    html = rendered('{% status "success" word %}{% notice "info" title=word %}{{ word }}{% endnotice %}', word="<b>")
    assert "<b>" not in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"])
def test_an_error_page_stands_without_request_database_or_context(name: str) -> None:
    html = get_template(name).render({"request_id": "7f3a-91c2"})
    assert "<h1>" in html
    assert "7f3a-91c2" in html
