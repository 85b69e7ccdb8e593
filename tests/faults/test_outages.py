"""What is outside the house fails for a while: said with 503, and everything goes on later."""

import threading

import httpx
import pytest

from cuaso.services.procedures.logic.deciding.attempts import ABANDONED_AFTER
from tests.faults.state import State, eventually
from tests.support.answers import BIRTH, MARITAL, PDF
from tests.support.people import Api

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
BREAKER_SECONDS = 20
# After a first try that failed the source is asked again in a minute.
ASKED_AGAIN_SECONDS = 150


@pytest.fixture
def outage(house):
    """Return a function that makes a simulator fail; all are well again at the end."""
    spoilt = set()

    def fault(name: str, **wish: object) -> None:
        spoilt.add(name)
        address = house.address_of(name)
        httpx.post(f"{address}/faults", json=wish, timeout=10).raise_for_status()

    yield fault
    for name in list(spoilt):
        fault(name, mode="ok")


@pytest.fixture
def at_signature(mother, staff):
    """Return a dossier that waits for the leader's signature."""
    draft = mother.begin("1.004873", MARITAL, {})
    id = str(mother.submit(draft).raise_for_status().json()["dossier_id"])
    staff["reception"].act(id, "receive").raise_for_status()
    staff["handler"].act(id, "propose", {"values": {}, "note": ""}).raise_for_status()
    mother.send("POST", f"/dossiers/{id}/confirm", {"accepted": True}).raise_for_status()
    return id


def standing(state: State, id: str) -> tuple[str, int]:
    """Return the result's state and how often the dossier was signed."""
    (result,) = state.column("select state from procedures_result where dossier_id = %s", id)
    (signed,) = state.column(
        "select count(*) from audit_entry where subject_id = %s and act = 'procedures.approved'", id
    )
    return str(result), int(signed)


def refused(answer: httpx.Response) -> dict[str, str]:
    """Return what a 503 says; it must be whole sentences."""
    assert answer.status_code == 503, answer.text
    said = answer.json()
    assert said["title"].endswith(".")
    assert said["detail"].endswith(".")
    return dict(said)


def test_prefilling_while_the_population_source_is_down_keeps_the_draft(mother, outage):
    id = mother.begin("1.001193", BIRTH, {})
    before = mother.get(f"/drafts/{id}").json()["values"]
    outage("population", mode="down")
    refused(mother.send("POST", f"/drafts/{id}/prefill", {"consent": True}))
    assert mother.get(f"/drafts/{id}").json()["values"] == before

    outage("population", mode="ok")
    eventually(
        lambda: mother.send("POST", f"/drafts/{id}/prefill", {"consent": True}).status_code == 200,
        seconds=BREAKER_SECONDS,
    )


def test_a_birth_waits_for_the_population_source_and_goes_on_by_itself(
    mother, staff, state, outage
):
    outage("population", mode="down")
    draft = mother.begin("1.001193", BIRTH, {"birth_notice": PDF})
    id = str(mother.submit(draft).raise_for_status().json()["dossier_id"])
    staff["reception"].act(id, "receive").raise_for_status()
    staff["handler"].act(id, "propose", {"values": {}, "note": ""}).raise_for_status()
    mother.send("POST", f"/dossiers/{id}/confirm", {"accepted": True}).raise_for_status()
    eventually(lambda: "tự đi tiếp" in mother.get(f"/dossiers/{id}").json()["plain_say"])
    assert waiting_at(state, id) == ["personal_number"]

    outage("population", mode="ok")
    eventually(lambda: waiting_at(state, id) == ["approve"], seconds=ASKED_AGAIN_SECONDS)
    given = state.column(
        "select count(*) from audit_entry where subject_id = %s"
        " and act = 'procedures.personal_number_given'",
        id,
    )
    assert given == [1]


def waiting_at(state: State, id: str) -> list[str]:
    return state.column(
        "select element from procedures_work where dossier_id = %s and done_at is null", id
    )


def test_signing_while_the_time_stamp_authority_is_down_changes_nothing_and_works_later(
    at_signature, staff, state, outage
):
    outage("timestamp", mode="down")
    said = refused(staff["leader"].act(at_signature, "approve"))
    assert "dấu thời gian" in said["title"] + said["detail"]
    assert standing(state, at_signature) == ("draft", 0)

    outage("timestamp", mode="ok")
    assert staff["leader"].act(at_signature, "approve").status_code == 200
    assert standing(state, at_signature) == ("signed", 1)


def test_killing_the_web_in_the_middle_of_a_signature_leaves_a_draft_that_is_signed_once(
    at_signature, staff, state, outage
):
    outage("timestamp", mode="slow", seconds=4)
    answers = []
    signing = threading.Thread(target=try_to_sign, args=(staff["leader"], at_signature, answers))
    signing.start()
    eventually(lambda: standing(state, at_signature) == ("signing", 0))
    before = len(state.starts("web"))
    state.kill("web")
    signing.join()
    assert answers == []
    eventually(lambda: len(state.starts("web")) == before + 1)
    eventually(state.ready)

    outage("timestamp", mode="ok")
    again = staff["leader"].act(at_signature, "approve")
    assert (again.status_code, standing(state, at_signature)) == (409, ("signing", 0))

    state.change(
        "update procedures_result set attempt_at = attempt_at - %s where dossier_id = %s",
        ABANDONED_AFTER,
        at_signature,
    )
    assert staff["leader"].act(at_signature, "approve").status_code == 200
    assert standing(state, at_signature) == ("signed", 1)


def try_to_sign(leader: Api, id: str, answers: list[int]) -> None:
    try:
        answers.append(leader.act(id, "approve").status_code)
    except httpx.TransportError:
        return


def test_after_all_outages_the_ledger_is_whole(state):
    state.settle()
    code, said = state.verify_ledger()
    assert code == 0, said
