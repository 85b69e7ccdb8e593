"""KT-d5: a limit that depends on the case is chosen by what was declared, and says so."""

import pytest

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.services.procedures import api as procedures
from tests.support.dossiers import upload
from tests.support.pdf import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
LIST = "1.000045"
CASE = "Trường hợp: Phải xác minh nguồn gốc lâm sản; thời hạn 3 ngày làm việc."


def submitted(applicant, check):
    """Submit a list of forest products whose time limit follows from `check`; return its id."""
    values = procedures.sample_values(code=LIST, seed=2)
    draft = procedures.start_draft(code=LIST, actor=applicant)
    values["origin.check"] = check
    draft = procedures.save_draft(id=draft.id, values=values, actor=applicant)
    for component in draft.missing_components:
        paper = upload(applicant, name="giay-to.pdf")
        procedures.attach(id=draft.id, component=component, file_id=paper, actor=applicant)
    return procedures.submit(id=draft.id, key=str(draft.id), actor=applicant).dossier_id


def received(applicant, check):
    """Return a list of forest products that the province's centre received on a Wednesday."""
    id = submitted(applicant, check)
    return procedures.receive(id=id, actor=holder("ttpvhcc-tinh-gia-lai", "reception"))


def holder(agency_key, role):
    """Return who holds a role at an agency."""
    agency = directory.agency_by_key(agency_key)
    return directory.actor_for_post(directory.holders(agency.id, role)[0].post.id)


@pytest.mark.parametrize(
    ("check", "day", "first"),
    [("none", 9, ""), ("verify", 12, CASE), ("complex", 13, "Trường hợp")],
)
def test_a_dossier_is_due_by_its_case_and_says_why_KT_d5(mother, check, day, first):
    seen = received(mother, check)
    due = seen.due.due_at.astimezone(clock.VIETNAM)
    assert (due.month, due.day, due.hour) == (10, day, 17)
    assert seen.due.steps[0].startswith(first)
    assert ("Trường hợp" in " ".join(seen.due.steps)) is (check != "none")


def test_the_receipt_says_the_case_KT_d5(mother):
    seen = received(mother, "verify")
    receipt = procedures.form_content(dossier_id=seen.id, form="receipt", actor=mother)
    said = text_of(b"".join(receipt.chunks))
    assert CASE in said
    assert "12/10/2026" in said


def test_a_guest_reads_every_case_before_applying_KT_d5():
    limits = [limit.say for limit in procedures.procedure(code=LIST).limits]
    assert limits == [
        "2 ngày làm việc",
        "Phải xác minh nguồn gốc lâm sản, có nhiều nội dung phức tạp: 4 ngày làm việc",
        "Phải xác minh nguồn gốc lâm sản: 3 ngày làm việc",
    ]
