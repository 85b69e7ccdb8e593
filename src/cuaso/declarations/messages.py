"""Message templates of packs: one event, two languages, e-mail and SMS."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from pydantic import Field as Key

from cuaso.declarations.shape import Declaration, Line, YesNo
from cuaso.declarations.trouble import suggestion

CONTEXT: Final[Mapping[str, str]] = {
    "applicant_name": "Họ tên người nộp hồ sơ",
    "procedure_title": "Tên thủ tục",
    "tracking_code": "Mã theo dõi",
    "dossier_code": "Mã hồ sơ",
    "due_at_words": "Ngày giờ hẹn trả, viết bằng chữ thường",
    "reason": "Lý do hoặc nội dung cần bổ sung",
    "link": "Địa chỉ trang theo dõi",
    "agency_name": "Tên cơ quan",
}
SMS_LIMIT: Final = 320
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
Language = Literal["vi", "en"]


class Wording(Declaration):
    """The texts of one language. An empty `sms` means: no SMS for this event."""

    subject: Line = Key(min_length=5, max_length=150)
    body: str = Key(min_length=20, max_length=4000)
    sms: Line = Key(default="", max_length=SMS_LIMIT)


class Message(Declaration):
    """A template. With `sms_plain` the SMS goes without diacritics: one part, not three."""

    title: Line = Key(min_length=5)
    sms_plain: YesNo = True
    vi: Wording
    en: Wording

    def wording(self, language: str) -> Wording:
        return self.en if language == "en" else self.vi

    def render(self, language: str, context: Mapping[str, object]) -> Wording:
        """Return the texts with every placeholder filled; a missing value is an empty text."""
        wording = self.wording(language)
        sms = _fill(wording.sms, context)
        return Wording(
            subject=_fill(wording.subject, context),
            body=_fill(wording.body, context),
            sms=(without_marks(sms) if self.sms_plain else sms)[:SMS_LIMIT],
        )

    def faults(self) -> Iterator[tuple[tuple[str, str], str, str]]:
        """Yield place, sentence and remedy for every placeholder that nobody fills."""
        for language, wording in (("vi", self.vi), ("en", self.en)):
            for part in ("subject", "body", "sms"):
                text: str = getattr(wording, part)
                for name in _PLACEHOLDER.findall(text):
                    if name not in CONTEXT:
                        what = f"Mẫu tin dùng chỗ trống “{{{name}}}” không ai điền."
                        yield (language, part), what, suggestion(name, CONTEXT)
                if "{" in _PLACEHOLDER.sub("", text) or "}" in _PLACEHOLDER.sub("", text):
                    yield (language, part), "Mẫu tin có dấu ngoặc nhọn lẻ.", "Hãy viết {tên}."


def placeholders(text: str) -> frozenset[str]:
    """Return the names of the placeholders in a text."""
    return frozenset(_PLACEHOLDER.findall(text))


def without_marks(text: str) -> str:
    """Return the text in plain Latin letters, case kept, for SMS."""
    parts = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(part for part in parts if unicodedata.category(part) != "Mn")
    return plain.translate(str.maketrans("–“”’", '-""\''))


def _fill(text: str, context: Mapping[str, object]) -> str:
    return _PLACEHOLDER.sub(lambda found: str(context.get(found[1], "")), text)
