"""The acts of officials on one dossier: an address for each act of the engine's table.

Every act but an opinion names the version that the officer saw.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import TypedDict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status

from cuaso.channels.rest import bodies
from cuaso.channels.rest.asking import IfMatch, Prefer, minimal, tagged, tagged_only, version
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView

router = Router(tags=["Bàn làm việc"])
ANY = "*"
Answer = DossierView | Status[None]


class Performed(TypedDict):
    """What every act is given."""

    id: UUID
    actor: Actor
    version: int | None
    given: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Route:
    """How the API says one act: its summary, what is sent, a note, its address if not its name."""

    act: str
    summary: str
    body: type[Schema] | None = None
    note: str = ""
    path: str = ""


ROUTES = (
    Route(act="receive", summary="Tiếp nhận", note="Cấp mã hồ sơ và ngày hẹn trả."),
    Route(
        act="ask_supplement",
        summary="Yêu cầu bổ sung",
        body=bodies.Asked,
        note="Danh sách đầy đủ, một lần, với lý do; đồng hồ dừng đến khi người nộp trả lời.",
    ),
    Route(act="ask_payment", summary="Yêu cầu nộp phí trước", note="Chỉ khi hồ sơ còn nợ phí."),
    Route(act="refuse", summary="Từ chối", body=bodies.Reason),
    Route(act="claim", summary="Nhận việc"),
    Route(act="assign", summary="Giao việc", body=bodies.Assigned),
    Route(act="delegate", summary="Uỷ quyền xử lý việc", body=bodies.Delegated),
    Route(
        act="consult",
        summary="Hỏi ý kiến cơ quan khác",
        body=bodies.Consulted,
        note="Hỏi song song; hồ sơ quay lại khi cơ quan cuối cùng trả lời.",
    ),
    Route(
        act="answer_consultation",
        summary="Trả lời cơ quan hỏi",
        body=bodies.Answered,
        path="answer",
    ),
    Route(
        act="give_opinion",
        summary="Ghi ý kiến",
        body=bodies.Opinion,
        note="Ý kiến nội bộ, giữ lâu dài, không cho người nộp thấy.",
        path="opinion",
    ),
    Route(act="propose", summary="Trình dự thảo kết quả", body=bodies.Proposed),
    Route(
        act="edit_draft",
        summary="Sửa dự thảo kết quả",
        body=bodies.Proposed,
        note="Trước khi ký, và trước khi người nộp đã xác nhận.",
    ),
    Route(
        act="endorse",
        summary="Ký nháy, trình ký",
        note="Khi cơ quan giải quyết đề xuất còn cơ quan khác ký; sau đó dự thảo không sửa được.",
    ),
    Route(
        act="approve",
        summary="Duyệt và ký",
        note="503 khi thiết bị ký hoặc dấu thời gian không trả lời; bản thảo vẫn chờ ký.",
    ),
    Route(
        act="return_to_handler",
        summary="Trả lại người thụ lý",
        body=bodies.Reason,
        path="return",
    ),
    Route(act="seal", summary="Cấp số, đóng dấu, ban hành"),
    Route(act="deliver", summary="Trả kết quả tại quầy", body=bodies.Delivered),
    Route(
        act="extend",
        summary="Gia hạn và xin lỗi",
        body=bodies.Extended,
        note="Người nộp nhận lời xin lỗi và ngày hẹn mới; số lần theo quy định của ngày tiếp nhận.",
    ),
    Route(
        act="change_case",
        summary="Đổi trường hợp thời hạn",
        body=bodies.CaseChanged,
        note="Tính lại từ lúc tiếp nhận theo trường hợp khác của thủ tục; giữ cả hai ngày hẹn.",
        path="change-case",
    ),
    Route(act="pause", summary="Tạm dừng tính thời hạn", body=bodies.Paused),
    Route(act="resume", summary="Tính tiếp thời hạn"),
    Route(act="stop", summary="Dừng giải quyết", body=bodies.Grounded),
    Route(
        act="transfer",
        summary="Chuyển cơ quan",
        body=bodies.Transferred,
        note="Ngày hẹn trả không đổi; nơi đã tiếp nhận giữ nguyên.",
    ),
    Route(act="hand_back", summary="Chuyển trả hồ sơ", body=bodies.Reason),
    Route(
        act="correct_result",
        summary="Đính chính kết quả",
        body=bodies.Corrected,
        note="Bản cũ có giá trị đến khi bản mới được ký, cấp số, đóng dấu.",
    ),
    Route(act="revoke_result", summary="Thu hồi kết quả", body=bodies.Grounded),
)


def _view(route: Route) -> Callable[..., Answer]:
    """Return the view of one route, with the signature by which ninja reads and describes it."""
    act = procedures.ACTS[route.act]

    def view(
        request: HttpRequest,
        response: HttpResponse,
        id: UUID,
        *,
        body: Schema | None = None,
        if_match: str = ANY,
        prefer: str = "",
    ) -> Answer:
        asked = Performed(
            id=id,
            actor=identity.actor_of(request),
            version=version(if_match),
            given={name: getattr(body, name) for name in act.asks},
        )
        if minimal(prefer):
            return tagged_only(response, act.perform_briefly(**asked))
        return tagged(response, act.perform(**asked))

    view.__name__, view.__doc__ = route.act, route.note
    # Python's own name for what `inspect.signature` answers.
    view.__signature__ = Signature(  # type: ignore[attr-defined]
        list(_parameters(route.body, versioned=act.versioned)), return_annotation=DossierView
    )
    return view


def _parameters(body: type[Schema] | None, *, versioned: bool) -> Iterator[Parameter]:
    for name, kind in (("request", HttpRequest), ("response", HttpResponse), ("id", UUID)):
        yield Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, annotation=kind)
    if body is not None:
        yield Parameter("body", Parameter.POSITIONAL_OR_KEYWORD, annotation=body)
    if versioned:
        yield Parameter("if_match", Parameter.POSITIONAL_OR_KEYWORD, annotation=IfMatch, default="")
    yield Parameter("prefer", Parameter.POSITIONAL_OR_KEYWORD, annotation=Prefer, default="")


for _route in ROUTES:
    router.post(
        f"/dossiers/{{id}}/{_route.path or _route.act.replace('_', '-')}",
        response={200: DossierView, 204: None},
        summary=_route.summary,
    )(_view(_route))
