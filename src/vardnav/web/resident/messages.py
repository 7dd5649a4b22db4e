"""Every message a resident can get, in words. The outbox keeps which template and its facts, never a text."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language

from vardnav.outbox.rules import Template
from vardnav.outbox.selectors import Received
from vardnav.web.frame import formats


@dataclass(frozen=True, slots=True)
class Worded:
    title: str
    body: str


WORDS: dict[Template, dict[str, Worded]] = {
    Template.LISTING_CHANGED: {
        "sv": Worded("Du har valt {clinic}", "{clinic} är din vårdcentral från och med {starts_on}."),
        "en": Worded("You have chosen {clinic}", "{clinic} is your clinic from {starts_on}."),
    },
    Template.LISTING_WITHDRAWN: {
        "sv": Worded("Bytet är ångrat", "Du är kvar på den vårdcentral du hade. Bytet räknas inte."),
        "en": Worded("The change is undone", "You stay at the clinic you had. The change does not count."),
    },
    Template.LISTING_LEFT: {
        "sv": Worded(
            "Din listning avslutas",
            "Du har ingen vårdcentral från och med {ends_on}. Du kan välja en ny när du vill.",
        ),
        "en": Worded(
            "Your listing ends",
            "You have no clinic from {ends_on}. You can choose a new one whenever you want.",
        ),
    },
    Template.LISTING_PASSIVE: {
        "sv": Worded(
            "Du har fått en vårdcentral",
            "Du hade ingen vårdcentral. Regionen har listat dig på {clinic} från och med {starts_on}, som ligger nära "
            "dig. Du kan välja en annan när du vill.",
        ),
        "en": Worded(
            "You have been given a clinic",
            "You had no clinic. The region has listed you with {clinic} from {starts_on}, which is near "
            "you. You can choose another whenever you want.",
        ),
    },
    Template.QUEUE_JOINED: {
        "sv": Worded(
            "Du står i kö till {clinic}",
            "När det blir din tur får du ett erbjudande här, med en sista dag att svara.",
        ),
        "en": Worded(
            "You are in the queue for {clinic}",
            "When it is your turn you get an offer here, with a last day to answer.",
        ),
    },
    Template.QUEUE_CLOSED: {
        "sv": Worded(
            "Kön till {clinic} finns inte längre",
            "{clinic} stänger, och din plats i kön är borttagen. Du kan ställa dig i kö till en annan vårdcentral.",
        ),
        "en": Worded(
            "The queue for {clinic} has ended",
            "{clinic} is closing, and your place in the queue is removed. You can join the queue of another clinic.",
        ),
    },
    Template.OFFER_MADE: {
        "sv": Worded(
            "Du har fått en plats på {clinic}",
            "Platsen är din om du tackar ja senast {expires_at}. Annars går den till nästa i kön.",
        ),
        "en": Worded(
            "You have been offered a place at {clinic}",
            "The place is yours if you accept by {expires_at}. Otherwise it goes to the next in the queue.",
        ),
    },
    Template.OFFER_EXPIRED: {
        "sv": Worded(
            "Erbjudandet om {clinic} har gått ut",
            "Vi fick inget svar i tid, så platsen har gått till nästa. Du står inte längre i kön, men kan ställa dig "
            "i den igen.",
        ),
        "en": Worded(
            "The offer from {clinic} has run out",
            "We did not get an answer in time, so the place has gone to the next. You are no longer in the queue, but "
            "can join it again.",
        ),
    },
    Template.CHOICE_WAITS: {
        "sv": Worded(
            "Ett val för ditt barn väntar på ditt svar",
            "Den andra vårdnadshavaren vill lista barnet på {clinic}. Valet gäller först när du också har godkänt det.",
        ),
        "en": Worded(
            "A choice for your child waits for your answer",
            "The other guardian wants to list the child with {clinic}. The choice is valid only when you have "
            "agreed too.",
        ),
    },
    Template.CHOICE_REFUSED: {
        "sv": Worded(
            "Ditt val för barnet blev inte av",
            "Den andra vårdnadshavaren har sagt nej till {clinic}. Barnet är kvar där det var.",
        ),
        "en": Worded(
            "Your choice for the child was not made",
            "The other guardian has said no to {clinic}. The child stays where it was.",
        ),
    },
    Template.CHOICE_VOID: {
        "sv": Worded(
            "Ditt val för barnet har gått ut",
            "Den andra vårdnadshavaren svarade inte i tid om {clinic}. Barnet är kvar där det var. Du kan välja igen.",
        ),
        "en": Worded(
            "Your choice for the child has run out",
            "The other guardian did not answer in time about {clinic}. The child stays where it was. You can choose "
            "again.",
        ),
    },
    Template.DOCTOR_NAMED: {
        "sv": Worded("{doctor} är din läkare", "{doctor} på {clinic} är din fasta läkare från och med {starts_on}."),
        "en": Worded("{doctor} is your doctor", "{doctor} at {clinic} is your named doctor from {starts_on}."),
    },
    Template.DOCTOR_ENDED: {
        "sv": Worded(
            "Du har just nu ingen fast läkare",
            "Din läkare på {clinic} är inte längre din fasta läkare. Vårdcentralen utser en ny.",
        ),
        "en": Worded(
            "You have no named doctor at the moment",
            "Your doctor at {clinic} is no longer your named doctor. The clinic will name a new one.",
        ),
    },
    Template.BLOCK_PLACED: {
        "sv": Worded(
            "Uppgifterna från {unit} är spärrade",
            "Andra enheter ser inte längre vad {unit} har om dig. Har du inte bett om det, vänd dig till enheten.",
        ),
        "en": Worded(
            "The data of {unit} are blocked",
            "Other units no longer see what {unit} has about you. If you have not asked for it, turn to the unit.",
        ),
    },
    Template.BLOCK_LIFTED: {
        "sv": Worded(
            "Spärren för {unit} är hävd",
            "Andra enheter kan åter se vad {unit} har om dig, när de behöver det för din vård. Har du inte "
            "bett om det, vänd dig till enheten.",
        ),
        "en": Worded(
            "The block for {unit} is lifted",
            "Other units can again see what {unit} has about you, when they need it for your care. If you have not "
            "asked for it, turn to the unit.",
        ),
    },
    Template.OPENED_BY_CONSENT: {
        "sv": Worded(
            "{unit} har öppnat dolda uppgifter",
            "{unit} har skrivit att du samtyckte, {opened_at}. Stämmer det inte, vänd dig till enhetens "
            "verksamhetschef. I Vem har läst ser du vem det var.",
        ),
        "en": Worded(
            "{unit} has opened hidden data",
            "{unit} has written that you consented, {opened_at}. If that is not so, turn to the head of the unit. "
            "Who has read shows who it was.",
        ),
    },
    Template.OPENED_IN_EMERGENCY: {
        "sv": Worded(
            "{unit} har öppnat dolda uppgifter akut",
            "Det gjordes {opened_at}, för att uppgifterna bedömdes behövas genast. I Vem har läst ser du vem det var, "
            "och varför.",
        ),
        "en": Worded(
            "{unit} has opened hidden data in an emergency",
            "It was done {opened_at}, because the data were judged to be needed at once. Who has read shows who it "
            "was, and why.",
        ),
    },
    Template.WELCOME: {
        "sv": Worded(
            "Välkommen till {clinic}",
            "Nu är du listad hos oss. Ring eller skriv när du behöver vård eller vill ha råd.",
        ),
        "en": Worded(
            "Welcome to {clinic}",
            "You are now listed with us. Call or write when you need care or want advice.",
        ),
    },
}


def worded(message: Received) -> Worded:
    """A message in the reader's language, with its dates as people write them."""
    language = "en" if (get_language() or "sv").startswith("en") else "sv"
    words = WORDS[message.template][language]
    facts = _Facts({name: _written(name, str(fact), language) for name, fact in message.facts.items()})
    return Worded(words.title.format_map(facts), words.body.format_map(facts))


class _Facts(dict[str, str]):
    """A message from an earlier version may lack a fact: better a dash than no message at all."""

    def __missing__(self, key: str) -> str:
        return formats.MISSING


def _written(name: str, fact: str, language: str) -> str:
    if name.endswith("_on"):
        return formats.swedish_date(date.fromisoformat(fact), "long", language)
    if name.endswith("_at"):
        at = datetime.fromisoformat(fact)
        return f"{formats.swedish_date(at, 'short', language)} {formats.clock(at, language)}"
    return fact
