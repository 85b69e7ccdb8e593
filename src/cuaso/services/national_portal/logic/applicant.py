from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person
from cuaso.kernel.errors import Invalid, NotFound, Problem
from cuaso.kernel.numbers import PersonalNumber
from cuaso.kernel.text import fold
from cuaso.services.national_portal.contracts import Applicant
from cuaso.services.national_portal.logic.surroundings import PORTAL


def ensure(stated: Applicant, *, path: str = "applicant") -> Person:
    """Return the person of the number, entered from what the portal verified when unknown.

    `path` is where the message says so.

    The ledger says that the portal entered them; of somebody known only blanks are filled.
    Raises Invalid for a wrong number, and where the house knows the number under another name.
    """
    try:
        number = PersonalNumber.parse(stated.personal_number).text
    except Invalid as refusal:
        raise wrong(f"{path}.personal_number", refusal.what) from refusal
    known = directory.find_person(number)
    if known is not None and fold(known.name) != fold(stated.name):
        raise wrong(f"{path}.name", "Số định danh này đã ghi nhận tại tỉnh với họ tên khác.")
    try:
        return directory.ensure_person(
            personal_number=number,
            name=stated.name,
            birth_date=stated.birth_date,
            sex=stated.sex,
            phone=stated.phone,
            email=stated.email,
            address=stated.address,
            actor=PORTAL,
        )
    except (Invalid, NotFound) as refusal:
        raise wrong(f"{path}.personal_number", refusal.what) from refusal


def wrong(field: str, say: str) -> Invalid:
    """Return the refusal of who applies, or of whom they act for, with the place in the message."""
    return Invalid(
        code="national_portal.applicant_unfit",
        what="Chưa nhận được hồ sơ: thông tin người nộp không dùng được.",
        why=say,
        mend="Hãy đối chiếu thông tin của người nộp rồi gửi lại.",
        problems=(Problem(field=field, say=say),),
    )
