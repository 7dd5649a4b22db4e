"""What is followed of listings."""

from vardnav.followup.rules.indicator import Indicator, Measured, Words, count, ratio, share_of_people
from vardnav.followup.rules.shared import EVERYWHERE, LISTED_PEOPLE, LISTINGS, NOTHING, WHERE_PEOPLE_LIVE

LISTED = Indicator(
    key="listed",
    name=Words("Listade", "Listed"),
    short=Words("Listade", "Listed"),
    definition=Words(
        "Hur många som har vårdcentralen som sin den dagen.", "How many have the clinic as theirs on the day."
    ),
    numerator=Words("Listningar som omfattar dagen", "Listings that cover the day"),
    denominator=None,
    missing=Words(
        "Den som avlidit räknas tills listningen är avslutad.",
        "Somebody who has died counts until the listing is ended.",
    ),
    source=LISTINGS,
    measured=Measured.PEOPLE,
    levels=EVERYWHERE,
    of=lambda t: count(t.listed),
    steps=(2000, 5000, 8000, 12000),
)

RESIDENTS_LISTED = Indicator(
    key="residents_listed_share",
    name=Words("Invånare som är listade", "Residents who are listed"),
    short=Words("Invånare listade", "Residents listed"),
    definition=Words(
        "Andelen av dem som bor här som är listade vid någon vårdcentral i regionen.",
        "The share of those who live here who are listed with any clinic in the region.",
    ),
    numerator=Words("Boende med en listning som omfattar dagen", "Residents with a listing that covers the day"),
    denominator=Words("Alla som bor här den dagen", "All who live here on the day"),
    missing=Words("Dagens adress gäller även för månader bakåt.", "Today's address is used for earlier months too."),
    source=LISTINGS,
    measured=Measured.SHARE,
    levels=WHERE_PEOPLE_LIVE,
    of=lambda t: share_of_people(t.residents_listed, t.residents),
    steps=(0.85, 0.9, 0.94, 0.97),
)

BURDEN = Indicator(
    key="burden",
    name=Words("Vårdtyngd per listad", "Care burden per listed"),
    short=Words("Vårdtyngd", "Care burden"),
    definition=Words(
        "De listades genomsnittliga vårdtyngd. Regionens medelvärde är 1,00: 1,10 betyder en tiondel större väntat "
        "behov.",
        "The mean care burden of the listed. The region's mean is 1.00: 1.10 means a tenth more expected need.",
    ),
    numerator=Words("Summan av de listades vårdtyngd", "Sum of the care burden of the listed"),
    denominator=LISTED_PEOPLE,
    missing=Words(
        "Dagens vårdtyngd används även för månader bakåt.", "Today's care burden is used for earlier months too."
    ),
    source=LISTINGS,
    measured=Measured.INDEX,
    levels=EVERYWHERE,
    of=lambda t: ratio(t.burden, t.listed),
    steps=(0.9, 0.97, 1.03, 1.1),
)

PASSIVE_SHARE = Indicator(
    key="passive_share",
    name=Words("Passivt listade", "Passively listed"),
    short=Words("Passivt", "Passive"),
    definition=Words(
        "Andelen listade som inte själva har valt utan listats där de bor närmast.",
        "The share of listed who have not chosen but were listed where they live nearest.",
    ),
    numerator=Words("Listningar som kom till passivt", "Listings that came about passively"),
    denominator=LISTED_PEOPLE,
    missing=NOTHING,
    source=LISTINGS,
    measured=Measured.SHARE,
    levels=EVERYWHERE,
    of=lambda t: share_of_people(t.passive, t.listed),
    steps=(0.03, 0.06, 0.1, 0.15),
)

CHOSEN = Indicator(
    key="chosen_month",
    name=Words("Egna val under månaden", "Own choices in the month"),
    short=Words("Egna val", "Own choices"),
    definition=Words(
        "Listningar som har börjat under månaden för att någon valde vårdcentralen.",
        "Listings that have begun in the month because somebody chose the clinic.",
    ),
    numerator=Words("Valda listningar med första dag i månaden", "Chosen listings with their first day in the month"),
    denominator=None,
    missing=Words(
        "Flyttar, nyfödda, rättelser, passiv listning och stängda vårdcentraler är inte val. Innevarande månad är "
        "inte slut.",
        "Moves, newborns, corrections, passive listing and closed clinics are not choices. The current month is not "
        "over.",
    ),
    source=LISTINGS,
    measured=Measured.PEOPLE,
    levels=EVERYWHERE,
    of=lambda t: count(t.chosen_month),
)

JOINED = Indicator(
    key="joined_month",
    name=Words("Nya under månaden", "New in the month"),
    short=Words("Nya", "New"),
    definition=Words(
        "Listningar som har börjat under månaden, av alla skäl.",
        "Listings that have begun in the month, for any reason.",
    ),
    numerator=Words("Listningar med första dag i månaden", "Listings with their first day in the month"),
    denominator=None,
    missing=Words("Innevarande månad är inte slut.", "The current month is not over."),
    source=LISTINGS,
    measured=Measured.PEOPLE,
    levels=EVERYWHERE,
    of=lambda t: count(t.joined_month),
)

LEFT = Indicator(
    key="left_month",
    name=Words("Lämnade under månaden", "Left in the month"),
    short=Words("Lämnade", "Left"),
    definition=Words(
        "Listningar som har slutat under månaden: byten, flyttar och dödsfall.",
        "Listings that have ended in the month: changes, moves and deaths.",
    ),
    numerator=Words("Listningar vars första dag efter är i månaden", "Listings whose first day after is in the month"),
    denominator=None,
    missing=Words("Innevarande månad är inte slut.", "The current month is not over."),
    source=LISTINGS,
    measured=Measured.PEOPLE,
    levels=EVERYWHERE,
    of=lambda t: count(t.left_month),
)
