from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vardnav.identity.rules.factors import LONGEST_PASSWORD

CURRENT = {"autocomplete": "current-password", "data-reveal": "yes"}
NEW = {"autocomplete": "new-password", "data-reveal": "yes"}
MOST = {"required": _("Skriv ditt lösenord."), "max_length": _("Skriv högst 200 tecken.")}


def password(label: Any, attrs: dict[str, str], help_text: Any = "") -> forms.CharField:
    """As it is written, blanks and all."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text=help_text,
        widget=forms.PasswordInput(attrs=attrs),
        error_messages=MOST,
    )


class LoginForm(forms.Form):
    login = forms.CharField(
        label=_("Användarnamn"),
        max_length=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "username webauthn", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("Skriv ditt användarnamn.")},
    )
    password = password(_("Lösenord"), CURRENT)


NEW_HELP = _(
    "Minst 12 tecken. Flera ord är bra, och alla tecken går bra. Inte ditt namn eller något som är lätt att gissa."
)


class FirstPasswordForm(forms.Form):
    new = password(_("Nytt lösenord"), NEW, NEW_HELP)


class PasswordForm(forms.Form):
    current = password(_("Nuvarande lösenord"), CURRENT)
    new = password(_("Nytt lösenord"), NEW, NEW_HELP)


class ProofForm(forms.Form):
    password = password(_("Lösenord"), CURRENT)


class CodeForm(forms.Form):
    """A code from the app or, where there are such, a recovery code."""

    code = forms.CharField(
        label=_("Kod"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("Skriv koden.")},
    )

    def __init__(self, *args: Any, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = help_text


class KeyNameForm(forms.Form):
    name = forms.CharField(
        label=_("Namn på passnyckeln"),
        max_length=60,
        help_text=_("Så att du känner igen den, till exempel Min telefon."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Skriv ett namn.")},
    )
