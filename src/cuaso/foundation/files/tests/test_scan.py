import socket
import subprocess
import threading
import time
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Event
from cuaso.foundation.files import api, jobs
from cuaso.foundation.files.contracts import EVERY_TYPE
from cuaso.foundation.files.logic import clamav
from cuaso.foundation.files.models import StoredFile
from cuaso.foundation.files.tests import samples
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound, Unavailable
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

ACTOR = Actor(kind="citizen", name="Trần Thị Bưởi", person_id=UUID(int=4))


def store(content, name="a.txt"):
    return api.store(
        actor=ACTOR,
        name=name,
        declared_type="",
        chunks=[content],
        limit_bytes=8 << 20,
        allowed=EVERY_TYPE,
    )


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    """A real clamd on loopback that knows one signature of our own; (tcp, unix) addresses."""
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "db").mkdir()
    (folder / "db" / "house.ndb").write_text(f"House.Test:0:*:{samples.EICAR.hex()}\n")
    port = free_port()
    (folder / "clamd.conf").write_text(
        f"Foreground yes\nTCPSocket {port}\nTCPAddr 127.0.0.1\nLocalSocket {folder}/clamd.ctl\n"
        f"DatabaseDirectory {folder}/db\nTemporaryDirectory {folder}\n"
        f"LogFile {folder}/log\nStreamMaxLength 2M\nMaxThreads 2\nAlertEncrypted yes\n"
    )
    process = subprocess.Popen(
        ["/usr/sbin/clamd", "-c", folder / "clamd.conf"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_it_listens(port, process)
        yield f"tcp:127.0.0.1:{port}", f"unix:{folder}/clamd.ctl"
    finally:
        process.terminate()
        process.wait(20)


def _until_it_listens(port, process):
    for _ in range(300):
        assert process.poll() is None, "clamd did not start"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("clamd does not listen")


@pytest.fixture(params=[0, 1], ids=["tcp", "unix"])
def scanner(daemon, settings, request):
    settings.CUASO_CLAMAV = daemon[request.param]


@pytest.mark.outside
@pytest.mark.django_db
def test_a_clean_file_opens_after_the_scan(scanner):
    stored = store(b"sach")
    assert (stored.state, stored.say) == (
        "pending",
        "Tệp đang chờ quét mã độc, thường xong trong một phút.",
    )
    with pytest.raises(Conflict, match="Chưa mở được tệp"):
        api.open_clean(stored.id)
    jobs.scan_file(file_id=str(stored.id))
    scanned = api.info(stored.id)
    assert (scanned.state, scanned.say) == ("clean", "")
    assert api.read_clean(stored.id) == b"sach"


@pytest.mark.outside
@pytest.mark.django_db
def test_an_infected_file_never_opens_and_everybody_is_told(scanner):
    stored = store(b"xin chao\n" + samples.EICAR)
    heard: list[Event] = []
    scanned = api.scan(stored.id)
    assert (scanned.state, scanned.say) == (
        "infected",
        "Tệp chứa mã độc (House.Test.UNOFFICIAL) và đã bị khóa. Hãy gửi tệp khác.",
    )
    with pytest.raises(Conflict) as caught:
        api.open_clean(stored.id)
    assert (caught.value.code, caught.value.why) == ("files.infected", scanned.say)
    audit.deliver({"files.scanned": [heard.append]})
    [event] = heard
    assert event.payload == {
        "file_id": str(stored.id),
        "state": "infected",
        "say": scanned.say,
    }
    acts = [entry.act for entry in audit.history(Subject(kind="files.file", id=stored.id))]
    assert acts == ["files.stored", "files.scanned"]
    assert api.scan(stored.id) == scanned


@pytest.mark.outside
@pytest.mark.django_db
def test_malware_inside_an_office_file_is_found(scanner):
    stored = store(samples.office(extra=samples.EICAR), "a.docx")
    assert api.scan(stored.id).state == "infected"


@pytest.mark.outside
@pytest.mark.django_db
def test_a_file_over_the_scanners_limit_cannot_be_scanned(scanner):
    stored = store(b"a" * (4 << 20))
    scanned = api.scan(stored.id)
    assert (scanned.state, scanned.say) == (
        "unscannable",
        "Tệp lớn hơn mức mà máy quét nhận. Hãy gửi tệp nhỏ hơn.",
    )


@pytest.mark.outside
@pytest.mark.django_db
def test_files_from_before_the_scanner_are_scanned_later(daemon, settings):
    stored = [store(b"sach"), store(samples.EICAR)]
    assert [file.state for file in stored] == ["unscanned", "unscanned"]
    assert api.read_clean(stored[0].id) == b"sach"
    assert api.scan_waiting() == 0
    settings.CUASO_CLAMAV = daemon[0]
    assert api.scan_waiting() == 2
    assert [api.info(file.id).state for file in stored] == ["clean", "infected"]


@pytest.mark.outside
def test_the_scanner_says_who_it_is(scanner):
    status = api.scanner_status()
    assert (status.ok, status.configured) == (True, True)
    assert status.version.startswith("ClamAV 1.")


@pytest.mark.django_db
def test_without_a_scanner_a_file_opens_with_a_warning_but_not_in_production(settings):
    stored = store(b"sach")
    assert (stored.state, stored.opens) == ("unscanned", True)
    assert "chưa được quét" in stored.say
    status = api.scanner_status()
    assert (status.ok, status.configured) == (False, False)
    assert "CUASO_CLAMAV" in status.say
    with pytest.raises(Unavailable, match="Chưa cài máy quét"):
        api.scan(stored.id)
    settings.MODE = "production"
    with pytest.raises(Conflict):
        api.read_clean(stored.id)
    assert store(b"sach").state == "pending"


class Wrong:
    """A server that breaks ClamAV's protocol in one way: sends `reply`, or nothing for ever."""

    def __init__(self, reply):
        self.reply = reply
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp:127.0.0.1:{self.server.getsockname()[1]}"
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while True:
            line, _ = self.server.accept()
            with line:
                if self.over.is_set():
                    return
                line.recv(65_536)
                if self.reply is None:
                    self.over.wait(5)
                else:
                    line.sendall(self.reply)

    def close(self):
        self.over.set()
        socket.create_connection(self.server.getsockname(), timeout=5).close()
        self.thread.join()
        self.server.close()


@pytest.fixture
def wrong(settings, monkeypatch):
    monkeypatch.setattr(clamav, "TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(clamav, "STATUS_TIMEOUT_SECONDS", 0.3)
    servers = []

    def start(reply):
        servers.append(Wrong(reply))
        settings.CUASO_CLAMAV = servers[-1].address

    yield start
    for server in servers:
        server.close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "reply",
    [
        None,
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"stream: O",
        b"stream: WHAT\0",
        b"\0",
        b"x" * 9999,
    ],
    ids=["silence", "hang-up", "http", "half", "unknown", "empty", "endless"],
)
def test_a_scanner_that_talks_nonsense_leaves_the_file_waiting(wrong, reply):
    wrong(reply)
    stored = store(b"sach")
    with pytest.raises(Unavailable) as caught:
        api.scan(stored.id)
    assert (caught.value.code, caught.value.status) == ("files.scanner_silent", 503)
    assert api.info(stored.id) == stored
    assert api.scan_waiting() == 0
    status = api.scanner_status()
    assert (status.ok, status.configured) == (False, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["unix:/nowhere/clamd.ctl", "tcp:127.0.0.1:1", "127.0.0.1:3310", "tcp:host:port", "tcp:"],
)
def test_a_scanner_that_is_not_there_leaves_the_file_waiting(settings, address):
    settings.CUASO_CLAMAV = address
    stored = store(b"sach")
    with pytest.raises(Unavailable, match="tự được quét lại"):
        api.scan(stored.id)
    assert api.info(stored.id).state == "pending"
    assert not api.scanner_status().ok


@pytest.mark.django_db
def test_storing_asks_for_a_scan_in_the_same_transaction(settings):
    settings.CUASO_CLAMAV = "tcp:127.0.0.1:1"
    stored = store(b"sach")
    [job] = ProcrastinateJob.objects.all()
    assert (job.task_name, job.args) == ("files.scan", {"file_id": str(stored.id)})
    settings.CUASO_CLAMAV = ""
    store(b"khac")
    assert ProcrastinateJob.objects.count() == 1
    assert StoredFile.objects.count() == 2


def moment_of(decision):
    return decision.retry_at


def test_a_scan_is_tried_again_for_ever_with_growing_waits_while_the_scanner_is_down():
    strategy, waits = jobs.WhileUnavailable(), []
    down = Unavailable(code="x", what="x")
    for attempts in (0, 1, 5, 6, 1000):
        job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="files.scan")
        job = job.evolve(attempts=attempts)
        before = time.time()
        decision = strategy.get_retry_decision(exception=down, job=job)
        waits.append(round(moment_of(decision).timestamp() - before))
    assert waits == [5, 10, 160, 300, 300]
    assert strategy.get_retry_decision(exception=ValueError(), job=job) is None


@pytest.mark.django_db
def test_a_job_for_a_file_that_is_gone_ends_quietly():
    jobs.scan_file(file_id=str(new_id()))
    with pytest.raises(NotFound):
        api.scan(new_id())


def work_off_the_queue():
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()) as working:
        working.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)


@pytest.mark.outside
@pytest.mark.django_db(transaction=True)
def test_the_worker_scans_once_the_scanner_is_back(daemon, settings):
    settings.CUASO_CLAMAV = "tcp:127.0.0.1:1"
    stored = store(samples.EICAR)
    work_off_the_queue()
    [job] = ProcrastinateJob.objects.all()
    assert (job.status, job.attempts, api.info(stored.id).state) == ("todo", 1, "pending")
    settings.CUASO_CLAMAV = daemon[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 second'")
    work_off_the_queue()
    assert api.info(stored.id).state == "infected"
    assert ProcrastinateJob.objects.get().status == "succeeded"
