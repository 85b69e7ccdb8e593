"""The acts beside the step at hand, as `acts.py` has those at the step."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from cuaso.channels.desk.posting import Act, Posting, corrections
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView


def _extend(given: Posting) -> DossierView:
    return procedures.extend(
        id=given.id,
        reason=given.text("reason"),
        until=given.day("until"),
        added=given.text("added"),
        actor=given.actor,
        version=given.version,
    )


def _pause(given: Posting) -> DossierView:
    return procedures.pause(
        id=given.id,
        ground=given.text("ground"),
        document=given.text("document"),
        actor=given.actor,
        version=given.version,
    )


def _resume(given: Posting) -> DossierView:
    return procedures.resume(id=given.id, actor=given.actor, version=given.version)


def _stop(given: Posting) -> DossierView:
    return procedures.stop(
        id=given.id,
        reason=given.text("reason"),
        ground=given.text("ground"),
        actor=given.actor,
        version=given.version,
    )


def _transfer(given: Posting) -> DossierView:
    return procedures.transfer(
        id=given.id,
        agency_id=given.chosen("agency_id", say=_("Hãy chọn cơ quan trong danh sách.")),
        reason=given.text("reason"),
        actor=given.actor,
        version=given.version,
    )


def _hand_back(given: Posting) -> DossierView:
    return procedures.hand_back(
        id=given.id, reason=given.text("reason"), actor=given.actor, version=given.version
    )


def _delegate(given: Posting) -> DossierView:
    return procedures.delegate(
        id=given.id,
        post_id=given.chosen("post_id", say=_("Hãy chọn người nhận việc.")),
        note=given.text("note"),
        actor=given.actor,
        version=given.version,
    )


def _edit_draft(given: Posting) -> DossierView:
    return procedures.edit_draft(
        id=given.id,
        values=corrections(given.request, _drawn(given)),
        note=given.text("note"),
        actor=given.actor,
        version=given.version,
    )


def _correct(given: Posting) -> DossierView:
    return procedures.correct_result(
        id=given.id,
        values=corrections(given.request, _drawn(given)),
        reason=given.text("reason"),
        actor=given.actor,
        version=given.version,
    )


def _drawn(given: Posting) -> dict[str, str | list[str]]:
    return dict(procedures.result_values(id=given.id, actor=given.actor))


def _revoke(given: Posting) -> DossierView:
    return procedures.revoke_result(
        id=given.id,
        reason=given.text("reason"),
        ground=given.text("ground"),
        actor=given.actor,
        version=given.version,
    )


BESIDE = (
    Act(
        slug="gia-han",
        name="extend",
        title=later("Gia hạn và xin lỗi người nộp"),
        lead=later(
            "Người nộp nhận văn bản xin lỗi có lý do và ngày hẹn mới. "
            "Hệ thống chỉ cho gia hạn đúng số lần mà quy định nêu."
        ),
        button=later("Gửi lời xin lỗi và hẹn lại"),
        done=later("Đã gia hạn và gửi lời xin lỗi cho người nộp."),
        icon="mail",
        perform=_extend,
    ),
    Act(
        slug="tam-dung",
        name="pause",
        title=later("Tạm dừng tính thời hạn"),
        lead=later(
            "Chỉ tạm dừng khi có căn cứ và văn bản. Trong lúc tạm dừng không ai xử lý tiếp hồ sơ; "
            "thời gian làm việc còn lại được giữ nguyên."
        ),
        button=later("Tạm dừng"),
        done=later("Đã tạm dừng tính thời hạn và báo cho người nộp."),
        icon="alert",
        perform=_pause,
    ),
    Act(
        slug="tinh-tiep",
        name="resume",
        title=later("Tính tiếp thời hạn"),
        button=later("Tính tiếp thời hạn"),
        done=later("Thời hạn được tính tiếp; ngày hẹn mới đã báo cho người nộp."),
        icon="right",
        perform=_resume,
        direct=True,
    ),
    Act(
        slug="dung",
        name="stop",
        title=later("Dừng giải quyết hồ sơ"),
        lead=later("Người nộp nhận thông báo dừng kèm lý do này. Việc này không hoàn lại được."),
        button=later("Dừng giải quyết"),
        done=later("Đã dừng giải quyết hồ sơ và báo lý do cho người nộp."),
        icon="x",
        perform=_stop,
    ),
    Act(
        slug="chuyen",
        name="transfer",
        title=later("Chuyển đến cơ quan có thẩm quyền"),
        lead=later("Ngày hẹn trả kết quả không đổi. Người nộp được báo nơi giải quyết mới."),
        button=later("Chuyển hồ sơ"),
        done=later("Đã chuyển hồ sơ đến cơ quan có thẩm quyền."),
        icon="share",
        perform=_transfer,
        leaves=True,
    ),
    Act(
        slug="chuyen-tra",
        name="hand_back",
        title=later("Chuyển trả hồ sơ"),
        lead=later("Hồ sơ về lại cơ quan đã chuyển đến. Ngày hẹn trả kết quả không đổi."),
        button=later("Chuyển trả"),
        done=later("Đã chuyển trả hồ sơ."),
        icon="left",
        perform=_hand_back,
        leaves=True,
    ),
    Act(
        slug="uy-quyen",
        name="delegate",
        title=later("Uỷ quyền xử lý việc này"),
        lead=later("Người nhận xử lý thay; tên bạn vẫn ghi là người đã uỷ quyền."),
        button=later("Uỷ quyền"),
        done=later("Đã uỷ quyền xử lý việc này."),
        icon="swap",
        perform=_delegate,
        leaves=True,
    ),
    Act(
        slug="sua-du-thao",
        name="edit_draft",
        title=later("Sửa dự thảo kết quả"),
        lead=later("Dự thảo được lập lại từ nội dung dưới đây, vẫn ở đúng bước đang chờ."),
        button=later("Lập lại dự thảo"),
        done=later("Đã sửa dự thảo kết quả."),
        icon="pen",
        perform=_edit_draft,
    ),
    Act(
        slug="dinh-chinh",
        name="correct_result",
        title=later("Đính chính kết quả đã cấp"),
        lead=later(
            "Bản mới được ký, cấp số, đóng dấu rồi mới thay bản cũ; đến lúc đó bản cũ vẫn có giá "
            "trị. Bản cũ luôn xem lại được."
        ),
        button=later("Lập bản đính chính và trình ký"),
        done=later("Đã lập bản đính chính, đang chờ lãnh đạo ký."),
        icon="pen",
        perform=_correct,
    ),
    Act(
        slug="thu-hoi",
        name="revoke_result",
        title=later("Thu hồi kết quả đã cấp"),
        lead=later(
            "Giấy đã cấp hết giá trị ngay; ai kiểm tra mã trên giấy đều biết đã bị thu hồi và vì "
            "sao. Việc này không hoàn lại được."
        ),
        button=later("Thu hồi kết quả"),
        done=later("Đã thu hồi kết quả và báo cho người nộp."),
        icon="x",
        perform=_revoke,
    ),
)
