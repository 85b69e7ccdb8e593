import shutil
import socket
import threading
import time

import pytest
from pkcs11.exceptions import DeviceRemoved

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.logic import providers, surroundings
from cuaso.capabilities.signing.logic.token import Token
from cuaso.capabilities.signing.models import SigningKey
from cuaso.capabilities.signing.tests.conftest import SOFTHSM, VALUES, held, issue, seal, sign
from cuaso.kernel.errors import Unavailable

UNSIGNED = "Văn bản chưa được ký."


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("down", "signing.timestamp_down"),
        ("garbage", "signing.timestamp_wrong"),
        ("nonce", "signing.timestamp_wrong"),
        ("refuse", "signing.timestamp_wrong"),
    ],
)
def test_a_time_stamp_authority_that_misbehaves_stops_both_acts_and_a_later_try_succeeds(
    house, paper, mode, code
):
    issue()
    issue("seal", "agency")
    house.behave(mode)
    with pytest.raises(Unavailable) as refused:
        sign(paper)
    assert refused.value.code == code
    assert refused.value.mend.startswith(UNSIGNED)
    house.behave("ok")
    signed = sign(paper)
    house.behave(mode)
    with pytest.raises(Unavailable) as refused:
        seal(signed)
    assert refused.value.code == code
    house.behave("ok")
    assert signing.verify(seal(signed)).fields == VALUES


def test_a_slow_time_stamp_authority_is_given_up_in_time(house, paper, monkeypatch):
    monkeypatch.setattr(surroundings, "TSA_SECONDS", 0.4)
    issue()
    house.behave("slow", seconds=3)
    began = time.monotonic()
    with pytest.raises(Unavailable) as refused:
        sign(paper)
    assert time.monotonic() - began < 2
    assert refused.value.code == "signing.timestamp_slow"


def test_the_limit_of_a_time_stamp_is_five_seconds():
    assert surroundings.TSA_SECONDS == 5.0


def test_no_one_listening_at_the_authority_s_address_is_said_plainly(house, paper, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("CUASO_TSA_URL", f"http://127.0.0.1:{free.getsockname()[1]}/")
    issue()
    with pytest.raises(Unavailable) as refused:
        sign(paper)
    assert refused.value.code == "signing.timestamp_down"


def test_no_authority_configured_is_said_plainly(house, paper, monkeypatch):
    monkeypatch.delenv("CUASO_TSA_URL")
    issue()
    with pytest.raises(Unavailable) as refused:
        sign(paper)
    assert refused.value.code == "signing.no_timestamp_authority"


def test_a_lost_or_spoiled_key_file_is_said_plainly(house, paper, settings):
    issue()
    (path,) = (settings.CUASO_KEYS / "signing").glob("chair.*.key.pem")
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"AAAA" + content[104:])
    with pytest.raises(Unavailable) as refused:
        sign(paper)
    assert refused.value.code == "signing.key_file_wrong"
    path.unlink()
    with pytest.raises(Unavailable) as refused:
        sign(paper)
    assert refused.value.code == "signing.key_absent"


@pytest.mark.outside
def test_a_token_unplugged_between_the_two_signatures_stops_the_seal_until_it_is_back(token, paper):
    issue("chair-unplugged")
    issue("seal-unplugged", "agency")
    signed = sign(paper, key="chair-unplugged")
    shutil.move(token / "tokens", token / "away")
    (token / "tokens").mkdir()
    try:
        with pytest.raises(Unavailable) as refused:
            seal(signed, key="seal-unplugged")
        assert refused.value.code == "signing.token_gone"
        assert refused.value.mend.startswith(UNSIGNED)
        assert not signing.provider_status().ready
    finally:
        (token / "tokens").rmdir()
        shutil.move(token / "away", token / "tokens")
    assert signing.verify(seal(signed, key="seal-unplugged")).ok


@pytest.mark.outside
def test_a_token_unplugged_in_the_middle_of_a_batch_leaves_whole_papers_and_untouched_ones(
    token, paper
):
    issue("chair-batch")
    signed, left = [], []
    for number in range(6):
        if number == 3:
            shutil.move(token / "tokens", token / "away")
            (token / "tokens").mkdir()
        try:
            signed.append(sign(paper, key="chair-batch"))
        except Unavailable as refused:
            left.append(refused.code)
    (token / "tokens").rmdir()
    shutil.move(token / "away", token / "tokens")
    assert left == ["signing.token_gone"] * 3
    assert all(signing.verify(one).ok for one in signed)
    signed += [sign(paper, key="chair-batch") for _ in left]
    assert [len(signing.verify(one).signatures) for one in signed] == [1] * 6


@pytest.mark.outside
def test_a_wrong_pin_is_tried_once_and_not_again_until_the_file_changes(token, tmp_path):
    pin = tmp_path / "pin"
    pin.write_text("000000")
    wrong = Token(module=SOFTHSM, label="cuaso-test", pin_file=str(pin))
    held().close()
    for _try in range(6):  # a token locks after a few wrong ones
        with pytest.raises(Unavailable) as refused:
            wrong.sign(label="any", content=b"x")
        assert refused.value.code == "signing.wrong_pin"
    pin.write_text((token / "pin").read_text())
    assert wrong.status().ready
    wrong.close()


@pytest.mark.outside
def test_a_token_without_the_key_says_so(token, paper):
    key = issue("gone")
    providers.current().destroy(label=handle_of(key))
    with pytest.raises(Unavailable) as refused:
        sign(paper, key="gone")
    assert refused.value.code == "signing.key_absent"


def handle_of(key):
    return SigningKey.objects.get(label=key.label).handle


@pytest.mark.outside
def test_a_token_that_hangs_is_given_up_and_the_next_call_gets_a_new_thread(token, monkeypatch):
    monkeypatch.setattr(surroundings, "TOKEN_SECONDS", 0.3)
    provider = held()
    with pytest.raises(Unavailable) as refused:
        provider._call(lambda _session: time.sleep(1))
    assert refused.value.code == "signing.token_slow"
    monkeypatch.setattr(surroundings, "TOKEN_SECONDS", 10.0)
    assert provider.status().ready


@pytest.mark.outside
def test_who_waits_behind_a_hanging_call_is_answered_and_the_late_driver_harms_no_later_call(
    token, monkeypatch
):
    monkeypatch.setattr(surroundings, "TOKEN_SECONDS", 0.5)
    provider, told, woken = held(), [], threading.Event()

    def hang(_session):
        woken.wait(10)
        raise DeviceRemoved  # as drivers do when they wake

    def call(act):
        with pytest.raises(Unavailable) as refused:
            provider._call(act)
        told.append(refused.value.code)

    callers = [threading.Thread(target=call, args=[act]) for act in (hang, lambda _: None)]
    for one in callers:
        one.start()
        time.sleep(0.1)
    for one in callers:
        one.join()
    assert told == ["signing.token_slow"] * 2
    monkeypatch.setattr(surroundings, "TOKEN_SECONDS", 10.0)
    assert provider.status().ready
    session = provider._line.session
    woken.set()
    time.sleep(0.3)
    assert provider._line.session is session
    assert provider.status().ready


@pytest.mark.outside
def test_a_module_or_token_or_pin_file_that_is_not_there_is_said_plainly(token, tmp_path):
    held().close()
    pin = str(token / "pin")
    for module, label, pin_file in (
        (SOFTHSM, "no-such-token", pin),
        (SOFTHSM, "cuaso-test", str(tmp_path / "none")),
    ):
        absent = Token(module=module, label=label, pin_file=pin_file)
        with pytest.raises(Unavailable) as refused:
            absent.sign(label="any", content=b"x")
        assert refused.value.code == "signing.token_gone"
        absent.close()
