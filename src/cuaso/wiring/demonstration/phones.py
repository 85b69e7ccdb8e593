"""Leaders of the demonstration who sign on their phones, at the simulated provider."""

import os

import httpx
from django.conf import settings

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Holder
from cuaso.kernel.actors import system

INSTALLER = system("Cài đặt")
# The committees of the wards in whose name the tour is given.
PLACES = frozenset({"21583", "21592"})
SECONDS = 5.0


def take_up_phone_keys() -> int:
    """Give the leaders of two wards a key on the phone, once the provider runs; return how many.

    Its certificate is of the simulated foreign authority. Nothing happens in production, nor
    without the simulators (CUASO_CIPHER_URL, CUASO_CSC_URL).
    """
    told = {"CUASO_CSC_URL", "CUASO_CIPHER_URL"} <= {*os.environ}
    if settings.MODE == "production" or not told:
        return 0
    known = {key.label for key in signing.keys()}  # noqa: SIM118 a function of the door
    wanted = [one for one in _leaders() if signing.phone_label(one.post.id) not in known]
    for leader in wanted:
        _take_up(leader)
    return len(wanted)


def _leaders() -> list[Holder]:
    province = directory.province().committee_id
    return [
        one
        for one in directory.holders_below(province, "leader")
        if directory.agency(one.agency_id).place_code in PLACES and one.person.invented
    ]


def _take_up(leader: Holder) -> None:
    answer = httpx.post(
        f"{os.environ['CUASO_CSC_URL']}/credentials",
        json={
            "kind": "person",
            "name": leader.person.name,
            "organisation": directory.agency(leader.agency_id).name,
            "title": leader.post.title,
        },
        timeout=SECONDS,
        trust_env=False,
    )
    signing.register_remote_key(
        label=signing.phone_label(leader.post.id),
        kind="person",
        credential_id=str(answer.raise_for_status().json()["credentialID"]),
        owner_id=leader.post.id,
        actor=INSTALLER,
    )
