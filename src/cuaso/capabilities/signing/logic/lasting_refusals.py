"""The sentences that papers which must last are refused with."""

from cuaso.kernel.errors import Conflict, Invalid, Unavailable


def evidence_missing(whose: str, why: str) -> Unavailable:
    return Unavailable(
        code="signing.evidence_missing",
        what="Chưa lấy được thông tin thu hồi chứng thư để lưu lâu dài; "
        "văn bản giữ nguyên ở mức có dấu thời gian (B-T).",
        why=f"Chứng thư: {whose}. {why or 'Chứng thư không ghi nơi công bố thu hồi'}.",
        mend="Hệ thống sẽ tự làm lại sau; chữ ký đã có vẫn có giá trị.",
    )


def xml_too_large(*, with_evidence: bool) -> Invalid:
    whole = "Tệp XML cùng bằng chứng về chứng thư" if with_evidence else "Tệp XML"
    return Invalid(
        code="signing.xml_too_large",
        what="Không lưu lâu dài được tệp XML này vì tệp quá lớn.",
        why=f"{whole} lớn hơn 5 MB, là mức lớn nhất mà hệ thống kiểm tra được chữ ký.",
        mend="Tệp giữ nguyên như cũ và chữ ký đã có vẫn còn giá trị. Hãy lập tệp nhỏ hơn, ví dụ để "
        "phụ lục thành tệp riêng, rồi ký lại.",
    )


def not_signed() -> Invalid:
    return Invalid(
        code="signing.not_signed",
        what="Văn bản chưa có chữ ký số nên không có gì để lưu lâu dài.",
        mend="Hãy ký số văn bản trước.",
    )


def chain_unknown(whose: str) -> Conflict:
    return Conflict(
        code="signing.chain_unknown",
        what="Không lưu lâu dài được vì có chứng thư không dẫn tới gốc đáng tin cậy.",
        why=f"Chứng thư: {whose}.",
        mend="Hãy kiểm tra danh sách chứng thư gốc đang tin cậy.",
    )


def not_stamped() -> Conflict:
    return Conflict(
        code="signing.not_stamped",
        what="Không lưu lâu dài được vì có chữ ký không có dấu thời gian.",
        mend="Hãy ký lại văn bản với dấu thời gian.",
    )


def paper_unreadable() -> Invalid:
    return Invalid(
        code="signing.paper_unreadable",
        what="Không lưu lâu dài được vì có phần của tệp hoặc của chữ ký không đọc được.",
        why="Tệp có thể đã bị hỏng, hoặc được lập không đúng chuẩn chữ ký số.",
        mend="Tệp giữ nguyên như cũ; hệ thống sẽ tự thử lại. Người quản trị hãy kiểm tra tệp và "
        "xem nhật ký hệ thống.",
    )


def signed_when_revoked(whose: str) -> Conflict:
    return Conflict(
        code="signing.signed_when_revoked",
        what="Không lưu lâu dài được vì có chứng thư đã bị thu hồi trước khi ký.",
        why=f"Chứng thư: {whose}.",
        mend="Văn bản này không có giá trị; hãy lập và ký lại.",
    )
