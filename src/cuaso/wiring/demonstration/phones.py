"""Leaders of the demonstration who sign on their phones: by an application, and by the SIM."""

import os

import httpx
from django.conf import settings

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Holder
from cuaso.kernel.actors import system
from cuaso.wiring.processes import SIM_PIN

INSTALLER = system("Cài đặt")
# The committees of the wards in whose name the tour is given.
PLACES = frozenset({"21583", "21592"})
SECONDS = 5.0


def take_up_phone_keys() -> int:
    """Give the leaders of two wards a key on the phone and one in the SIM, once the simulators
    run; return how many.

    Their certificates are of the simulated foreign authority. Nothing happens in production, nor
    without the simulators (CUASO_CIPHER_URL, CUASO_CSC_URL, CUASO_MSS_URL).
    """
    if settings.MODE == "production" or "CUASO_CIPHER_URL" not in os.environ:
        return 0
    count = 0
    for leader in _leaders():
        held = {key.label.split("-")[0] for key in signing.hand_keys(owner_id=leader.post.id)}
        if "phone" not in held and "CUASO_CSC_URL" in os.environ:
            _take_up_application(leader)
            count += 1
        if "sim" not in held and "CUASO_MSS_URL" in os.environ:
            _take_up_sim(leader)
            count += 1
    return count


def _leaders() -> list[Holder]:
    province = directory.province().committee_id
    return [
        one
        for one in directory.holders_below(province, "leader")
        if directory.agency(one.agency_id).place_code in PLACES and one.person.invented
    ]


def _take_up_application(leader: Holder) -> None:
    told = _post(f"{os.environ['CUASO_CSC_URL']}/credentials", _about(leader))
    signing.register_remote_key(
        label=signing.phone_label(leader.post.id),
        kind="person",
        credential_id=told["credentialID"],
        owner_id=leader.post.id,
        actor=INSTALLER,
    )


def _take_up_sim(leader: Holder) -> None:
    """Have a SIM made for the leader, and type its PIN where the leader would."""
    url = os.environ["CUASO_MSS_URL"]
    number = sim_number(directory.agency(leader.agency_id).place_code)
    _post(f"{url}/sims", {"number": number, **_about(leader)})
    name = leader.person.name
    proof = signing.ask_proof(way="sim", account=number, name=name)
    httpx.post(
        f"{url}/phone/{proof.transaction}/agree",
        json={"pin": SIM_PIN},
        timeout=SECONDS,
        trust_env=False,
    )
    signing.take_up_key(proof, name=name, owner_id=leader.post.id, actor=INSTALLER)


def sim_number(place_code: str) -> str:
    """Return the invented number of a ward's leader."""
    return f"+8490{place_code:0>7}"


def _about(leader: Holder) -> dict[str, str]:
    return {
        "kind": "person",
        "name": leader.person.name,
        "organisation": directory.agency(leader.agency_id).name,
        "title": leader.post.title,
    }


def _post(url: str, told: dict[str, str]) -> dict[str, str]:
    answer = httpx.post(url, json=told, timeout=SECONDS, trust_env=False)
    found: dict[str, str] = answer.raise_for_status().json()
    return found
