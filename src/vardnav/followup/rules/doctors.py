"""What is followed of doctors: who has one, how many there are, what they carry."""

from vardnav.followup.rules.indicator import Goal, Indicator, Level, Measured, Words, count, ratio, share_of_people
from vardnav.followup.rules.shared import (
    EMPLOYMENTS,
    EVERYWHERE,
    LISTED_PEOPLE,
    NOTHING,
    POPULATION,
    STAFF,
    WHERE_PEOPLE_LIVE,
)

PER_SPECIALIST = Indicator(
    key="listed_per_specialist",
    name=Words("Listade per heltidsspecialist", "Listed per full-time specialist"),
    short=Words("Per specialist", "Per specialist"),
    definition=Words(
        "Listade delat med heltider för specialister i allmänmedicin. Det nationella riktvärdet är 1 100 "
        "(Socialstyrelsen "
        "2022); det ska anpassas efter vårdtyngd, handledning och andra uppdrag.",
        "Listed divided by full-time specialists in general medicine. The national guide value is 1,100 "
        "(Socialstyrelsen "
        "2022), to be adjusted for care burden, supervision and other duties.",
    ),
    numerator=LISTED_PEOPLE,
    denominator=Words(
        "Summan av tjänstgöringsgrader för specialister i allmänmedicin vid vårdcentraler",
        "Sum of employment shares of specialists in general medicine at clinics",
    ),
    missing=Words(
        "ST-läkare, hyrläkare och seniora rådgivare räknas inte. En vårdcentral utan specialist har inget värde och "
        "räknas "
        "som över riktvärdet. Frånvaro och handledning dras inte av.",
        "Trainees, locums and senior advisors do not count. A clinic without a specialist has no value and counts "
        "as above "
        "the guide value. Absence and supervision are not deducted.",
    ),
    source=STAFF,
    measured=Measured.RATIO,
    levels=EVERYWHERE,
    of=lambda t: ratio(t.listed, t.specialists_fte),
    goal=Goal.CEILING,
    steps=(1100, 1400, 1800, 2400),
)

MEDIAN_PER_SPECIALIST = Indicator(
    key="median_listed_per_specialist",
    name=Words("Listade per heltidsspecialist, median", "Listed per full-time specialist, median"),
    short=Words("Median", "Median"),
    definition=Words(
        "Den mittersta vårdcentralens listade per heltidsspecialist: hälften har färre, hälften fler.",
        "The middle clinic's listed per full-time specialist: half have fewer, half have more.",
    ),
    numerator=Words("Vårdcentralernas egna värden, ordnade", "The clinics' own values, in order"),
    denominator=None,
    missing=Words("Vårdcentraler utan specialist har inget värde.", "Clinics without a specialist have no value."),
    source=STAFF,
    measured=Measured.RATIO,
    levels=(Level.REGION,),
    goal=Goal.CEILING,
)

SHARE_ABOVE = Indicator(
    key="share_above",
    name=Words("Vårdcentraler över riktvärdet", "Clinics above the guide value"),
    short=Words("Över riktvärdet", "Above guide value"),
    definition=Words(
        "Andelen vårdcentraler med fler än 1 100 listade per heltidsspecialist.",
        "The share of clinics with more than 1,100 listed per full-time specialist.",
    ),
    numerator=Words(
        "Vårdcentraler över riktvärdet, och de utan specialist",
        "Clinics above the guide value, and those without a specialist",
    ),
    denominator=Words("Vårdcentraler med någon listad", "Clinics with anybody listed"),
    missing=NOTHING,
    source=STAFF,
    measured=Measured.SHARE,
    levels=(Level.REGION,),
)

NAMED_SHARE = Indicator(
    key="named_share",
    name=Words("Har fast läkare", "Have a named doctor"),
    short=Words("Fast läkare", "Named doctor"),
    definition=Words(
        "Andelen listade med en namngiven fast läkare som är anställd vid vårdcentralen den dagen. Målet är minst "
        "55 % "
        "(överenskommelsen mellan staten och SKR).",
        "The share of listed with a named doctor who is employed at the clinic on the day. The goal is at least 55 % "
        "(agreement between the state and SKR).",
    ),
    numerator=Words(
        "Listade vars fasta läkare har en anställning där som täcker dagen",
        "Listed whose named doctor has an employment there that covers the day",
    ),
    denominator=LISTED_PEOPLE,
    missing=Words(
        "Den vars läkare har slutat räknas inte som att ha fast läkare, även om ingen ny är vald.",
        "Those whose doctor has left do not count as having one, even if no other has been named.",
    ),
    source=STAFF,
    measured=Measured.SHARE,
    levels=EVERYWHERE,
    of=lambda t: share_of_people(t.named, t.listed),
    goal=Goal.NAMED,
    steps=(0.25, 0.4, 0.55, 0.7),
)

RESIDENTS_NAMED = Indicator(
    key="residents_named_share",
    name=Words("Invånare som har fast läkare", "Residents who have a named doctor"),
    short=Words("Invånare, fast läkare", "Residents, named doctor"),
    definition=Words(
        "Andelen av dem som bor här som har en fast läkare, var vårdcentralen än ligger.",
        "The share of those who live here who have a named doctor, wherever the clinic is.",
    ),
    numerator=Words("Boende med fast läkare den dagen", "Residents with a named doctor on the day"),
    denominator=Words("Alla som bor här den dagen", "All who live here on the day"),
    missing=Words("Dagens adress gäller även för månader bakåt.", "Today's address is used for earlier months too."),
    source=STAFF,
    measured=Measured.SHARE,
    levels=WHERE_PEOPLE_LIVE,
    of=lambda t: share_of_people(t.residents_named, t.residents),
    steps=(0.25, 0.4, 0.55, 0.7),
)

DOCTOR_GONE = Indicator(
    key="doctor_gone",
    name=Words("Läkaren har slutat", "The doctor has left"),
    short=Words("Läkaren slutat", "Doctor left"),
    definition=Words(
        "Listade vars fasta läkare inte längre är anställd där, och som inte har fått en ny.",
        "Listed whose named doctor is no longer employed there, and who have not been given another.",
    ),
    numerator=Words("Fasta läkare utan anställning som täcker dagen", "Named doctors without an employment on the day"),
    denominator=None,
    missing=NOTHING,
    source=STAFF,
    measured=Measured.PEOPLE,
    levels=EVERYWHERE,
    of=lambda t: count(t.doctor_gone),
)

FULL_TIME_PER_THOUSAND = Indicator(
    key="specialists_fte_per_thousand",
    name=Words("Heltidsspecialister per tusen invånare", "Full-time specialists per thousand inhabitants"),
    short=Words("Heltider per tusen", "Full time per thousand"),
    definition=Words(
        "Heltider för specialister i allmänmedicin per tusen invånare. En heltid för 1 100 invånare är 0,909.",
        "Full-time specialists in general medicine per thousand inhabitants. One for 1,100 inhabitants is 0.909.",
    ),
    numerator=Words("Heltider vid områdets vårdcentraler", "Full-time employments at the clinics of the place"),
    denominator=Words("De som bor där den dagen, i tusental", "Those who live there on the day, in thousands"),
    missing=Words(
        "Den som bor i en kommun och är listad i en annan vägs inte om.",
        "Those who live in one municipality and are listed in another are not reweighted.",
    ),
    source=POPULATION,
    measured=Measured.PER_THOUSAND,
    levels=WHERE_PEOPLE_LIVE,
    of=lambda t: ratio(t.specialists_fte, t.residents, 1000),
    goal=Goal.DOCTORS,
    steps=(0.3, 0.5, 0.7, 0.909),
)

HEADS_PER_THOUSAND = Indicator(
    key="specialists_per_thousand",
    name=Words("Specialister per tusen invånare", "Specialists per thousand inhabitants"),
    short=Words("Läkare per tusen", "Doctors per thousand"),
    definition=Words(
        "Personer som är specialister i allmänmedicin vid vårdcentraler, per tusen invånare: det mått som landet "
        "brukar "
        "jämföras med.",
        "People who are specialists in general medicine at clinics, per thousand inhabitants: the measure by which "
        "the "
        "country is usually compared.",
    ),
    numerator=Words("Personer, räknade en gång vid varje vårdcentral", "People, counted once at each clinic"),
    denominator=Words("De som bor där den dagen, i tusental", "Those who live there on the day, in thousands"),
    missing=Words(
        "Den som arbetar vid två vårdcentraler räknas vid båda. Hyrläkare räknas inte.",
        "Somebody who works at two clinics counts at both. Locums do not count.",
    ),
    source=POPULATION,
    measured=Measured.PER_THOUSAND,
    levels=WHERE_PEOPLE_LIVE,
    of=lambda t: ratio(t.specialists_heads, t.residents, 1000),
    steps=(0.3, 0.5, 0.7, 0.9),
)

SPECIALISTS = Indicator(
    key="specialists_fte",
    name=Words("Heltidsspecialister", "Full-time specialists"),
    short=Words("Specialister", "Specialists"),
    definition=Words(
        "Specialister i allmänmedicin i heltider.", "Specialists in general medicine as full-time equivalents."
    ),
    numerator=Words("Summan av tjänstgöringsgrader", "Sum of employment shares"),
    denominator=None,
    missing=Words("Hyrläkare räknas inte. Frånvaro dras inte av.", "Locums do not count. Absence is not deducted."),
    source=EMPLOYMENTS,
    measured=Measured.FULL_TIME,
    levels=EVERYWHERE,
    of=lambda t: count(t.specialists_fte),
)

TRAINEES = Indicator(
    key="trainees_fte",
    name=Words("ST-läkare, heltider", "Trainees, full time"),
    short=Words("ST-läkare", "Trainees"),
    definition=Words("Läkare under specialiseringstjänstgöring vid vårdcentraler.", "Doctors in specialist training."),
    numerator=Words("Summan av tjänstgöringsgrader", "Sum of employment shares"),
    denominator=None,
    missing=Words("Placering på sjukhus dras inte av.", "Time at hospitals is not deducted."),
    source=EMPLOYMENTS,
    measured=Measured.FULL_TIME,
    levels=EVERYWHERE,
    of=lambda t: count(t.trainees_fte),
)

LOCUMS = Indicator(
    key="locums_fte",
    name=Words("Hyrläkare, heltider", "Locums, full time"),
    short=Words("Hyrläkare", "Locums"),
    definition=Words("Inhyrda läkare vid vårdcentraler, i heltider.", "Hired doctors at clinics, in full time."),
    numerator=Words("Summan av tjänstgöringsgrader", "Sum of employment shares"),
    denominator=None,
    missing=Words("Enstaka pass utan anställning syns inte.", "Single shifts without an employment do not show."),
    source=EMPLOYMENTS,
    measured=Measured.FULL_TIME,
    levels=EVERYWHERE,
    of=lambda t: count(t.locums_fte),
)

LOAD_OF_CAPACITY = Indicator(
    key="occupancy",
    name=Words("Listade av kapaciteten", "Listed of capacity"),
    short=Words("Av kapacitet", "Of capacity"),
    definition=Words(
        "Listade delat med vad läkarna kan bära: riktvärdet gånger tjänstgöringsgrad, minus tid för handledning och "
        "andra "
        "uppdrag; en ST-läkare räknas som 550.",
        "Listed divided by what the doctors can carry: the guide value times employment share, less time for "
        "supervision "
        "and other duties; a trainee counts as 550.",
    ),
    numerator=LISTED_PEOPLE,
    denominator=Words("Läkarnas sammanlagda kapacitet", "The doctors' capacity together"),
    missing=Words(
        "Hyrläkare och seniora rådgivare har ingen kapacitet.", "Locums and senior advisors have no capacity."
    ),
    source=STAFF,
    measured=Measured.SHARE,
    levels=EVERYWHERE,
    of=lambda t: ratio(t.listed, t.capacity),
    goal=Goal.FULL,
    steps=(0.8, 1.0, 1.3, 1.7),
)
