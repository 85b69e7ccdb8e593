"""The sentences that signing refuses with, one function a case."""

from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable

# The device or its driver is out: the next document would fare no better.
DEVICE_OUT = frozenset({"signing.token_gone", "signing.token_slow", "signing.wrong_pin"})


def no_key(label: str) -> NotFound:
    return NotFound(
        code="signing.no_key",
        what=f"Không có khóa ký số mang nhãn “{label}”.",
        mend="Hãy kiểm tra khóa đã cấp cho chức danh hoặc cơ quan này.",
    )


def key_revoked(label: str) -> NotAllowed:
    return NotAllowed(
        code="signing.key_revoked",
        what=f"Khóa ký số “{label}” đã bị thu hồi nên không dùng để ký được nữa.",
        mend="Hãy dùng khóa đang còn hiệu lực, hoặc xin cấp khóa mới.",
    )


def key_expired(label: str) -> NotAllowed:
    return NotAllowed(
        code="signing.key_expired",
        what=f"Chứng thư số của khóa “{label}” chưa có hoặc đã hết hiệu lực.",
        mend="Hãy gia hạn chứng thư số rồi ký lại.",
    )


def wrong_kind(label: str, wanted: str) -> Invalid:
    whose = "cá nhân" if wanted == "person" else "cơ quan"
    return Invalid(
        code="signing.wrong_kind",
        what=f"Khóa “{label}” không phải là khóa của {whose}.",
        mend=f"Hãy chọn khóa ký số của {whose}.",
    )


def key_absent(label: str) -> Unavailable:
    return Unavailable(
        code="signing.key_absent",
        what=f"Không tìm thấy khóa “{label}” trong thiết bị ký số.",
        why="Có thể thiết bị đang cắm không phải là thiết bị giữ khóa này.",
        mend="Văn bản chưa được ký. Hãy cắm đúng thiết bị rồi ký lại.",
    )


def token_gone(detail: str = "") -> Unavailable:
    return Unavailable(
        code="signing.token_gone",
        what="Không liên lạc được với thiết bị ký số.",
        why=detail or "Thiết bị có thể đã bị rút ra hoặc mất kết nối.",
        mend="Văn bản chưa được ký. Hãy cắm lại thiết bị rồi ký lại.",
    )


def token_slow() -> Unavailable:
    return Unavailable(
        code="signing.token_slow",
        what="Thiết bị ký số không trả lời trong thời gian cho phép.",
        mend="Văn bản chưa được ký. Hãy kiểm tra thiết bị rồi ký lại.",
    )


def wrong_pin() -> Unavailable:
    return Unavailable(
        code="signing.wrong_pin",
        what="Mã PIN của thiết bị ký số không đúng hoặc thiết bị đã bị khóa.",
        why="Hệ thống không thử lại để tránh làm khóa thiết bị.",
        mend="Người quản trị hãy kiểm tra tệp mã PIN.",
    )


def key_file_wrong(label: str) -> Unavailable:
    return Unavailable(
        code="signing.key_file_wrong",
        what=f"Không mở được tệp khóa “{label}”.",
        why="Tệp khóa hoặc mật khẩu của kho khóa trình diễn đã bị thay đổi.",
        mend="Người quản trị hãy phục hồi kho khóa từ bản sao lưu.",
    )


def key_files_in_production() -> Unavailable:
    return Unavailable(
        code="signing.keyfile_in_production",
        what="Chế độ vận hành chính thức không dùng khóa ký lưu trong tệp.",
        mend="Hãy cấu hình thiết bị ký số chuyên dùng (CUASO_PKCS11_MODULE, CUASO_PKCS11_TOKEN).",
    )


def no_timestamp_authority() -> Unavailable:
    return Unavailable(
        code="signing.no_timestamp_authority",
        what="Chưa khai báo dịch vụ cấp dấu thời gian.",
        mend="Người quản trị hãy khai báo địa chỉ dịch vụ trong CUASO_TSA_URL.",
    )


def timestamp_down(detail: str) -> Unavailable:
    return Unavailable(
        code="signing.timestamp_down",
        what="Dịch vụ cấp dấu thời gian đang không hoạt động.",
        why=detail,
        mend="Văn bản chưa được ký. Hãy ký lại sau ít phút.",
    )


def timestamp_slow() -> Unavailable:
    return Unavailable(
        code="signing.timestamp_slow",
        what="Dịch vụ cấp dấu thời gian không trả lời trong 5 giây.",
        mend="Văn bản chưa được ký. Hãy ký lại sau ít phút.",
    )


def timestamp_wrong(why: str) -> Unavailable:
    return Unavailable(
        code="signing.timestamp_wrong",
        what="Dấu thời gian nhận được không hợp lệ nên không dùng được.",
        why=why,
        mend="Văn bản chưa được ký. Hãy báo người quản trị kiểm tra dịch vụ cấp dấu thời gian.",
    )


def not_a_pdf() -> Invalid:
    return Invalid(
        code="signing.not_a_pdf",
        what="Tệp cần ký không phải là PDF đọc được.",
        mend="Hãy lập lại văn bản rồi ký.",
    )


def encrypted() -> Invalid:
    return Invalid(
        code="signing.encrypted",
        what="Tệp PDF đang đặt mật khẩu nên không ký được.",
        mend="Hãy bỏ mật khẩu rồi ký.",
    )


def already_signed() -> Conflict:
    return Conflict(
        code="signing.already_signed",
        what="Văn bản này đã có chữ ký số.",
        why="Chữ ký của người có thẩm quyền phải là chữ ký đầu tiên trên văn bản.",
        mend="Hãy tải lại hồ sơ để xem văn bản đã ký.",
    )


def already_sealed() -> Conflict:
    return Conflict(
        code="signing.already_sealed",
        what="Văn bản này đã được cơ quan ký số, đóng dấu.",
        mend="Hãy tải lại hồ sơ để xem văn bản đã phát hành.",
    )


def signed_text_broken(why: str) -> Conflict:
    return Conflict(
        code="signing.signed_text_broken",
        what="Không đóng dấu được vì chữ ký đã có trên văn bản không còn nguyên vẹn.",
        why=why,
        mend="Hãy lập lại văn bản và trình ký lại.",
    )


def no_picture(label: str) -> Invalid:
    return Invalid(
        code="signing.no_picture",
        what=f"Khóa “{label}” chưa có hình chữ ký hoặc hình con dấu.",
        why="Nghị định 30/2020/NĐ-CP yêu cầu hiển thị hình ảnh này trên văn bản.",
        mend="Hãy bổ sung hình PNG nền trong suốt cho khóa.",
    )


def certificate_weak(name: str) -> Invalid:
    return Invalid(
        code="signing.certificate_weak",
        what=f"Chứng thư số này dùng thuật toán băm {name} nên không dùng để ký được.",
        why="Thuật toán này không còn an toàn; nơi nhận sẽ không công nhận chữ ký.",
        mend="Hãy xin cấp chứng thư số mới dùng SHA-256 trở lên.",
    )


def chain_unreadable() -> Invalid:
    return Invalid(
        code="signing.chain_wrong",
        what="Chứng thư của nơi cấp (chuỗi chứng thư) không đọc được.",
        mend="Hãy chọn tệp chuỗi chứng thư dạng PEM do nơi cấp công bố.",
    )


def not_a_root() -> Invalid:
    return Invalid(
        code="signing.root_wrong",
        what="Tệp này không phải là chứng thư gốc của một cơ quan chứng thực.",
        mend="Hãy chọn tệp chứng thư gốc dạng PEM.",
    )


def no_signature_yet() -> Conflict:
    return Conflict(
        code="signing.no_signature_yet",
        what="Chưa đóng dấu được vì người có thẩm quyền chưa ký.",
        why="Cơ quan chỉ ký số sau chữ ký của người có thẩm quyền (Nghị định 30/2020/NĐ-CP).",
        mend="Hãy trình người có thẩm quyền ký trước.",
    )


def initials_missing(count: int) -> Conflict:
    return Conflict(
        code="signing.initials_missing",
        what=f"Chưa ký được vì còn thiếu {count} chữ ký nháy.",
        mend="Hãy chờ những người soát văn bản ký nháy đủ.",
    )


def no_initial_wanted() -> Conflict:
    return Conflict(
        code="signing.no_initial_wanted",
        what="Văn bản không còn chỗ nào chờ ký nháy.",
        mend="Hãy tải lại hồ sơ để xem văn bản đã ký.",
    )


def remote_down(detail: str) -> Unavailable:
    return Unavailable(
        code="signing.remote_down",
        what="Không liên lạc được với dịch vụ ký số từ xa.",
        why=detail,
        mend="Văn bản chưa được ký. Hãy thử lại sau ít phút.",
    )


def remote_refused() -> NotAllowed:
    return NotAllowed(
        code="signing.remote_refused",
        what="Người ký đã từ chối trên điện thoại.",
        mend="Văn bản chưa được ký. Hãy trao đổi lại rồi trình ký lần nữa.",
    )


def remote_late() -> Unavailable:
    return Unavailable(
        code="signing.remote_late",
        what="Người ký chưa xác nhận trên điện thoại trong thời gian cho phép.",
        mend="Văn bản chưa được ký. Hãy trình ký lại khi người ký sẵn sàng.",
    )


def remote_wrong(why: str) -> Unavailable:
    return Unavailable(
        code="signing.remote_wrong",
        what="Câu trả lời của dịch vụ ký số từ xa không đúng nên không dùng được.",
        why=why,
        mend="Văn bản chưa được ký. Hãy báo người quản trị kiểm tra dịch vụ.",
    )


def answer_unreadable() -> Unavailable:
    return Unavailable(
        code="signing.answer_unreadable",
        what="Câu trả lời của dịch vụ ký số không đọc được.",
        why="Dịch vụ trả lời không đúng quy cách.",
        mend="Văn bản chưa được ký. Hãy báo người quản trị xem nhật ký hệ thống.",
    )


def keys_made_elsewhere() -> NotAllowed:
    return NotAllowed(
        code="signing.keys_made_elsewhere",
        what="Khóa ký số từ xa do nhà cung cấp tạo, không tạo tại đây.",
        mend="Hãy đăng ký khóa đã có của người ký.",
    )


def batch_wrong(most: int) -> Invalid:
    return Invalid(
        code="signing.batch_wrong",
        what=f"Mỗi lần trình ký từ xa gồm từ 1 đến {most} văn bản.",
        mend="Hãy chia thành nhiều lần.",
    )


def not_remote(label: str) -> Invalid:
    return Invalid(
        code="signing.not_remote",
        what=f"Khóa “{label}” không phải là khóa ký số từ xa.",
        mend="Hãy ký trực tiếp bằng khóa này.",
    )


def no_consent() -> NotFound:
    return NotFound(
        code="signing.no_consent",
        what="Không có lần trình ký từ xa này.",
        mend="Hãy kiểm tra lại đường dẫn.",
    )


def mobile_down(detail: str) -> Unavailable:
    return Unavailable(
        code="signing.mobile_down",
        what="Không liên lạc được với dịch vụ ký số qua SIM.",
        why=detail,
        mend="Văn bản chưa được ký. Hãy thử lại sau ít phút.",
    )


def mobile_wrong(why: str) -> Unavailable:
    return Unavailable(
        code="signing.mobile_wrong",
        what="Câu trả lời của dịch vụ ký số qua SIM không đúng nên không dùng được.",
        why=why,
        mend="Văn bản chưa được ký. Hãy báo người quản trị kiểm tra dịch vụ.",
    )


def mobile_refused() -> NotAllowed:
    return NotAllowed(
        code="signing.mobile_refused",
        what="Người ký đã hủy yêu cầu ký trên điện thoại.",
        mend="Văn bản chưa được ký. Hãy trao đổi lại rồi trình ký lần nữa.",
    )


def mobile_late() -> Unavailable:
    return Unavailable(
        code="signing.mobile_late",
        what="Người ký chưa nhập mã PIN trên điện thoại trong thời gian cho phép.",
        mend="Văn bản chưa được ký. Hãy trình ký lại khi người ký sẵn sàng.",
    )


def mobile_blocked() -> NotAllowed:
    return NotAllowed(
        code="signing.mobile_blocked",
        what="SIM ký số đang bị khóa vì nhập sai mã PIN nhiều lần.",
        mend="Văn bản chưa được ký. Người ký cần mở khóa SIM tại nhà mạng.",
    )


def mobile_number_unknown() -> NotFound:
    return NotFound(
        code="signing.mobile_number_unknown",
        what="Số điện thoại này không có SIM ký số.",
        mend="Hãy kiểm tra lại số, hoặc đăng ký SIM ký số tại nhà mạng.",
    )


def mobile_number_wrong(text: str) -> Invalid:
    return Invalid(
        code="signing.mobile_number_wrong",
        what=f"“{text}” không phải là số điện thoại di động.",
        mend="Hãy nhập số gồm 10 chữ số, ví dụ 0912 345 678.",
    )


def signature_of_other_key() -> Unavailable:
    return Unavailable(
        code="signing.signature_of_other_key",
        what="Chữ ký nhận được không khớp với chứng thư số của người ký nên không dùng được.",
        mend="Văn bản chưa được ký. Hãy báo người quản trị kiểm tra nơi giữ khóa.",
    )
