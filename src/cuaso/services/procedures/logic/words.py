"""How acts in the ledger are said to people."""

from collections.abc import Mapping

from cuaso.foundation.audit.contracts import Entry
from cuaso.services.procedures.contracts import LogLine

SAID = {
    "procedures.submitted": "nộp hồ sơ",
    "procedures.received": "tiếp nhận hồ sơ, gửi giấy hẹn trả kết quả",
    "procedures.supplement_asked": "yêu cầu bổ sung hồ sơ",
    "procedures.supplemented": "bổ sung hồ sơ",
    "procedures.refused": "từ chối hồ sơ",
    "procedures.claimed": "nhận việc",
    "procedures.assigned": "giao việc",
    "procedures.consulted": "hỏi ý kiến cơ quan khác",
    "procedures.consultation_answered": "trả lời ý kiến",
    "procedures.opinion_given": "ghi ý kiến",
    "procedures.proposed": "lập dự thảo kết quả",
    "procedures.draft_confirmed": "xác nhận nội dung dự thảo",
    "procedures.draft_disputed": "đề nghị sửa dự thảo",
    "procedures.returned": "trả lại dự thảo",
    "procedures.approved": "phê duyệt và ký số",
    "procedures.issued": "cấp số, đóng dấu và ban hành kết quả",
    "procedures.delivered": "trả kết quả",
    "procedures.withdrawn": "rút hồ sơ",
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


def _detail(act: str, content: Mapping[str, object], reason: str) -> str:
    if act == "procedures.received":
        return f"Mã hồ sơ {content.get('dossier_code', '')}"
    if act == "procedures.supplement_asked":
        items = content.get("items")
        return "; ".join(str(item) for item in items) if isinstance(items, list | tuple) else ""
    if act == "procedures.issued":
        return f"Số {content.get('number', '')}"
    if act == "procedures.assigned":
        return f"Giao cho {content.get('to', '')}"
    if act == "procedures.consulted":
        to = content.get("to")
        return "Hỏi " + ", ".join(str(name) for name in to) if isinstance(to, list | tuple) else ""
    return reason
