"""KT-d5: a department proposes, the province's committee signs; each sees only its own step."""

import subprocess
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed, Unavailable
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Result
from tests.support.dossiers import open_steps, rows_of, upload
from tests.support.pdf import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
LICENCE = "1.004122"
WRONGLY = "Giấy phép cấp sai thẩm quyền."
DEPARTMENT = "so-nong-nghiep-va-moi-truong-gia-lai"
COMMITTEE = "ubnd-tinh-gia-lai"
CENTRE = "ttpvhcc-tinh-gia-lai"


def holder(role: str, agency_key: str) -> Actor:
    agency = directory.agency_by_key(agency_key)
    return directory.actor_for_post(directory.holders(agency.id, role)[0].post.id)


@pytest.fixture
def proposed(mother):
    """Return a drilling licence whose draft waits for the department's leader."""
    draft = procedures.start_draft(code=LICENCE, actor=mother)
    values = procedures.sample_values(code=LICENCE, seed=2)
    draft = procedures.save_draft(id=draft.id, values=values, actor=mother)
    for component in draft.missing_components:
        paper = upload(mother, name="giay-to.pdf")
        procedures.attach(id=draft.id, component=component, file_id=paper, actor=mother)
    id = procedures.submit(id=draft.id, key="khoan", actor=mother).dossier_id
    procedures.receive(id=id, actor=holder("reception", CENTRE))
    procedures.propose(id=id, values={}, note="", actor=holder("handler", DEPARTMENT))
    return id


def test_a_department_initials_and_the_province_signs_numbers_and_seals_KT_d5(proposed, mother):
    assert open_steps(proposed) == ["endorse"]
    seen = procedures.endorse(id=proposed, actor=holder("leader", DEPARTMENT))
    (work,) = [one for one in seen.works if one.done_at is None]
    assert (work.element, work.agency_name) == ("approve", "Ủy ban nhân dân tỉnh Gia Lai")
    procedures.approve(id=proposed, actor=holder("leader", COMMITTEE))
    issued = procedures.seal(id=proposed, actor=holder("clerk", COMMITTEE))
    assert issued.result.number == "01/GP-UBND"
    assert issued.result.signer == holder("leader", COMMITTEE).name
    assert open_steps(proposed) == []
    mine = procedures.dossier(id=proposed, actor=mother)
    assert (mine.status, mine.agency_name) == (10, "Sở Nông nghiệp và Môi trường tỉnh Gia Lai")
    paper = locker.paper(id=mine.result.locker_paper_id, actor=mother)
    assert paper.agency_name == "Ủy ban nhân dân tỉnh Gia Lai"


def test_the_draft_bears_the_committee_s_head_and_its_chair_s_name_KT_d5(proposed):
    draft = Result.objects.get(dossier_id=proposed)
    said = text_of(files.read_clean(draft.draft_file_id))
    assert "UBND TỈNH GIA LAI" in said
    assert holder("leader", COMMITTEE).name in said
    assert holder("leader", DEPARTMENT).name not in said


def test_the_province_returns_with_a_comment_and_the_department_initials_again_KT_d5(proposed):
    department, chair = holder("leader", DEPARTMENT), holder("leader", COMMITTEE)
    procedures.endorse(id=proposed, actor=department)
    reason = "Cần nêu rõ phạm vi hành nghề."
    procedures.return_to_handler(id=proposed, reason=reason, actor=chair)
    assert open_steps(proposed) == ["examine"]
    handler = holder("handler", DEPARTMENT)
    assert procedures.dossier(id=proposed, actor=handler).log[-1].detail == reason
    procedures.propose(id=proposed, values={}, note="", actor=handler)
    assert open_steps(proposed) == ["endorse"]
    procedures.endorse(id=proposed, actor=department)
    procedures.approve(id=proposed, actor=chair)
    assert open_steps(proposed) == ["seal"]


def test_the_department_s_leader_returns_a_draft_before_it_leaves_the_department_KT_d5(proposed):
    procedures.return_to_handler(
        id=proposed, reason="Sai tên máy khoan.", actor=holder("leader", DEPARTMENT)
    )
    assert open_steps(proposed) == ["examine"]


def test_nobody_changes_a_draft_that_was_initialled_KT_d5(proposed):
    procedures.endorse(id=proposed, actor=holder("leader", DEPARTMENT))
    draft = Result.objects.get(dossier_id=proposed)
    (entry,) = [
        one
        for one in audit.history(Subject(kind="procedures.dossier", id=proposed))
        if one.act == "procedures.endorsed"
    ]
    assert entry.content["sha256"] == files.info(draft.draft_file_id).sha256
    assert entry.content["authority"].endswith("ký theo thẩm quyền của mình.")
    before = rows_of(proposed)
    with pytest.raises(Conflict, match="ký nháy") as refused:
        procedures.edit_draft(id=proposed, values={}, note="", actor=holder("handler", DEPARTMENT))
    assert refused.value.code == "procedures.draft_endorsed"
    assert rows_of(proposed) == before


@pytest.mark.parametrize("act", [procedures.endorse, procedures.approve])
def test_neither_leader_does_the_other_s_step_KT_d5(proposed, act):
    wrong = holder("leader", COMMITTEE if act is procedures.endorse else DEPARTMENT)
    if act is procedures.approve:
        procedures.endorse(id=proposed, actor=wrong)
    before = rows_of(proposed)
    with pytest.raises((Conflict, NotAllowed)):
        act(id=proposed, actor=wrong)
    assert rows_of(proposed) == before


def test_the_chair_of_the_province_does_not_find_the_communes_work_in_his_list_KT_d5(
    submitted, proposed
):
    chair = holder("leader", COMMITTEE)
    assert procedures.queue(actor=chair).rows == ()
    procedures.endorse(id=proposed, actor=holder("leader", DEPARTMENT))
    assert [row.id for row in procedures.queue(actor=chair).rows] == [proposed]
    before = rows_of(submitted)
    with pytest.raises(NotAllowed):
        procedures.stop(id=submitted, reason=WRONGLY, ground="dispute", actor=chair)
    assert rows_of(submitted) == before


def test_only_the_province_takes_its_licence_back_KT_d5(proposed):
    department, chair = holder("leader", DEPARTMENT), holder("leader", COMMITTEE)
    procedures.endorse(id=proposed, actor=department)
    procedures.approve(id=proposed, actor=chair)
    procedures.seal(id=proposed, actor=holder("clerk", COMMITTEE))
    before = rows_of(proposed)
    with pytest.raises(NotAllowed):
        procedures.revoke_result(
            id=proposed, reason=WRONGLY, ground="against_rules", actor=department
        )
    assert rows_of(proposed) == before
    taken = procedures.revoke_result(
        id=proposed, reason=WRONGLY, ground="against_rules", actor=chair
    )
    assert taken.result.state == "revoked"


def test_a_leader_initials_and_signs_what_waits_with_one_consent_KT_d5(proposed):
    department = holder("leader", DEPARTMENT)
    ((id, done, said),) = procedures.approve_many(ids=[proposed], actor=department)
    assert (id, done) == (proposed, True)
    assert said.endswith("trình Ủy ban nhân dân tỉnh Gia Lai.")
    assert open_steps(proposed) == ["approve"]


def signatures_of(file_id):
    verdict = signing.verify(files.read_clean(file_id))
    assert verdict.ok
    return verdict.signatures


def test_the_department_s_initials_stand_in_the_draft_and_hold_after_signature_and_seal_KT_h3(
    proposed, client, mother
):
    department, chair = holder("leader", DEPARTMENT), holder("leader", COMMITTEE)
    drawn = Result.objects.get(dossier_id=proposed).draft_file_id
    procedures.endorse(id=proposed, actor=department)
    draft = Result.objects.get(dossier_id=proposed)
    assert (draft.state, draft.attempt) == ("draft", None)
    assert draft.draft_file_id != drawn
    (initials,) = signatures_of(draft.draft_file_id)
    assert (initials.initials, initials.signer, initials.field) == (
        True,
        department.name,
        "initial-1",
    )
    procedures.approve(id=proposed, actor=chair)
    procedures.seal(id=proposed, actor=holder("clerk", COMMITTEE))
    issued = files.read_clean(Result.objects.get(dossier_id=proposed).final_file_id)
    verdict = signing.verify(issued)
    assert verdict.sentence == "Văn bản có 3 chữ ký số, tất cả đều hợp lệ."
    assert [one.signer for one in verdict.signatures] == [
        department.name,
        chair.name,
        "Ủy ban nhân dân tỉnh Gia Lai",
    ]
    first = verdict.signatures[0]
    assert "ký nháy, xác nhận đã kiểm tra dự thảo, lúc" in first.sentence
    assert "chữ ký của người có thẩm quyền, số, ngày" in first.changed_after
    upload_of = SimpleUploadedFile("a.pdf", issued, "application/pdf")
    page = client.post("/xac-minh/", {"way": "file", "pdf": upload_of}).content.decode()
    assert "Người ký nháy (kiểm tra dự thảo)" in page
    assert page.count("ký nháy, xác nhận") == 1


@pytest.fixture
def deputy(proposed):
    """Another leader of the committee than the one whose name the draft bears."""
    agency, administrator = directory.agency_by_key(COMMITTEE), holder("admin", COMMITTEE)
    person = directory.ensure_person(name="Trần Thị Ký Thay", personal_number="052188000777")
    post = directory.appoint(
        agency_id=agency.id,
        person_id=person.id,
        title="Phó Chủ tịch Ủy ban nhân dân",
        roles={"leader"},
        start=clock.today() - timedelta(days=1),
        actor=administrator,
    )
    signing.issue_key(
        label=f"post-{post.id}",
        subject_name=person.name,
        organisation=agency.name,
        title=post.title,
        owner_id=post.id,
        actor=administrator,
    )
    return directory.actor_for_post(post.id)


def test_where_a_deputy_signs_the_initials_are_carried_to_the_new_paper_with_a_proof_KT_h3(
    proposed, deputy
):
    department, chair = holder("leader", DEPARTMENT), holder("leader", COMMITTEE)
    procedures.endorse(id=proposed, actor=department)
    initialled = files.info(Result.objects.get(dossier_id=proposed).draft_file_id)
    procedures.approve(id=proposed, actor=deputy)
    history = audit.history(Subject(kind="procedures.dossier", id=proposed))
    (endorsed,) = [one for one in history if one.act == "procedures.endorsed"]
    (approved,) = [one for one in history if one.act == "procedures.approved"]
    assert approved.content["initials"] == {
        "entry": str(endorsed.id),
        "by": department.name,
        "sha256": initialled.sha256,
        "content_sha256": endorsed.content["content_sha256"],
    }
    assert f"nội dung giữ nguyên như dự thảo mà {department.name} đã ký nháy lúc" in approved.reason
    result = Result.objects.get(dossier_id=proposed)
    assert result.draft_file_id == initialled.id  # the initialled draft stays in the dossier
    said = text_of(files.read_clean(result.signed_file_id))
    assert (deputy.name in said, chair.name in said) == (True, False)
    assert [one.signer for one in signatures_of(result.signed_file_id)] == [deputy.name]
    line = procedures.dossier(id=proposed, actor=department).log[-1]
    assert line.detail == approved.reason


def test_where_the_chair_was_replaced_the_initials_stand_and_are_carried_to_the_new_paper_KT_h3(
    proposed, deputy
):
    chair = holder("leader", COMMITTEE)
    administrator = holder("admin", COMMITTEE)
    for one in directory.holders(chair.agency_id, "leader"):
        if one.post.id != deputy.post_id:
            directory.leave_post(post_id=one.post.id, actor=administrator, reason="Nghỉ hưu")
    procedures.endorse(id=proposed, actor=holder("leader", DEPARTMENT))
    procedures.approve(id=proposed, actor=deputy)
    result = Result.objects.get(dossier_id=proposed)
    said = text_of(files.read_clean(result.signed_file_id))
    assert (deputy.name in said, chair.name in said) == (True, False)
    history = audit.history(Subject(kind="procedures.dossier", id=proposed))
    (approved,) = [one for one in history if one.act == "procedures.approved"]
    assert approved.content["initials"]["by"] == holder("leader", DEPARTMENT).name


def test_a_draft_from_before_its_name_was_kept_is_initialled_over_who_would_sign_today_KT_h3(
    proposed, monkeypatch
):
    Result.objects.filter(dossier_id=proposed).update(drawn_post_id=None, drawn_name="")
    given, initial = {}, signing.initial
    monkeypatch.setattr(signing, "initial", lambda **asked: given.update(asked) or initial(**asked))
    procedures.endorse(id=proposed, actor=holder("leader", DEPARTMENT))
    chair = holder("leader", COMMITTEE)
    assert given["signer_name"] == chair.name
    procedures.approve(id=proposed, actor=chair)
    result = Result.objects.get(dossier_id=proposed)
    assert result.signer == chair.name
    assert signing.verify(files.read_clean(result.signed_file_id)).ok


def test_a_deputy_does_not_sign_other_words_than_those_that_were_initialled_KT_h3(proposed, deputy):
    procedures.endorse(id=proposed, actor=holder("leader", DEPARTMENT))
    row = Result.objects.get(dossier_id=proposed)
    Result.objects.filter(id=row.id).update(values={**row.values, "purpose": "Mục đích khác"})
    before = rows_of(proposed)
    with pytest.raises(Conflict) as refused:
        procedures.approve(id=proposed, actor=deputy)
    assert refused.value.code == "procedures.initials_of_other_text"
    assert rows_of(proposed) == before


def test_a_deputy_does_not_sign_over_initials_that_do_not_hold_KT_h3(proposed, deputy, monkeypatch):
    procedures.endorse(id=proposed, actor=holder("leader", DEPARTMENT))
    before = rows_of(proposed)
    verdict = signing.Verdict(ok=False, sentence="Chứng thư số đã bị thu hồi trước khi ký.")
    monkeypatch.setattr(signing, "verify", lambda _pdf: verdict)
    with pytest.raises(Conflict) as refused:
        procedures.approve(id=proposed, actor=deputy)
    assert (refused.value.code, refused.value.why) == (
        "procedures.initials_broken",
        verdict.sentence,
    )
    assert rows_of(proposed) == before


def test_the_printed_signer_s_paper_bears_the_initials_and_needs_no_carrying_KT_h3(proposed):
    procedures.endorse(id=proposed, actor=holder("leader", DEPARTMENT))
    procedures.approve(id=proposed, actor=holder("leader", COMMITTEE))
    entry = audit.history(Subject(kind="procedures.dossier", id=proposed))[-1]
    assert (entry.act, entry.reason, "initials" in entry.content) == (
        "procedures.approved",
        "",
        False,
    )


@pytest.mark.outside
def test_pdfsig_calls_initials_signature_and_seal_valid_KT_h3(proposed, tmp_path):
    procedures.endorse(id=proposed, actor=holder("leader", DEPARTMENT))
    procedures.approve(id=proposed, actor=holder("leader", COMMITTEE))
    procedures.seal(id=proposed, actor=holder("clerk", COMMITTEE))
    paper = tmp_path / "giay-phep.pdf"
    paper.write_bytes(files.read_clean(Result.objects.get(dossier_id=proposed).final_file_id))
    told = subprocess.run(
        ["pdfsig", "-nocert", paper], capture_output=True, check=True, text=True
    ).stdout
    assert told.count("Signature Validation: Signature is Valid.") == 3
    assert told.count("Signature Type: ETSI.CAdES.detached") == 3


def test_without_time_stamps_nothing_is_initialled_and_the_draft_waits_KT_h3(proposed, outside):
    before = rows_of(proposed)
    outside.fault(outside.timestamp, "down")
    with pytest.raises(Unavailable):
        procedures.endorse(id=proposed, actor=holder("leader", DEPARTMENT))
    assert rows_of(proposed) == before
    outside.fault(outside.timestamp, "ok")
    procedures.endorse(id=proposed, actor=holder("leader", DEPARTMENT))
    assert open_steps(proposed) == ["approve"]


def test_who_lacks_the_authority_initials_nothing_KT_f4(proposed):
    department = holder("leader", DEPARTMENT)
    access.give_mandate(
        form="KT",
        post_id=department.post_id,
        principal_post_id=holder("clerk", DEPARTMENT).post_id,
        agency_id=department.agency_id,
        from_at=clock.now(),
        actor=holder("admin", COMMITTEE),
        basis="Quyết định 15/QĐ-SNNMT",
        matters=["2.000815"],
    )
    before = rows_of(proposed)
    with pytest.raises(NotAllowed) as refused:
        procedures.endorse(id=proposed, actor=department)
    assert refused.value.code == "access.no_authority"
    assert rows_of(proposed) == before
