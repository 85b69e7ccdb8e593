"""Words that only the desk's templates need."""

from collections.abc import Iterable, Mapping, Sequence

from django import template
from django.utils.translation import gettext as _

from cuaso.capabilities.messages.contracts import MessageView
from cuaso.channels.design.templatetags import plainly
from cuaso.declarations.sources import SOURCES
from cuaso.foundation.files.contracts import ScannerStatus
from cuaso.kernel.actors import Actor
from cuaso.services.procedures.contracts import DueView, LogLine, PaperView, WorkView

register = template.Library()

LAST_STEPS = 3
# What a dossier's page shows unfolded, so that it stays short on a phone.
ACTS_SHOWN = 6
PAPERS_SHOWN = 4


@register.filter
def inside(title: str) -> str:
    """Return a title inside a sentence: its first letter small, abbreviations as they are."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


@register.filter
def due_state(due: DueView) -> str:
    """Return c-status's word for how a due date stands."""
    return {"ok": "go", "none": ""}.get(due.state, due.state)


@register.filter
def newest_lines(lines: Sequence[LogLine]) -> Sequence[LogLine]:
    """Return the newest acts of a log told from its beginning, in the same order."""
    return lines[-ACTS_SHOWN:]


@register.filter
def older_lines(lines: Sequence[LogLine]) -> Sequence[LogLine]:
    """Return the acts before the newest ones, in the same order."""
    return lines[:-ACTS_SHOWN]


@register.filter
def newest_papers(papers: Sequence[PaperView]) -> Sequence[PaperView]:
    """Return the papers that were given last, in the order in which they were given."""
    return papers[-PAPERS_SHOWN:]


@register.filter
def older_papers(papers: Sequence[PaperView]) -> Sequence[PaperView]:
    """Return the papers that were given before the last ones, in the same order."""
    return papers[:-PAPERS_SHOWN]


@register.filter
def opens(paper: PaperView) -> bool:
    """Say whether the file may be opened at all."""
    return paper.state in ("clean", "unscanned")


@register.filter
def file_trouble(paper: PaperView) -> str:
    """Say what is the matter with a file, `""` for a clean one."""
    said = {
        "pending": _("Đang chờ quét mã độc, chưa mở được"),
        "infected": _("Có mã độc, đã bị chặn"),
        "unscannable": _("Không quét được mã độc, chưa mở được"),
        "unscanned": _("Chưa quét mã độc"),
    }
    return said.get(paper.state, "")


@register.filter
def warns(scanner: ScannerStatus) -> bool:
    return not scanner.ok


@register.filter
def open_works(works: Iterable[WorkView]) -> list[WorkView]:
    """Return the steps that wait for somebody."""
    return [work for work in works if work.done_at is None]


@register.filter
def holder(work: WorkView) -> str:
    """Say who holds a step."""
    if work.role == "applicant":
        return _("Người nộp hồ sơ")
    if work.role == "machine":
        return _("Hệ thống")
    return ", ".join(part for part in (work.holder_name, work.agency_name) if part)


@register.filter
def at_key(found: Mapping[str, object], key: str) -> object:
    """Return a value by key, `""` when there is none."""
    return found.get(key, "")


@register.filter
def has_role(actor: Actor, role: str) -> bool:
    return role in actor.roles


@register.filter
def last_steps(due: DueView) -> tuple[str, ...]:
    """Return the steps of a reckoning that matter in a list."""
    return due.steps[-LAST_STEPS:]


@register.filter
def letter_state(letter: MessageView) -> str:
    """Say by which way a message went and whether it arrived."""
    way = {"email": _("Thư điện tử"), "sms": _("Tin nhắn")}.get(letter.channel, letter.channel)
    said = {
        "waiting": _("đang chờ gửi"),
        "sending": _("đang gửi"),
        "sent": _("đã gửi"),
        "delivered": _("đã đến nơi"),
        "undelivered": _("không đến được nơi nhận"),
        "failed": _("chưa gửi được"),
        "no_address": _("chưa có địa chỉ để gửi"),
    }
    return ", ".join(part for part in (way, said.get(letter.state, letter.state)) if part)


@register.filter
def sharing_words(sharing: str) -> str:
    """Say how far a registry is shared, by the word of its declaration."""
    said = {
        "mở": _("Mở: ai cũng đọc được các cột dữ liệu mở"),
        "tỉnh": _("Trong tỉnh: các cơ quan dùng chung theo quyền"),
        "cơ quan": _("Trong cơ quan chủ quản và nơi giữ bản ghi"),
        "hạn chế": _("Hạn chế: chỉ người có nhiệm vụ được xem"),
    }
    return said.get(sharing, sharing)


@register.filter
def change_words(act: str) -> str:
    """Say what a change of a registry's record did."""
    said = {
        "added": _("Thêm bản ghi"),
        "changed": _("Sửa"),
        "moved": _("Chuyển trạng thái"),
        "removed": _("Xóa, đưa vào thùng rác"),
        "brought_back": _("Lấy lại từ thùng rác"),
        "undone": _("Hoàn tác một lần ghi"),
        "imported": _("Nhập từ bảng tính"),
        "purged": _("Xóa hẳn sau thời hạn giữ"),
        "turned": _("Đổi kiểu ô, thay giá trị"),
        "recomputed": _("Tính lại theo công thức"),
        "reminded": _("Nhắc việc"),
    }
    return said.get(act, act)


@register.filter
def grouped(number: int) -> str:
    """Return a count as people read it: 10.000, in English 10,000."""
    said = f"{number:,}"
    return said if plainly.page_language() == "en" else said.replace(",", ".")


@register.filter
def paper_words(state: str) -> str:
    """Say how far a paper of a record has come."""
    said = {
        "drawn": _("đã lập, chưa ký"),
        "signing": _("đang ký"),
        "signed": _("đã ký, chờ đóng dấu"),
        "sealing": _("đang đóng dấu"),
        "filed": _("đang có hiệu lực"),
        "replaced": _("đã được thay"),
        "revoked": _("đã thu hồi"),
    }
    return said.get(state, state)


@register.filter
def paper_tone(state: str) -> str:
    """Return the tone of a paper's state: done, waiting, or of no force."""
    return {"filed": "ok", "replaced": "late", "revoked": "late"}.get(state, "soon")


@register.filter
def origin_words(origin: str) -> str:
    """Say from where a change or a value of a record came."""
    said = {
        "form": _("biểu mẫu"),
        "api": _("kết nối phần mềm"),
        "import": _("bảng tính"),
        "dossier": _("hồ sơ thủ tục"),
        "pack": _("bộ khai báo"),
        "undo": _("hoàn tác"),
        "national": _("cơ sở dữ liệu quốc gia"),
        "sample": _("dữ liệu minh hoạ"),
        "design": _("bản sửa đổi cấu trúc sổ"),
        "record": _("bản ghi khác"),
    }
    return said.get(origin, SOURCES.get(origin, origin))
