"""KT-d5: extend once with an apology, pause on a legal ground, stop; each on the clock."""

from datetime import date, datetime, timedelta

import pytest

from cuaso.capabilities.messages import api as messages
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.logic.matter import rows
from cuaso.services.procedures.models import Dossier, Result, Work
from tests.support.dossiers import (
    bring_to_signature,
    issue,
    open_steps,
    rows_of,
    see,
    submit_marital,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]

DUE = datetime(2026, 10, 12, 17, 0, tzinfo=clock.VIETNAM)
WEDNESDAY_NOON = datetime(2026, 10, 7, 11, 0, tzinfo=clock.VIETNAM)
THURSDAY = datetime(2026, 10, 8, 9, 0, tzinfo=clock.VIETNAM)
REASON = "Phải xác minh thêm nơi thường trú trước đây."
DOCUMENT = "Công văn 12/CV-TP ngày 07/10/2026 của phòng Tư pháp"


@pytest.fixture
def received(mother, official):
    id = submit_marital(mother).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    return id


def told(id):
    """Return the headlines of the letters about a dossier, newest last."""
    letters = messages.messages_about(Subject(kind="procedures.dossier", id=id))
    return [one.headline for one in reversed(letters) if one.channel == "email"]


def entries(id):
    history = audit.history(Subject(kind="procedures.dossier", id=id))
    return [entry.act for entry in history if entry.act.startswith("procedures.")]


def refused(id, call, kind, code):
    """Assert that an act is refused with a code and has changed nothing."""
    before, written = rows_of(id), entries(id)
    with pytest.raises(kind) as refusal:
        call()
    assert refusal.value.code == code
    assert refusal.value.what
    assert (rows_of(id), entries(id)) == (before, written)


def test_KT_d5_the_handler_extends_once_with_an_apology_and_both_dates_are_kept(received, official):
    handler = official("handler")
    assert see(received, handler).due.due_at == DUE
    view = procedures.extend(id=received, reason=REASON, added="2 ngày làm việc", actor=handler)
    later = datetime(2026, 10, 14, 17, 0, tzinfo=clock.VIETNAM)
    assert (view.due.due_at, view.due.original_due_at) == (later, DUE)
    assert any("hạn trước đó là 17 giờ 00 ngày 12/10/2026" in step for step in view.due.steps)
    assert view.due.steps[-1].startswith("Hạn hoàn thành là")
    (apology,) = view.apologies
    assert (apology.was_due_at, apology.due_at, apology.reason) == (DUE, later, REASON)
    assert "xin lỗi ông/bà Võ Thị Hạ Lam" in apology.sentence
    assert apology.sentence.endswith("Ngày hẹn trả mới là 17 giờ 00 ngày 14/10/2026.")
    assert set(
        Work.objects.filter(dossier=received, done_at=None).values_list("due_at", flat=True)
    ) == {later}
    assert told(received)[-1] == f"Hồ sơ {view.tracking_code} được hẹn lại ngày trả kết quả"
    assert entries(received)[-1] == "procedures.extended"
    refused(
        received,
        lambda: procedures.extend(
            id=received, reason=REASON, added="1 ngày làm việc", actor=handler
        ),
        Conflict,
        "procedures.extended_already",
    )


def test_an_extension_until_a_sunday_ends_on_the_monday(received, official):
    sunday = date(2026, 10, 18)
    view = procedures.extend(id=received, reason=REASON, until=sunday, actor=official("leader"))
    assert view.due.due_at == datetime(2026, 10, 19, 17, 0, tzinfo=clock.VIETNAM)
    assert any("18/10/2026 không làm việc" in step for step in view.due.steps)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "until"),
        ({"until": date(2026, 10, 20), "added": "2 ngày làm việc"}, "until"),
        ({"until": date(2026, 10, 9)}, "until"),
        ({"added": "hai hôm"}, "added"),
        ({"added": "0 ngày làm việc"}, "added"),
    ],
)
def test_an_extension_that_says_no_later_moment_is_refused(received, official, asked, field):
    handler = official("handler")
    before = rows_of(received)
    with pytest.raises(Invalid) as refusal:
        procedures.extend(id=received, reason=REASON, actor=handler, **asked)
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert rows_of(received) == before


def test_only_who_settles_extends_and_only_before_the_end(received, mother, official):
    def asks(actor):
        return lambda: procedures.extend(
            id=received, reason=REASON, added="1 ngày làm việc", actor=actor
        )

    refused(received, asks(official("reception")), NotAllowed, "access.denied")
    refused(received, asks(official("handler", "21592")), NotFound, "procedures.dossier_unknown")
    refused(received, asks(mother), NotAllowed, "access.denied")
    procedures.refuse(id=received, reason=REASON, actor=official("handler"))
    refused(received, asks(official("handler")), Conflict, "procedures.already_settled")


def test_an_extension_before_receipt_or_under_law_that_is_silent_is_refused(
    mother, received, official, monkeypatch
):
    fresh = submit_marital(mother, key="k2").dossier_id
    handler = official("handler")
    refused(
        fresh,
        lambda: procedures.extend(id=fresh, reason=REASON, added="1 ngày làm việc", actor=handler),
        Conflict,
        "procedures.no_clock",
    )
    version = rows.version(Dossier.objects.get(id=received).procedure_id)
    monkeypatch.delitem(version.law, "extension_times")
    refused(
        received,
        lambda: procedures.extend(
            id=received, reason=REASON, added="1 ngày làm việc", actor=handler
        ),
        Conflict,
        "procedures.extension_not_ruled",
    )


def test_KT_d5_the_clock_stands_on_a_legal_ground_and_goes_on_with_what_was_left(
    received, official
):
    handler = official("handler")
    ground = procedures.grounds(act="pause")[1]
    with clock.at(WEDNESDAY_NOON):
        view = procedures.pause(id=received, ground=ground.code, document=DOCUMENT, actor=handler)
    assert view.due.state == "paused"
    assert view.due.remaining_say == f"Tạm dừng tính thời hạn. Căn cứ: {ground.label}"
    assert [one.act for one in view.acts if not one.rare] == ["resume"]
    assert Work.objects.get(dossier=received, done_at=None).due_at is None
    (standing,) = view.pauses
    assert (standing.ground_say, standing.document) == (ground.label, DOCUMENT)
    with clock.at(THURSDAY):
        view = procedures.resume(id=received, actor=official("leader"))
    # It stood from 11:00 to 9:00 of the next day: half an hour, the afternoon, two hours.
    assert view.due.due_at == datetime(2026, 10, 13, 15, 0, tzinfo=clock.VIETNAM)
    assert view.due.state in ("ok", "soon")
    assert view.pauses[0].resumed_at == THURSDAY
    assert Work.objects.get(dossier=received, done_at=None).due_at == view.due.due_at
    assert any(f"theo căn cứ: {ground.label}." in step for step in view.due.steps)
    assert entries(received)[-2:] == ["procedures.paused", "procedures.resumed"]
    assert told(received)[-2:] == [
        f"Hồ sơ {view.tracking_code} tạm dừng tính thời hạn",
        f"Hồ sơ {view.tracking_code} được tính tiếp thời hạn",
    ]


def test_while_the_clock_stands_nobody_goes_on_with_the_dossier(received, official):
    handler = official("handler")
    ground = procedures.grounds(act="pause")[0].code
    procedures.pause(id=received, ground=ground, document=DOCUMENT, actor=handler)
    for call in (
        lambda: procedures.propose(id=received, values={}, note="", actor=handler),
        lambda: procedures.ask_supplement(
            id=received, items=["Giấy tờ"], reason=REASON, actor=handler
        ),
        lambda: procedures.pause(id=received, ground=ground, document=DOCUMENT, actor=handler),
        lambda: procedures.extend(
            id=received, reason=REASON, added="1 ngày làm việc", actor=handler
        ),
    ):
        refused(received, call, Conflict, "procedures.clock_stands")


def test_a_pause_needs_a_declared_ground_and_a_document(received, official):
    handler = official("handler")
    ground = procedures.grounds(act="pause")[0].code
    refused(
        received,
        lambda: procedures.pause(id=received, ground="lười", document=DOCUMENT, actor=handler),
        Invalid,
        "procedures.ground_unknown",
    )
    refused(
        received,
        lambda: procedures.pause(id=received, ground=ground, document=" ", actor=handler),
        Invalid,
        "procedures.document_missing",
    )
    refused(
        received,
        lambda: procedures.resume(id=received, actor=handler),
        Conflict,
        "procedures.not_paused",
    )


def test_the_clock_of_the_applicant_is_not_paused(received, official):
    handler = official("handler")
    procedures.propose(id=received, values={}, note="", actor=handler)
    ground = procedures.grounds(act="pause")[0].code
    refused(
        received,
        lambda: procedures.pause(id=received, ground=ground, document=DOCUMENT, actor=handler),
        Conflict,
        "procedures.not_at_step",
    )


def test_KT_d5_the_agency_stops_a_dossier_and_the_applicant_learns_why(received, mother, official):
    leader = official("leader")
    ground = procedures.grounds(act="pause")[0].code
    procedures.pause(id=received, ground=ground, document=DOCUMENT, actor=leader)
    view = procedures.stop(id=received, reason=REASON, ground="dispute", actor=leader)
    assert (view.status, view.status_say) == (8, "Dừng xử lý")
    assert view.stop.reason == REASON
    assert "tranh chấp" in view.stop.ground_say
    assert view.pauses[0].resumed_at == clock.now()
    assert open_steps(received) == []
    row = Dossier.objects.get(id=received)
    assert (row.finished_at, row.paused_at, row.paused_say) == (clock.now(), None, "")
    hers = see(received, mother)
    assert hers.stop.reason == REASON
    assert hers.acts == ()
    assert told(received)[-1] == f"Hồ sơ {view.tracking_code} dừng giải quyết"
    refused(
        received,
        lambda: procedures.stop(id=received, reason=REASON, ground="dispute", actor=leader),
        Conflict,
        "procedures.already_settled",
    )


def test_a_dossier_is_not_stopped_before_receipt_nor_after_the_signature(mother, official):
    id = submit_marital(mother).dossier_id
    leader = official("leader")

    def stops():
        return procedures.stop(id=id, reason=REASON, ground="dispute", actor=leader)

    refused(id, stops, Conflict, "procedures.not_received")
    bring_to_signature(id, mother, official)
    procedures.approve(id=id, actor=leader)
    refused(id, stops, Conflict, "procedures.result_signed")
    procedures.seal(id=id, actor=official("clerk"))
    refused(id, stops, Conflict, "procedures.already_settled")


def test_stopping_cancels_the_draft_result(mother, official):
    id = submit_marital(mother).dossier_id
    bring_to_signature(id, mother, official)
    procedures.stop(id=id, reason=REASON, ground="dispute", actor=official("handler"))
    assert Result.objects.get(dossier=id).state == "cancelled"
    refused(
        id,
        lambda: procedures.approve(id=id, actor=official("leader")),
        Conflict,
        "procedures.moved_on",
    )


def test_nobody_settles_their_own_affair_beside_the_flow(received, official):
    handler = official("handler")
    Dossier.objects.filter(id=received).update(subject_id=handler.person_id)
    refused(
        received,
        lambda: procedures.stop(id=received, reason=REASON, ground="dispute", actor=handler),
        NotAllowed,
        "access.denied",
    )


def test_a_late_withdrawal_from_a_paused_dossier_ends_the_pause(received, mother, official):
    ground = procedures.grounds(act="pause")[0].code
    procedures.pause(id=received, ground=ground, document=DOCUMENT, actor=official("handler"))
    with clock.at(clock.now() + timedelta(hours=1)):
        view = procedures.withdraw(id=received, reason=REASON, actor=mother)
        assert view.pauses[0].resumed_at == clock.now()
    assert view.status == 7


def test_what_the_house_offers_fits_what_it_allows(received, mother, official):
    offered = {one.act for one in see(received, official("handler")).acts}
    assert offered >= {"propose", "extend", "pause", "stop"}
    issue_id = submit_marital(mother, key="k3").dossier_id
    issue(issue_id, mother, official)
    view = procedures.dossier(id=issue_id, actor=official("handler"), purpose="Kiểm thử")
    assert {one.act for one in view.acts} & {"extend", "pause", "stop"} == set()
