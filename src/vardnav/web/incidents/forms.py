"""What an administrator writes of an incident."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vardnav.incidents.rules import Harm
from vardnav.web.incidents.words import HARMS

NO_PATIENTS = _("Skriv inget om patienter: inga namn, nummer eller uppgifter som pekar ut någon.")
PLAIN = {"autocomplete": "off"}


class Instant(forms.DateTimeField):
    """Day and time written as text, by the clock in Sweden."""

    def __init__(self, **kwargs: Any) -> None:
        wrong = _("Skriv dag och tid som ÅÅÅÅ-MM-DD TT:MM.")
        super().__init__(
            input_formats=["%Y-%m-%d %H:%M", "%Y-%m-%d %H.%M", "%Y-%m-%dT%H:%M"],
            widget=forms.DateTimeInput(format="%Y-%m-%d %H:%M", attrs={"autocomplete": "off", "inputmode": "numeric"}),
            error_messages={"invalid": wrong, "required": wrong},
            **kwargs,
        )


class AssessmentForm(forms.Form):
    harms = forms.MultipleChoiceField(
        label=_("Vad har skadats?"),
        choices=[(harm.value, HARMS[harm]) for harm in Harm],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Välj minst en sak som har skadats.")},
    )
    systems = forms.CharField(
        label=_("Vilka system berörs?"), max_length=300, required=False, widget=forms.TextInput(attrs=PLAIN)
    )
    significant = forms.BooleanField(
        label=_("Incidenten är betydande"),
        required=False,
        help_text=_(
            "Den har orsakat eller kan orsaka allvarliga störningar i vården eller stor skada för andra. Då gäller "
            "cybersäkerhetslagens tre rapporter."
        ),
    )
    concerns_people = forms.BooleanField(
        label=_("Den rör personuppgifter"),
        required=False,
        help_text=_("Någon kan ha sett, ändrat eller förlorat uppgifter om människor. Då gäller anmälan till IMY."),
    )


class NewForm(AssessmentForm):
    title = forms.CharField(
        label=_("Rubrik"),
        max_length=150,
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": _("Skriv en rubrik.")},
    )
    text = forms.CharField(
        label=_("Vad har hänt?"),
        max_length=4000,
        help_text=NO_PATIENTS,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Skriv vad som har hänt.")},
    )
    aware_at = Instant(
        label=_("När fick ni kännedom om det?"), help_text=_("Alla tider räknas härifrån. Skriv ÅÅÅÅ-MM-DD TT:MM.")
    )
    aware_by = forms.CharField(
        label=_("Vem upptäckte det?"),
        max_length=200,
        required=False,
        help_text=_("Funktion eller medarbetare. Lämna tomt om det var du."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    field_order = ["title", "text", "aware_at", "aware_by", "harms", "systems", "significant", "concerns_people"]


class ReassessForm(AssessmentForm):
    why = forms.CharField(
        label=_("Vad har ni kommit fram till?"),
        max_length=500,
        help_text=_("Den tidigare bedömningen finns kvar."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Skriv varför bedömningen ändras.")},
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Ny anteckning"),
        max_length=4000,
        help_text=NO_PATIENTS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv en anteckning.")},
    )


class SentForm(forms.Form):
    sent_at = Instant(label=_("Skickad"), help_text=_("ÅÅÅÅ-MM-DD TT:MM"))
    reference = forms.CharField(
        label=_("Mottagarens diarienummer"), max_length=100, required=False, widget=forms.TextInput(attrs=PLAIN)
    )
