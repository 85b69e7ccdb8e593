import hashlib
import subprocess
import threading

import httpx
import pytest
from asn1crypto import algos, cms, core, tsp
from cryptography import x509

from cuaso_simulators.process import free_port, running
from cuaso_simulators.timestamp.server import Server

TEXT = "Giấy khai sinh số 01".encode()


class Answer(core.Sequence):  # type: ignore[misc] # asn1crypto is untyped
    _fields = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


@pytest.fixture
def authority(tmp_path):
    server = Server(port=0, folder=tmp_path)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}") as client:
        yield client
    server.shutdown()
    thread.join()
    server.server_close()


def query(*, digest=None, algorithm="sha256", **more):
    imprint = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
        "hashed_message": digest or hashlib.new(algorithm, TEXT).digest(),
    }
    return tsp.TimeStampReq({"version": 1, "message_imprint": imprint, **more}).dump()


def ask(authority, body):
    answer = authority.post("/", content=body)
    assert answer.headers["content-type"] == "application/timestamp-reply"
    return Answer.load(answer.content, strict=True)


def info_of(answer):
    return answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed


def test_an_asker_gets_a_token_over_its_digest_with_its_nonce(authority):
    answer = ask(authority, query(nonce=4711, cert_req=True))
    info = info_of(answer)
    assert answer["status"]["status"].native == "granted"
    assert info["nonce"].native == 4711
    assert info["message_imprint"]["hashed_message"].native == hashlib.sha256(TEXT).digest()
    assert len(answer["time_stamp_token"]["content"]["certificates"]) == 2


def test_without_a_wish_for_certificates_or_a_nonce_there_are_none(authority):
    answer = ask(authority, query())
    assert info_of(answer)["nonce"].native is None
    assert answer["time_stamp_token"]["content"]["certificates"].native is None


def test_serial_numbers_do_not_repeat(authority):
    numbers = {info_of(ask(authority, query()))["serial_number"].native for _time in range(20)}
    assert len(numbers) == 20


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (b"", "bad_data_format"),
        (b"\x30\x03\x02\x01", "bad_data_format"),
        (b"not asn.1 at all", "bad_data_format"),
        (query(digest=b"short"), "bad_data_format"),
        (query(algorithm="md5"), "bad_alg"),
        (query(req_policy="1.2.3.4"), "unaccepted_policy"),
    ],
)
def test_a_wrong_query_is_rejected_with_the_reason_of_rfc_3161(authority, body, failure):
    answer = ask(authority, body)
    assert answer["status"]["status"].native == "rejection"
    assert answer["status"]["fail_info"].native == {failure}
    assert answer["time_stamp_token"].native is None


@pytest.mark.outside
@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_openssl_verifies_a_token_from_a_query_of_its_own(authority, tmp_path, algorithm):
    (tmp_path / "text").write_bytes(TEXT)
    (tmp_path / "root.pem").write_bytes(authority.get("/root.pem").content)
    made = [
        *["openssl", "ts", "-query", "-cert", "-data"],
        "text",
        f"-{algorithm}",
        "-out",
        "query",
    ]
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True)
    answer = authority.post("/", content=(tmp_path / "query").read_bytes())
    (tmp_path / "answer").write_bytes(answer.content)
    check = ["openssl", "ts", "-verify", "-in", "answer", "-CAfile", "root.pem"]
    for words in (["-queryfile", "query"], ["-data", "text"]):
        told = subprocess.run(
            [*check, *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert "Verification: OK" in told.stdout + told.stderr
        assert told.returncode == 0
    (tmp_path / "text").write_bytes(TEXT + b".")
    told = subprocess.run(
        [*check, "-data", "text"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert told.returncode != 0


def test_faults_begin_and_end_on_request(authority):
    def behave(mode):
        return authority.post("/faults", json={"mode": mode}).status_code

    assert behave("down") == 200
    assert authority.post("/", content=query()).status_code == 503
    assert behave("nonce") == 200
    assert info_of(ask(authority, query(nonce=4711)))["nonce"].native == 7
    assert behave("refuse") == 200
    assert ask(authority, query())["status"]["fail_info"].native == {"system_failure"}
    assert behave("garbage") == 200
    with pytest.raises(ValueError, match=r".+"):
        ask(authority, query())
    assert behave("sleepy") == 400
    assert behave("ok") == 200
    assert ask(authority, query())["status"]["status"].native == "granted"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"mode": 1}', b"\xff", b'{"mode":"ok","seconds":"x"}']
)
def test_an_unreadable_fault_changes_nothing(authority, body):
    assert authority.post("/faults", content=body).status_code == 400
    assert ask(authority, query())["status"]["status"].native == "granted"


def test_a_body_that_is_too_large_is_refused(authority):
    assert authority.post("/", content=bytes(20_000)).status_code == 413


def test_health_and_root_are_there_and_nothing_else(authority, tmp_path):
    assert authority.get("/healthz").text == "ok\n"
    root = authority.get("/root.pem").content
    assert root == (tmp_path / "trust" / "root.pem").read_bytes()
    assert x509.load_pem_x509_certificate(root).extensions
    assert authority.get("/etc/passwd").status_code == 404


def test_the_process_keeps_its_key_over_a_restart(tmp_path):
    roots = []
    for _start in range(2):
        with running(
            "cuaso_simulators.timestamp", "--folder", str(tmp_path), port=free_port()
        ) as address:
            roots.append(httpx.get(f"{address}/root.pem").content)
    assert roots[0] == roots[1]
