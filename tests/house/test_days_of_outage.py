"""KT-d5: the token or the scanner is down for a day; nothing is lost, doubled or let through."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Unavailable
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Paper, Result
from tests.rest.conftest import signed_in
from tests.support.answers import PDF
from tests.support.dossiers import (
    bring_to_signature,
    let_the_house_work,
    rows_of,
    submit_birth,
    submit_marital,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
A_DAY = timedelta(days=1)
NOBODY = "tcp:127.0.0.1:1"
VIRUS = PDF.replace(b"%%EOF", b"% House.Test\n%%EOF")


def stamped(act, *, id, actor):
    with pytest.raises(Unavailable):
        act(id=id, actor=actor)


def test_kt_d5_a_day_without_the_token_delays_signatures_and_spoils_no_draft(
    outside, mother, official
):
    id = submit_marital(mother).dossier_id
    bring_to_signature(id, mother, official)
    leader = official("leader")
    outside.fault(outside.timestamp, "down")
    before = rows_of(id)
    for hours in (0, 3, 7):
        with clock.at(clock.now() + timedelta(hours=hours)):
            stamped(procedures.approve, id=id, actor=leader)
    assert Result.objects.get(dossier=id).state == "draft"
    assert rows_of(id) == before
    outside.fault(outside.timestamp, "ok")
    with clock.at(clock.now() + A_DAY):
        procedures.approve(id=id, actor=leader)
        view = procedures.seal(id=id, actor=official("clerk"))
    assert (view.result.number, f"{view.result.number_date}") == ("01/UBND-XNTTHN", "2026-10-08")
    assert view.due.remaining_say == "Xong, đúng hạn"


def test_kt_d5_a_number_given_before_the_token_failed_is_the_papers_the_next_day(
    outside, mother, official
):
    first, second = (submit_marital(mother, key=key).dossier_id for key in "12")
    for id in (first, second):
        bring_to_signature(id, mother, official)
        procedures.approve(id=id, actor=official("leader"))
    outside.fault(outside.timestamp, "down")
    stamped(procedures.seal, id=first, actor=official("clerk"))
    assert Result.objects.get(dossier=first).state == "signed"
    outside.fault(outside.timestamp, "ok")
    with clock.at(clock.now() + A_DAY):
        procedures.seal(id=second, actor=official("clerk"))
        procedures.seal(id=first, actor=official("clerk"))
    numbered = Result.objects.filter(dossier__in=(first, second)).order_by("number")
    assert list(numbered.values_list("dossier_id", "number", "state")) == [
        (first, "01/UBND-XNTTHN", "issued"),
        (second, "02/UBND-XNTTHN", "issued"),
    ]
    assert f"{numbered[0].number_date}" == "2026-10-07"


@contextmanager
def scanner() -> Iterator[str]:
    """Answer as ClamAV's daemon does: what holds House.Test is infected."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                line.settimeout(5)
                heard = b""
                while not heard.endswith((b"\0\0\0\0", b"zVERSION\0")):
                    heard += line.recv(1 << 16)
                if heard == b"zVERSION\0":
                    line.sendall(b"ClamAV 1.4.0\0")
                else:
                    bad = b"House.Test" in heard
                    line.sendall(b"stream: House.Test FOUND\0" if bad else b"stream: OK\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"tcp:127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


def given_paper(dossier_id):
    return Paper.objects.get(dossier_id=dossier_id)


@pytest.mark.usefixtures("outside")
def test_kt_d5_a_day_without_the_scanner_takes_dossiers_in_and_opens_no_unscanned_paper(
    mother, official, settings
):
    settings.CUASO_CLAMAV = NOBODY
    id = submit_birth(mother).dossier_id
    officer = official("reception")
    procedures.receive(id=id, actor=officer)
    paper = given_paper(id)
    assert files.info(paper.file_id).state == "pending"
    handler = official("handler")
    page = signed_in(handler).client.get(f"/ban-lam-viec/ho-so/{id}/").content.decode()
    assert "Máy quét mã độc không trả lời" in page
    assert "Có tệp chưa được quét mã độc" in page
    with pytest.raises(Conflict):
        procedures.paper_content(dossier_id=id, paper_id=paper.id, actor=handler)
    assert files.scan_waiting() == 0
    with scanner() as address, clock.at(clock.now() + A_DAY):
        settings.CUASO_CLAMAV = address
        assert files.scan_waiting() == 1
        let_the_house_work()
        assert files.info(paper.file_id).state == "clean"
        content = procedures.paper_content(dossier_id=id, paper_id=paper.id, actor=handler)
        assert b"".join(content.chunks) == PDF
        page = signed_in(handler).client.get(f"/ban-lam-viec/ho-so/{id}/").content.decode()
        assert "Có tệp chưa được quét mã độc" not in page


@pytest.mark.usefixtures("outside")
def test_kt_d5_what_was_taken_in_unscanned_and_is_infected_stays_shut_the_next_day(
    mother, official, settings, monkeypatch
):
    monkeypatch.setattr("tests.support.dossiers.upload.__defaults__", ("giay.pdf", VIRUS))
    settings.CUASO_CLAMAV = NOBODY
    id = submit_birth(mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    paper, handler = given_paper(id), official("handler")
    with scanner() as address, clock.at(clock.now() + A_DAY):
        settings.CUASO_CLAMAV = address
        assert files.scan_waiting() == 1
    let_the_house_work()
    assert files.info(paper.file_id).state == "infected"
    with pytest.raises(Conflict):
        procedures.paper_content(dossier_id=id, paper_id=paper.id, actor=handler)
    assert [one.state for one in procedures.dossier(id=id, actor=handler).papers] == ["infected"]
