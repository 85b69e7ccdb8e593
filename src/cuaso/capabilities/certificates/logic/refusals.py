"""Why no certificate is issued or revoked: full sentences."""

from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem

ROLE = "admin"


def not_yours() -> NotAllowed:
    return NotAllowed(
        code="certificates.not_yours",
        what="Ông/bà chưa có quyền quyết định về chứng thư của các hệ thống.",
        why="Chức vụ hiện tại không có vai trò quản trị.",
        mend="Hãy chuyển sang chức vụ quản trị, hoặc nhờ quản trị viên của tỉnh.",
    )


def request_wrong(why: str) -> Invalid:
    return Invalid(
        code="certificates.request_wrong",
        what="Chưa cấp được chứng thư.",
        why=why,
        mend="Hãy tạo lại yêu cầu cấp chứng thư rồi gửi lại.",
        problems=(Problem(field="request", say=why),),
    )


def name_not_allowed(name: str) -> NotAllowed:
    return NotAllowed(
        code="certificates.name_not_allowed",
        what="Chưa cấp được chứng thư.",
        why=f"Tên “{name[:253]}” chưa được cho phép, hoặc thuộc hệ thống khác.",
        mend="Hãy nhờ quản trị viên của tỉnh cho phép tên này trước.",
        data={"name": name[:253]},
    )


def name_wrong() -> Invalid:
    say = "Hãy ghi tên miền đầy đủ bằng chữ thường, ví dụ van-ban.gialai.gov.vn."
    return Invalid(
        code="certificates.name_wrong",
        what="Chưa thêm được tên.",
        why="Tên miền chưa đúng.",
        mend="Hãy sửa tên rồi gửi lại.",
        problems=(Problem(field="name", say=say),),
    )


def name_taken(name: str) -> Conflict:
    return Conflict(
        code="certificates.name_taken",
        what="Chưa thêm được tên.",
        why=f"Tên “{name}” đã thuộc một hệ thống.",
        mend="Hãy bỏ tên đó khỏi hệ thống đang có trước.",
    )


def no_certificate() -> NotFound:
    return NotFound(
        code="certificates.not_found",
        what="Không có chứng thư này.",
        mend="Hãy mở lại danh sách chứng thư.",
    )


def revoked_before() -> Conflict:
    return Conflict(
        code="certificates.revoked_before",
        what="Chứng thư này đã bị thu hồi trước đó.",
        mend="Hãy mở lại danh sách để xem tình trạng mới nhất.",
    )


def reason_wrong() -> Invalid:
    return Invalid(
        code="certificates.reason_missing",
        what="Chưa thu hồi được chứng thư.",
        why="Chưa chọn lý do thu hồi.",
        mend="Hãy chọn một lý do.",
        problems=(Problem(field="reason", say="Hãy chọn lý do thu hồi."),),
    )


def system_missing() -> Invalid:
    return Invalid(
        code="certificates.system_missing",
        what="Chưa tạo được khóa mở tài khoản.",
        why="Chưa chọn hệ thống.",
        mend="Hãy chọn hệ thống được mở tài khoản.",
        problems=(Problem(field="external", say="Hãy chọn một hệ thống."),),
    )
