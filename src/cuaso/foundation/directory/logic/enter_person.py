"""Enter people and businesses, and mend what is known of them."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.foundation.directory.logic.find_people import (
    find_business,
    find_person,
    remember_change,
)
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict, Invalid, NotFound, Problem
from cuaso.kernel.numbers import PersonalNumber, Sex, TaxCode
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import fold, normalise_name, one_line, sort_key

REGISTRAR: Final = system("Danh bạ")
_MENDABLE: Final = frozenset({"place_code", "address", "phone", "email"})


def ensure_person(
    *,
    name: str,
    personal_number: str = "",
    birth_date: date | None = None,
    sex: str = "",
    place_code: str = "",
    address: str = "",
    phone: str = "",
    email: str = "",
    invented: bool = False,
    actor: Actor = REGISTRAR,
) -> contracts.Person:
    """Return the person of the number, entered when unknown.

    Somebody known keeps what is known: only blanks are filled. Without a number a new person is
    entered every time (a new-born). Raises Invalid when number, birth date and sex do not agree.
    """
    facts = {
        "kind": "person",
        "name": normalise_name(name),
        "personal_number": _number(personal_number, birth_date=birth_date, sex=sex),
        "birth_date": birth_date,
        "sex": sex,
        "place_code": place_code,
        "address": one_line(address),
        "phone": one_line(phone),
        "email": one_line(email),
        "invented": invented,
    }
    return _ensure(facts, known=find_person(str(facts["personal_number"])), actor=actor)


def ensure_business(
    *,
    name: str,
    tax_code: str,
    place_code: str = "",
    address: str = "",
    phone: str = "",
    email: str = "",
    invented: bool = False,
    actor: Actor = REGISTRAR,
) -> contracts.Person:
    """Return the business of the tax code, entered when unknown; only blanks are filled."""
    facts = {
        "kind": "business",
        "name": one_line(name),
        "tax_code": str(TaxCode.parse(tax_code)),
        "place_code": place_code,
        "address": one_line(address),
        "phone": one_line(phone),
        "email": one_line(email),
        "invented": invented,
    }
    return _ensure(facts, known=find_business(str(facts["tax_code"])), actor=actor)


def give_personal_number(
    *, person_id: UUID, personal_number: str, actor: Actor
) -> contracts.Person:
    """Give a person without a number the one that the population register issued.

    Giving the same number again changes nothing. Raises Conflict when the person has another
    number or the number is another person's.
    """
    try:
        with transaction.atomic():
            row = _locked(person_id)
            number = _number(personal_number, birth_date=row.birth_date, sex=row.sex)
            if row.personal_number == number:
                return views.person(row)
            if row.personal_number:
                raise _taken("Người này đã có số định danh cá nhân khác.")
            return _change(
                row, {"personal_number": number}, act="directory.number_given", actor=actor
            )
    except IntegrityError as error:
        raise _taken("Số định danh này đã thuộc về người khác.") from error


def mend_person(*, person_id: UUID, facts: Mapping[str, str], actor: Actor) -> contracts.Person:
    """Change contact facts (place_code, address, phone, email); nothing else may change here."""
    if odd := sorted(facts.keys() - _MENDABLE):
        raise Invalid(
            code="directory.not_mendable",
            what="Chỉ sửa được thông tin liên hệ.",
            problems=tuple(
                Problem(field=name, say="Mục này không sửa được ở đây.") for name in odd
            ),
        )
    with transaction.atomic():
        row = _locked(person_id)
        stated = {name: one_line(value) for name, value in facts.items()}
        changed = {name: value for name, value in stated.items() if getattr(row, name) != value}
        return _change(row, changed, act="directory.person_mended", actor=actor)


def draft(facts: Mapping[str, object], *, id: UUID | None = None) -> models.Person:
    """Return an unsaved row with its folded and sort columns."""
    row = models.Person(**facts) if id is None else models.Person(id=id, **facts)
    _index(row)
    return row


def _ensure(
    facts: Mapping[str, object], *, known: contracts.Person | None, actor: Actor
) -> contracts.Person:
    with transaction.atomic():
        if known is not None:
            return _fill(_locked(known.id), facts, actor=actor)
        try:
            with transaction.atomic():
                row = draft(facts)
                row.save(force_insert=True)
        except IntegrityError as error:
            raise _taken("Người khác vừa được ghi nhận với cùng số này.") from error
        _record(row, act="directory.person_entered", names=sorted(facts), actor=actor)
        return views.person(row)


def _fill(row: models.Person, facts: Mapping[str, object], *, actor: Actor) -> contracts.Person:
    blanks = {name: value for name, value in facts.items() if value and not getattr(row, name)}
    blanks.pop("invented", None)
    return _change(row, blanks, act="directory.person_filled", actor=actor)


def _change(
    row: models.Person, facts: Mapping[str, object], *, act: str, actor: Actor
) -> contracts.Person:
    if facts:
        for name, value in facts.items():
            setattr(row, name, value)
        _index(row)
        row.save()
        _record(row, act=act, names=sorted(facts), actor=actor)
    return views.person(row)


def _index(row: models.Person) -> None:
    row.folded = fold(f"{row.name} {row.personal_number} {row.tax_code} {row.phone}")
    row.sort_key = sort_key(row.name)


def _record(row: models.Person, *, act: str, names: list[str], actor: Actor) -> None:
    subject = Subject(kind="directory.person", id=row.id)
    remember_change(row.id)
    audit.record(
        actor=actor,
        act=act,
        subject=subject,
        content={name: str(getattr(row, name) or "") for name in names},
    )
    if row.personal_number and "personal_number" in names:
        audit.publish(topic="directory.number_known", subject=subject, payload={})


def _locked(person_id: UUID) -> models.Person:
    row = models.Person.objects.select_for_update().filter(pk=person_id).first()
    if row is None:
        raise NotFound(
            code="directory.no_person",
            what="Không tìm thấy người hoặc tổ chức này.",
            mend="Hãy tìm lại theo số định danh hoặc họ tên.",
        )
    return row


def _number(text: str, *, birth_date: date | None, sex: str) -> str:
    if not text.strip():
        return ""
    number = PersonalNumber.parse(text)
    stated: Sex | None = "male" if sex == "male" else "female" if sex == "female" else None
    if not number.agrees_with(birth_date=birth_date, sex=stated):
        raise Invalid(
            code="directory.number_disagrees",
            what="Số định danh không khớp với ngày sinh hoặc giới tính.",
            why="Chữ số thứ tư đến thứ sáu của số định danh ghi thế kỷ, giới tính và năm sinh.",
            mend="Hãy kiểm tra lại số định danh, ngày sinh và giới tính trên thẻ căn cước.",
            problems=(
                Problem(field="personal_number", say="Không khớp ngày sinh hoặc giới tính."),
            ),
        )
    return number.text


def _taken(why: str) -> Conflict:
    return Conflict(
        code="directory.number_taken",
        what="Không ghi nhận được số định danh hoặc mã số thuế.",
        why=why,
        mend="Hãy kiểm tra lại số, hoặc mở hồ sơ của người đã có số này.",
    )
