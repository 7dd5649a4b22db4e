"""What the planner fills in: which clinics to look at, a decision, a cap granted outside."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vardnav.followup.rules import Words
from vardnav.web.region.shown import said
from vardnav.web.region.table import MAPPED, PARTS

DATE = {"type": "date"}


class FilterForm(forms.Form):
    """The fields carry the address's own names, so that a view of the table can be shared."""

    q = forms.CharField(label=_("Sök"), required=False, max_length=80)
    kommun = forms.ChoiceField(label=_("Kommun"), required=False)
    vardgivare = forms.ChoiceField(label=_("Vårdgivare"), required=False)
    urval = forms.ChoiceField(label=_("Visa"), required=False, choices=[(one.value, PARTS[one]) for one in PARTS])
    karta = forms.ChoiceField(label=_("Kartan visar"), required=False)

    def __init__(self, *args: Any, municipalities: dict[str, str], providers: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self._choose("kommun", [("", _("Alla")), *municipalities.items()])
        self._choose("vardgivare", [("", _("Alla")), *((name, name) for name in providers)])
        self._choose("karta", [(one.key, _name(one.name)) for one in MAPPED])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


def _name(words: Words) -> str:
    return said(words)


class DecideForm(forms.Form):
    grant = forms.ChoiceField(
        label=_("Beslut"),
        choices=[("yes", _("Bevilja taket")), ("no", _("Avslå"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj om taket ska beviljas eller avslås.")},
    )
    decision = forms.CharField(
        label=_("Beslut och skäl"),
        help_text=_("Skriv skälen och diarienumret. Vårdcentralen läser det här."),
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Skriv beslutet och skälen."),
            "min_length": _("Skriv minst tio tecken."),
        },
    )


class GrantForm(forms.Form):
    """A cap that was asked for on paper."""

    clinic = forms.ChoiceField(label=_("Vårdcentral"), error_messages={"required": _("Välj en vårdcentral.")})
    heads = forms.IntegerField(
        label=_("Tak, antal listade"),
        min_value=1,
        max_value=100_000,
        error_messages={"required": _("Skriv hur många som högst får vara listade.")},
    )
    starts_on = forms.DateField(
        label=_("Gäller från"),
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        error_messages={"required": _("Skriv den första dagen.")},
    )
    ends_on = forms.DateField(
        label=_("Gäller till"),
        help_text=_("Den första dagen utan tak. Ett tak gäller högst två år."),
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        error_messages={"required": _("Skriv den första dagen utan tak.")},
    )
    decision = forms.CharField(
        label=_("Beslut och skäl"),
        help_text=_("Skriv skälen och diarienumret."),
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Skriv beslutet och skälen."), "min_length": _("Skriv minst tio tecken.")},
    )

    def __init__(self, *args: Any, clinics: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", _("Välj")), *((str(number), name) for number, name in clinics)]
        self.fields["clinic"].choices = choices  # type: ignore[attr-defined]

    @property
    def days(self) -> tuple[date, date]:
        return self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]
