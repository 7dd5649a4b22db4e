"""What a resident may write or pick."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from vardnav.listing.selectors.clinics import Order
from vardnav.web.labels import language_name


class KeyForm(forms.Form):
    """A form that may be sent twice by a nervous finger and still does its work once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    @property
    def action_key(self) -> str:
        return str(self.cleaned_data["key"])


def new_key() -> dict[str, str]:
    return {"key": str(uuid4())}


class AnswerForm(KeyForm):
    """Yes or no; nothing is chosen beforehand."""

    answer: forms.ChoiceField

    @property
    def is_yes(self) -> bool:
        return bool(self.cleaned_data["answer"] == "yes")


class OfferForm(AnswerForm):
    answer = forms.ChoiceField(
        label=_("Vill du ha platsen?"),
        choices=[("yes", _("Ja, jag tackar ja till platsen")), ("no", _("Nej, låt nästa i kön få den"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj om du vill ha platsen.")},
    )


class ConfirmForm(AnswerForm):
    answer = forms.ChoiceField(
        label=_("Godkänner du valet?"),
        choices=[("yes", _("Ja, jag godkänner")), ("no", _("Nej, barnet ska inte byta"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj om du godkänner valet.")},
    )


ORDERS = [
    (Order.TRAVEL.value, _("Restid")),
    (Order.NAME.value, _("Namn")),
    (Order.QUEUE.value, _("Kortast kö")),
]


class FindForm(forms.Form):
    """The filters of the list of clinics; what cannot be read is as if it was not asked for."""

    q = forms.CharField(label=_("Namn eller ort"), required=False, max_length=80)
    fran = forms.ChoiceField(label=_("Restid från"), required=False)
    sprak = forms.ChoiceField(label=_("Språk"), required=False)
    ordning = forms.ChoiceField(label=_("Sortera efter"), required=False, choices=ORDERS)
    plats = forms.BooleanField(label=_("Bara med plats för nya"), required=False)

    def __init__(
        self, data: object, *, municipalities: list[tuple[str, str]], languages: list[str], from_home: bool
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        nowhere = _("Mitt hem") if from_home else _("Välj kommun")
        self._choose("fran", [("", nowhere), *municipalities])
        named = sorted(((code, language_name(code).capitalize()) for code in languages), key=lambda one: one[1])
        self._choose("sprak", [("", _("Alla språk")), *named])

    def _choose(self, name: str, choices: list[tuple[str, object]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrowing for the type checker
        field.choices = choices

    def asked(self, name: str) -> str:
        """What was asked for, empty where it could not be read."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")
