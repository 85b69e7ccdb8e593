"""How the desk says each act of the engine's table: its address, its words, its button."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from cuaso.channels.desk.posting import Act, declared_values, drawn_values
from cuaso.kernel.errors import NotFound

ACTS = (
    Act(
        slug="tiep-nhan",
        name="receive",
        title=later("Tiếp nhận hồ sơ"),
        button=later("Tiếp nhận hồ sơ"),
        done=later("Đã tiếp nhận hồ sơ. Giấy tiếp nhận và hẹn trả kết quả đã gửi cho người nộp."),
        icon="check",
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
    ),
    Act(
        slug="yeu-cau-nop-phi",
        name="ask_payment",
        title=later("Yêu cầu nộp phí, lệ phí trước"),
        button=later("Yêu cầu nộp phí, lệ phí trước"),
        done=later("Đã yêu cầu nộp phí, lệ phí. Hồ sơ tự đi tiếp khi tiền đến."),
        icon="card",
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
    ),
    Act(
        slug="nhan-viec",
        name="claim",
        title=later("Nhận việc này"),
        button=later("Nhận việc này"),
        done=later("Việc này đã giao cho ông/bà."),
        icon="user",
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
    ),
    Act(
        slug="hoi-y-kien",
        name="consult",
        title=later("Hỏi ý kiến cơ quan khác"),
        lead=later(
            "Các cơ quan được hỏi song song, mỗi cơ quan có hạn trả lời riêng. "
            "Hồ sơ quay lại với ông/bà khi cơ quan cuối cùng trả lời."
        ),
        button=later("Gửi câu hỏi"),
        done=later("Đã gửi câu hỏi."),
        icon="share",
    ),
    Act(
        slug="tra-loi",
        name="answer_consultation",
        title=later("Trả lời cơ quan hỏi ý kiến"),
        button=later("Gửi câu trả lời"),
        done=later("Đã gửi câu trả lời."),
        icon="mail",
    ),
    Act(
        slug="trinh",
        name="propose",
        title=later("Lập dự thảo kết quả và trình"),
        lead=later("Dự thảo được lập từ nội dung dưới đây. Sửa những ô chưa đúng rồi trình."),
        button=later("Lập dự thảo và trình"),
        done=later("Đã lập dự thảo kết quả và chuyển bước tiếp theo."),
        icon="right",
        before=declared_values,
    ),
    Act(
        slug="ky-nhay",
        name="endorse",
        title=later("Ký nháy và trình ký"),
        lead=later(
            "Ông/bà đồng ý với đúng bản dự thảo đang hiện ở đây; từ lúc này không ai sửa được nó "
            "cho đến khi cơ quan có thẩm quyền ký hoặc trả lại. Chữ ký nháy của ông/bà nằm trong "
            "chính tệp dự thảo."
        ),
        button=later("Ký nháy và trình ký"),
        done=later("Đã ký nháy và trình cơ quan có thẩm quyền ký."),
        icon="pen",
        shows_draft=True,
    ),
    Act(
        slug="ky",
        name="approve",
        title=later("Phê duyệt và ký số"),
        lead=later("Chữ ký số của ông/bà được đặt vào đúng bản dự thảo đang hiện ở đây."),
        button=later("Ký bằng chứng thư của tôi"),
        done=later("Đã ký. Kết quả chuyển sang văn thư để cấp số và đóng dấu."),
        icon="pen",
        shows_draft=True,
    ),
    Act(
        slug="tra-lai",
        name="return_to_handler",
        title=later("Trả lại người thẩm tra"),
        lead=later(
            "Dự thảo về lại người thẩm tra kèm lời này, chưa ai ký. Ngày hẹn trả kết quả không "
            "đổi; người nộp không đọc lời này."
        ),
        button=later("Trả lại"),
        done=later("Đã trả lại dự thảo kèm lý do."),
        icon="left",
    ),
    Act(
        slug="dong-dau",
        name="seal",
        title=later("Cấp số, đóng dấu và ban hành"),
        button=later("Cấp số, đóng dấu và ban hành"),
        done=later("Đã cấp số, đóng dấu và ban hành kết quả."),
        icon="seal",
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
    ),
    Act(
        slug="y-kien",
        name="give_opinion",
        title=later("Ghi ý kiến"),
        button=later("Ghi"),
        done=later("Đã ghi ý kiến."),
        icon="pen",
        direct=True,
    ),
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
    ),
    Act(
        slug="doi-truong-hop",
        name="change_case",
        title=later("Đổi trường hợp thời hạn"),
        lead=later(
            "Hạn được tính lại từ lúc tiếp nhận theo trường hợp ông/bà chọn. Người nộp nhận "
            "thông báo có lý do và ngày hẹn mới; ngày hẹn cũ được giữ trong hồ sơ."
        ),
        button=later("Đổi trường hợp và báo người nộp"),
        done=later("Đã đổi trường hợp thời hạn và báo ngày hẹn mới cho người nộp."),
        icon="clock",
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
    ),
    Act(
        slug="tinh-tiep",
        name="resume",
        title=later("Tính tiếp thời hạn"),
        button=later("Tính tiếp thời hạn"),
        done=later("Thời hạn được tính tiếp; ngày hẹn mới đã báo cho người nộp."),
        icon="right",
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
    ),
    Act(
        slug="chuyen",
        name="transfer",
        title=later("Chuyển đến cơ quan có thẩm quyền"),
        lead=later("Ngày hẹn trả kết quả không đổi. Người nộp được báo nơi giải quyết mới."),
        button=later("Chuyển hồ sơ"),
        done=later("Đã chuyển hồ sơ đến cơ quan có thẩm quyền."),
        icon="share",
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
        leaves=True,
    ),
    Act(
        slug="uy-quyen",
        name="delegate",
        title=later("Uỷ quyền xử lý việc này"),
        lead=later("Người nhận xử lý thay; tên ông/bà vẫn ghi là người đã uỷ quyền."),
        button=later("Uỷ quyền"),
        done=later("Đã uỷ quyền xử lý việc này."),
        icon="swap",
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
        before=drawn_values,
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
        before=drawn_values,
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
    ),
)
BY_SLUG = {act.slug: act for act in ACTS}
BY_NAME = {act.name: act for act in ACTS}


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
