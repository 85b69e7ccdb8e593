"""KT-f2, KT-f4: who answers for it hears of a certificate's end, and of a right taken by force."""

from datetime import timedelta

import pytest

from cuaso.capabilities.certificates import api as certificates
from cuaso.capabilities.certificates import jobs as certificate_jobs
from cuaso.capabilities.certificates.tests import world
from cuaso.capabilities.messages.models import Delivery
from cuaso.foundation.access import api as access
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.saml.models import Partner
from cuaso.foundation.identity.saml.tests.world import key_pair
from cuaso.kernel import clock
from cuaso.kernel.subjects import Subject
from tests.support.dossiers import let_the_house_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
REASON = "Cứu dữ liệu hồ sơ khi cả phòng đi chống bão."


def told(subject):
    """Return to whom letters about a thing went, with their text."""
    rows = Delivery.objects.filter(notice__subject_id=str(subject.id), channel="email")
    return {(row.recipient_name, row.address): row.body for row in rows}


def test_breaking_glass_is_told_at_once_to_the_agencys_head_and_to_the_auditor(official):
    taker, head = official("clerk"), official("leader")
    auditors = directory.holders_below(directory.province().committee_id, "auditor")
    lease = access.break_glass(
        role="handler",
        agency_id=head.agency_id,
        lasts=timedelta(hours=2),
        reason=REASON,
        actor=taker,
    )
    let_the_house_work()
    letters = told(Subject(kind="access.lease", id=lease.id))
    names = {name for name, _ in letters}
    own = {
        one.person.name
        for role in ("leader", "admin")
        for one in directory.holders(head.agency_id, role)
    }
    assert names == own | {one.person.name for one in auditors}
    assert head.name in names
    assert taker.name not in names
    assert auditors
    for body in letters.values():
        assert f"{taker.name} vừa tự lấy vai trò thẩm tra trong trường hợp khẩn cấp" in body
        assert REASON in body
        assert "/ban-lam-viec/quyen/" in body


def test_a_systems_certificate_that_ends_is_told_to_administrators_and_its_contact_once_a_mark(
    official, settings, tmp_path
):
    settings.CUASO_KEYS = tmp_path / "keys"
    certificates.allow_name(
        actor=world.ADMIN, name=world.NAME, client_id="van-ban", contact="truc@van-ban.example"
    )
    made = certificates.issue(actor=world.ADMIN, request=world.pem(world.request(world.NAME)))
    end = made.valid_to_at
    for days, letters in ((29, 1), (28, 1), (6, 2), (1, 3)):
        with clock.at(end - timedelta(days=days, hours=-1)):
            certificate_jobs.warn_due()
            let_the_house_work()
        rows = Delivery.objects.filter(address="truc@van-ban.example")
        assert rows.count() == letters
    assert f"({world.NAME}) hết hạn lúc" in rows.latest("notice__made_at").body
    chief = directory.holders_below(directory.province().committee_id, "admin")[0].person
    mine = Delivery.objects.filter(notice__person_id=chief.id, body__contains="van-ban.example")
    assert mine.filter(channel="email").count() == 3


def test_a_partners_certificate_that_ends_is_told_to_administrators_and_its_contact(official):
    partner = Partner.objects.create(
        entity_id="https://doi-tac.example",
        name="Phần mềm đối tác",
        status="approved",
        certificates=[key_pair("doi-tac", days=5)[1]],
        contact="truc@doi-tac.example",
    )
    identity.warn_of_ends()
    let_the_house_work()
    letters = told(Subject(kind="identity.partner", id=partner.id))
    chief = directory.holders_below(directory.province().committee_id, "admin")[0].person
    assert {name for name, _ in letters} == {chief.name, "Phần mềm đối tác"}
    for body in letters.values():
        assert "Chứng thư ký của hệ thống Phần mềm đối tác hết hạn lúc" in body
        assert "/bao-mat/he-thong-saml/" in body
