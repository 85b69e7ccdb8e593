"""The table of acts: each with its address, its words, and the one function that it calls."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from cuaso.channels.desk import answers
from cuaso.channels.desk.acts_beside import BESIDE
from cuaso.channels.desk.posting import Act, Posting, corrections, unfit
from cuaso.kernel.errors import NotFound
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView


def _receive(given: Posting) -> DossierView:
    return procedures.receive(id=given.id, actor=given.actor, version=given.version)


def _ask_supplement(given: Posting) -> DossierView:
    return procedures.ask_supplement(
        id=given.id,
        items=list(dict.fromkeys(answers.texts(given.request, "items"))),
        reason=given.text("reason"),
        actor=given.actor,
        version=given.version,
    )


def _ask_payment(given: Posting) -> DossierView:
    return procedures.ask_payment(id=given.id, actor=given.actor, version=given.version)


def _refuse(given: Posting) -> DossierView:
    return procedures.refuse(
        id=given.id, reason=given.text("reason"), actor=given.actor, version=given.version
    )


def _claim(given: Posting) -> DossierView:
    return procedures.claim(id=given.id, actor=given.actor, version=given.version)


def _assign(given: Posting) -> DossierView:
    post_id = given.chosen("post_id", say=_("Hãy chọn người nhận việc."))
    return procedures.assign(id=given.id, post_id=post_id, actor=given.actor, version=given.version)


def _consult(given: Posting) -> DossierView:
    return procedures.consult(
        id=given.id,
        agency_ids=given.uuids("agency_ids", say=_("Hãy chọn cơ quan trong danh sách.")),
        question=given.text("question"),
        actor=given.actor,
        version=given.version,
    )


def _answer(given: Posting) -> DossierView:
    return procedures.answer_consultation(
        id=given.id,
        consultation_id=given.chosen("consultation_id", say=_("Hãy chọn câu hỏi để trả lời.")),
        answer=given.text("answer"),
        actor=given.actor,
        version=given.version,
    )


def _propose(given: Posting) -> DossierView:
    before = procedures.dossier(id=given.id, actor=given.actor).editable
    return procedures.propose(
        id=given.id,
        values=corrections(given.request, before),
        note=given.text("note"),
        actor=given.actor,
        version=given.version,
    )


def _approve(given: Posting) -> DossierView:
    if given.text("seen_draft") != "true":
        raise unfit("seen_draft", _("Hãy xác nhận rằng bạn đã xem nội dung bản dự thảo."))
    return procedures.approve(id=given.id, actor=given.actor, version=given.version)


def _return(given: Posting) -> DossierView:
    return procedures.return_to_handler(
        id=given.id, reason=given.text("reason"), actor=given.actor, version=given.version
    )


def _seal(given: Posting) -> DossierView:
    return procedures.seal(id=given.id, actor=given.actor, version=given.version)


def _deliver(given: Posting) -> DossierView:
    return procedures.deliver(
        id=given.id, actor=given.actor, version=given.version, to_name=given.text("to_name")
    )


def _opinion(given: Posting) -> DossierView:
    return procedures.give_opinion(id=given.id, text=given.text("text"), actor=given.actor)


ACTS = (
    Act(
        slug="tiep-nhan",
        name="receive",
        title=later("Tiếp nhận hồ sơ"),
        button=later("Tiếp nhận hồ sơ"),
        done=later("Đã tiếp nhận hồ sơ. Giấy tiếp nhận và hẹn trả kết quả đã gửi cho người nộp."),
        icon="check",
        perform=_receive,
        direct=True,
    ),
    Act(
        slug="yeu-cau-bo-sung",
        name="ask_supplement",
        title=later("Yêu cầu bổ sung hồ sơ"),
        lead=later(
            "Mỗi hồ sơ chỉ nên được yêu cầu một lần: hãy ghi đủ mọi thứ còn thiếu. "
            "Thời hạn dừng tính từ lúc gửi đến khi người nộp bổ sung."
        ),
        button=later("Gửi yêu cầu bổ sung"),
        done=later("Đã gửi yêu cầu bổ sung cho người nộp."),
        icon="doc",
        perform=_ask_supplement,
    ),
    Act(
        slug="yeu-cau-nop-phi",
        name="ask_payment",
        title=later("Yêu cầu nộp phí, lệ phí trước"),
        button=later("Yêu cầu nộp phí, lệ phí trước"),
        done=later("Đã yêu cầu nộp phí, lệ phí. Hồ sơ tự đi tiếp khi tiền đến."),
        icon="card",
        perform=_ask_payment,
        direct=True,
    ),
    Act(
        slug="tu-choi",
        name="refuse",
        title=later("Từ chối hồ sơ"),
        lead=later("Người nộp nhận phiếu từ chối kèm lý do này. Việc này không hoàn lại được."),
        button=later("Từ chối hồ sơ"),
        done=later("Đã từ chối hồ sơ và báo lý do cho người nộp."),
        icon="x",
        perform=_refuse,
    ),
    Act(
        slug="nhan-viec",
        name="claim",
        title=later("Nhận việc này"),
        button=later("Nhận việc này"),
        done=later("Việc này đã giao cho bạn."),
        icon="user",
        perform=_claim,
        direct=True,
    ),
    Act(
        slug="giao-viec",
        name="assign",
        title=later("Giao cho người khác"),
        lead=later("Chỉ những người giữ cùng vai trò tại cơ quan đang xử lý mới nhận được việc."),
        button=later("Giao việc"),
        done=later("Đã giao việc."),
        icon="swap",
        perform=_assign,
    ),
    Act(
        slug="hoi-y-kien",
        name="consult",
        title=later("Hỏi ý kiến cơ quan khác"),
        lead=later(
            "Các cơ quan được hỏi song song, mỗi cơ quan có hạn trả lời riêng. "
            "Hồ sơ quay lại với bạn khi cơ quan cuối cùng trả lời."
        ),
        button=later("Gửi câu hỏi"),
        done=later("Đã gửi câu hỏi."),
        icon="share",
        perform=_consult,
    ),
    Act(
        slug="tra-loi",
        name="answer_consultation",
        title=later("Trả lời cơ quan hỏi ý kiến"),
        button=later("Gửi câu trả lời"),
        done=later("Đã gửi câu trả lời."),
        icon="mail",
        perform=_answer,
    ),
    Act(
        slug="trinh",
        name="propose",
        title=later("Lập dự thảo kết quả và trình"),
        lead=later("Dự thảo được lập từ nội dung dưới đây. Sửa những ô chưa đúng rồi trình."),
        button=later("Lập dự thảo và trình"),
        done=later("Đã lập dự thảo kết quả và chuyển bước tiếp theo."),
        icon="right",
        perform=_propose,
    ),
    Act(
        slug="ky",
        name="approve",
        title=later("Phê duyệt và ký số"),
        lead=later("Chữ ký số của bạn được đặt vào đúng bản dự thảo đang hiện ở đây."),
        button=later("Ký bằng chứng thư của tôi"),
        done=later("Đã ký. Kết quả chuyển sang văn thư để cấp số và đóng dấu."),
        icon="pen",
        perform=_approve,
    ),
    Act(
        slug="tra-lai",
        name="return_to_handler",
        title=later("Trả lại người thẩm tra"),
        button=later("Trả lại"),
        done=later("Đã trả lại dự thảo kèm lý do."),
        icon="left",
        perform=_return,
    ),
    Act(
        slug="dong-dau",
        name="seal",
        title=later("Cấp số, đóng dấu và ban hành"),
        button=later("Cấp số, đóng dấu và ban hành"),
        done=later("Đã cấp số, đóng dấu và ban hành kết quả."),
        icon="seal",
        perform=_seal,
        direct=True,
    ),
    Act(
        slug="tra-ket-qua",
        name="deliver",
        title=later("Trả kết quả"),
        lead=later("Ghi tên người đã nhận nếu không phải chính người nộp."),
        button=later("Ghi nhận đã trả kết quả"),
        done=later("Đã ghi nhận trả kết quả."),
        icon="out-door",
        perform=_deliver,
    ),
    Act(
        slug="y-kien",
        name="give_opinion",
        title=later("Ghi ý kiến"),
        button=later("Ghi"),
        done=later("Đã ghi ý kiến."),
        icon="pen",
        perform=_opinion,
        direct=True,
    ),
)
EVERY = (*ACTS, *BESIDE)
BY_SLUG = {act.slug: act for act in EVERY}
BY_NAME = {act.name: act for act in EVERY}


def named(slug: str) -> Act:
    """Return the act at an address, else raise NotFound."""
    found = BY_SLUG.get(slug)
    if found is None:
        raise NotFound(
            code="desk.act_unknown",
            what=_("Không có việc này."),
            mend=_("Hãy mở lại trang hồ sơ rồi chọn việc cần làm."),
        )
    return found
