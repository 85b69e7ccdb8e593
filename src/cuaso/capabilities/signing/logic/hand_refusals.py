"""The sentences that keys in a person's own hand refuse with."""

from cuaso.kernel.errors import Conflict, Invalid, NotFound, Problem


def no_hand_key() -> NotFound:
    return NotFound(
        code="signing.no_hand_key",
        what="Không có khóa này trong các khóa của ông/bà.",
        mend="Hãy mở lại trang khóa ký số.",
    )


def certificate_of_other_person() -> Invalid:
    """Whose it is stays untold: a number would tell a stranger its owner's name."""
    return Invalid(
        code="signing.certificate_of_other_person",
        what="Chưa đăng ký được khóa.",
        why="Chứng thư số của khóa này không mang tên ông/bà.",
        mend="Mỗi người chỉ đăng ký khóa mang tên mình. Hãy kiểm tra lại mã khóa hoặc số máy.",
        problems=(Problem(field="account", say="Khóa này không mang tên ông/bà."),),
    )


def certificate_out_of_time() -> Invalid:
    return Invalid(
        code="signing.certificate_out_of_time",
        what="Chưa đăng ký được khóa.",
        why="Chứng thư số chưa đến ngày hiệu lực hoặc đã hết hạn.",
        mend="Hãy xin gia hạn chứng thư số rồi đăng ký lại.",
        problems=(Problem(field="account", say="Chứng thư số không trong thời hạn."),),
    )


def certificate_taken() -> Conflict:
    return Conflict(
        code="signing.certificate_taken",
        what="Khóa này đã được đăng ký.",
        mend="Khóa đã trả lại không dùng lại được; hãy xin chứng thư số mới.",
        problems=(Problem(field="account", say="Khóa này đã được đăng ký."),),
    )


def one_by_sim() -> Invalid:
    return Invalid(
        code="signing.one_by_sim",
        what="Mỗi lần ký bằng SIM chỉ gồm một văn bản.",
        why="Máy hỏi mã PIN cho từng chữ ký.",
        mend="Hãy chọn một văn bản.",
    )
