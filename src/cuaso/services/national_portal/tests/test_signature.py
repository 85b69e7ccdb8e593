import pytest

from cuaso.capabilities.exchange.api import peers
from cuaso.kernel import clock
from cuaso.kernel.errors import NotAllowed
from cuaso.services.national_portal.contracts import Sealed
from cuaso.services.national_portal.logic import signature
from cuaso.services.national_portal.logic.surroundings import PEER
from cuaso_simulators.national_portal import signing

PATH = "/lien-thong/quoc-gia/ho-so"


def sealed(*, secret="s1", key_id="main", path=PATH, body=b"{}", at=""):
    told = signing.headers(
        secret=secret, method="POST", path=PATH, body=b"{}", key_id=key_id, at=at
    )
    return Sealed(
        method="POST",
        path=path,
        body=body,
        key_id=told[signing.KEY],
        timestamp=told[signing.TIME],
        signature=told[signing.SIGNATURE],
    )


def test_while_keys_change_both_are_accepted_and_the_first_signs(monkeypatch):
    monkeypatch.setenv("CUASO_NATIONAL_SECRET", "k2:s2, k1:s1")
    signature.check(sealed(secret="s1", key_id="k1"))
    signature.check(sealed(secret="s2", key_id="k2"))
    made = peers.headers(PEER, method="GET", path="/x", body=b"")
    assert made[signing.KEY] == "k2"
    with pytest.raises(NotAllowed):
        signature.check(sealed(secret="s1", key_id="k2"))


@pytest.mark.parametrize(
    "message",
    [
        {"path": PATH + "/khac/rut"},
        {"body": b"{ }"},
        {"secret": "s3"},
        {"key_id": "khac"},
        {"secret": "", "key_id": ""},
    ],
)
def test_a_signature_holds_for_one_path_body_and_key_only(monkeypatch, message):
    monkeypatch.setenv("CUASO_NATIONAL_SECRET", "s1")
    signature.check(sealed())
    with pytest.raises(NotAllowed) as refused:
        signature.check(sealed(**message))
    assert refused.value.code == "national_portal.unsigned"


@pytest.mark.parametrize("away", [-301, 301, -1e12])
def test_a_signature_holds_for_five_minutes_either_way(monkeypatch, working_morning, away):
    monkeypatch.setenv("CUASO_NATIONAL_SECRET", "s1")
    now = clock.now().timestamp()
    signature.check(sealed(at=str(int(now - 299))))
    with pytest.raises(NotAllowed) as refused:
        signature.check(sealed(at=str(int(now + away))))
    assert refused.value.code == "national_portal.stale"
