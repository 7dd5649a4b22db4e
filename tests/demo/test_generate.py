"""The generated regions: like Sweden where it shows, whole as data, and nobody in them is real."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl
import pytest
from stdnum import luhn

from vardnav.demo import generate
from vardnav.demo.generate import cast
from vardnav.kernel import hsa_id, personal_number

TODAY = date(2026, 11, 22)


def quiet(what: str, share: float) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Region:
    folder: Path

    def __getattr__(self, table: str) -> pl.DataFrame:
        return pl.read_parquet(self.folder / f"{table}.parquet")

    @cached_property
    def now(self) -> pl.DataFrame:
        return self.valid("listings")

    def valid(self, table: str) -> pl.DataFrame:
        return getattr(self, table).filter(
            pl.col("starts_on") <= TODAY, pl.col("ends_on").is_null() | (pl.col("ends_on") > TODAY)
        )


Make = Callable[..., Region]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    def make(name: str, **options: int) -> Region:
        folder = tmp_path_factory.mktemp("region")
        generate.region(generate.find(name, today=TODAY, **options), folder, quiet)
        return Region(folder)

    return make


@pytest.fixture(scope="module")
def jamtland(make: Make) -> Region:
    return make("jamtland-harjedalen")


@pytest.fixture(scope="module")
def small(make: Make) -> Region:
    return make("small")


@pytest.fixture(params=["small", "jamtland"])
def region(request: pytest.FixtureRequest) -> Region:
    return request.getfixturevalue(request.param)


def digests(region: Region) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(region.folder.iterdir())}


def test_a_seed_gives_the_same_bytes_and_another_seed_does_not(make: Make, small: Region) -> None:
    assert digests(make("small")) == digests(small)
    assert digests(make("small", seed=2))["residents.parquet"] != digests(small)["residents.parquet"]


def test_thirteen_tables_are_written(small: Region) -> None:
    assert sorted(path.stem for path in small.folder.iterdir()) == [
        "areas", "caps", "care_providers", "employments", "guardians", "listings", "municipalities",
        "named_doctors", "professionals", "queue", "region", "residents", "units",
    ]  # fmt: skip


def test_the_small_region_is_what_everyone_knows(small: Region) -> None:
    assert small.municipalities["code"].to_list() == ["2309", "2380"]
    assert len(small.residents) == 600
    kinds = dict(small.units["kind"].value_counts().iter_rows())
    assert kinds == {"clinic": 3, "hospital_clinic": 1, "region_office": 1, "care_home": 1}


def test_populations_sum(region: Region) -> None:
    lived_in = region.residents.group_by("area_code").len()
    areas = region.areas.join(lived_in, left_on="code", right_on="area_code", how="full")
    assert (areas["population"] == areas["len"]).all()
    summed = region.areas.group_by(code="municipality_code").agg(pl.sum("population"))
    both = region.municipalities.join(summed, on="code", how="full")
    assert (both["population"] == both["population_right"]).all()


def test_full_size_has_the_municipalities_own_populations(jamtland: Region) -> None:
    assert jamtland.municipalities["population"].sum() == 132_634
    assert jamtland.areas["population"].is_between(1500, 2500).all()


def test_age_and_sex_are_like_the_countys(jamtland: Region) -> None:
    people = jamtland.residents
    age = (pl.lit(TODAY) - pl.col("birth_date")).dt.total_days() / 365.2425
    mean, old, women = people.select(
        age.mean(), (age >= 80).mean().alias("old"), (pl.col("sex") == "female").mean().alias("women")
    ).row(0)
    assert mean == pytest.approx(43.8, abs=0.7)
    assert 0.055 < old < 0.085
    assert 0.485 < women < 0.51


def test_every_number_is_a_test_number_and_valid(region: Region) -> None:
    numbers = region.residents["personal_number"]
    assert numbers.n_unique() == len(numbers)
    for row in region.residents.sample(600, seed=1).iter_rows(named=True):
        number = personal_number.parse(row["personal_number"], TODAY)
        assert number.is_test
        assert number.birth_date == row["birth_date"]
        assert number.sex is None or number.sex == row["sex"]
    sure = numbers.filter(numbers.str.slice(8, 1) != "R")
    assert (sure.str.slice(8, 3).cast(int) >= 980).all()
    assert all(luhn.is_valid(number[2:]) for number in sure)


def test_people_can_only_be_reached_at_numbers_nobody_has(region: Region) -> None:
    assert region.residents["phone"].drop_nulls().str.contains(r"^070-174 06 \d\d$").all()
    assert region.units["phone"].str.contains(r"^0980-31 92 \d\d$").all()
    assert region.residents["email"].drop_nulls().str.contains(r"^[a-z.0-9]+@example\.se$").all()
    assert region.residents["postal_code"].str.contains(r"^99\d \d\d$").all()


def test_burden_has_mean_one_and_a_heavy_tail(jamtland: Region) -> None:
    burden = jamtland.residents["burden"]
    assert burden.mean() == pytest.approx(1.0, abs=1e-9)
    assert burden.quantile(0.99) > 6 * burden.median()


def test_about_one_in_a_thousand_has_protected_identity(jamtland: Region) -> None:
    assert 0.0005 < jamtland.residents["protected"].mean() < 0.002


def test_every_child_has_one_or_two_guardians_at_home(region: Region) -> None:
    people = region.residents.select("personal_number", "birth_date", "household")
    grown = date(TODAY.year - 18, TODAY.month, TODAY.day)
    children = people.filter(pl.col("birth_date") > grown)
    held = region.guardians.group_by(personal_number="child_personal_number").len()
    assert children.join(held, on="personal_number", how="left")["len"].is_between(1, 2).all()
    pairs = region.guardians.join(people, left_on="child_personal_number", right_on="personal_number").join(
        people, left_on="guardian_personal_number", right_on="personal_number", suffix="_guardian"
    )
    assert (pairs["household"] == pairs["household_guardian"]).all()
    apart = (pairs["birth_date"] - pairs["birth_date_guardian"]).dt.total_days() / 365.2425
    assert apart.min() > 15
    assert apart.mean() == pytest.approx(32, abs=3)


def test_nobody_has_two_listings_at_once(region: Region) -> None:
    for table, who in (("listings", "personal_number"), ("named_doctors", "personal_number")):
        rows = getattr(region, table).sort(who, "starts_on")
        before = rows.select(pl.col("ends_on").shift(1).over(who), same=pl.col(who) == pl.col(who).shift(1))
        assert (rows["starts_on"] >= before["ends_on"]).filter(before["same"].fill_null(False)).all()
        assert (rows["ends_on"].drop_nulls() > rows.drop_nulls("ends_on")["starts_on"]).all()
        assert rows.filter(pl.col("ends_on").is_null())[who].is_unique().all()


REFERENCES = [
    ("areas", "municipality_code", "municipalities", "code"),
    ("units", "municipality_code", "municipalities", "code"),
    ("units", "care_provider_hsa_id", "care_providers", "hsa_id"),
    ("employments", "professional_hsa_id", "professionals", "hsa_id"),
    ("employments", "unit_hsa_id", "units", "hsa_id"),
    ("residents", "area_code", "areas", "code"),
    ("guardians", "child_personal_number", "residents", "personal_number"),
    ("guardians", "guardian_personal_number", "residents", "personal_number"),
    ("listings", "personal_number", "residents", "personal_number"),
    ("listings", "unit_hsa_id", "units", "hsa_id"),
    ("named_doctors", "personal_number", "residents", "personal_number"),
    ("named_doctors", "professional_hsa_id", "professionals", "hsa_id"),
    ("named_doctors", "unit_hsa_id", "units", "hsa_id"),
    ("caps", "unit_hsa_id", "units", "hsa_id"),
    ("queue", "personal_number", "residents", "personal_number"),
    ("queue", "unit_hsa_id", "caps", "unit_hsa_id"),
]


@pytest.mark.parametrize(("table", "column", "target", "key"), REFERENCES)
def test_references_lead_somewhere(jamtland: Region, table: str, column: str, target: str, key: str) -> None:
    rows = getattr(jamtland, table)
    assert rows.join(getattr(jamtland, target), left_on=column, right_on=key, how="anti").is_empty()


KEYS = {
    "units": ["hsa_id"],
    "care_providers": ["hsa_id"],
    "professionals": ["hsa_id"],
    "areas": ["code"],
    "employments": ["professional_hsa_id", "unit_hsa_id", "role", "starts_on"],
    "guardians": ["child_personal_number", "guardian_personal_number"],
    "listings": ["personal_number", "starts_on"],
    "named_doctors": ["personal_number", "starts_on"],
    "caps": ["unit_hsa_id", "starts_on"],
    "queue": ["personal_number"],
}


@pytest.mark.parametrize("table", KEYS)
def test_keys_are_unique(region: Region, table: str) -> None:
    assert getattr(region, table).select(KEYS[table]).is_unique().all()


def test_hsa_ids_are_well_formed(region: Region) -> None:
    for table in ("units", "care_providers", "professionals"):
        assert all(hsa_id.parse(value) == value for value in getattr(region, table)["hsa_id"])


def test_most_are_listed_and_some_never_chose(jamtland: Region) -> None:
    people = len(jamtland.residents)
    assert 0.92 < len(jamtland.now) / people < 0.97
    origins = dict(jamtland.now["origin"].value_counts().iter_rows())
    assert 0.03 < origins["passive"] / people < 0.09
    assert set(origins) == {"chosen", "passive", "moved", "clinic_closed", "newborn"}


def test_a_few_percent_change_clinic_each_year(jamtland: Region) -> None:
    changes = jamtland.listings.filter(
        pl.col("origin").is_in(["chosen", "moved"]),
        pl.col("starts_on").is_between(date(2025, 11, 22), TODAY),
        pl.col("starts_on") > pl.col("starts_on").min().over("personal_number"),
    )
    assert 0.03 < len(changes) / len(jamtland.residents) < 0.05


def test_some_change_tomorrow(region: Region) -> None:
    tomorrow = date(2026, 11, 23)
    coming = region.listings.filter(pl.col("starts_on") == tomorrow)
    leaving = region.listings.filter(pl.col("ends_on") == tomorrow)
    assert len(coming)
    assert sorted(coming["personal_number"]) == sorted(leaving["personal_number"])
    assert region.listings["starts_on"].max() == tomorrow


def test_clinics_have_the_size_of_swedish_clinics(jamtland: Region) -> None:
    sizes = jamtland.now.group_by(hsa_id="unit_hsa_id").len().join(jamtland.units, on="hsa_id")
    assert len(sizes) == 28
    in_town = sizes.filter(pl.col("municipality_code") == "2380")["len"]
    assert in_town.min() > 3500
    assert in_town.max() < 18000


def test_gps_and_trainees_are_as_many_as_the_region_says(jamtland: Region) -> None:
    doctors = jamtland.professionals.filter(pl.col("profession") == "doctor")
    clinics = jamtland.units.filter(pl.col("kind") == "clinic").select(unit_hsa_id="hsa_id")
    employed = jamtland.valid("employments").join(clinics, on="unit_hsa_id", how="semi")
    employed = employed.join(doctors, left_on="professional_hsa_id", right_on="hsa_id")
    specialists = employed.filter(pl.col("role") == "specialist", pl.col("specialty") == "general_medicine")
    heads = specialists["professional_hsa_id"].n_unique()
    assert heads / len(jamtland.residents) * 1000 == pytest.approx(0.53, abs=0.005)
    trainees = employed.filter(pl.col("role") == "trainee")
    assert len(trainees) == 70
    assert trainees["training_started_on"].null_count() == 0
    assert {"locum", "senior_advisor"} <= set(employed["role"])
    assert 0.3 < (specialists["share"] < 1).mean() < 0.7


def test_half_have_a_named_doctor_who_works_there(jamtland: Region) -> None:
    named = jamtland.valid("named_doctors")
    assert len(named) / len(jamtland.now) == pytest.approx(0.545, abs=0.01)
    listed = named.join(jamtland.now, on=["personal_number", "unit_hsa_id"], how="semi")
    assert len(listed) == len(named)
    everyone = jamtland.named_doctors.join(jamtland.employments, on=["professional_hsa_id", "unit_hsa_id"])
    covered = (pl.col("starts_on") >= pl.col("starts_on_right")) & (
        pl.col("ends_on_right").is_null() | (pl.col("ends_on") <= pl.col("ends_on_right"))
    )
    key = ["personal_number", "starts_on"]
    assert everyone.filter(covered).select(key).n_unique() == len(jamtland.named_doctors)


def test_panels_stay_within_capacity_unless_a_reason_is_given(jamtland: Region) -> None:
    guide = pl.when(pl.col("role") == "trainee").then(550).otherwise(1100)
    capacity = jamtland.valid("employments").with_columns(
        capacity=(guide * pl.col("share") * (1 - pl.col("duties_share"))).floor()
    )
    panels = (
        jamtland.valid("named_doctors")
        .join(jamtland.residents, on="personal_number")
        .group_by("professional_hsa_id", "unit_hsa_id")
        .agg(heads=pl.len(), burden=pl.sum("burden"), above=pl.col("above_reason").count())
        .join(capacity, on=["professional_hsa_id", "unit_hsa_id"])
    )
    within = panels.filter(pl.col("above") == 0)
    assert (within["heads"] <= within["capacity"]).all()
    assert (within["burden"] <= within["capacity"] + 1).all()
    assert (panels["heads"] - panels["above"] <= panels["capacity"]).all()
    above = panels.filter(pl.col("heads") > pl.col("capacity"))
    assert 1 <= len(above) < 0.1 * len(panels)
    assert (within["heads"] > 0.9 * within["capacity"]).mean() > 0.1


def test_capped_clinics_are_never_above_their_cap_and_have_queues(region: Region) -> None:
    caps = region.valid("caps")
    listed = region.now.group_by("unit_hsa_id").len()
    full = caps.join(listed, on="unit_hsa_id")
    assert (full["len"] <= full["heads"]).all()
    assert (full["len"] == full["heads"]).any()
    passive = region.now.filter(pl.col("origin") == "passive")
    assert passive.join(caps, on="unit_hsa_id", how="semi").is_empty()
    waiting = region.queue.join(full.filter(pl.col("len") == pl.col("heads")), on="unit_hsa_id", how="semi")
    assert len(waiting) == len(region.queue) > 5
    assert region.queue.join(region.now, on=["personal_number", "unit_hsa_id"], how="semi").is_empty()


def test_a_clinic_that_closed_left_its_residents_to_a_neighbour(jamtland: Region) -> None:
    closed = jamtland.units.filter(pl.col("ends_on").is_not_null())
    assert len(closed) == 1
    day = closed["ends_on"].item()
    last = jamtland.listings.filter(pl.col("unit_hsa_id") == closed["hsa_id"].item())
    assert (last["ends_on"] <= day).all()
    assert (jamtland.listings.filter(pl.col("origin") == "clinic_closed")["starts_on"] == day).all()


@pytest.mark.parametrize("person", cast.RESIDENTS, ids=lambda person: person.role)
def test_the_cast_lives_in_every_region(region: Region, person: cast.CastResident) -> None:
    row = region.residents.filter(pl.col("personal_number") == person.personal_number).row(0, named=True)
    assert (row["first_name"], row["last_name"]) == (person.first_name, person.last_name)
    assert (row["birth_date"], row["sex"], row["protected"]) == (person.born, person.sex, person.protected)
    guardians = region.guardians.filter(pl.col("child_personal_number") == person.personal_number)
    expected = {cast.resident(role).personal_number for role in person.guardians}
    assert set(guardians["guardian_personal_number"]) == expected


@pytest.mark.parametrize("person", cast.PROFESSIONALS, ids=lambda person: person.role)
def test_the_cast_works_in_every_region(region: Region, person: cast.CastProfessional) -> None:
    row = region.professionals.filter(pl.col("hsa_id") == person.hsa_id).row(0, named=True)
    assert (row["first_name"], row["profession"]) == (person.first_name, person.profession)
    employment = region.valid("employments").filter(pl.col("professional_hsa_id") == person.hsa_id)
    assert employment["unit_hsa_id"].item() == f"SE2321000214-{person.unit}"


def test_the_cast_plays_its_parts(region: Region) -> None:
    def clinic(role: str) -> list[str]:
        number = cast.resident(role).personal_number
        return region.now.filter(pl.col("personal_number") == number)["unit_hsa_id"].str.slice(-5).to_list()

    def doctors(role: str) -> list[str]:
        number = cast.resident(role).personal_number
        rows = region.valid("named_doctors").filter(pl.col("personal_number") == number)
        return rows["professional_hsa_id"].to_list()

    assert clinic("resident") == clinic("parent") == clinic("child_of_two") == [cast.CLINIC]
    assert doctors("resident") == doctors("parent") == [cast.professional("named_doctor").hsa_id]
    assert clinic("unlisted") == []
    queued = region.queue.filter(pl.col("personal_number") == cast.resident("queued").personal_number)
    assert queued["unit_hsa_id"].str.slice(-5).to_list() == [cast.CAPPED_CLINIC]
