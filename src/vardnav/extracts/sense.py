"""What each table must make sense of: a listing is with a clinic, a guardian is older than the child."""

from datetime import date

import polars as pl

from vardnav.extracts.across import shown
from vardnav.extracts.faults import Faults
from vardnav.extracts.format import BY_NAME
from vardnav.extracts.known import PERIOD, Known
from vardnav.organisation.rules import Profession, UnitKind


def check(table: str, known: Known, today: date, faults: Faults) -> None:
    for one in CHECKS.get(table, ()):
        one(table, known, today, faults)


def _tell(table: str, column: str, rows: pl.DataFrame, known: Known, faults: Faults, fault: str, remedy: str) -> None:
    said = rows.select("line", shown(BY_NAME[table], column).alias("value"))
    faults.add_rows(known.file_names[table], column, said, fault, remedy)


def _one_region(table: str, known: Known, today: date, faults: Faults) -> None:
    rows = known.own[table]
    _tell(table, "code", rows[1:], known, faults, "a region too many", "A database serves one region: keep one row.")
    stored = known.stored(table, ["code"])
    other = rows[:1].join(stored, on="code", how="anti") if stored.height else rows[:0]
    remedy = "Import it into a database of its own."
    _tell(table, "code", other, known, faults, "the database serves another region", remedy)


def _at_a_clinic(table: str, known: Known, today: date, faults: Faults) -> None:
    elsewhere = known.kinds.filter(pl.col("kind").cast(pl.String) != UnitKind.CLINIC.value)
    rows = known.own[table].join(elsewhere, left_on="unit_hsa_id", right_on="hsa_id", how="semi")
    _tell(table, "unit_hsa_id", rows, known, faults, "the unit is not a clinic", "Name a unit whose kind is clinic.")


def _an_area_for_new_people(table: str, known: Known, today: date, faults: Faults) -> None:
    """Import keeps a protected person's area where the extract leaves it out: somebody new has none to keep."""
    rows = known.own[table].filter(pl.col("area_code").is_null())
    if rows.height:
        rows = rows.join(known.stored(table, ["personal_number"]), on="personal_number", how="anti")
    fault = "a person with protected identity is new here and has no area"
    remedy = "Fill the area in: an export --with-protected has it."
    hidden = rows.select("line", pl.lit("").alias("value"))
    faults.add_rows(known.file_names[table], "area_code", hidden, fault, remedy)


def _older_guardian(table: str, known: Known, today: date, faults: Faults) -> None:
    births = known.rows("residents", ["birth_date"]).select("personal_number", "birth_date")
    rows = known.own[table]
    for who in ("child", "guardian"):
        theirs = births.rename({"personal_number": f"{who}_personal_number", "birth_date": f"{who}_born"})
        rows = rows.join(theirs, on=f"{who}_personal_number", how="left")
    younger = rows.filter(pl.col("guardian_born") >= pl.col("child_born"))
    fault, remedy = "the guardian is not older than the child", "Put the child first and the guardian second."
    _tell(table, "guardian_personal_number", younger, known, faults, fault, remedy)


def _a_doctor_there(table: str, known: Known, today: date, faults: Faults) -> None:
    rows = known.own[table]
    professions = known.rows("professionals", ["profession"])
    others = professions.filter(pl.col("profession").cast(pl.String) != Profession.DOCTOR.value)
    no_doctor = rows.join(others, left_on="professional_hsa_id", right_on="hsa_id", how="semi")
    remedy = "Name somebody whose profession is doctor."
    _tell(table, "professional_hsa_id", no_doctor, known, faults, "not a doctor", remedy)
    at = ["professional_hsa_id", "unit_hsa_id"]
    employed = known.rows("employments", at).select(at).unique()
    away = rows.drop_nulls(at).join(employed, on=at, how="anti")
    remedy = "Add the employment, or correct the doctor or the unit."
    _tell(table, "professional_hsa_id", away, known, faults, "the doctor has no employment at the unit", remedy)


def _where_listed(table: str, known: Known, today: date, faults: Faults) -> None:
    at = ["personal_number", "unit_hsa_id"]
    open_now = known.own[table].filter(pl.col("ends_on").is_null()).drop_nulls(at)
    listed = known.rows("listings", [*at, *PERIOD]).filter(pl.col("ends_on").is_null()).select(at)
    lost = open_now.join(listed, on=at, how="anti")
    fault, remedy = "the resident is not listed with the clinic", "End the period, or add the listing."
    _tell(table, "unit_hsa_id", lost, known, faults, fault, remedy)


def _doctor_follows(table: str, known: Known, today: date, faults: Faults) -> None:
    """A named doctor whom the extract leaves alone is still at the resident's clinic."""
    at = ["personal_number", "unit_hsa_id"]
    doctors = known.rows("named_doctors", [*at, *PERIOD]).filter((pl.col("line") == 0) & pl.col("ends_on").is_null())
    listed = known.rows(table, [*at, *PERIOD]).filter(pl.col("ends_on").is_null()).select(at)
    left = doctors.select(at).join(listed, on=at, how="anti")
    latest = known.own[table].unique("personal_number", keep="last", maintain_order=True)
    lost = latest.join(left, on="personal_number", how="semi")
    fault = "the database has a named doctor at another clinic"
    _tell(table, "personal_number", lost, known, faults, fault, "Add the doctor's row with its end to named_doctors.")


def _limited(table: str, known: Known, today: date, faults: Faults) -> None:
    caps = known.rows("caps", ["unit_hsa_id", *PERIOD])
    covers = (pl.col("starts_on") <= today) & (pl.col("ends_on") > today)
    free = known.own[table].drop_nulls("unit_hsa_id").join(caps.filter(covers), on="unit_hsa_id", how="anti")
    remedy = "Add the limit to caps, or take the row away: nobody waits where there is room."
    _tell(table, "unit_hsa_id", free, known, faults, "the clinic has no limit today", remedy)


def _one_queue(table: str, known: Known, today: date, faults: Faults) -> None:
    rows = known.rows(table, ["personal_number", "unit_hsa_id"]).drop_nulls("personal_number")
    twice = rows.filter(pl.col("personal_number").is_duplicated() & (pl.col("line") > 0))
    remedy = "A resident waits in one queue: keep one row."
    _tell(table, "personal_number", twice, known, faults, "in two queues", remedy)


def _not_there_yet(table: str, known: Known, today: date, faults: Faults) -> None:
    at = ["personal_number", "unit_hsa_id"]
    listed = known.rows("listings", [*at, *PERIOD]).filter(pl.col("ends_on").is_null()).select(at)
    rows = known.own[table].join(listed, on=at, how="semi")
    _tell(table, "unit_hsa_id", rows, known, faults, "listed with that clinic already", "Take the row away.")


CHECKS = {
    "region": (_one_region,),
    "residents": (_an_area_for_new_people,),
    "guardians": (_older_guardian,),
    "listings": (_at_a_clinic, _doctor_follows),
    "named_doctors": (_at_a_clinic, _a_doctor_there, _where_listed),
    "caps": (_at_a_clinic,),
    "queue": (_at_a_clinic, _limited, _one_queue, _not_there_yet),
}
