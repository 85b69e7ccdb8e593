"""Words and pictures that only the portal's templates need."""

from collections.abc import Iterable, Mapping, Sequence

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cuaso.capabilities.messages.contracts import MessageView
from cuaso.declarations.forms import FieldView, FormView, RowView
from cuaso.services.procedures.contracts import (
    LogLine,
    PaperView,
    ProcedureView,
    WorkView,
)

register = template.Library()

# What a dossier's page shows unfolded, so that it stays short on a phone.
STEPS_SHOWN = 4
PAPERS_SHOWN = 3

EVENT_ICONS = (
    ("child", "baby"),
    ("marr", "rings"),
    ("home", "house"),
    ("land", "house"),
    ("business", "shop"),
    ("stud", "school"),
    ("school", "school"),
    ("job", "school"),
    ("work", "school"),
    ("health", "heart"),
    ("fish", "boat"),
    ("death", "flower"),
    ("paper", "seal"),
    ("cop", "copy"),
)


@register.filter
def event_icon(event_id: str) -> str:
    """Return the icon of a life event; an event without its own has the paper."""
    return next((icon for word, icon in EVENT_ICONS if word in event_id), "doc")


@register.filter
def takes_online(procedure: ProcedureView) -> bool:
    """Say whether the procedure may be begun here: partly or wholly online."""
    return procedure.online not in ("", "không")


def _english() -> bool:
    return (get_language() or "vi").startswith("en")


@register.filter
def open_works(works: Iterable[WorkView]) -> list[WorkView]:
    """Return the steps that are not done."""
    return [work for work in works if work.done_at is None]


@register.filter
def newest_lines(lines: Sequence[LogLine]) -> Sequence[LogLine]:
    """Return the newest steps of a history told from its beginning, in the same order."""
    return lines[-STEPS_SHOWN:]


@register.filter
def older_lines(lines: Sequence[LogLine]) -> Sequence[LogLine]:
    """Return the steps before the newest ones, in the same order."""
    return lines[:-STEPS_SHOWN]


@register.filter
def newest_papers(papers: Sequence[PaperView]) -> Sequence[PaperView]:
    """Return the papers that were given last, in the order in which they were given."""
    return papers[-PAPERS_SHOWN:]


@register.filter
def older_papers(papers: Sequence[PaperView]) -> Sequence[PaperView]:
    """Return the papers that were given before the last ones, in the same order."""
    return papers[:-PAPERS_SHOWN]


@register.filter
def holder_sentence(work: WorkView) -> str:
    """Say who holds the dossier now."""
    if work.role == "applicant":
        return _("Bước này đang chờ bạn.")
    if work.role == "machine":
        return _("Hệ thống đang làm bước này.")
    if work.holder_name:
        return _("%(who)s, %(agency)s đang giữ hồ sơ.") % {
            "who": work.holder_name,
            "agency": work.agency_name,
        }
    return _("%(agency)s đang giữ hồ sơ.") % {"agency": work.agency_name}


@register.filter
def file_state(state: str) -> str:
    """Say why a file cannot be opened."""
    said = {
        "pending": _("Đang kiểm tra mã độc"),
        "infected": _("Có mã độc, đã bị chặn"),
        "unscannable": _("Không kiểm tra được mã độc"),
        "unscanned": _("Chưa kiểm tra mã độc"),
    }
    return said.get(state, state)


@register.filter
def answered(row: RowView) -> list[tuple[str, str]]:
    """Return label and answer of every visible input of a row that has one, groups opened."""
    return [pair for field in row.fields for pair in _answers(field, ())]


@register.filter
def unmarked_names(form: FormView) -> list[str]:
    """Return the names of people that were typed with no Vietnamese mark at all.

    Some names have none; whoever typed without marks should see it before a paper says it.
    """
    fields = [field for part in form.sections for row in part.rows for field in row.fields]
    typed = [one.value for one in fields if one.visible and one.id == "full_name"]
    return list(dict.fromkeys(name for name in typed if " " in name and name.isascii()))


def _answers(field: FieldView, above: tuple[str, ...]) -> list[tuple[str, str]]:
    titles = (*above, field.title)
    if not field.visible:
        return []
    if field.same:
        return [(" – ".join(titles), _("Giống “%(other)s”") % {"other": field.same_title})]
    if field.parts:
        return [pair for part in field.parts for pair in _answers(part, titles)]
    said = ", ".join(_label(field, code) for code in field.values or (field.value,) if code)
    return [(" – ".join(titles), said)] if said else []


def _label(field: FieldView, code: str) -> str:
    if field.input == "radios":
        return {"yes": _("Có"), "no": _("Không")}.get(code, code)
    english = _english()
    for option in field.options:
        if option.code == code:
            return option.label_en if english and option.label_en else option.label
    return code


@register.filter
def letter_state(letter: MessageView) -> str:
    """Say by which way a letter went and whether it arrived."""
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
def sentence_of(wrong: Mapping[str, str], name: str) -> str:
    """Return what is wrong with the input of a name, "" when all is well."""
    return wrong.get(name, "")
