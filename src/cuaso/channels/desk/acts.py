"""The table of acts: each with its address, its words, and the one function that it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from cuaso.channels.desk import answers
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound, Problem
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView

NOT_VALUES = frozenset({"csrfmiddlewaretoken", "version", "seen_at", "note", "act"})


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One posted act: who, on what, and the version that the actor had before their eyes."""

    request: HttpRequest
    id: UUID
    actor: Actor
    version: int

    def text(self, name: str) -> str:
        return answers.text(self.request, name)

    def uuids(self, name: str, *, say: str) -> list[UUID]:
        """Return the ids of a choice; raise Invalid, saying `say`, for what is no id."""
        try:
            return [UUID(value) for value in answers.texts(self.request, name)]
        except ValueError as error:
            raise _unfit(name, say) from error


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act. `direct`: it needs no words, so its button stands on the dossier's own page."""

    slug: str
    name: str
    title: str | Promise
    button: str | Promise
    done: str | Promise
    icon: str
    perform: Callable[[Posting], DossierView]
    lead: str | Promise = ""
    direct: bool = False

    @property
    def template(self) -> str:
        return f"acts/{self.name}.html"


def posting(request: HttpRequest, dossier_id: UUID) -> Posting:
    """Read a posted act; raise Invalid when it does not say which version was seen."""
    version = answers.text(request, "version")
    if not version.isascii() or not version.isdecimal():
        raise Invalid(
            code="desk.version_missing",
            what=_("Biểu mẫu này thiếu phiên bản hồ sơ nên chưa được nhận."),
            mend=_("Hãy tải lại trang rồi làm lại."),
        )
    actor = identity.actor_of(request)
    return Posting(request=request, id=dossier_id, actor=actor, version=int(version))


def seen_at(request: HttpRequest) -> datetime | None:
    """Return when the page that posted was shown, None when it does not say."""
    try:
        seen = datetime.fromisoformat(answers.text(request, "seen_at"))
    except ValueError:
        return None
    return seen if seen.tzinfo else None


def corrections(request: HttpRequest, before: Mapping[str, str | list[str]]) -> dict[str, str]:
    """Return only the answers that the officer changed."""
    return {
        path: typed
        for path in request.POST
        if path not in NOT_VALUES
        and (typed := str(request.POST[path]).strip()) != _one(before.get(path, ""))
    }


def _one(value: str | list[str]) -> str:
    return value if isinstance(value, str) else (value[-1] if value else "")


def _unfit(field: str, say: str) -> Invalid:
    return Invalid(
        code="desk.choice_unfit",
        what=_("Chưa thực hiện được."),
        mend=_("Hãy sửa từng chỗ được nêu."),
        problems=(Problem(field=field, say=say),),
    )


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


def _refuse(given: Posting) -> DossierView:
    return procedures.refuse(
        id=given.id, reason=given.text("reason"), actor=given.actor, version=given.version
    )


def _claim(given: Posting) -> DossierView:
    return procedures.claim(id=given.id, actor=given.actor, version=given.version)


def _assign(given: Posting) -> DossierView:
    say = _("Hãy chọn người nhận việc.")
    chosen = given.uuids("post_id", say=say)
    if not chosen:
        raise _unfit("post_id", say)
    return procedures.assign(
        id=given.id, post_id=chosen[0], actor=given.actor, version=given.version
    )


def _consult(given: Posting) -> DossierView:
    return procedures.consult(
        id=given.id,
        agency_ids=given.uuids("agency_ids", say=_("Hãy chọn cơ quan trong danh sách.")),
        question=given.text("question"),
        actor=given.actor,
        version=given.version,
    )


def _answer(given: Posting) -> DossierView:
    say = _("Hãy chọn câu hỏi để trả lời.")
    chosen = given.uuids("consultation_id", say=say)
    if not chosen:
        raise _unfit("consultation_id", say)
    return procedures.answer_consultation(
        id=given.id,
        consultation_id=chosen[0],
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
        raise _unfit("seen_draft", _("Hãy xác nhận rằng bạn đã xem nội dung bản dự thảo."))
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
