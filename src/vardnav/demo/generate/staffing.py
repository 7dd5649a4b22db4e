"""How many of each profession, on which terms: the figures that staff.py draws from."""

# heads per thousand inhabitants at clinics; order of magnitude of the regions' own staff statistics
AT_CLINICS = {
    "nurse": 0.62,
    "assistant_nurse": 0.30,
    "administrator": 0.25,
    "physiotherapist": 0.16,
    "counsellor": 0.09,
    "psychologist": 0.08,
    "midwife": 0.07,
    "occupational_therapist": 0.05,
    "dietitian": 0.025,
    "pharmacist": 0.015,
}
AT_HOSPITAL_CLINIC = {"doctor": 8, "nurse": 6, "administrator": 1}
AT_CARE_HOME = {"nurse": 1, "assistant_nurse": 1}
AT_OFFICE_PER_100_000 = 3.0

LOCUMS_PER_GP = {"23": 0.10}  # Jämtland Härjedalen has left its dependence on locums behind
LOCUMS_PER_GP_ELSEWHERE = 0.18
SENIOR_ADVISORS_PER_GP = 0.06

SHARES = (1.0, 0.9, 0.8, 0.75, 0.6, 0.5)
SHARE_WEIGHTS = (0.46, 0.10, 0.24, 0.08, 0.05, 0.07)
SENIOR_SHARES = (0.2, 0.3, 0.4)
LOCUM_SHARES = (1.0, 0.5)
# teaching, supervision, management, development; a fifth of the specialists supervise trainees
DUTIES = (0.05, 0.1, 0.2, 0.3)
DUTIES_WEIGHTS = (0.35, 0.35, 0.2, 0.1)
TRAINEE_DUTIES = (0.0, 0.1)

TRAINING_YEARS = 5.3
LENT = 0.05  # of the specialists work a day a week at another clinic
LEAVING = 0.04  # of the specialists have an end date within a year
FORMER = 0.25  # specialists who left during the period, per specialist: 8 % a year
SPEAKS = 0.3  # of the doctors and nurses speak more than Swedish
LANGUAGES = ("en", "fi", "ar", "fa", "so", "es", "de", "pl", "ru", "uk", "se", "tr", "bs")

GUIDE_SPECIALIST = 1100  # Socialstyrelsen 2022: listed per full-time specialist in general medicine
GUIDE_TRAINEE = 550  # per full-time trainee in mid-training
