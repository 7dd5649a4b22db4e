"""What the desk asks for."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from vardnav.listing.rules import Exemption
from vardnav.listing.selectors import DoctorPanel, WithoutReason
from vardnav.patients.rules import NeedReason, OpeningKind
from vardnav.patients.selectors import Steps
from vardnav.web.frame.formats import thousands
from vardnav.web.labels import EXEMPTIONS, NEED_REASONS
from vardnav.web.templatetags.clinic import without_reason

EVERYBODY, NOBODY = "", "none"


def doctor_choices(doctors: Iterable[DoctorPanel]) -> list[tuple[str, str]]:
    """Each doctor with what the panel holds and may hold: one chooses by that."""
    return [
        (
            str(one.doctor.id),
            _now("%(name)s – %(heads)s av %(capacity)s")
            % {
                "name": one.doctor.name,
                "heads": thousands(one.heads),
                "capacity": thousands(one.doctor.capacity),
            },
        )
        for one in doctors
    ]


class FilterForm(forms.Form):
    """Which of the listed: everything stands in the address, so that a list can be shared."""

    doctor = forms.ChoiceField(label=_("Fast läkare"), required=False)
    name = forms.CharField(
        label=_("Namn"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, doctors: Iterable[DoctorPanel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [(f"{NOBODY}-{reason}", f"– {without_reason(reason)}") for reason in WithoutReason]
        named = [(str(one.doctor.id), one.doctor.name) for one in doctors]
        everybody, nobody = (EVERYBODY, _now("Alla")), (NOBODY, _now("Utan fast läkare"))
        self.fields["doctor"].choices = [everybody, nobody, *reasons, *named]  # type: ignore[attr-defined]


class DoctorForm(forms.Form):
    """Which doctor, and why if that takes the doctor above capacity."""

    doctor = forms.ChoiceField(label=_("Fast läkare"), error_messages={"required": _("Välj en läkare.")})
    reason = forms.CharField(
        label=_("Skäl om läkaren hamnar över sin kapacitet"),
        help_text=_("Skälet sparas och visas för alla som ser listan."),
        required=False,
        max_length=300,
    )

    def __init__(self, *args: Any, doctors: Iterable[DoctorPanel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["doctor"].choices = [("", _now("Välj läkare")), *doctor_choices(doctors)]  # type: ignore[attr-defined]


class EndDoctorForm(forms.Form):
    why = forms.CharField(
        label=_("Skäl till att avsluta"),
        max_length=300,
        error_messages={"required": _("Skriv varför den fasta läkaren avslutas.")},
    )


class NeedForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Varför behöver du uppgifterna?"),
        choices=lambda: [(reason.value, NEED_REASONS[reason]) for reason in NeedReason],
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj ett skäl.")},
    )
    text = forms.CharField(
        label=_("Beskriv skälet"),
        help_text=_(
            "Behövs vid fara för liv eller hälsa och annat skäl, minst tio tecken. Personen kan läsa det i sin logg."
        ),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class BlockForm(forms.Form):
    request = forms.CharField(
        label=_("Hur bad personen om det?"),
        help_text=_("Till exempel: vid besök i dag, legitimerad. Minst tio tecken. Personen kan läsa det i sin logg."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv hur personen bad om det.")},
    )


REASON_LABELS = {
    OpeningKind.CONSENT: _("Hur har personen sagt ja, och till vad?"),
    OpeningKind.EMERGENCY: _("Varför är det fara för liv eller hälsa?"),
}


class AskForm(forms.Form):
    """The first step of an opening."""

    reason = forms.CharField(
        help_text=_("Minst tio tecken. Personen kan läsa det i sin logg."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv varför.")},
    )

    def __init__(self, *args: Any, kind: OpeningKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = REASON_LABELS[kind]


class UnitsForm(AskForm):
    """The second step: which units, for how long, and the reason once more."""

    units = forms.MultipleChoiceField(
        label=_("Vilka enheters uppgifter behöver du se?"),
        help_text=_("Öppna bara det som behövs nu."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Välj minst en enhet.")},
    )
    hours = forms.TypedChoiceField(label=_("Hur länge gäller samtycket?"), coerce=int, required=False)
    field_order = ("units", "hours", "reason")

    def __init__(self, *args: Any, steps: Steps, **kwargs: Any) -> None:
        super().__init__(*args, kind=steps.kind, **kwargs)
        why = {True: _now("spärrad"), False: _now("annan vårdgivare")}
        self.fields["units"].choices = [  # type: ignore[attr-defined]
            (one.unit.hsa_id, f"{one.unit.name} ({why[one.is_blocked]})") for one in steps.hidden
        ]
        if steps.kind is OpeningKind.EMERGENCY:
            del self.fields["hours"]
        else:
            hours = [(n, _now("%(n)s timmar") % {"n": n} if n > 1 else _now("1 timme")) for n in (1, 2, 4, 8, 12, 24)]
            self.fields["hours"].choices = [one for one in hours if one[0] <= steps.hours]  # type: ignore[attr-defined]


class CapForm(forms.Form):
    heads = forms.IntegerField(
        label=_("Högst så många listade"),
        min_value=1,
        max_value=200_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Skriv hur många listade ni högst kan ha."),
            "invalid": _("Skriv ett heltal, till exempel 9500."),
        },
    )
    starts_on = forms.DateField(
        label=_("Från och med"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Skriv den första dagen."), "invalid": _("Skriv ett datum: ÅÅÅÅ-MM-DD.")},
    )
    ends_on = forms.DateField(
        label=_("Till och med"),
        help_text=_("Ett tak gäller en begränsad tid, högst två år."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Skriv den sista dagen."), "invalid": _("Skriv ett datum: ÅÅÅÅ-MM-DD.")},
    )
    reason = forms.CharField(
        label=_("Varför behövs taket?"),
        help_text=_("Regionen läser det när den beslutar. Skriv inget om enskilda patienter."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Skriv varför ni behöver ett tak.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_starts_on(self) -> date:
        starts_on: date = self.cleaned_data["starts_on"]
        if starts_on < self.today:
            raise forms.ValidationError(_("Taket kan inte börja gälla bakåt i tiden."))
        return starts_on


class ExemptForm(forms.Form):
    exemption = forms.ChoiceField(
        label=_("Varför gäller inte taket för personen?"),
        choices=lambda: [(one.value, EXEMPTIONS[one]) for one in Exemption],
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj varför taket inte gäller.")},
    )
