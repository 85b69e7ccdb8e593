"""Everything that the house keeps of one person, in parts with Vietnamese headings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.registries import api as registries
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import StoredFile
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.services.accounts.logic.check_registers import checks_of
from cuaso.services.feedback import api as feedback
from cuaso.services.feedback.contracts import CRITERIA, SCORES, OwnFeedback
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView

_LOOKS = 1000
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One heading of the archive; `rows` are what JSON holds, `titles` say their keys in words."""

    key: str
    title: str
    titles: Mapping[str, str]
    rows: tuple[Row, ...]


def gather(actor: Actor, *, person_id: UUID) -> tuple[Part, ...]:
    """Return the parts for the person that the actor is, acting for themself."""
    return (
        _person(person_id),
        _represents(person_id),
        _accounts(person_id),
        _acts(person_id),
        _dossiers(actor),
        _drafts(actor),
        _ratings(said := feedback.own_feedback(actor=actor)),
        _complaints(said),
        _papers(actor),
        _records(actor),
        _files(person_id),
        _messages(person_id),
        _looks(person_id),
    )


def dossiers(actor: Actor) -> Iterator[DossierView]:
    """Yield every dossier of the actor's own capacity as they may see it."""
    cursor = ""
    while True:
        page = procedures.my_dossiers(actor=actor, cursor=cursor, limit=100)
        for row in page.rows:
            yield procedures.dossier(id=row.id, actor=actor)
        if not page.next:
            return
        cursor = page.next


def own_files(person_id: UUID) -> tuple[StoredFile, ...]:
    return files.owned(person_id)


def _person(person_id: UUID) -> Part:
    one = directory.person(person_id)
    names = ("name", "personal_number", "birth_date", "sex", "address", "phone", "email")
    titles = (
        *("Họ tên", "Số định danh", "Ngày sinh", "Giới tính", "Địa chỉ", "Điện thoại"),
        "Thư điện tử",
    )
    row = {name: getattr(one, name) for name in names}
    checks = [check.say for check in checks_of(person_id)]
    return Part(
        key="person",
        title="Thông tin về bạn",
        titles={**dict(zip(names, titles, strict=True)), "checks": "Đối chiếu"},
        rows=({**row, "checks": checks},),
    )


def _represents(person_id: UUID) -> Part:
    wards, businesses = directory.acts_for(person_id)
    rows = [{"as": "Giám hộ cho", "name": one.name, "number": ""} for one in wards]
    rows += [{"as": "Đại diện cho", "name": one.name, "number": one.tax_code} for one in businesses]
    titles = {"as": "Tư cách", "name": "Tên", "number": "Mã số thuế"}
    return Part(key="represents", title="Người, doanh nghiệp bạn đại diện", titles=titles,
                rows=tuple(rows))  # fmt: skip


def _accounts(person_id: UUID) -> Part:
    rows = [
        {
            "kind": one.kind,
            "username": one.username,
            "email": one.email,
            "created_at": one.created_at,
            "vneid": one.vneid,
            "sessions": [f"{device}, {ip}, từ {at:%d/%m/%Y}" for device, ip, at in one.sessions],
            "devices": [f"{name}, từ {first:%d/%m/%Y}" for name, first, _seen in one.devices],
            "systems": [name for name, _at in one.systems],
            "certificates": [subject for subject, _at in one.certificates],
        }
        for one in identity.own_accounts(person_id)
    ]
    titles = {
        "kind": "Loại",
        "username": "Tên đăng nhập",
        "email": "Thư điện tử",
        "created_at": "Mở lúc",
        "vneid": "Liên kết VNeID",
        "sessions": "Phiên đang mở",
        "devices": "Thiết bị đã dùng",
        "systems": "Hệ thống đã đồng ý",
        "certificates": "Chứng thư số",
    }
    return Part(key="accounts", title="Tài khoản", titles=titles, rows=tuple(rows))


def _acts(person_id: UUID) -> Part:
    rows = [
        {"at": at, "act": act, "by": who}
        for one in identity.own_accounts(person_id)
        for at, act, who in one.acts
    ]
    titles = {"at": "Lúc", "act": "Việc", "by": "Người thực hiện"}
    return Part(key="acts", title="Việc đã làm với tài khoản", titles=titles, rows=tuple(rows))


def _dossiers(actor: Actor) -> Part:
    rows = [
        {
            "code": one.dossier_code or one.tracking_code,
            "procedure": one.procedure_title,
            "title": one.title,
            "status": one.status_say,
            "agency": one.agency_name,
            "submitted_at": one.submitted_at,
            "facts": {fact.label: fact.value for group in one.facts for fact in group.facts},
            "papers": [paper.name for paper in one.papers],
        }
        for one in dossiers(actor)
    ]
    titles = {
        "code": "Mã",
        "procedure": "Thủ tục",
        "title": "Tên",
        "status": "Tình trạng",
        "agency": "Cơ quan",
        "submitted_at": "Nộp lúc",
        "facts": "Nội dung đã khai",
        "papers": "Giấy tờ kèm theo",
    }
    return Part(key="dossiers", title="Hồ sơ", titles=titles, rows=tuple(rows))


def _drafts(actor: Actor) -> Part:
    rows = []
    for one in procedures.drafts(actor=actor):
        draft = procedures.draft(id=one.id, actor=actor)
        rows.append(
            {
                "procedure": draft.procedure.title,
                "updated_at": draft.updated_at,
                "values": {name: value for name, value in draft.values.items() if value},
                "papers": [paper.name for paper in draft.papers],
            }
        )
    titles = {
        "procedure": "Thủ tục",
        "updated_at": "Sửa lần cuối",
        "values": "Đã điền",
        "papers": "Giấy tờ kèm theo",
    }
    return Part(key="drafts", title="Bản nháp", titles=titles, rows=tuple(rows))


def _ratings(said: OwnFeedback) -> Part:
    rows = [
        {
            "dossier": one.tracking_code,
            "procedure": one.procedure_title,
            "score": SCORES[one.verdict.score],
            "criteria": {CRITERIA[key]: SCORES[n] for key, n in one.verdict.criteria.items()},
            "remark": one.verdict.remark,
            "rated_at": one.rated_at,
        }
        for one in said.ratings
        if one.verdict is not None
    ]
    titles = {
        "dossier": "Hồ sơ",
        "procedure": "Thủ tục",
        "score": "Mức độ hài lòng",
        "criteria": "Từng mặt",
        "remark": "Nhận xét",
        "rated_at": "Đánh giá lúc",
    }
    return Part(key="ratings", title="Đánh giá", titles=titles, rows=tuple(rows))


def _complaints(said: OwnFeedback) -> Part:
    rows = [
        {
            "dossier": one.code,
            "kind": one.kind_say,
            "text": one.text,
            "act": one.act_say,
            "made_at": one.made_at,
            "answering": one.answering_agency_name,
            "answer": one.answer,
            "answered_at": one.answered_at or "",
        }
        for one in said.complaints
    ]
    titles = {
        "dossier": "Hồ sơ",
        "kind": "Loại",
        "text": "Nội dung",
        "act": "Về việc",
        "made_at": "Gửi lúc",
        "answering": "Cơ quan trả lời",
        "answer": "Trả lời",
        "answered_at": "Trả lời lúc",
    }
    return Part(key="complaints", title="Phản ánh, kiến nghị", titles=titles, rows=tuple(rows))


def _papers(actor: Actor) -> Part:
    rows = [
        {
            "title": one.title,
            "number": one.number,
            "agency": one.agency_name,
            "issued_date": one.issued_date,
            "sha256": one.sha256,
            "shares": [share.purpose for share in locker.shares(id=one.id, actor=actor)],
        }
        for one in locker.papers(actor=actor)
    ]
    titles = {
        "title": "Giấy tờ",
        "number": "Số",
        "agency": "Cơ quan cấp",
        "issued_date": "Ngày cấp",
        "sha256": "Mã băm nội dung",
        "shares": "Đã chia sẻ để",
    }
    return Part(key="papers", title="Kho giấy tờ", titles=titles, rows=tuple(rows))


def _records(actor: Actor) -> Part:
    rows = [
        {"registry": one.title, "owner": one.owner_name, "name": name, "since": since}
        for one in registries.own_records(actor=actor).registries
        for _id, name, since in one.records
    ]
    titles = {
        "registry": "Sổ",
        "owner": "Cơ quan giữ sổ",
        "name": "Bản ghi",
        "since": "Ghi lần cuối",
    }
    return Part(key="records", title="Bản ghi trong các sổ", titles=titles, rows=tuple(rows))


def _files(person_id: UUID) -> Part:
    rows = [
        {"name": one.name, "sha256": one.sha256, "size": one.size, "stored_at": one.stored_at}
        for one in own_files(person_id)
    ]
    titles = {
        "name": "Tệp",
        "sha256": "Mã băm nội dung",
        "size": "Số byte",
        "stored_at": "Gửi lúc",
    }
    return Part(key="files", title="Tệp bạn đã gửi", titles=titles, rows=tuple(rows))


def _messages(person_id: UUID) -> Part:
    rows = [
        {"at": one.made_at, "channel": one.channel, "headline": one.headline, "body": one.body}
        for one in messages.messages_to(person_id)
    ]
    titles = {"at": "Lúc", "channel": "Kênh", "headline": "Tiêu đề", "body": "Nội dung"}
    return Part(key="messages", title="Thông báo đã gửi", titles=titles, rows=tuple(rows))


def _looks(person_id: UUID) -> Part:
    rows = [
        {
            "at": one.look.at,
            "who": one.look.actor_name,
            "purpose": one.look.purpose,
            "task": one.look.task,
            "times": one.times,
        }
        for one in audit.looks_told(person_id, limit=_LOOKS)
    ]
    titles = {
        "at": "Lúc",
        "who": "Ai xem",
        "purpose": "Để làm gì",
        "task": "Việc",
        "times": "Số lượt trong ngày",
    }
    return Part(key="looks", title="Ai đã xem", titles=titles, rows=tuple(rows))
