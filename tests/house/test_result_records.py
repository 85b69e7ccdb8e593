"""TT-IV.12: what an issued result says stands in the register that its procedure names."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier, Result
from tests.support.answers import QUY_NHON
from tests.support.dossiers import issue, let_the_house_work, submit_marital, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]

BIRTHS = "justice/birth"
AT_QUY_NHON = {"request.office": QUY_NHON}
REASON = "Ghi sai chữ đệm của trẻ."


@pytest.fixture
def registered(mother, official, submitted):
    issue(submitted, mother, official)
    let_the_house_work()
    return submitted


def rows(official, registry=BIRTHS, *, gone=False):
    asked = ListQuery(gone=gone)
    return registries.list_records(registry=registry, query=asked, actor=official("handler")).rows


def only(official, registry=BIRTHS):
    (row,) = rows(official, registry)
    return registries.record(registry=registry, id=row.id, actor=official("handler"))


def changes(record, official):
    return registries.history(registry=record.registry, id=record.id, actor=official("handler"))


def test_TT_IV_12_a_clerk_seals_a_birth_and_the_register_holds_it_once(registered, official):
    record, result = only(official), Result.objects.get(dossier=registered)
    assert record.value("number") == result.number == "01/2026"
    assert record.value("registered_on") == "2026-10-07"
    assert record.value("personal_number") == result.values["personal_number"]
    assert record.value("signer") == result.signer
    assert {path: record.text(path) for path in ("full_name", "sex", "kind", "late", "state")} == {
        "full_name": "Trần Võ An Nhiên",
        "sex": "Nữ",
        "kind": "Đăng ký lần đầu",
        "late": "Không",
        "state": "Có hiệu lực",
    }
    assert record.value("mother_number") == "052196000122"
    assert record.value("mother_residence.street") == "12 Nguyễn Huệ"
    (first,) = changes(record, official)
    dossier = Dossier.objects.get(id=registered)
    assert (first.act, first.origin, first.origin_id) == ("added", "dossier", dossier.dossier_code)


def test_the_house_hears_twice_of_one_birth_and_the_register_does_not_change(registered, official):
    before = only(official)
    about = Subject(kind="procedures.dossier", id=registered)
    audit.publish(topic="procedures.issued", subject=about, payload={})
    let_the_house_work()
    assert only(official) == before
    assert len(changes(before, official)) == 1


def test_KT_d5_a_corrected_birth_amends_its_record_and_the_earlier_text_is_history(
    registered, official
):
    first = only(official)
    procedures.correct_result(
        id=registered,
        values={"child.full_name": "Trần Võ An Nhi"},
        reason=REASON,
        actor=official("handler"),
    )
    procedures.approve(id=registered, actor=official("leader"))
    procedures.seal(id=registered, actor=official("clerk"))
    let_the_house_work()
    second = only(official)
    assert second.id == first.id
    assert second.value("full_name") == "Trần Võ An Nhi"
    assert second.value("number") == Result.objects.get(dossier=registered).number
    assert second.value("number") != first.value("number")
    assert second.value("personal_number") == first.value("personal_number")
    assert [line.act for line in changes(second, official)] == ["changed", "added"]


def test_KT_d5_a_leader_revokes_a_birth_certificate_and_its_record_goes_to_the_bin(
    registered, official
):
    before = only(official)
    procedures.revoke_result(
        id=registered, reason=REASON, ground="against_rules", actor=official("leader")
    )
    let_the_house_work()
    assert rows(official) == ()
    (binned,) = rows(official, gone=True)
    assert binned.id == before.id


def test_a_confirmation_of_marital_status_is_written_down_with_its_purpose(mother, official):
    id = submit_marital(mother).dossier_id
    issue(id, mother, official)
    let_the_house_work()
    record = only(official, "justice/marital_status")
    assert record.value("number") == "01/UBND-XNTTHN"
    assert record.text("status") == "Chưa kết hôn"
    assert record.text("purpose_text") == "Bổ túc hồ sơ mua nhà ở"
    assert rows(official) == ()


def submit_sample(code, actor, **changed):
    """Submit an invented form of a procedure, with every paper that it calls for."""
    values = {**procedures.sample_values(code=code, seed=5), **changed}
    draft = procedures.start_draft(code=code, actor=actor)
    draft = procedures.save_draft(id=draft.id, values=values, actor=actor)
    for component in draft.missing_components:
        paper = upload(actor, name="giay-to.pdf")
        procedures.attach(id=draft.id, component=component, file_id=paper, actor=actor)
    return procedures.submit(id=draft.id, key=code, actor=actor).dossier_id


@pytest.mark.parametrize(
    ("code", "registry", "path"),
    [
        ("1.004884", BIRTHS, "person.full_name"),
        ("1.000894", "justice/marriage", "groom.full_name"),
        ("1.000656", "justice/death", "deceased.full_name"),
    ],
)
def test_TT_IV_12_a_clerk_seals_and_the_register_of_the_procedure_holds_it(
    mother, official, code, registry, path
):
    id = submit_sample(code, mother, **AT_QUY_NHON)
    issue(id, mother, official)
    let_the_house_work()
    record, result = only(official, registry), Result.objects.get(dossier=id)
    section, name = path.split(".")
    kept = record.value(name) or record.value(f"{section}_name")
    assert kept == result.values[section][name]
    assert record.value("number") == result.number


def test_a_change_of_civil_status_brings_its_rows_into_the_register(mother, official):
    id = submit_sample("1.004859", mother, **AT_QUY_NHON)
    issue(id, mother, official)
    let_the_house_work()
    record, result = only(official, "justice/civil_change"), Result.objects.get(dossier=id)
    rows_kept = record.groups["changes"]
    kept = [one.value for row in rows_kept for one in row if one.path.endswith("after")]
    assert kept == [row["after"] for row in result.values["changes"]]
    assert len(kept) >= 1


def holder(agency_key, role):
    agency = directory.agency_by_key(agency_key)
    return directory.actor_for_post(directory.holders(agency.id, role)[0].post.id)


@pytest.mark.parametrize(
    ("code", "registry", "department"),
    [
        ("1.013830", "justice/notary_card", "so-tu-phap-gia-lai"),
        ("1.008891", "construction/practice_certificate", "so-xay-dung-gia-lai"),
        ("1.012906", "construction/practice_certificate", "so-xay-dung-gia-lai"),
    ],
)
def test_a_department_issues_a_certificate_and_its_register_holds_it(
    mother, code, registry, department
):
    id = submit_sample(code, mother)
    procedures.receive(id=id, actor=holder("ttpvhcc-tinh-gia-lai", "reception"))
    procedures.propose(id=id, values={}, note="", actor=holder(department, "handler"))
    procedures.approve(id=id, actor=holder(department, "leader"))
    procedures.seal(id=id, actor=holder(department, "clerk"))
    let_the_house_work()
    (row,) = registries.list_records(
        registry=registry, query=ListQuery(), actor=holder(department, "handler")
    ).rows
    result = Result.objects.get(dossier=id)
    assert row.name.startswith(result.number) or row.name.endswith(result.number)
