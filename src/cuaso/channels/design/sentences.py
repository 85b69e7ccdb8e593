"""Sentences that the engines say in Vietnamese, in the language of who reads them.

Whole sentences are looked up in the message catalogue as they stand. Those with a day, an amount
or a name in them are its messages with blanks, which are listed here; what fills a blank is
looked up in its turn. What the catalogue does not know stays Vietnamese.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language, gettext

from cuaso.channels.design.mistakes import MISTAKES
from cuaso.kernel.errors import Refusal

BLANK: Final = re.compile(r"%\((\w+)\)s")
# A blank for a whole sentence: what is around it is not translated without it.
WITHIN: Final = "said"
_BREATH: Final = re.compile(r"(?<=[.?!]) (?=\S)")
# What may fill a blank; one that is not here takes any words.
FILLS: Final = {
    **dict.fromkeys(("n", "m", "vnd"), r"\d[\d.]*"),
    **dict.fromkeys(("hour", "minute"), r"\d\d?"),
    "methods": r"[A-Z]+(?:, [A-Z]+)*",
    "day": r"\d{1,2}/\d{1,2}/\d{4}",
    "browser": r"Cốc Cốc|Edge|Opera|Samsung Internet|Firefox|Chrome|Safari",
    "weekday": r"thứ \w+|Chủ nhật",
    "day_part": r"\d+ ngày",
    "hour_part": r"\d+ giờ",
    "minute_part": r"\d+ phút",
}
# Tried in this order: the longer before what they begin with.
SENTENCES: Final = (
    "%(limit)s; nhận sau %(hour)s giờ thì trả trong ngày làm việc tiếp theo",
    "%(day_part)s %(hour_part)s %(minute_part)s làm việc",
    "%(day_part)s %(hour_part)s làm việc",
    "%(day_part)s %(minute_part)s làm việc",
    "%(hour_part)s %(minute_part)s làm việc",
    "%(hour)s:%(minute)s %(weekday)s, ngày %(day)s",
    "%(hour)s giờ %(minute)s ngày %(day)s",
    "%(weekday)s, ngày %(day)s",
    "Còn %(amount)s",
    "Quá hạn %(amount)s",
    "%(n)s ngày làm việc",
    "%(n)s giờ làm việc",
    "%(n)s phút làm việc",
    "%(n)s ngày",
    "%(n)s tháng",
    "%(n)s năm",
    "%(n)s giờ",
    "%(n)s phút",
    "Bắt đầu lúc %(moment)s.",
    "Thời hạn là %(amount)s, không tính ngày bắt đầu.",
    "Thời hạn là %(amount)s, tính ngày bắt đầu.",
    "Thời hạn là %(amount)s.",
    "Thời điểm này sau %(hour)s:%(minute)s, nên thời hạn tính từ %(moment)s.",
    "Thời điểm này sau %(hour)s giờ, nên thời hạn tính từ %(moment)s.",
    "Thời điểm này ngoài giờ làm việc, nên thời hạn tính từ %(moment)s.",
    "Ngày này không làm việc (%(why)s), nên thời hạn tính từ %(moment)s.",
    "Không tính %(n)s ngày nghỉ hằng tuần.",
    "Không tính %(days)s: %(why)s.",
    (
        "Ngày cuối cùng là %(last)s, không làm việc (%(why)s), nên chuyển sang ngày làm việc "
        "tiếp theo (%(source)s)."
    ),
    "Có tính %(last)s: %(why)s.",
    "Hạn hoàn thành là %(moment)s.",
    "Hạn mới là %(moment)s, giữ nguyên thời gian làm việc còn lại.",
    "Hạn mới là %(moment)s.",
    "Thời hạn tạm dừng từ %(begin)s đến %(end)s để người nộp bổ sung hồ sơ.",
    "Thời hạn tạm dừng từ %(begin)s đến %(end)s theo căn cứ: %(ground)s.",
    "Tạm dừng tính thời hạn. Căn cứ: %(ground)s",
    "Gia hạn và xin lỗi người nộp; hạn trước đó là %(moment)s. Căn cứ: %(source)s.",
    "Ngày %(day)s không làm việc nên hạn lùi sang ngày làm việc kế tiếp.",
    "Trường hợp: %(case)s; thời hạn %(amount)s.",
    "Đổi trường hợp: %(case)s; thời hạn %(amount)s. Hạn trước đó là %(moment)s.",
    "Cộng thời gian làm việc mà hồ sơ đã tạm dừng hoặc được gia hạn; hạn mới là %(moment)s.",
    "Nhóm này có nhiều nhất %(n)s mục.",
    "Bạn đang có %(n)s bản nháp.",
    "Hồ sơ còn %(n)s chỗ cần sửa trước khi nộp.",
    "Tờ khai còn %(n)s chỗ cần sửa.",
    "Thiếu giấy tờ: %(title)s.",
    "Tình trạng của khoản này: %(state)s.",
    "Bước “%(step)s” đang chờ vai trò hoặc người khác.",
    "Phải nộp %(amount)s. Xem từng khoản, căn cứ thu và các cách nộp.",
    "Cơ quan chờ nộp %(amount)s rồi giải quyết tiếp.",
    "%(vnd)s đồng, đã nộp, biên lai số %(number)s",
    "%(vnd)s đồng, %(state)s, biên lai số %(number)s",
    "%(amount)s, biên lai số %(number)s",
    "%(vnd)s đồng, %(state)s",
    "%(vnd)s đồng",
    "Mã hồ sơ %(code)s",
    "Số %(number)s, thay số %(earlier)s",
    "Số %(number)s",
    "Chuyển đến %(agency)s. %(reason)s",
    "Chuyển về %(agency)s. %(reason)s",
    "Tệp “%(name)s” có mã độc. Hãy bỏ tệp này và gửi một tệp khác.",
    "Tệp “%(name)s” không đọc được, thường vì có mật khẩu. Hãy gửi tệp khác.",
    "Mỗi mục nhận nhiều nhất %(n)s tệp, cả hồ sơ nhiều nhất %(m)s tệp.",
    "Lấy từ kho giấy tờ: %(title)s, %(agency)s cấp %(day)s",
    "Không có thủ tục mang mã %(code)s vào ngày %(day)s.",
    "Chưa chọn “%(title)s”.",
    "Chưa nhập “%(title)s”.",
    "Chưa tải lên “%(title)s”.",
    "%(title)s chỉ nhận nhiều nhất %(n)s.",
    "%(title)s “%(typed)s” không có trong danh sách. Hãy chọn lại.",
    "%(title)s: hãy chọn Có hoặc Không.",
    "%(title)s %(typed)s không được sau hôm nay %(day)s.",
    "%(title)s %(typed)s không được trước hôm nay %(day)s.",
    "%(title)s phải viết ngày/tháng/năm, ví dụ %(example)s.",
    "%(title)s dài %(n)s ký tự, nhiều nhất được %(m)s.",
    "%(title)s cần ít nhất %(n)s ký tự.",
    "%(title)s phải từ %(least)s trở lên.",
    "%(title)s không được quá %(most)s.",
    "%(title)s phải là số nguyên, ví dụ %(example)s.",
    "%(title)s phải là số đồng, ví dụ %(example)s.",
    "%(title)s phải là số ở Việt Nam, 10 hoặc 11 chữ số, ví dụ %(example)s.",
    "%(title)s phải có dạng ten@noicungcap.vn.",
    "Sau %(n)s lần sai, mã tạm khoá %(m)s phút để không ai dò được.",
    "Có giá trị đến hết ngày %(day)s",
    "Đã hết hạn ngày %(day)s",
    "Đã bị thu hồi ngày %(day)s",
    "Đã được thay bằng giấy số %(number)s ngày %(day)s",
    "Giấy tờ do %(agency)s cấp ngày %(day)s. %(validity)s.",
    "Cơ quan đã thu %(came)s, sau đó đã hoàn %(back)s.",
    "Cơ quan đã thu %(came)s.",
    "Cổng thanh toán từ chối (mã %(status)s).",
    "Chỗ này không nhận %(kind)s.",
    "Hãy dùng một trong các loại: %(kinds)s.",
    "Tệp lớn hơn mức cho phép (%(size)s).",
    "Tệp chứa mã độc (%(name)s) và đã bị khóa. Hãy gửi tệp khác.",
    "Hệ thống không nhận tệp có đuôi “.%(ending)s”.",
    "Được phép: %(why)s Căn cứ: %(source)s.",
    "%(n)s mục lấy từ cơ sở dữ liệu quốc gia về dân cư",
    "%(n)s bản chính",
    "%(n)s bản sao",
    "Địa chỉ “%(path)s” không đúng hoặc trang đã được chuyển đi.",
    "Phải có ít nhất %(n)s ký tự.",
    "Không được quá %(n)s ký tự.",
    "Phải có ít nhất %(n)s phần tử.",
    "Không được quá %(n)s phần tử.",
    "Không đúng dạng: %(pattern)s",
    "Phải lớn hơn %(n)s.",
    "Phải từ %(n)s trở lên.",
    "Không được quá %(n)s.",
    "Phải là một trong: %(expected)s.",
    "Không có gì tại “%(path)s”.",
    "Địa chỉ này không nhận phương thức %(methods)s.",
    "Hãy dùng %(methods)s.",
    "Có %(n)s bản ghi khớp, trong khi việc này chỉ làm trên một bản ghi.",
    "Có hơn %(n)s bản ghi khớp với điều kiện.",
    "Sổ không có ô “%(path)s”.",
    "Số phải nộp bây giờ là %(amount)s.",
    "Đã nộp %(came)s, phải nộp %(owed)s.",
    "Giao dịch %(number)s đã được ghi nhận cho một khoản khác.",
    "Cơ quan đã quyết định hoàn giao dịch %(number)s.",
    "Tình trạng hiện nay: %(state)s.",
    "Hãy ghi lý do, ít nhất %(n)s chữ cái.",
    "Hãy gửi tiếp từ byte %(n)s.",
    "Không đọc được số tiền “%(typed)s”.",
    "Số tiền hoàn phải lớn hơn 0 và không quá %(amount)s.",
    "Hồ sơ đã quá hạn lúc %(moment)s.",
    "Theo trường hợp này hồ sơ đã quá hạn từ %(moment)s.",
    "Quy định áp dụng ngày %(day)s không nêu việc gia hạn.",
    "Chỉ được gia hạn %(n)s lần theo %(source)s.",
    "Hiện hồ sơ đang ở: %(standing)s.",
    "Hồ sơ tại quầy còn %(n)s chỗ cần sửa.",
    "Giải quyết hồ sơ: %(procedure)s",
    "Điền tờ khai: %(procedure)s",
    "%(fee)s: Miễn phí",
    "Giữ bản giấy, chưa quét: %(papers)s",
    "Thiếu giấy tờ bắt buộc: %(papers)s",
    "Người này đã có hồ sơ cùng thủ tục, cùng nội dung: %(codes)s",
    "Số định danh khai cho %(name)s là của người có họ tên khác; cần đối chiếu giấy tờ tùy thân",
    "Máy quét mã độc đang chạy (%(version)s).",
    "Máy quét mã độc không trả lời (%(error)s). Tệp mới phải chờ quét rồi mới mở được.",
    "Địa chỉ máy quét mã độc không phải ClamAV: nó trả lời “%(said)s”.",
    "Không nối được cơ sở dữ liệu: %(error)s",
    "PostgreSQL %(version)s quá cũ.",
    "PostgreSQL %(version)s trả lời.",
    "Còn %(n)s migration chưa chạy.",
    "Tiến trình nối bằng vai %(role)s, không sở hữu bảng.",
    "Tiến trình nối bằng vai %(role)s, vai này sở hữu bảng hoặc là siêu quản trị.",
    "Ổ đĩa của %(folder)s còn %(size)s GB.",
    "Thư mục khóa %(folder)s mở cho tài khoản khác.",
    "Chạy: %(command)s",
    "Tiến trình %(process)s báo còn sống cách đây %(n)s giây.",
    "%(n)s công việc nền đã hỏng hẳn.",
    "Đang ở chế độ %(mode)s: có chương trình giả lập, không dùng cho hồ sơ thật.",
    "Chứng thư của %(name)s đã hết hạn: không ký được nữa.",
    "Chứng thư của %(name)s hết hạn ngày %(day)s.",
    "%(n)s chứng thư còn hạn trên 30 ngày.",
    "Kiểm tra đường tới %(address)s.",
    "%(n)s sự kiện chưa tới nơi, ví dụ %(topic)s: %(error)s",
    "%(n)s tin nhắn gửi nhiều lần vẫn hỏng.",
    "Các gói khai báo có %(n)s lỗi.",
    "%(n)s giá trị pháp luật chưa đối chiếu với văn bản gốc.",
    "%(browser)s trên %(system)s",
    "%(name)s: %(n)s chờ gửi, %(m)s gửi hỏng.",
    "%(name)s chưa cấu hình.",
    "Cổng thanh toán: %(n)s việc hoàn tiền, đối soát đang chờ trả lời.",
    "Khóa ký sổ cái do phần mềm tự tạo, chỉ để dùng thử. %(mend)s",
    *MISTAKES,
)


def sentence(said: str) -> str:
    """Return a sentence of the house in the reader's language."""
    if not said or (get_language() or "vi").startswith("vi"):
        return said
    return _known(said) or _in_two(said) or said


def _known(said: str) -> str:
    """Return what the catalogue has for one sentence, "" where it has nothing."""
    known = _whole(said)
    if known != said:
        return known
    for message, pattern in _patterns():
        if found := pattern.fullmatch(said):
            filled = {name: sentence(text) for name, text in found.groupdict().items()}
            if WITHIN not in filled or filled[WITHIN] != found[WITHIN]:
                return gettext(message) % filled
    return ""


def _in_two(said: str) -> str:
    """Return what is wrong and how to mend it, said in one breath; "" unless both are known."""
    for cut in _BREATH.finditer(said):
        first, rest = said[: cut.start()], said[cut.end() :]
        told = _known(first)
        if told and (after := _known(rest) or _in_two(rest)):
            return f"{told} {after}"
    return ""


def _whole(said: str) -> str:
    """Return what the catalogue has for the sentence, also where it stands inside another."""
    known = gettext(said)
    if known != said or not said[0].islower():
        return known
    capital = said[0].upper() + said[1:]
    begun = gettext(capital)
    return said if begun == capital else begun[0].lower() + begun[1:]


def spoken_refusal(refusal: Refusal) -> Refusal:
    """Return a refusal whose sentences are in the reader's language."""
    if (get_language() or "vi").startswith("vi"):
        return refusal
    return replace(
        refusal,
        what=sentence(refusal.what),
        why=sentence(refusal.why),
        mend=sentence(refusal.mend),
        problems=tuple(replace(one, say=sentence(one.say)) for one in refusal.problems),
    )


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((message, re.compile("".join(_pattern(message)))) for message in SENTENCES)


def _pattern(message: str) -> Iterator[str]:
    """Yield the parts of the pattern that a message with blanks stands for."""
    end = 0
    for blank in BLANK.finditer(message):
        yield re.escape(message[end : blank.start()])
        yield f"(?P<{blank[1]}>{FILLS.get(blank[1], '.+?')})"
        end = blank.end()
    yield re.escape(message[end:])
