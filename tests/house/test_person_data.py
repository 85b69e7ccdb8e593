"""KT-e4: users are stored once, linked to the registers, exportable and erasable by law."""

import io
import json
import zipfile
from datetime import date

import httpx
import pytest
from django.db import transaction
from django.test import Client

from cuaso.capabilities.exchange.logic import businesses as register
from cuaso.capabilities.messages.models import Delivery
from cuaso.channels.portal.tests.conftest import MOTHER
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.models import Entry
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.models import Person
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import PAPERS
from cuaso.foundation.identity.contracts import Claims
from cuaso.foundation.identity.logic.link_citizen import link_citizen
from cuaso.foundation.identity.models import Account
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed
from cuaso.kernel.subjects import Subject
from cuaso.services.accounts import api as accounts
from cuaso.services.accounts import jobs
from cuaso.services.accounts.models import Erasure, RegisterCheck
from cuaso.services.feedback import api as feedback
from cuaso.services.feedback.contracts import Verdict
from cuaso.services.feedback.models import Rating
from cuaso.services.procedures import api as procedures
from tests.support.answers import MARITAL, PDF
from tests.support.dossiers import let_the_house_work, submit_birth
from tests.support.feedback import deliver_at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
KHAI = "052083000125"
TOKEN = {"Authorization": "Bearer test"}


@pytest.fixture(autouse=True)
def _rested():
    register.BREAKER.succeeded()


def linked(number, *, name="", birth_date=None):
    """Link the account of the invented person of a number, as their first sign-in does."""
    person = directory.find_person(number)
    return link_citizen(
        claims=Claims(
            subject=f"chu-the-{number}",
            personal_number=number,
            name=name or person.name,
            birth_date=birth_date or (person.birth_date if person else None),
            sex=person.sex if person else "female",
            phone="",
            assurance=2,
        )
    )


def checked(account):
    let_the_house_work()
    jobs.check_due()
    return RegisterCheck.objects.get(account_id=account.id)


def browser(account, *, assurance=2):
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["identity_assurance"] = assurance
    session["identity_proven"] = clock.now().timestamp()
    session.save()
    return client


def own_upload(actor, name, content):
    return files.store(
        actor=actor,
        name=name,
        declared_type="application/octet-stream",
        chunks=[content],
        limit_bytes=5_000_000,
        allowed=PAPERS,
        owner_id=actor.person_id,
    )


def represent(outside, tax_code, numbers):
    httpx.post(
        f"{outside.population}/businesses/{tax_code}/representatives",
        json={"numbers": numbers},
        headers=TOKEN,
    ).raise_for_status()


def test_KT_e4_a_new_account_is_checked_against_the_population_and_the_business_register():
    account = linked(KHAI)
    row = checked(account)
    assert (row.state, row.differing, row.businesses) == ("agrees", [], 2)
    (told,) = accounts.checks_of(account.person_id)
    assert told.say == "Thông tin khớp với cơ sở dữ liệu quốc gia về dân cư."
    acts = [one.act for one in audit.history(Subject(kind="identity.account", id=account.id))]
    assert acts == ["identity.citizen_linked", "accounts.checked"]
    purposes = {one.purpose for one in audit.looks_at(account.person_id)}
    assert purposes == {
        "Đối chiếu tài khoản với cơ sở dữ liệu quốc gia",
        "Xác định doanh nghiệp mà chủ tài khoản là người đại diện theo pháp luật",
    }


def test_KT_e4_a_person_is_stored_once_whichever_way_they_come(citizen):
    before = citizen(MOTHER).person_id
    account = linked(MOTHER)
    again = linked(MOTHER)
    assert (account.id, account.person_id) == (again.id, before)
    assert Account.objects.filter(person_id=before, kind="citizen").count() == 1


def test_KT_e4_what_differs_from_the_register_is_shown_and_nothing_is_corrected():
    account = linked(MOTHER)
    person = directory.person(account.person_id)
    Person.objects.filter(id=person.id).update(name="Võ Thị Tên Khác")
    row = checked(account)
    assert (row.state, row.differing) == ("differs", ["name"])
    assert directory.person(person.id).name == "Võ Thị Tên Khác"
    (told,) = accounts.checks_of(person.id)
    assert "Khác với cơ sở dữ liệu quốc gia về dân cư: họ tên." in told.say


def test_KT_e4_while_the_register_is_down_the_check_waits_and_nobody_loses_a_right(outside):
    account = linked(KHAI)
    outside.fault(outside.population, "down")
    row = checked(account)
    assert (row.state, row.tries) == ("waiting", 1)
    assert len(directory.businesses_of(account.person_id)) == 2
    outside.fault(outside.population, "ok")
    jobs.check_registers.exchange.population.status()
    RegisterCheck.objects.update(next_try_at=clock.now())
    jobs.check_due()
    row.refresh_from_db()
    assert row.state == "agrees"


def test_KT_e4_the_business_register_gives_and_takes_the_capacity(outside):
    account = linked(KHAI)
    checked(account)
    client = browser(account)
    fish = directory.find_business("4199990019")
    assert fish.name in client.get("/tu-cach/").content.decode()
    represent(outside, "4199990019", [])
    try:
        client.post("/quyen-cua-toi/doi-chieu/")
        jobs.check_due()
        assert fish.name not in client.get("/tu-cach/").content.decode()
        refused = client.post("/tu-cach/", {"capacity": f"business:{fish.id}"})
        assert refused.status_code == 403
    finally:
        represent(outside, "4199990019", [KHAI])


def test_KT_e4_a_person_takes_everything_in_one_archive():
    account = linked(MOTHER)
    mother = Actor(kind="citizen", name=account.display_name, person_id=account.person_id)
    own_upload(mother, "giay-cua-toi.pdf", PDF)
    submit_birth(mother)
    procedures.save_draft(
        id=procedures.start_draft(code="1.004873", actor=mother).id, values=MARITAL, actor=mother
    )
    answer = browser(account).post("/quyen-cua-toi/ban-sao/")
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        told = json.loads(archive.read("du-lieu.json"))
        page = archive.read("doc.html").decode()
        kept = [name for name in names if name.endswith("giay-cua-toi.pdf")]
        assert archive.read(kept[0]) == PDF
    assert told["format"] == "cuaso-du-lieu-ca-nhan/1"
    assert told["data"]["person"][0]["personal_number"] == MOTHER
    assert len(told["data"]["dossiers"]) == 1
    assert len(told["data"]["drafts"]) == 1
    assert [one["what"] for one in told["kept"]][:1] == ["Hồ sơ thủ tục hành chính đã nộp"]
    assert "Dữ liệu được giữ ở đâu và vì sao" in page
    assert MOTHER in page
    about = Subject(kind="directory.person", id=account.person_id)
    assert audit.history(about)[-1].act == "accounts.exported"


def test_KT_e4_a_copy_needs_two_factors_lately_and_oneself(citizen):
    account = linked(KHAI)
    weak = browser(account, assurance=1).post("/quyen-cua-toi/ban-sao/")
    assert weak["Location"].startswith("/xac-thuc-them/?loai=sensitive")
    business = directory.businesses_of(account.person_id)[0]
    representative = Actor(
        kind="business", name="x", person_id=account.person_id, for_id=business.id
    )
    with pytest.raises(NotAllowed) as refused:
        accounts.export(actor=representative)
    assert refused.value.code == "accounts.for_oneself_only"
    assert accounts.erasures_of(account.person_id) == ()


def test_KT_e4_erasure_is_foreseen_and_agreed_to_before_anything_goes():
    account = linked(MOTHER)
    mother = Actor(kind="citizen", name=account.display_name, person_id=account.person_id)
    submit_birth(mother)
    client = browser(account)
    foreseen = client.get("/quyen-cua-toi/xoa/").content.decode()
    assert "Hồ sơ thủ tục hành chính đã nộp" in foreseen
    assert "Luật Lưu trữ 33/2024/QH15" in foreseen
    silent = client.post("/quyen-cua-toi/xoa/")
    assert (silent.status_code, Erasure.objects.count()) == (422, 0)
    account.refresh_from_db()
    assert account.is_active


def test_KT_e4_erasure_takes_what_law_does_not_keep(official):
    account = linked(MOTHER)
    mother = Actor(kind="citizen", name=account.display_name, person_id=account.person_id)
    loose = own_upload(mother, "rieng.pdf", PDF)
    sent = submit_birth(mother)
    procedures.start_draft(code="1.004873", actor=mother)
    client = browser(account)
    done = client.post("/quyen-cua-toi/xoa/", {"agreed": "yes"})
    assert "Đã xóa dữ liệu" in done.content.decode()
    assert procedures.drafts(actor=mother) == ()
    assert files.infos((loose.id,)) == {}
    account.refresh_from_db()
    assert (account.display_name, account.is_active) == ("Tài khoản đã xóa", False)
    assert account.person_id != mother.person_id
    # The dossier is the agency's, with what was said in it.
    assert procedures.dossier(id=sent.dossier_id, actor=official("reception")).applicant_name
    (told,) = accounts.erasures_of(mother.person_id)
    assert dict(told.erased)["Bản nháp"] == 1
    assert dict(told.erased)["Tệp chưa gắn với hồ sơ"] == 1
    assert {one.what for one in told.kept} >= {
        "Hồ sơ thủ tục hành chính đã nộp",
        "Cam kết trong sổ nhật ký chống sửa",
    }
    assert client.get("/quyen-cua-toi/").status_code == 302


def test_KT_e4_a_person_takes_what_they_said_of_the_service_and_has_their_remark_forgotten():
    account = linked(MOTHER)
    mother = Actor(kind="citizen", name=account.display_name, person_id=account.person_id)
    sent = submit_birth(mother)
    feedback.complain(
        dossier_id=sent.dossier_id, kind="complaint", text="Chờ lâu mà không ai gọi.", actor=mother
    )
    deliver_at_once(sent.dossier_id)
    said = Verdict(score=2, criteria={"time": 1}, remark="Tôi phải chờ ba buổi.")
    feedback.rate(dossier_id=sent.dossier_id, verdict=said, actor=mother)
    answer = browser(account).post("/quyen-cua-toi/ban-sao/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        told = json.loads(archive.read("du-lieu.json"))
    (given,), (sent_in,) = told["data"]["ratings"], told["data"]["complaints"]
    assert (given["score"], given["remark"]) == ("Không hài lòng", "Tôi phải chờ ba buổi.")
    assert given["criteria"] == {"Thời gian giải quyết": "Rất không hài lòng"}
    assert (sent_in["kind"], sent_in["text"]) == ("Phản ánh", "Chờ lâu mà không ai gọi.")
    accounts.erase(actor=mother, agreed=True)
    row = Rating.objects.get(dossier_id=sent.dossier_id)
    assert (row.score, row.remark) == (2, "")
    (rated,) = audit.history(Subject(kind="feedback.rating", id=row.id))[-1:]
    assert (rated.act, rated.content) == ("feedback.rated", {})
    (erased,) = accounts.erasures_of(mother.person_id)
    assert dict(erased.erased)["Nhận xét trong đánh giá"] == 1
    kept = {one.what: one.count for one in erased.kept}
    assert kept["Phản ánh, kiến nghị về hồ sơ và văn bản trả lời"] == 1
    assert kept["Mức điểm đánh giá, không kèm nhận xét"] == 1


def test_KT_e4_the_ledger_keeps_commitments_of_what_it_no_longer_tells():
    account = linked(MOTHER)
    mother = Actor(kind="citizen", name=account.display_name, person_id=account.person_id)
    audit.sequence()
    accounts.erase(actor=mother, agreed=True)
    first = Entry.objects.get(subject_id=account.id, act="identity.citizen_linked")
    assert (first.sealed, first.salt, first.actor_person_id) == (None, None, None)
    assert len(first.commitment) == 32
    audit.sequence()
    assert audit.verify().ok
    (key,) = audit.public_keys().values()
    assert audit.check_proof(audit.prove(first.entry_id), public_key=key).ok


def test_KT_e4_who_comes_back_after_an_erasure_begins_anew():
    account = linked(MOTHER)
    mother = Actor(kind="citizen", name=account.display_name, person_id=account.person_id)
    accounts.erase(actor=mother, agreed=True)
    fresh = linked(MOTHER)
    assert fresh.id != account.id
    assert fresh.person_id == mother.person_id


def test_KT_e4_content_shared_by_two_owners_stays_while_one_has_it(citizen):
    account = linked(MOTHER)
    mother = Actor(kind="citizen", name=account.display_name, person_id=account.person_id)
    other = citizen(KHAI)
    content = PDF + b"\n%% chung"
    hers = own_upload(mother, "chung.pdf", content)
    his = own_upload(other, "chung.pdf", content)
    assert hers.sha256 == his.sha256
    assert files.references(hers.sha256) == 2
    accounts.erase(actor=mother, agreed=True)
    assert files.references(hers.sha256) == 1
    assert files.infos((hers.id,)) == {}
    files.gc()
    assert files.read_clean(his.id) == content


def test_KT_e4_whoever_owns_an_account_is_told_at_every_address(official):
    handler = official("handler")
    account = Account.objects.get(person_id=handler.person_id, kind="official")
    Account.objects.filter(pk=account.pk).update(email="co-quan@gialai.example")
    with transaction.atomic():
        audit.publish(
            topic="identity.device_new",
            subject=Subject(kind="identity.account", id=account.id),
            payload={
                "device": "Firefox trên máy tính Windows",
                "place": "10.9.9.9",
                "at": clock.now().isoformat(),
            },
        )
    let_the_house_work()
    sent = Delivery.objects.filter(notice__subject_id=account.id)
    own = directory.person(account.person_id).email
    assert {one.address for one in sent if one.channel == "email"} == {
        own,
        "co-quan@gialai.example",
    }
    assert all(
        "Firefox trên máy tính Windows, địa chỉ 10.9.9.9" in one.body
        for one in sent
        if one.channel == "email"
    )


def test_KT_e4_the_texts_of_messages_go_and_that_they_were_sent_stays():
    account = linked(MOTHER)
    mother = Actor(kind="citizen", name=account.display_name, person_id=account.person_id)
    submit_birth(mother)
    Delivery.objects.filter(notice__person_id=mother.person_id).update(state="sent")
    sent = Delivery.objects.filter(notice__person_id=mother.person_id)
    assert sent.exclude(body="").exists()
    before = sent.count()
    accounts.erase(actor=mother, agreed=True)
    assert not sent.exclude(body="").exists()
    assert sent.count() == before


@pytest.mark.parametrize(
    ("name", "born"),
    [("Người Khác Hẳn", None), ("", date(1950, 1, 1))],
    ids=["name", "birth date"],
)
def test_KT_j4_a_number_that_stands_here_for_another_name_is_not_linked(name, born):
    with pytest.raises(NotAllowed) as refused:
        linked(MOTHER, name=name, birth_date=born)
    assert refused.value.code == "identity.another_name"
    assert "bộ phận một cửa" in refused.value.mend
