"""What reviewers fill in."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vardnav.kernel import personal_number
from vardnav.web import clock

PLAIN = {"autocomplete": "off"}


class ExtraForm(forms.Form):
    unit = forms.ChoiceField(label=_("Enhet"), error_messages={"required": _("Välj en enhet.")})
    month = forms.CharField(
        label=_("Månad"),
        max_length=7,
        help_text=_("Skriv ÅÅÅÅ-MM."),
        widget=forms.TextInput(attrs={**PLAIN, "inputmode": "numeric"}),
        error_messages={"required": _("Skriv månaden som ÅÅÅÅ-MM.")},
    )
    reason = forms.CharField(
        label=_("Varför behövs en extra granskning?"),
        max_length=300,
        help_text=_("Till exempel ett klagomål. Skriv inget om patienter."),
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": _("Skriv varför granskningen behövs.")},
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]

    def clean_month(self) -> date:
        try:
            month = datetime.strptime(self.cleaned_data["month"], "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
        except ValueError as error:
            raise forms.ValidationError(_("Skriv månaden som ÅÅÅÅ-MM.")) from error
        if month > clock.today():
            raise forms.ValidationError(_("Månaden har inte börjat."))
        return month


class FlagForm(forms.Form):
    number = forms.CharField(
        label=_("Personnummer"),
        max_length=20,
        help_text=_("Numret visas inte igen. Bevakningen syns i personens egen logg."),
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": _("Skriv personnumret som ÅÅÅÅMMDD-NNNN.")},
    )
    reason = forms.CharField(
        label=_("Varför bevakas personen?"),
        max_length=300,
        help_text=_("Till exempel uppdrag som gör personen allmänt känd."),
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": _("Skriv varför.")},
    )

    def clean_number(self) -> str:
        try:
            return personal_number.parse(self.cleaned_data["number"], clock.today()).value
        except personal_number.NotAPersonalNumber as error:
            raise forms.ValidationError(_("Det är inte ett personnummer. Skriv ÅÅÅÅMMDD-NNNN.")) from error
