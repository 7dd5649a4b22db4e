"""What goes in comes out again, byte for byte, and a second time changes nothing."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.extracts.conftest import (
    ASTRID,
    BY,
    CHILD,
    CLINIC,
    DOCTOR,
    MARIA,
    NOW,
    OTHER,
    PARENT,
    Bend,
    put_out,
    same_bytes,
    take_in,
)
from vardnav.audit import selectors as log
from vardnav.demo import generate
from vardnav.extracts import actions
from vardnav.kernel.errors import Refusal
from vardnav.listing import actions as listing
from vardnav.listing.models import Cap, ClinicCount, Listing, NamedDoctor, Offer, PanelCount, QueuePlace
from vardnav.patients.models import Guardianship, Person
from vardnav.places.models import Municipality

pytestmark = pytest.mark.django_db
REASON = "Flytt till ny server"


def test_every_row_is_there(tiny: Bend) -> None:
    imported = take_in(tiny())
    assert imported.rows == 25
    astrid = Person.objects.get(personal_number=ASTRID)
    assert (astrid.number_kind, astrid.area.code, str(astrid.burden)) == ("personal", "2380-001", "1.25")
    first, second = Listing.objects.filter(person=astrid).order_by("starts_on")
    assert (first.previous_ends_on, second.previous_ends_on) == (None, date(2023, 1, 15))
    assert second.made_at.date() == date(2023, 1, 14), "a choice of long ago does not use up this year's"
    assert Municipality.objects.get().boundary["type"] in ("Polygon", "MultiPolygon")


def test_clinics_and_panels_are_counted(tiny: Bend) -> None:
    take_in(tiny())
    clinic, other = ClinicCount.objects.order_by("clinic__hsa_id")
    assert (clinic.listed, str(clinic.burden), clinic.cap) == (3, "2.59", None)
    assert (other.listed, other.waiting, other.cap, other.allowance) == (0, 1, 100, 0)
    panel = PanelCount.objects.get()
    assert (panel.heads, str(panel.burden), panel.doctor.hsa_id) == (2, "1.89", DOCTOR)


def test_a_clinic_above_its_cap_stays_there_with_good_reason(tiny: Bend) -> None:
    take_in(tiny(caps=lambda rows: [rows[0], f"{CLINIC},2026-04-01,1,2027-04-01,", rows[1]]))
    count = ClinicCount.objects.get(clinic__hsa_id=CLINIC)
    assert (count.listed, count.cap, count.allowance) == (3, 1, 2)


def test_a_second_import_changes_nothing(tiny: Bend) -> None:
    folder = tiny()
    take_in(folder)
    before = list(Listing.objects.order_by("id").values_list())
    assert take_in(folder).rows == 0
    assert list(Listing.objects.order_by("id").values_list()) == before


def test_what_has_changed_is_updated_in_place(tiny: Bend) -> None:
    take_in(tiny())
    kept = Listing.objects.get(person__personal_number=MARIA).id
    imported = take_in(
        tiny(
            listings=lambda rows: [
                *rows[:2],
                f"{ASTRID},2023-01-15,{CLINIC},2024-05-01,chosen",
                f"{ASTRID},2024-05-01,{OTHER},,moved",
                *rows[3:],
            ],
            named_doctors=lambda rows: [rows[0], f"{ASTRID},2023-02-01,{CLINIC},{DOCTOR},2024-05-01,", *rows[2:]],
            residents=lambda rows: [row.replace("Provgatan 3", "Nya Provgatan 5") for row in rows],
            caps=lambda rows: [rows[0], rows[1].replace(",100,", ",90,")],
            queue=lambda rows: [rows[0], rows[1].replace("08:00", "07:00")],
        )
    )
    changed = {name: (one.inserted, one.updated) for name, one in imported.changed.items() if one.rows}
    assert changed == {
        "residents": (0, 2),
        "listings": (1, 1),
        "named_doctors": (0, 1),
        "caps": (0, 1),
        "queue": (0, 1),
    }
    assert Listing.objects.get(person__personal_number=MARIA).id == kept
    ends = [
        (row.previous_ends_on, row.ends_on)
        for row in Listing.objects.filter(person__personal_number=ASTRID).order_by("starts_on")
    ]
    assert ends == [
        (None, date(2023, 1, 15)),
        (date(2023, 1, 15), date(2024, 5, 1)),
        (date(2024, 5, 1), None),
    ]
    assert (NamedDoctor.objects.count(), Cap.objects.get().heads, QueuePlace.objects.count()) == (2, 90, 1)
    assert ClinicCount.objects.get(clinic__hsa_id=OTHER).listed == 1
    assert PanelCount.objects.get().heads == 1


def test_who_has_a_new_clinic_waits_no_more(tiny: Bend) -> None:
    take_in(tiny())
    place = QueuePlace.objects.get()
    QueuePlace.objects.update(state="offered")
    offer = Offer.objects.create(
        place=place, made_at=NOW, made_by="test", expires_at=NOW + timedelta(days=7), state="open"
    )
    take_in(tiny(listings=lambda rows: [*rows, f"{CHILD},2026-11-23,{OTHER},,chosen"], queue=lambda rows: rows[:1]))
    place.refresh_from_db()
    offer.refresh_from_db()
    count = ClinicCount.objects.get(clinic__hsa_id=OTHER)
    assert (place.state, offer.state, count.listed, count.waiting, count.held) == ("accepted", "accepted", 1, 0, 0)


def test_a_named_doctor_does_not_stay_behind(tiny: Bend) -> None:
    take_in(tiny())
    moved = [f"{ASTRID},2023-01-15,{CLINIC},2026-01-01,chosen", f"{ASTRID},2026-01-01,{OTHER},,chosen"]
    with pytest.raises(actions.FaultyExtract) as refused:
        take_in(tiny(listings=lambda rows: [rows[0], *moved], named_doctors=lambda rows: None))
    row = refused.value.faults.table().row(0, named=True)
    assert (row["line"], row["fault"]) == (3, "the database has a named doctor at another clinic")


def test_part_of_a_region_is_brought_up_to_date_by_itself(tiny: Bend, tmp_path: Path) -> None:
    take_in(tiny())
    folder = tmp_path / "part"
    folder.mkdir()
    listing = f"personal_number,starts_on,unit_hsa_id,ends_on,origin\n{PARENT},2018-06-01,{CLINIC},2026-12-01,chosen\n"
    (folder / "listings.csv").write_text(listing)
    assert take_in(folder).changed["listings"].updated == 1


def test_an_older_extract_does_not_bring_back_who_has_left(tiny: Bend, tmp_path: Path) -> None:
    take_in(tiny())
    astrid = Person.objects.get(personal_number=ASTRID)
    listing.leave_clinic(astrid.id, by=BY, now=NOW)
    one = put_out(tmp_path / "one")
    imported = take_in(tiny())
    assert imported.rows == 0
    rows = imported.kept.table().select("file", "line", "column", "fault").rows()
    assert rows == [
        ("listings.csv", 3, "ends_on", "kept: it ended 2026-11-23"),
        ("named_doctors.csv", 2, "ends_on", "kept: it ended 2026-11-23"),
    ]
    assert not Listing.objects.filter(person=astrid, ends_on=None).exists()
    assert same_bytes(one, put_out(tmp_path / "two"))
    assert take_in(one).kept.count == 0


def test_an_end_that_was_wrong_is_corrected(tiny: Bend) -> None:
    ended = tiny(
        listings=lambda rows: [
            one.replace("2018-06-01,SE2321000214-A1001,", "2018-06-01,SE2321000214-A1001,2026-01-01") for one in rows
        ]
    )
    take_in(ended)
    take_in(tiny(listings=lambda rows: [*rows, f"{PARENT},2026-01-01,{CLINIC},,correction"]))
    first, second = Listing.objects.filter(person__personal_number=PARENT).order_by("starts_on")
    assert (first.ends_on, second.ends_on) == (date(2026, 1, 1), None)


def test_export_of_an_import_is_the_same_bytes(tiny: Bend, tmp_path: Path) -> None:
    take_in(tiny())
    one = put_out(tmp_path / "one", with_protected=True, reason=REASON)
    assert take_in(one).rows == 0
    assert same_bytes(one, put_out(tmp_path / "two", with_protected=True, reason=REASON))
    folder = tiny()
    for path in one.iterdir():
        given = path.with_name(path.name).read_text().splitlines()
        assert sorted(given) == sorted((folder / path.name).read_text().splitlines()), path.name


@pytest.mark.parametrize("as_parquet", [False, True])
@pytest.mark.parametrize("with_protected", [False, True])
def test_a_generated_region_survives_a_move_byte_for_byte(
    tmp_path: Path, as_parquet: bool, with_protected: bool
) -> None:
    spec = generate.find("small", today=NOW.date(), seed=7)
    generate.region(spec, tmp_path / "made", lambda what, share: None)
    take_in(tmp_path / "made")
    how = {"as_parquet": as_parquet, "with_protected": with_protected, "reason": REASON}
    one = put_out(tmp_path / "one", **how)
    assert take_in(one).rows == 0
    if with_protected:  # else protected people's areas are not there to be moved
        empty()
        take_in(one)
    assert same_bytes(one, put_out(tmp_path / "two", **how))


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "TRUNCATE organisation_region, places_municipality, organisation_careprovider, "
            "organisation_professional CASCADE"
        )


def test_protected_whereabouts_stay_out_and_are_kept(tiny: Bend, tmp_path: Path) -> None:
    take_in(tiny())
    one = put_out(tmp_path / "one")
    written = (one / "residents.csv").read_text()
    assert f"{MARIA},Maria,Testgren,1991-11-30,female,,,,,,,,0.64,true," in written
    assert "Hemliga" not in written
    assert "070-174 06 08" not in written
    take_in(one)
    maria = Person.objects.get(personal_number=MARIA)
    kept = (maria.area.code, maria.address, maria.phone, maria.household)
    assert kept == ("2380-001", "Hemliga gatan 4", "070-174 06 08", "3")
    assert same_bytes(one, put_out(tmp_path / "two"))


@pytest.mark.parametrize("who", [CHILD, PARENT])
def test_a_protected_familys_ties_stay_out_and_are_kept(tiny: Bend, tmp_path: Path, who: str) -> None:
    take_in(tiny(residents=lambda rows: [one.replace("false", "true") if one.startswith(who) else one for one in rows]))
    one = put_out(tmp_path / "one")
    assert len((one / "guardians.csv").read_text().splitlines()) == 1
    assert take_in(one).rows == 0
    assert Guardianship.objects.count() == 1
    whole = put_out(tmp_path / "two", with_protected=True, reason=REASON)
    assert len((whole / "guardians.csv").read_text().splitlines()) == 2


def test_a_new_protected_person_needs_an_area(tiny: Bend, tmp_path: Path) -> None:
    take_in(tiny())
    one = put_out(tmp_path / "one")
    empty()
    with pytest.raises(actions.FaultyExtract) as refused:
        take_in(one)
    row = refused.value.faults.table().row(0, named=True)
    assert (row["column"], row["fault"]) == (
        "area_code",
        "a person with protected identity is new here and has no area",
    )


def test_everybody_else_always_needs_an_area(tiny: Bend) -> None:
    take_in(tiny())
    with pytest.raises(actions.FaultyExtract) as refused:
        take_in(tiny(residents=lambda rows: [one.replace("2380-002", "") for one in rows]))
    table = refused.value.faults.table()
    assert table["fault"].to_list() == ["the value is missing"] * 2


def test_protected_whereabouts_need_a_reason(tiny: Bend, tmp_path: Path) -> None:
    take_in(tiny())
    with pytest.raises(Refusal, match="reason"):
        actions.export_region(tmp_path / "out", by=BY, now=NOW, with_protected=True, reason="vet ej")
    assert not (tmp_path / "out").exists()


def test_an_export_overwrites_nothing(tiny: Bend, tmp_path: Path) -> None:
    take_in(tiny())
    (tmp_path / "out").mkdir()
    with pytest.raises(Refusal, match="exists already"):
        put_out(tmp_path / "out")


def test_import_and_export_stand_in_the_log(tiny: Bend, tmp_path: Path) -> None:
    take_in(tiny())
    put_out(tmp_path / "out", with_protected=True, reason=REASON)
    out, into = log.search(kind="extracts.region")
    assert (into.kind, into.activity, into.user_name) == ("extracts.region.imported", "write", "test")
    assert (out.kind, out.activity, out.reason) == ("extracts.region.exported", "read", REASON)


def test_parquet_with_typed_columns_is_read_as_well(tiny: Bend, tmp_path: Path) -> None:
    take_in(tiny())
    parquet = put_out(tmp_path / "parquet", as_parquet=True, with_protected=True, reason=REASON)
    assert {path.suffix for path in parquet.iterdir()} == {".parquet"}
    assert take_in(parquet).rows == 0
