"""Words on the screen for values that several rooms' pages show."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from vardnav.identity.rules.sessions import Way
from vardnav.listing.rules import CapState, Exemption, Origin
from vardnav.organisation.rules import EmploymentRole, Profession, ProviderForm
from vardnav.patients.rules import NeedReason

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WAY_LABELS: dict[Way, "_StrPromise"] = {
    Way.OIDC_STAFF: _("Tjänstelegitimation"),
    Way.OIDC_RESIDENT: _("E-legitimation"),
    Way.PASSKEY: _("Passnyckel"),
    Way.PASSWORD: _("Lösenord och ett andra steg"),
}
EMPLOYMENT_ROLES: dict[EmploymentRole, "_StrPromise"] = {
    EmploymentRole.SPECIALIST: _("Specialistläkare"),
    EmploymentRole.TRAINEE: _("ST-läkare"),
    EmploymentRole.LOCUM: _("Hyrläkare"),
    EmploymentRole.SENIOR_ADVISOR: _("Senior rådgivare"),
    EmploymentRole.STAFF: _("Medarbetare"),
}
PROFESSIONS: dict[Profession, "_StrPromise"] = {
    Profession.DOCTOR: _("Läkare"),
    Profession.NURSE: _("Sjuksköterska"),
    Profession.PSYCHOLOGIST: _("Psykolog"),
    Profession.PHYSIOTHERAPIST: _("Fysioterapeut"),
    Profession.MIDWIFE: _("Barnmorska"),
    Profession.DIETITIAN: _("Dietist"),
    Profession.PHARMACIST: _("Apotekare"),
    Profession.COUNSELLOR: _("Kurator"),
    Profession.OCCUPATIONAL_THERAPIST: _("Arbetsterapeut"),
    Profession.ASSISTANT_NURSE: _("Undersköterska"),
    Profession.ADMINISTRATOR: _("Medicinsk sekreterare och administration"),
}
PROVIDER_FORMS: dict[ProviderForm, "_StrPromise"] = {
    ProviderForm.REGION: _("Drivs av regionen"),
    ProviderForm.PRIVATE: _("Drivs privat på uppdrag av regionen"),
    ProviderForm.MUNICIPAL: _("Drivs av kommunen"),
}
ORIGINS: dict[Origin, "_StrPromise"] = {
    Origin.CHOSEN: _("Eget val"),
    Origin.PASSIVE: _("Listad av regionen"),
    Origin.MOVED: _("Flytt"),
    Origin.CLINIC_CLOSED: _("Vårdcentralen lades ned"),
    Origin.CORRECTION: _("Rättelse"),
    Origin.NEWBORN: _("Nyfödd"),
}
CAP_STATES: dict[CapState, "_StrPromise"] = {
    CapState.ASKED: _("Väntar på beslut"),
    CapState.GRANTED: _("Beviljat"),
    CapState.REFUSED: _("Avslaget"),
}
EXEMPTIONS: dict[Exemption, "_StrPromise"] = {
    Exemption.NEWBORN_OF_FAMILY: _("Nyfödd som har förälder eller syskon hos oss"),
    Exemption.CARE_HOME: _("Bor på ett boende som vi ansvarar för"),
}
NEED_REASONS: dict[NeedReason, "_StrPromise"] = {
    NeedReason.EMERGENCY: _("Fara för liv eller hälsa"),
    NeedReason.WANTS_TO_LIST: _("Vill lista sig hos oss"),
    NeedReason.ASKED_BY_PERSON: _("Personen har bett om det"),
    NeedReason.IN_THE_ROOM: _("Personen är här"),
    NeedReason.OTHER: _("Annat skäl"),
}
SPECIALTIES: dict[str, "_StrPromise"] = {
    "general_medicine": _("Specialist i allmänmedicin"),
    "geriatrics": _("Specialist i geriatrik"),
    "psychiatry": _("Specialist i psykiatri"),
    "paediatrics": _("Specialist i barn- och ungdomsmedicin"),
}
LANGUAGES: dict[str, "_StrPromise"] = {
    "ar": _("arabiska"),
    "bs": _("bosniska"),
    "da": _("danska"),
    "de": _("tyska"),
    "en": _("engelska"),
    "es": _("spanska"),
    "et": _("estniska"),
    "fa": _("persiska"),
    "fi": _("finska"),
    "fr": _("franska"),
    "hr": _("kroatiska"),
    "it": _("italienska"),
    "ku": _("kurdiska"),
    "nl": _("nederländska"),
    "no": _("norska"),
    "pl": _("polska"),
    "ro": _("rumänska"),
    "ru": _("ryska"),
    "se": _("nordsamiska"),
    "sma": _("sydsamiska"),
    "so": _("somaliska"),
    "sr": _("serbiska"),
    "th": _("thailändska"),
    "ti": _("tigrinska"),
    "tr": _("turkiska"),
    "uk": _("ukrainska"),
    "zh": _("kinesiska"),
}


def language_name(code: str) -> str:
    """The language's name inside a sentence; a code nobody has named yet is shown as it is."""
    return str(LANGUAGES.get(code, code))
