from django.test import Client

from tests import factories
from tests.api.conftest import Post, World, bearer
from vardnav.audit.models import Line
from vardnav.listing import actions as listing
from vardnav.listing.models import Listing, NamedDoctor, Offer, QueuePlace

Headers = dict[str, str]
CLINICS = "/api/v1/listing/clinics"


def test_clinics_tell_room_and_queue(client: Client, world: World, reader: Headers) -> None:
    items = client.get(CLINICS, headers=reader).json()["items"]
    room = {one["hsa_id"]: (one["has_room"], one["waiting"]) for one in items}
    assert room == {world.room.hsa_id: (True, 0), world.full.hsa_id: (False, 0)}
    with_room = client.get(CLINICS, {"with_room": "true"}, headers=reader).json()["items"]
    assert [one["hsa_id"] for one in with_room] == [world.room.hsa_id]


def test_clinics_come_in_pages(client: Client, world: World, reader: Headers) -> None:
    first = client.get(CLINICS, {"limit": 1, "query": "vårdcentral"}, headers=reader).json()
    second = client.get(first["next"], headers=reader).json()
    assert [first["items"][0]["hsa_id"], second["items"][0]["hsa_id"]] == sorted([world.room.hsa_id, world.full.hsa_id])
    assert second["next"] is None


def test_a_queue_is_told_in_numbers(client: Client, world: World, reader: Headers) -> None:
    factories.queued(world.astrid, world.full)
    found = client.get(f"{CLINICS}/{world.full.hsa_id}/queue", headers=reader).json()
    assert found == {
        "clinic": world.full.hsa_id,
        "listed": 1000,
        "cap": 1000,
        "held": 0,
        "waiting": 1,
        "has_room": False,
    }


def test_a_persons_listing_is_told_and_leaves_its_line(post: Post, world: World, reader: Headers) -> None:
    factories.listed(world.astrid, world.room)
    factories.named(world.astrid, world.doctor, world.room)
    answer = post("person", headers=reader, personal_number=world.astrid.personal_number)
    assert answer.status_code == 200
    told = answer.json()
    assert told["current"]["clinic"] == world.room.hsa_id
    assert told["named_doctor"]["name"] == "Eva Berg"
    assert "Hemgatan" not in answer.content.decode()
    line = Line.objects.get(patient_id=world.astrid.id)
    assert (line.kind, line.activity, line.actor_kind, line.user_name) == (
        "listing.care.read",
        "read",
        "service",
        "Bokningssystemet",
    )
    assert line.user_id.startswith("key:")
    assert line.request_id == answer["X-Request-ID"]
    assert answer["Cache-Control"] == "no-store"


def test_numbers_are_read_in_every_common_form(post: Post, world: World, reader: Headers) -> None:
    number = world.astrid.personal_number
    for form in (number, f"{number[:8]}-{number[8:]}", f"{number[2:8]}-{number[8:]}", f" {number[2:]} "):
        assert post("person", headers=reader, personal_number=form).status_code == 200, form


def test_a_choice_lists_from_tomorrow(post: Post, world: World) -> None:
    answer = post("choices", personal_number=world.astrid.personal_number, clinic=world.room.hsa_id)
    assert answer.json()["result"] == "listed"
    assert Listing.objects.get().clinic == world.room
    assert Line.objects.get(kind="listing.listing.made").actor_kind == "service"


def test_a_command_sent_again_with_its_key_is_done_once(post: Post, world: World) -> None:
    body = {"personal_number": world.astrid.personal_number, "clinic": world.room.hsa_id}
    first, second = post("choices", key="a-1", **body), post("choices", key="a-1", **body)
    assert first.json() == second.json()
    assert Listing.objects.count() == 1
    assert post("choices", **body).json()["code"] == "already_listed_there"


def test_a_key_used_again_for_somebody_else_never_shows_the_first_answer(post: Post, world: World) -> None:
    other = factories.person("Bo Provsson")
    post("choices", key="a-1", personal_number=world.astrid.personal_number, clinic=world.room.hsa_id)
    post("choices", key="a-1", personal_number=other.personal_number, clinic=world.room.hsa_id)
    assert Listing.objects.count() == 2


def test_every_command_can_be_sent_again(post: Post, world: World) -> None:
    body = {"personal_number": world.astrid.personal_number}
    factories.queued(world.astrid, world.full)
    assert post("queue/leave", key="b", **body).json() == post("queue/leave", key="b", **body).json()
    assert post("queue/leave", key="c", **body).json()["code"] == "not_queuing"


def test_a_full_clinic_answers_with_the_queue_as_the_way(post: Post, world: World) -> None:
    body = {"personal_number": world.astrid.personal_number, "clinic": world.full.hsa_id}
    refused = post("choices", **body)
    assert (refused.status_code, refused.json()["code"], refused.json()["facts"]) == (409, "clinic_full", {"ahead": 0})
    assert post("queue/join", **body).json() == {"result": "queued", "clinic": world.full.name, "ahead": 0}
    assert post("queue/join", **body).json()["code"] == "already_queuing"
    assert QueuePlace.objects.get().joined_by == "Bokningssystemet"


def test_an_offer_is_accepted(post: Post, world: World) -> None:
    _offer(world)
    assert post("offers/accept", personal_number=world.astrid.personal_number).json()["result"] == "listed"
    assert Listing.objects.get().clinic == world.full


def test_an_offer_is_declined_once(post: Post, world: World) -> None:
    _offer(world)
    assert post("offers/decline", personal_number=world.astrid.personal_number).json() == {"result": "declined"}
    assert post("offers/decline", personal_number=world.astrid.personal_number).json()["code"] == "offer_gone"


def _offer(world: World) -> None:
    from django.utils import timezone

    factories.queued(world.astrid, world.full)
    factories.free_place(world.full)
    listing.fill_from_queue(world.full.id, by=factories.SYSTEM, now=timezone.now())
    assert Offer.objects.get().state == "open"


def test_a_doctor_is_named(post: Post, world: World) -> None:
    factories.listed(world.astrid, world.room)
    body = {"personal_number": world.astrid.personal_number, "doctor": world.doctor.hsa_id}
    assert post("named-doctor", **body).json()["doctor"] == "Eva Berg"
    assert NamedDoctor.objects.get().doctor == world.doctor


def test_above_capacity_a_reason_is_needed(post: Post, world: World) -> None:
    factories.listed(world.astrid, world.room)
    busy = factories.doctor(world.room, "Bo Full", heads=1100)
    body = {"personal_number": world.astrid.personal_number, "doctor": busy.hsa_id}
    refused = post("named-doctor", **body)
    assert (refused.status_code, refused.json()["facts"]["capacity"]) == (409, 1100)
    assert post("named-doctor", reason="Hela familjen går hos henne", **body).status_code == 200


def test_a_doctor_from_elsewhere_is_refused(post: Post, world: World) -> None:
    factories.listed(world.astrid, world.room)
    body = {"personal_number": world.astrid.personal_number, "doctor": "SE5599990009-NIX"}
    assert post("named-doctor", **body).json()["code"] == "doctor_not_at_clinic"


def test_protected_identity_shows_a_mark_and_no_place(post: Post, world: World, reader: Headers) -> None:
    hidden = factories.person("Dold Exempel", protected=True, address="Hemliga vägen 1")
    answer = post("person", headers=reader, personal_number=hidden.personal_number)
    assert answer.json()["protected"] is True
    assert "Hemliga" not in answer.content.decode()


def test_a_number_that_nobody_has_is_answered_and_seen(post: Post, world: World, reader: Headers) -> None:
    answer = post("person", headers=reader, personal_number="20190101-R001")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Line.objects.filter(kind="patients.search.missed").count() == 1
    assert "2019" not in answer.content.decode()


def test_a_key_that_may_read_may_not_write(post: Post, world: World) -> None:
    body = {"personal_number": world.astrid.personal_number, "clinic": world.room.hsa_id}
    answer = post("choices", headers=bearer("listing:read"), **body)
    assert (answer.status_code, answer.json()["facts"]) == (403, {"scope": "listing:write"})
    line = Line.objects.get(outcome="denied")
    assert (line.kind, line.user_name, line.details["deed"]) == ("access.denied", "Bokningssystemet", "listing:write")
    assert not Listing.objects.exists()
