"""Words that several definitions share."""

from vardnav.followup.rules.indicator import Level, Words

EVERYWHERE = (Level.REGION, Level.MUNICIPALITY, Level.CLINIC)
WHERE_PEOPLE_LIVE = (Level.REGION, Level.MUNICIPALITY)

LISTINGS = Words("Vårdnavs listningar", "Vårdnav's listings")
STAFF = Words("Vårdnavs listningar och anställningar", "Vårdnav's listings and employments")
EMPLOYMENTS = Words("Vårdnavs anställningar", "Vårdnav's employments")
POPULATION = Words("Vårdnavs invånare, listningar och anställningar", "Vårdnav's residents, listings and employments")
QUEUE = Words("Vårdnavs köer och beslutade tak", "Vårdnav's queues and granted caps")
ESTIMATE = Words(
    "Vårdnavs listningar; restiden är en beräkning (docs/rules/indicators.md)",
    "Vårdnav's listings; travel time is an estimate (docs/rules/indicators.md)",
)
LISTED_PEOPLE = Words("Listade den dagen", "Listed on the day")
NOTHING = Words("Ingenting känt.", "Nothing known.")
