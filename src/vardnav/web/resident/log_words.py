"""What each line of the log says to the person it is about: what was done, and why."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vardnav.audit.selectors import Entry
from vardnav.kernel.actor import ActorKind, Role
from vardnav.patients.rules import NeedReason, Relation
from vardnav.web.frame.nav import ROLE_LABELS
from vardnav.web.labels import NEED_REASONS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

DEEDS: dict[str, "_StrPromise"] = {
    "access.denied": _("Försökte öppna uppgifterna men nekades"),
    "audit.log.downloaded": _("Hämtade loggen över vem som har läst uppgifterna"),
    "audit.log.searched": _("Sökte i loggen över vem som har läst uppgifterna"),
    "listing.cap.exempted": _("Gav plats trots att vårdcentralen var full"),
    "listing.care.read": _("Läste uppgifterna om vårdcentral och läkare"),
    "listing.change.withdrawn": _("Ångrade ett byte av vårdcentral"),
    "listing.choice.asked": _("Valde vårdcentral och bad den andra vårdnadshavaren godkänna"),
    "listing.choice.confirmed": _("Godkände valet av vårdcentral"),
    "listing.choice.read": _("Läste ett val av vårdcentral som väntar på svar"),
    "listing.choice.refused": _("Sade nej till valet av vårdcentral"),
    "listing.choice.voided": _("Avslutade ett val som ingen hade svarat på i tid"),
    "listing.doctor.ended": _("Avslutade den fasta läkaren"),
    "listing.doctor.named": _("Utsåg fast läkare"),
    "listing.listing.ended": _("Avslutade listningen på vårdcentralen"),
    "listing.listing.made": _("Listade på en vårdcentral"),
    "listing.listing.welcomed": _("Skickade en hälsning till den som nyss listat sig"),
    "listing.new.read": _("Läste listan över nya på vårdcentralen"),
    "listing.offer.declined": _("Tackade nej till en erbjuden plats"),
    "listing.offer.expired": _("Avslutade ett erbjudande som ingen hade svarat på i tid"),
    "listing.offer.made": _("Erbjöd en plats på en vårdcentral"),
    "listing.panel.downloaded": _("Hämtade listan över vårdcentralens listade"),
    "listing.panel.read": _("Läste listan över vårdcentralens listade"),
    "listing.queue.joined": _("Ställde i kö till en vårdcentral"),
    "listing.queue.left": _("Lämnade kön till en vårdcentral"),
    "listing.queue.read": _("Läste listan över dem som står i kö"),
    "listing.register.read": _("Läste listningen från ett annat system"),
    "patients.block.lifted": _("Hävde en spärr"),
    "patients.block.placed": _("Spärrade uppgifter"),
    "patients.blocks.read": _("Läste vilka uppgifter som är spärrade"),
    "patients.child.read": _("Läste barnets namn och ålder"),
    "patients.consent.asked": _("Skrev att du samtycker till att dolda uppgifter visas"),
    "patients.consent.closed": _("Stängde uppgifter som hade öppnats med samtycke"),
    "patients.consent.opened": _("Öppnade dolda uppgifter med samtycke"),
    "patients.emergency.asked": _("Skrev varför dolda uppgifter behövdes akut"),
    "patients.emergency.closed": _("Stängde uppgifter som hade öppnats akut"),
    "patients.emergency.opened": _("Öppnade dolda uppgifter akut"),
    "patients.home.read": _("Använde bostadsområdet för att räkna restid"),
    "patients.log.downloaded": _("Hämtade den här loggen"),
    "patients.log.read": _("Läste den här loggen"),
    "patients.messages.read": _("Läste meddelandena"),
    "patients.need.stated": _("Skrev varför uppgifterna behövdes och öppnade dem"),
    "patients.opening.read": _("Läste namnet för att kunna öppna dolda uppgifter"),
    "patients.opening.units_shown": _("Läste vilka enheter som har dolda uppgifter"),
    "patients.person.read": _("Läste namn, personnummer och kontaktuppgifter"),
    "patients.search.hit": _("Sökte på personnumret"),
    "reviews.patient.shown": _("Såg namnet vid en kontroll av vem som har läst uppgifterna"),
    "reviews.person.flagged": _("Bestämde att alla som läser uppgifterna ska kontrolleras"),
    "reviews.person.unflagged": _("Bestämde att inte alla som läser uppgifterna ska kontrolleras längre"),
}
UNKNOWN_DEEDS = {
    "read": _("Läste uppgifter"),
    "write": _("Ändrade uppgifter"),
    "access": _("Öppnade uppgifter"),
}
BECAUSE_OF_RELATION: dict[str, "_StrPromise"] = {
    Relation.GUARDIAN.value: _("Vårdnadshavare"),
    Relation.GUARDIAN_OF_TEENAGER.value: _("Vårdnadshavare"),
    Relation.UNIT.value: _("Listad eller i kö på vårdcentralen"),
    Relation.NEED.value: _("Hade skrivit ett skäl"),
}


def deed(entry: Entry) -> str:
    """What was done, in plain words."""
    return str(DEEDS.get(entry.kind) or UNKNOWN_DEEDS.get(entry.activity) or UNKNOWN_DEEDS["access"])


def why(entry: Entry) -> str:
    """Why it was done: the reason somebody wrote, else what gave them the right."""
    if entry.reason and not entry.kind.startswith("reviews."):
        return reason_words(entry.reason)
    if entry.kind.startswith(("reviews.", "audit.")):
        return gettext("Kontroll av loggen")
    relation = BECAUSE_OF_RELATION.get(str(entry.details.get("relation", "")))
    if relation:
        return str(relation)
    if entry.actor_kind == ActorKind.SYSTEM.value:
        return gettext("Sker av sig självt enligt reglerna")
    return gettext("Vårdcentralens arbete med sina listade") if entry.purpose == "care" else ""


def reason_words(text: str) -> str:
    """A stated need begins with its code: `other: patientens dotter ringde`."""
    code, _sep, rest = text.partition(": ")
    if code not in set(NeedReason):
        return text
    label = str(NEED_REASONS[NeedReason(code)])
    return f"{label}: {rest}" if rest else label


def who(entry: Entry, me: str) -> str:
    if entry.user_id == me:
        return gettext("Du själv")
    if entry.actor_kind in (ActorKind.SYSTEM.value, ActorKind.SERVICE.value):
        return gettext("Automatiskt (%(program)s)") % {"program": entry.user_name}
    if entry.role in set(Role):
        return f"{entry.user_name}, {str(ROLE_LABELS[Role(entry.role)]).lower()}"
    return entry.user_name


def where(entry: Entry) -> str:
    """The unit, or what stands in its place for those who act for themselves."""
    if entry.unit_name:
        return entry.unit_name
    if entry.actor_kind == ActorKind.RESIDENT.value:
        return gettext("Invånare på nätet")
    return gettext("Vårdnav")
