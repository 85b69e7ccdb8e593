"""Why a message of a partner is not believed: full sentences, for the person who came with it."""

from typing import Final

from cuaso.kernel.errors import Refusal, TooMany

_WHAT: Final = "Yêu cầu của hệ thống kia không hợp lệ nên chưa có thông tin nào được gửi đi."
_AGAIN: Final = "Hãy quay lại hệ thống đó và bắt đầu lại từ đầu."
_TELL: Final = "Hãy chuyển mã lỗi trên trang này cho bộ phận kỹ thuật của hệ thống đó."

# Code -> why, what to do.
_WHY: Final[dict[str, tuple[str, str]]] = {
    "unreadable": ("Nội dung yêu cầu không đọc được.", _TELL),
    "too_large": ("Yêu cầu dài hơn mức cho phép.", _TELL),
    "document_type": ("Yêu cầu có khai báo kiểu tài liệu (DTD), điều SAML không cho phép.", _TELL),
    "unknown_partner": ("Hệ thống này chưa được đăng ký và duyệt.", _TELL),
    "unsigned": ("Hệ thống này phải ký yêu cầu, nhưng yêu cầu không có chữ ký.", _TELL),
    "signature": ("Chữ ký của yêu cầu không đúng với chứng thư đã đăng ký.", _TELL),
    "wrapped": ("Chữ ký không phủ chính yêu cầu này; phần được ký là phần khác.", _TELL),
    "certificate_over": ("Chứng thư đã đăng ký của hệ thống đã hết hạn.", _TELL),
    "elsewhere": ("Yêu cầu được gửi cho một địa chỉ khác, không phải địa chỉ này.", _TELL),
    "expired": ("Yêu cầu đã quá hạn, hoặc đồng hồ của hệ thống kia sai.", _AGAIN),
    "replayed": ("Yêu cầu này đã được dùng rồi; mỗi yêu cầu chỉ dùng một lần.", _AGAIN),
    "consumer": ("Địa chỉ nhận kết quả không phải địa chỉ đã đăng ký.", _TELL),
    "parked": ("Yêu cầu đã được trả lời, hoặc đã để quá lâu.", _AGAIN),
    "session": ("Không có phiên nào như hệ thống kia nêu.", _AGAIN),
    "answer": ("Câu trả lời không khớp với điều Cửa Số đã hỏi.", _AGAIN),
}


def refused(word: str) -> Refusal:
    """Return the refusal of that word; its code is `saml.<word>`."""
    why, mend = _WHY[word]
    return Refusal(code=f"saml.{word}", what=_WHAT, why=why, mend=mend, status=400)


def too_many() -> TooMany:
    return TooMany(
        code="saml.too_many",
        what="Có quá nhiều yêu cầu sai từ nơi này.",
        why="Số lần thử được giới hạn để giữ an toàn cho các tài khoản.",
        mend="Hãy chờ mười phút rồi thử lại.",
    )
