"""KT-e4: who erases an account takes no file with it that another's matter still names."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.tests.test_attached import PNG
from cuaso.channels.portal.tests.conftest import MOTHER
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.services.accounts import api as accounts
from cuaso.services.procedures import api as procedures
from tests.house.test_person_data import linked, own_upload
from tests.support.answers import BIRTH, PDF
from tests.support.registers import entered, holder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]


def test_KT_e4_who_sent_papers_for_a_ward_erases_the_account_and_the_dossier_keeps_its_papers(
    official,
):
    account = linked(MOTHER)
    mother = Actor(kind="citizen", name=account.display_name, person_id=account.person_id)
    ward = directory.wards_of(account.person_id)[0]
    guardian = Actor(kind="guardian", name=mother.name, person_id=mother.person_id, for_id=ward.id)
    sent, loose = own_upload(guardian, "chung-sinh.pdf", PDF), own_upload(mother, "le.pdf", PDF)
    draft = procedures.start_draft(code="1.001193", actor=guardian)
    procedures.save_draft(id=draft.id, values=BIRTH, actor=guardian)
    procedures.attach(id=draft.id, component="birth_notice", file_id=sent.id, actor=guardian)
    dossier_id = procedures.submit(id=draft.id, key="k1", actor=guardian).dossier_id
    assert procedures.my_dossiers(actor=mother).rows == ()
    kept = {one.what: one.count for one in accounts.foresee(actor=mother)}
    assert kept["Tệp đã gửi mà hồ sơ hoặc bản ghi còn dùng"] == 1
    accounts.erase(actor=mother, agreed=True)
    assert set(files.infos((sent.id, loose.id))) == {sent.id}
    seen = procedures.dossier(id=dossier_id, actor=official("reception"))
    assert [one.file_id for one in seen.papers] == [sent.id]


def test_KT_e4_an_official_erases_the_own_account_and_a_record_keeps_its_photo():
    handler = holder("so-noi-vu-gia-lai", "handler")
    account = linked(directory.person(handler.person_id).personal_number)
    herself = Actor(kind="citizen", name=handler.name, person_id=account.person_id)
    assert herself.person_id == handler.person_id
    photo, loose = own_upload(handler, "anh.png", PNG), own_upload(handler, "le.png", PNG)
    made = entered("home-affairs/boundary_marker", handler, photo=[str(photo.id)])
    accounts.erase(actor=herself, agreed=True)
    assert set(files.infos((photo.id, loose.id))) == {photo.id}
    seen = registries.record(registry=made.registry, id=made.id, actor=handler)
    assert [str(one) for one in seen.value("photo")] == [str(photo.id)]
