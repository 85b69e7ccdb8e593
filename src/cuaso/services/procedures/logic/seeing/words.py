"""How acts in the ledger are said to people."""

from collections import defaultdict
from collections.abc import Mapping

from cuaso.foundation.audit.contracts import Entry
from cuaso.services.procedures.contracts import LogLine

SAID = {
    "procedures.submitted": "nộp hồ sơ",
    "procedures.received": "tiếp nhận hồ sơ, gửi giấy hẹn trả kết quả",
    "procedures.supplement_asked": "yêu cầu bổ sung hồ sơ",
    "procedures.supplemented": "bổ sung hồ sơ",
    "procedures.refused": "từ chối hồ sơ",
    "procedures.payment_asked": "yêu cầu nộp phí, lệ phí",
    "procedures.paid": "giải quyết tiếp sau khi phí, lệ phí đã nộp",
    "payments.obliged": "ghi nhận phí, lệ phí phải nộp",
    "payments.paid": "nộp phí, lệ phí",
    "payments.refunded": "hoàn phí, lệ phí",
    "payments.waived": "miễn phí, lệ phí",
    "payments.cancelled": "thôi thu phí, lệ phí",
    "procedures.claimed": "nhận việc",
    "procedures.assigned": "giao việc",
    "procedures.consulted": "hỏi ý kiến cơ quan khác",
    "procedures.consultation_answered": "trả lời ý kiến",
    "procedures.opinion_given": "ghi ý kiến",
    "procedures.proposed": "lập dự thảo kết quả",
    "procedures.draft_confirmed": "xác nhận nội dung dự thảo",
    "procedures.draft_disputed": "đề nghị sửa dự thảo",
    "procedures.returned": "trả lại dự thảo",
    "procedures.endorsed": "ký nháy dự thảo và trình cơ quan có thẩm quyền ký",
    "procedures.approved": "phê duyệt và ký số",
    "procedures.issued": "cấp số, đóng dấu và ban hành kết quả",
    "procedures.copied": "lập bản sao kết quả",
    "procedures.phone_signature_dropped": "bỏ chữ ký trên điện thoại, bản dự thảo vẫn chờ ký",
    "procedures.delivered": "trả kết quả",
    "procedures.withdrawn": "rút hồ sơ",
    "procedures.extended": "gia hạn thời gian giải quyết và xin lỗi người nộp",
    "procedures.case_changed": "đổi trường hợp thời hạn giải quyết",
    "procedures.apologised": "gửi lời xin lỗi vì hồ sơ quá hạn",
    "procedures.paused": "tạm dừng tính thời hạn",
    "procedures.resumed": "cho tính tiếp thời hạn",
    "procedures.stopped": "dừng giải quyết hồ sơ",
    "procedures.transferred": "chuyển hồ sơ đến cơ quan khác",
    "procedures.handed_back": "chuyển trả hồ sơ",
    "procedures.inherited": "chuyển hồ sơ đến cơ quan làm tiếp sau khi tổ chức lại",
    "procedures.delegated": "uỷ quyền xử lý việc",
    "procedures.reassigned": "phân công lại việc",
    "procedures.draft_edited": "sửa dự thảo kết quả",
    "procedures.result_revoked": "thu hồi kết quả đã cấp",
    "procedures.correction_opened": "lập bản đính chính thay kết quả đã cấp",
    "procedures.result_corrected": "ban hành kết quả thay thế",
    "procedures.personal_number_given": "nhận số định danh cá nhân từ cơ sở dữ liệu dân cư",
    "procedures.waiting_outside": "chờ cơ sở dữ liệu dân cư trả lời",
    "procedures.number_refused": "cơ sở dữ liệu dân cư không cấp số định danh",
    "procedures.moved_on": "hết thời gian chờ xác nhận, hồ sơ đi tiếp",
    "procedures.prefilled": "lấy dữ liệu dân cư theo sự đồng ý",
}
INSIDE = frozenset(
    {
        "procedures.opinion_given",
        "procedures.claimed",
        "procedures.assigned",
        "procedures.returned",
        "procedures.delegated",
        "procedures.reassigned",
        "procedures.draft_edited",
        "procedures.correction_opened",
        "procedures.consultation_answered",
    }
)


def line(entry: Entry) -> LogLine:
    """Return one act as a person reads it."""
    return LogLine(
        at=entry.at,
        who=entry.actor_name,
        say=SAID.get(entry.act, entry.act),
        detail=_detail(entry.act, entry.content, entry.reason),
        entry_id=entry.id,
    )


# Act -> what is told of its content; acts that are not here tell their reason.
DETAILS: Mapping[str, str] = {
    "procedures.submitted": "{moved}",
    "procedures.payment_asked": "{total}",
    "payments.obliged": "{amount_say}",
    "payments.paid": "{amount_say}, biên lai số {receipt}",
    "payments.refunded": "{refund_say}. {reason}",
    "procedures.received": "Mã hồ sơ {dossier_code}",
    "procedures.issued": "Số {number}",
    "procedures.copied": "{form}",
    "procedures.assigned": "Giao cho {to}",
    "procedures.delegated": "Giao cho {to}. {reason}",
    "procedures.reassigned": "Giao cho {to}. {reason}",
    "procedures.paused": "{reason} ({document})",
    "procedures.case_changed": "{to_case}: hẹn {due_say}. {reason}",
    "procedures.transferred": "Chuyển đến {to}. {reason}",
    "procedures.handed_back": "Chuyển về {to}. {reason}",
    "procedures.result_corrected": "Số {number}, thay số {replaced}",
}
LISTS: Mapping[str, tuple[str, str, str]] = {
    "procedures.supplement_asked": ("items", "", "; "),
    "procedures.supplemented": ("corrected", "Sửa ", "; "),
    "procedures.consulted": ("to", "Hỏi ", ", "),
}


def _detail(act: str, content: Mapping[str, object], reason: str) -> str:
    if act in LISTS:
        name, before, between = LISTS[act]
        told = content.get(name)
        return (
            before + between.join(map(str, told)) if isinstance(told, list | tuple) and told else ""
        )
    if act in DETAILS:
        known = {**{name: str(value) for name, value in content.items()}, "reason": reason}
        return DETAILS[act].format_map(defaultdict(str, known)).strip()
    return reason
