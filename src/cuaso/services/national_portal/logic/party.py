"""For whom an applicant of the portal acts: only whom the house, or a paper that holds, lets them.

A business is acted for by its representative, a ward by the guardian, as the directory has them
(Civil Code 91/2015/QH13, articles 134 to 138); anybody by whom they authorised in writing.
"""

from uuid import UUID

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed
from cuaso.kernel.numbers import PersonalNumber, TaxCode
from cuaso.kernel.text import fold
from cuaso.services.national_portal.contracts import Applicant, Party
from cuaso.services.national_portal.logic import applicant
from cuaso.services.national_portal.models import Link


def acting(person: Person, stated: Party | None) -> Actor:
    """Return the applicant in the capacity that the message states.

    Raises Invalid with its place where the business or ward is not known here, has another name,
    or is not the applicant's to act for; where an authorisation is another's or has run out.
    """
    if stated is None:
        return Actor(kind="citizen", name=person.name, person_id=person.id)
    if stated.kind == "authorised":
        other = _authorising(person, stated)
        return Actor(kind="citizen", name=person.name, person_id=person.id, for_id=other.id)
    if stated.kind == "business":
        return _actor("business", person, _business(person, stated).id)
    return _actor("guardian", person, _ward(person, stated).id)


def acting_again(link: Link) -> Actor:
    """Return who submitted a dossier, in the same capacity, for a later act on it.

    Raises NotAllowed when they represent the business, or are the ward's guardian, no more.
    """
    person = directory.person(link.person_id) if link.person_id else None
    if person is None or link.party_id is None:
        return Actor(kind="citizen", name=person.name if person else "", person_id=link.person_id)
    if link.capacity == "citizen":
        return Actor(kind="citizen", name=person.name, person_id=person.id, for_id=link.party_id)
    if link.party_id not in {one.id for one in _others(link.capacity, person.id)}:
        raise NotAllowed(
            code="national_portal.represents_no_more",
            what="Người nộp không còn đại diện cho chủ hồ sơ này.",
            why="Theo danh bạ của tỉnh, quan hệ đại diện hoặc giám hộ đã chấm dứt.",
            mend="Hãy cập nhật người đại diện tại bộ phận một cửa rồi gửi lại.",
        )
    return _actor(link.capacity, person, link.party_id)


def _actor(kind: str, person: Person, for_id: UUID) -> Actor:
    if kind == "business":
        return Actor(kind="business", name=person.name, person_id=person.id, for_id=for_id)
    return Actor(kind="guardian", name=person.name, person_id=person.id, for_id=for_id)


def _others(kind: str, person_id: UUID) -> tuple[Person, ...]:
    if kind == "business":
        return directory.businesses_of(person_id)
    return directory.wards_of(person_id)


def _business(person: Person, stated: Party) -> Person:
    try:
        code = str(TaxCode.parse(stated.tax_code))
    except Invalid as refusal:
        raise applicant.wrong("acts_for.tax_code", refusal.what) from refusal
    found = _known(directory.find_business(code), stated, field="tax_code")
    if found.id not in {one.id for one in directory.businesses_of(person.id)}:
        say = f"Theo danh bạ của tỉnh, người nộp không phải người đại diện của {found.name}."
        raise applicant.wrong("acts_for", say)
    return found


def _ward(person: Person, stated: Party) -> Person:
    number = _number(stated.personal_number)
    found = _known(directory.find_person(number), stated, field="personal_number")
    if found.id not in {one.id for one in directory.wards_of(person.id)}:
        say = "Theo danh bạ của tỉnh, người nộp không phải người giám hộ của người này."
        raise applicant.wrong("acts_for", say)
    return found


def _authorising(person: Person, stated: Party) -> Person:
    paper = stated.authorisation
    if paper is None or "".join(paper.holder.split()) != person.personal_number:
        say = "Văn bản ủy quyền ghi người được ủy quyền khác với người nộp."
        raise applicant.wrong("acts_for.authorisation.holder", say)
    today = clock.today()
    if paper.made_date is None or paper.made_date > today:
        say = "Văn bản ủy quyền phải có ngày lập, không sau hôm nay."
        raise applicant.wrong("acts_for.authorisation.date", say)
    if paper.last_date is not None and paper.last_date < today:
        say = f"Văn bản ủy quyền đã hết hạn ngày {paper.last_date:%d/%m/%Y}."
        raise applicant.wrong("acts_for.authorisation.until", say)
    if _number(stated.personal_number) == person.personal_number:
        say = "Người ủy quyền và người nộp là một."
        raise applicant.wrong("acts_for.personal_number", say)
    named = Applicant(personal_number=stated.personal_number, name=stated.name)
    return applicant.ensure(named, path="acts_for")


def _known(found: Person | None, stated: Party, *, field: str) -> Person:
    if found is None:
        say = "Tỉnh chưa ghi nhận người hoặc doanh nghiệp này; hãy đăng ký người đại diện trước."
        raise applicant.wrong(f"acts_for.{field}", say)
    if fold(found.name) != fold(stated.name):
        raise applicant.wrong("acts_for.name", "Số này đã ghi nhận tại tỉnh với tên khác.")
    return found


def _number(stated: str) -> str:
    try:
        return PersonalNumber.parse(stated).text
    except Invalid as refusal:
        raise applicant.wrong("acts_for.personal_number", refusal.what) from refusal
