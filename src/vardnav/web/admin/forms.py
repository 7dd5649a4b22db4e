"""What administrators fill in."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vardnav.identity.rules import Scope
from vardnav.kernel import hsa_id, personal_number
from vardnav.kernel.actor import Role
from vardnav.parameters.rules import Declared
from vardnav.web import clock
from vardnav.web.frame.nav import ROLE_LABELS

PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
DAY_FORMATS = ["%Y-%m-%d", "%Y%m%d", "%d/%m %Y", "%d.%m.%Y"]
SCOPES = {
    Scope.ORGANISATION_READ: _("Läsa organisationen: enheter, läkare och kapacitet"),
    Scope.LISTING_READ: _("Läsa listningar, köer och en persons vårdcentral"),
    Scope.LISTING_WRITE: _("Ändra listningar, köplatser och fast läkare"),
}


def midnight(day: date) -> datetime:
    """The instant a day begins in Sweden."""
    return timezone.make_aware(datetime.combine(day, time.min))


class Day(forms.DateField):
    """A date written as text; ÅÅÅÅ-MM-DD and what else people write."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Skriv ÅÅÅÅ-MM-DD."))
        super().__init__(
            input_formats=DAY_FORMATS,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"autocomplete": "off", "inputmode": "numeric"}),
            error_messages={
                "invalid": _("Skriv datumet som ÅÅÅÅ-MM-DD."),
                "required": _("Skriv ett datum som ÅÅÅÅ-MM-DD."),
            },
            **kwargs,
        )


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Namn, HSA-id eller användarnamn"), required=False, max_length=80, widget=forms.TextInput(attrs=PLAIN)
    )


class AccountForm(forms.Form):
    name = forms.CharField(
        label=_("Namn"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Skriv medarbetarens namn.")},
    )
    hsa_id = forms.CharField(
        label=_("HSA-id"),
        max_length=40,
        help_text=_("Till exempel SE2321000214-S001."),
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": _("Skriv medarbetarens HSA-id.")},
    )
    login = forms.CharField(
        label=_("Användarnamn"),
        max_length=80,
        help_text=_("Det som medarbetaren skriver vid inloggning."),
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": _("Skriv ett användarnamn.")},
    )

    def clean_hsa_id(self) -> str:
        try:
            return hsa_id.parse(self.cleaned_data["hsa_id"])
        except hsa_id.NotAnHsaId as error:
            raise forms.ValidationError(_("Skriv SE, tio siffror, bindestreck och bokstäver eller siffror.")) from error


class AssignmentForm(forms.Form):
    """A role at a unit, for a time and with a reason: never more than that (Patient Data Act 4:2)."""

    unit = forms.ChoiceField(
        label=_("Enhet"), widget=forms.RadioSelect, error_messages={"required": _("Välj en enhet.")}
    )
    role = forms.ChoiceField(
        label=_("Roll"),
        choices=[(role.value, ROLE_LABELS[role]) for role in Role],
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj en roll.")},
    )
    starts_on = Day(label=_("Från och med"))
    ends_on = Day(
        label=_("Till och med"), required=False, help_text=_("Lämna tomt om uppdraget gäller tills det avslutas.")
    )
    reason = forms.CharField(
        label=_("Skäl"),
        max_length=300,
        help_text=_("Varför medarbetaren behöver uppdraget. Det står i loggen."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Skriv varför uppdraget ges.")},
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]

    def clean(self) -> None:
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Uppdraget slutar innan det har börjat."))

    def starts_at(self, now: datetime) -> datetime:
        """The beginning of the day, but for today this instant: nobody acted in it this morning."""
        day: date = self.cleaned_data["starts_on"]
        return now if day == timezone.localdate(now) else midnight(day)

    def ends_at(self) -> datetime | None:
        """The last day counts: it ends when the next begins."""
        last: date | None = self.cleaned_data["ends_on"]
        return midnight(last + timedelta(days=1)) if last else None


class ValueForm(forms.Form):
    starts_on = Day(label=_("Gäller från och med"))
    source = forms.CharField(
        label=_("Källa"),
        max_length=300,
        help_text=_("Beslutet som värdet kommer från, till exempel RF 2026/41."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Skriv vilket beslut värdet kommer från.")},
    )

    def __init__(self, *args: Any, declared: Declared, label: str, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        low, high = declared.low, declared.high
        between = _("Skriv ett heltal från %(low)s till %(high)s.") % {"low": low, "high": high}
        self.fields["value"] = forms.IntegerField(
            label=_("Nytt värde (%(unit)s)") % {"unit": unit},
            min_value=low,
            max_value=high,
            help_text=between,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), between),
        )
        self.order_fields(["value", "starts_on", "source"])


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("System"),
        max_length=120,
        help_text=_("Vilket system som har nyckeln. Namnet står i loggen vid varje anrop."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Skriv vilket system som har nyckeln.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("Vad nyckeln öppnar"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Välj minst en sak som nyckeln öppnar.")},
    )
    expires_on = Day(label=_("Sista dag"), help_text=_("Högst två år fram. Ge en ny nyckel i god tid före."))

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if not clock.today() <= day <= clock.today() + timedelta(days=730):
            raise forms.ValidationError(_("Välj en dag från i dag och högst två år fram."))
        return day


class LogForm(forms.Form):
    """Sent by POST: a number that names somebody never stands in an address."""

    user = forms.CharField(
        label=_("Användare"),
        required=False,
        max_length=40,
        help_text=_("HSA-id, eller key: och nyckelns början."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    kind = forms.RegexField(
        r"^[a-z_.]*$",
        label=_("Händelse"),
        required=False,
        max_length=80,
        help_text=_("Början räcker, till exempel listing. eller access.denied."),
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"invalid": _("Skriv små bokstäver och punkter, som listing.choice.")},
    )
    patient = forms.CharField(
        label=_("Patient"),
        required=False,
        max_length=20,
        help_text=_("Personnummer. Sökningen syns i personens egen logg."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    starts_on = Day(label=_("Från och med"), required=False)
    ends_on = Day(label=_("Till och med"), required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def clean_patient(self) -> str:
        text: str = self.cleaned_data["patient"]
        if not text.strip():
            return ""
        try:
            return personal_number.parse(text, clock.today()).value
        except personal_number.NotAPersonalNumber as error:
            raise forms.ValidationError(_("Det är inte ett personnummer. Skriv ÅÅÅÅMMDD-NNNN.")) from error

    def starts_at(self) -> datetime | None:
        day: date | None = self.cleaned_data["starts_on"]
        return midnight(day) if day else None

    def ends_at(self) -> datetime | None:
        day: date | None = self.cleaned_data["ends_on"]
        return midnight(day + timedelta(days=1)) if day else None
