"""What is sent: one schema an act, with an example; unknown names are refused."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from cuaso.channels.rest.asking import Code, Digits, Line, Words
from cuaso.channels.rest.sent import Sent

FIRST = "0192f0c1-2d7e-7c4a-9b1e-0a5f3a9d7c11"
SECOND = "0192f0c1-2d7e-7c4a-9b1e-0a5f3a9d7c12"
Text = Annotated[str, StringConstraints(max_length=20_000)]
Values = Annotated[
    dict[Annotated[str, StringConstraints(max_length=200)], Text | list[Text]],
    Field(max_length=2000),
]


def _example(**values: object) -> ConfigDict:
    extra: dict[str, Any] = {"examples": [values]}
    return ConfigDict(extra="forbid", json_schema_extra=extra)


class Started(Sent):
    """Thủ tục muốn làm."""

    model_config = _example(procedure_code="1.001193")
    procedure_code: Code


class Filled(Sent):
    """Mọi câu trả lời theo đường dẫn của mục; thay thế những gì đã lưu."""

    model_config = _example(
        values={"child.full_name": "Trần Võ An Nhiên", "child.birth_date": "02/10/2026"},
        complete=False,
    )
    values: Values
    complete: bool = False


class FromUpload(Sent):
    model_config = _example(component="birth_notice", file_id=FIRST)
    component: Code
    file_id: UUID


class FromLocker(Sent):
    model_config = _example(component="birth_notice", paper_id=FIRST)
    component: Code
    paper_id: UUID


class Consented(Sent):
    model_config = _example(consent=True)
    consent: bool


class Supplemented(Sent):
    """Bổ sung: tệp đã tải lên, mục sửa lại, lời nhắn."""

    model_config = _example(
        note="Tôi gửi bản chụp rõ hơn.",
        files=[{"component": "birth_notice", "file_id": FIRST}],
        values={},
    )
    note: Words = ""
    files: list[FromUpload] = Field([], max_length=20)
    values: Values = {}


class Confirmed(Sent):
    model_config = _example(accepted=True, note="")
    accepted: bool
    note: Words = ""


class Reason(Sent):
    model_config = _example(reason="Trẻ đã được đăng ký khai sinh ở nơi khác.")
    reason: Words


class Asked(Sent):
    model_config = _example(items=["Giấy chứng sinh bản rõ hơn"], reason="Bản chụp bị mờ.")
    items: list[Line] = Field(max_length=50)
    reason: Words


class Assigned(Sent):
    model_config = _example(post_id=FIRST)
    post_id: UUID


class Consulted(Sent):
    model_config = _example(agency_ids=[FIRST, SECOND], question="Cha mẹ trẻ đã kết hôn chưa?")
    agency_ids: list[UUID] = Field(max_length=20)
    question: Words


class Answered(Sent):
    model_config = _example(consultation_id=FIRST, answer="Đã đăng ký kết hôn năm 2024.")
    consultation_id: UUID
    answer: Words


class Proposed(Sent):
    """Mục mà người thụ lý sửa trong kết quả; rỗng nếu giữ nguyên như tờ khai."""

    model_config = _example(values={}, note="Đã đối chiếu với Giấy chứng sinh.")
    values: dict[Line, Text] = Field({}, max_length=500)
    note: Words = ""


class Extended(Sent):
    """Gia hạn đến hết một ngày, hoặc thêm một khoảng thời gian; chỉ một trong hai."""

    model_config = _example(
        reason="Phải xác minh thêm nơi thường trú trước đây.", added="2 ngày làm việc"
    )
    reason: Words
    until: date | None = None
    added: Line = ""


class CaseChanged(Sent):
    """Số của trường hợp (`limit-cases`), và lý do gửi người nộp."""

    model_config = _example(case="2", reason="Phải xác minh nguồn gốc lâm sản tại nơi khai thác.")
    case: Code
    reason: Words


class Paused(Sent):
    """Mã căn cứ trong danh mục, và văn bản làm căn cứ."""

    model_config = _example(
        ground="expert_assessment", document="Công văn 12/CV-TP ngày 07/10/2026"
    )
    ground: Code
    document: Line


class Grounded(Sent):
    """Mã căn cứ trong danh mục, và lý do gửi người nộp."""

    model_config = _example(ground="dispute", reason="Thửa đất đang có tranh chấp tại Tòa án.")
    ground: Code
    reason: Words


class Transferred(Sent):
    model_config = _example(agency_id=FIRST, reason="Nơi thường trú thuộc phường khác.")
    agency_id: UUID
    reason: Words


class Delegated(Sent):
    model_config = _example(post_id=FIRST, note="Tôi đi họp.")
    post_id: UUID
    note: Words = ""


class Corrected(Sent):
    """Mục sửa lại trong kết quả, và lý do."""

    model_config = _example(
        values={"subject.full_name": "Võ Thị Hạ Lâm"}, reason="Ghi sai dấu trong tên."
    )
    values: dict[Line, Text] = Field({}, max_length=500)
    reason: Words


class Reassigned(Sent):
    model_config = _example(ids=[FIRST, SECOND], post_id=FIRST, reason="Cán bộ đi công tác.")
    ids: list[UUID] = Field(max_length=100)
    post_id: UUID
    reason: Words


class Deputised(Sent):
    """Ai vắng mặt, ai thay, từ ngày đến hết ngày; `roles` rỗng: mọi vai trò mà cả hai cùng giữ."""

    model_config = _example(
        post_id=FIRST,
        deputy_post_id=SECOND,
        since="2026-10-07",
        until="2026-10-09",
        reason="Đi công tác",
        roles=["leader"],
    )
    post_id: UUID
    deputy_post_id: UUID
    since: date
    until: date
    reason: Line = ""
    roles: list[Code] = Field([], max_length=10)


class Delivered(Sent):
    model_config = _example(to_name="Võ Thị Hạ Lam")
    to_name: Line = ""


class Opinion(Sent):
    model_config = _example(text="Cần đối chiếu thêm Giấy chứng sinh.")
    text: Words


class ApprovedMany(Sent):
    model_config = _example(ids=[FIRST, SECOND])
    ids: list[UUID] = Field(max_length=50)


class AtCounter(Sent):
    """Người đến quầy với giấy tờ; cán bộ là người giúp, không phải người nộp."""

    model_config = _example(
        procedure_code="1.001193",
        applicant_personal_number="052196000122",
        applicant_name="Võ Thị Hạ Lam",
        applicant_phone="0900000122",
        values={"child.full_name": "Trần Võ An Nhiên"},
        files=[{"component": "birth_notice", "file_id": FIRST}],
    )
    procedure_code: Code
    applicant_personal_number: Line
    applicant_name: Line
    applicant_phone: Annotated[str, StringConstraints(max_length=20)] = ""
    values: Values = {}
    files: list[FromUpload] = Field([], max_length=50)


class Tracked(Sent):
    """Mã tra cứu hoặc mã hồ sơ, và 4 số cuối của số định danh hay điện thoại người nộp."""

    model_config = _example(code="CS-7K2M-9QXA", second_fact="0122")
    code: Code
    second_fact: Digits


class Checked(Sent):
    """Mã dưới hình QR, và số ghi trên giấy."""

    model_config = _example(code="4F7K2M9QXA", second_fact="01/2026")
    code: Code
    second_fact: Code


class Shared(Sent):
    model_config = _example(purpose="Nộp hồ sơ nhập học", until="2026-10-14T17:00:00+07:00")
    purpose: Line
    until: AwareDatetime


class Opened(Sent):
    """Mã của liên kết, 4 số cuối số định danh chủ giấy tờ, và tên người xem."""

    model_config = _example(
        token="mX0c4Jt1dV2b",  # noqa: S106 an example
        second_fact="0122",
        viewer_name="Trường Tiểu học Minh Hoạ",
    )
    token: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    second_fact: Digits
    viewer_name: Annotated[str, StringConstraints(min_length=2, max_length=120)]
    purpose: Line = ""


class Begun(Sent):
    model_config = _example(name="giay-chung-sinh.pdf", media_type="application/pdf", size=1048576)
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    media_type: Annotated[str, StringConstraints(max_length=100)]
    size: int = Field(gt=0, le=2**40)


class Photos(Sent):
    """Ảnh đã tải lên, theo thứ tự trang."""

    model_config = _example(file_ids=[FIRST, SECOND], name="giay-chung-sinh.pdf")
    file_ids: list[UUID] = Field(min_length=1, max_length=20)
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] = "anh-chup.pdf"


class ChosenCapacity(Sent):
    model_config = _example(key="self")
    key: Code


class Collected(Sent):
    """Tiền mặt đã nhận tại quầy, đúng bằng số phải nộp."""

    model_config = _example(amount_vnd=14000)
    amount_vnd: Annotated[int, Field(ge=1, le=10**12)]


class Refunded(Sent):
    """Hoàn bao nhiêu và vì sao."""

    model_config = _example(amount_vnd=4000, reason="Thu thừa một bản.")
    amount_vnd: Annotated[int, Field(ge=1, le=10**12)]
    reason: Words


class RefundDecided(Sent):
    """Hoàn hay không; không hoàn thì phải có lý do."""

    model_config = _example(granted=False, reason="Hồ sơ đã giải quyết xong.")
    granted: bool
    reason: Words = ""


class PaymentTold(Sent):
    """Báo thanh toán của cổng: một giao dịch với số tiền và nội dung chuyển khoản."""

    model_config = _example(
        transaction="gw-000123",
        reference="PHI7K2MNPQRST34",
        session="s-000123",
        amount_vnd=14000,
        currency="VND",
        paid_at="2026-10-07T08:30:00+07:00",
    )
    transaction: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    reference: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    session: Annotated[str, StringConstraints(max_length=120)]
    amount_vnd: Annotated[int, Field(ge=0, le=10**12)]
    currency: Annotated[str, StringConstraints(min_length=1, max_length=8)]
    paid_at: Annotated[str, StringConstraints(max_length=40)]


class Receipt(Sent):
    """Báo nhận của cổng tin nhắn: mã của cổng và tin đã đến hay chưa."""

    model_config = _example(provider_id="gw-000123", state="delivered")
    provider_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    state: Annotated[str, StringConstraints(min_length=1, max_length=20)]
