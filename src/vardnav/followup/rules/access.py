"""What is followed of the way in: queues, caps and the way there."""

from vardnav.followup.rules.indicator import Indicator, Level, Measured, Words, count, ratio
from vardnav.followup.rules.shared import ESTIMATE, EVERYWHERE, NOTHING, QUEUE

QUEUE_LENGTH = Indicator(
    key="queue",
    name=Words("Står i kö", "In queue"),
    short=Words("Kö", "Queue"),
    definition=Words(
        "De som väntar på en plats vid en vårdcentral med listningstak, också de som har ett erbjudande att svara på.",
        "Those who wait for a place at a capped clinic, including those with an offer to answer.",
    ),
    numerator=Words("Köplatser som inte är avslutade vid dagens slut", "Places not settled at the end of the day"),
    denominator=None,
    missing=Words("Köer utanför Vårdnav syns inte.", "Queues outside Vårdnav do not show."),
    source=QUEUE,
    measured=Measured.PEOPLE,
    levels=EVERYWHERE,
    of=lambda t: count(t.queue),
    steps=(1, 10, 25, 50),
)

OLDEST_WAIT = Indicator(
    key="oldest_wait_days",
    name=Words("Längsta väntan", "Longest wait"),
    short=Words("Längsta väntan", "Longest wait"),
    definition=Words(
        "Dagar sedan den som har stått längst ställde sig i kö.", "Days since the one who has waited longest joined."
    ),
    numerator=Words("Hela dagar sedan den första ställde sig i kö", "Whole days since the first joined"),
    denominator=None,
    missing=NOTHING,
    source=QUEUE,
    measured=Measured.DAYS,
    levels=EVERYWHERE,
    of=lambda t: count(t.oldest_wait_days) if t.queue else ratio(0, 0),
    steps=(14, 30, 60, 90),
)

MEAN_WAIT = Indicator(
    key="mean_wait_days",
    name=Words("Väntan i kö, medel", "Wait in queue, mean"),
    short=Words("Medelväntan", "Mean wait"),
    definition=Words(
        "Hur länge de som står i kö har väntat hittills, i genomsnitt.",
        "How long those in queue have waited so far, on average.",
    ),
    numerator=Words("Dagar i kö sammanlagt", "Days in queue together"),
    denominator=Words("De som står i kö", "Those in queue"),
    missing=Words("De som redan fått plats räknas inte.", "Those who have had a place do not count."),
    source=QUEUE,
    measured=Measured.DAYS,
    levels=EVERYWHERE,
    of=lambda t: ratio(t.wait_days, t.queue),
)

MEDIAN_WAIT = Indicator(
    key="median_wait_days",
    name=Words("Väntan i kö, median", "Wait in queue, median"),
    short=Words("Medianväntan", "Median wait"),
    definition=Words(
        "Hur länge den mittersta i kö har väntat hittills.", "How long the middle one in queue has waited so far."
    ),
    numerator=Words("Dagar i kö, ordnade", "Days in queue, in order"),
    denominator=None,
    missing=Words("De som redan fått plats räknas inte.", "Those who have had a place do not count."),
    source=QUEUE,
    measured=Measured.DAYS,
    levels=(Level.REGION,),
)

CAPS = Indicator(
    key="caps",
    name=Words("Listningstak i kraft", "Caps in force"),
    short=Words("Tak", "Caps"),
    definition=Words(
        "Vårdcentraler som regionen har gett ett tak den dagen (HSL 7 kap. 3 c §).",
        "Clinics the region has given a cap on the day (Health Care Act 7:3 c).",
    ),
    numerator=Words("Beviljade tak som omfattar dagen", "Granted caps that cover the day"),
    denominator=None,
    missing=NOTHING,
    source=QUEUE,
    measured=Measured.COUNT,
    levels=(Level.REGION, Level.MUNICIPALITY),
    of=lambda t: count(t.caps),
)

TRAVEL_MEDIAN = Indicator(
    key="travel_median",
    name=Words("Restid till vårdcentralen, median", "Travel time to the clinic, median"),
    short=Words("Restid, median", "Travel, median"),
    definition=Words(
        "Hälften av de listade har högst så lång restid med bil från sitt område till sin vårdcentral.",
        "Half of the listed have at most this travel time by car from their area to their clinic.",
    ),
    numerator=Words("De listades restider, ordnade", "Travel times of the listed, in order"),
    denominator=None,
    missing=Words(
        "Räknad från områdets mittpunkt med en bil utan köer, inte längs vägar. Dagens adress gäller även bakåt. "
        "Kommunen är "
        "den man bor i.",
        "From the area's middle by a car without queues, not along roads. Today's address is used for earlier "
        "months too. "
        "The municipality is where people live.",
    ),
    source=ESTIMATE,
    measured=Measured.MINUTES,
    levels=EVERYWHERE,
    steps=(5, 10, 15, 25),
)

TRAVEL_P95 = Indicator(
    key="travel_p95",
    name=Words("Restid till vårdcentralen, 95 %", "Travel time to the clinic, 95 %"),
    short=Words("Restid, 95 %", "Travel, 95 %"),
    definition=Words(
        "95 % av de listade har högst så lång restid med bil från sitt område till sin vårdcentral.",
        "95 % of the listed have at most this travel time by car from their area to their clinic.",
    ),
    numerator=TRAVEL_MEDIAN.numerator,
    denominator=None,
    missing=TRAVEL_MEDIAN.missing,
    source=ESTIMATE,
    measured=Measured.MINUTES,
    levels=EVERYWHERE,
    steps=(15, 30, 45, 60),
)
