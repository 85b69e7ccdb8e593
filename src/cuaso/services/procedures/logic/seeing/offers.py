"""Which acts stand open to an actor now, and what the house checked for the officer."""

from collections.abc import Iterator, Sequence, Set

from cuaso.foundation.access import api as access
from cuaso.kernel.actors import Actor
from cuaso.services.procedures.act_contracts import DuplicateView
from cuaso.services.procedures.contracts import ActOffer, Check, PaperView
from cuaso.services.procedures.logic.course import deputies, steps
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.matter.status import CLOSED, Status
from cuaso.services.procedures.logic.seeing.offers_beside import beside
from cuaso.services.procedures.models import Dossier, Result, Work
from cuaso.services.procedures.policies import DOSSIERS

AT_STEP: dict[str, tuple[ActOffer, ...]] = {
    "receive": (
        ActOffer(
            act="receive", title="Tiếp nhận hồ sơ", main=True, hint="Cấp mã hồ sơ và gửi giấy hẹn."
        ),
        ActOffer(act="ask_supplement", title="Yêu cầu bổ sung", fields=("items", "reason")),
        ActOffer(act="refuse", title="Từ chối tiếp nhận", fields=("reason",)),
    ),
    "examine": (
        ActOffer(
            act="propose",
            title="Lập dự thảo kết quả và trình",
            main=True,
            fields=("values", "note"),
        ),
        ActOffer(act="ask_supplement", title="Yêu cầu bổ sung", fields=("items", "reason")),
        ActOffer(act="consult", title="Hỏi ý kiến cơ quan khác", fields=("agency_ids", "question")),
        ActOffer(act="refuse", title="Từ chối giải quyết", fields=("reason",)),
    ),
    "consult": (
        ActOffer(
            act="answer_consultation",
            title="Trả lời",
            main=True,
            fields=("consultation_id", "answer"),
        ),
    ),
    "endorse": (
        ActOffer(
            act="endorse",
            title="Ký nháy và trình ký",
            main=True,
            hint="Đồng ý với dự thảo và trình cơ quan có thẩm quyền ký.",
        ),
        ActOffer(act="return_to_handler", title="Trả lại người thẩm tra", fields=("reason",)),
    ),
    "approve": (
        ActOffer(act="approve", title="Phê duyệt và ký số", main=True),
        ActOffer(act="return_to_handler", title="Trả lại người thẩm tra", fields=("reason",)),
    ),
    "seal": (ActOffer(act="seal", title="Cấp số, đóng dấu và ban hành", main=True),),
    "deliver": (ActOffer(act="deliver", title="Trả kết quả", main=True, fields=("to_name",)),),
}
REGISTER = "population."
# Where papers may stay on paper: the clerk at the counter has seen them.
COUNTER = "counter"
OF_ANY_STEP = (
    ActOffer(act="claim", title="Nhận việc này"),
    ActOffer(act="assign", title="Giao cho người khác", fields=("post_id",)),
)
OF_HELD_STEP = (
    OF_ANY_STEP[1],
    ActOffer(act="delegate", title="Uỷ quyền xử lý", rare=True, fields=("post_id", "note")),
)


def acts(
    dossier: Dossier,
    *,
    works: Sequence[Work],
    result: Result | None,
    actor: Actor,
    left: Set[str],
) -> tuple[ActOffer, ...]:
    """Return the acts that the actor may do now, the main one first.

    left: what `leavings.left_by` says of the dossier.
    """
    if actor.kind == "official":
        at_hand = () if dossier.paused_say else _of_official(dossier, works, actor)
        return at_hand + beside(dossier, works=works, result=result, actor=actor, left=left)
    if access.decide(actor=actor, act="own", record=dossier, policy=DOSSIERS).allowed:
        return _of_owner(dossier, works, result)
    return ()


def _of_official(dossier: Dossier, works: Sequence[Work], actor: Actor) -> tuple[ActOffer, ...]:
    if not access.decide(actor=actor, act="work", record=dossier, policy=DOSSIERS).allowed:
        return ()
    offered: list[ActOffer] = []
    for work in works:
        if work.done_at is None and steps.is_at(work, actor):
            if work.post_id is None or deputies.holds(actor, work):
                offered.extend(_at_step(dossier, work))
            offered.extend(_holding(work, actor))
    return tuple(dict.fromkeys(offered))


def _at_step(dossier: Dossier, work: Work) -> Iterator[ActOffer]:
    for offer in AT_STEP.get(work.element, ()):
        if offer.act != "consult" or declared.has_step(dossier.procedure, "consult"):
            yield offer


def _holding(work: Work, actor: Actor) -> tuple[ActOffer, ...]:
    return OF_HELD_STEP if work.post_id == actor.post_id else OF_ANY_STEP


def _of_owner(
    dossier: Dossier, works: Sequence[Work], result: Result | None
) -> tuple[ActOffer, ...]:
    offered = []
    at = {work.element for work in works if work.done_at is None}
    if dossier.status == Status.SUPPLEMENT_ASKED:
        offered.append(
            ActOffer(act="supplement", title="Bổ sung hồ sơ", main=True, fields=("note", "files"))
        )
    if "confirm_draft" in at:
        offered.append(
            ActOffer(
                act="confirm_draft",
                title="Xem và xác nhận dự thảo",
                main=True,
                fields=("accepted", "note"),
            )
        )
    signed = result is not None and result.state != "draft"
    if dossier.status not in CLOSED and dossier.status != Status.DONE and not signed:
        offered.append(ActOffer(act="withdraw", title="Rút hồ sơ", fields=("reason",)))
    return tuple(offered)


def checks(
    dossier: Dossier, given: Sequence[PaperView], twins: Sequence[DuplicateView]
) -> tuple[Check, ...]:
    """Return what the house compared for the officer, the troubles first."""
    found = (
        _papers_there(dossier, given),
        _papers_clean(given),
        _sources(dossier),
        _twins(twins),
    )
    order = {"late": 0, "soon": 1, "ok": 2}
    return tuple(sorted((one for one in found if one), key=lambda one: order[one.state]))


def _papers_there(dossier: Dossier, given: Sequence[PaperView]) -> Check:
    missing = _without_file(dossier, given)
    if not missing:
        return Check(state="ok", say="Đủ giấy tờ bắt buộc theo thành phần hồ sơ")
    if dossier.channel == COUNTER:
        return Check(state="soon", say=f"Giữ bản giấy, chưa quét: {'; '.join(missing)}")
    return Check(state="late", say=f"Thiếu giấy tờ bắt buộc: {'; '.join(missing)}")


def on_paper(dossier: Dossier, given: Sequence[PaperView]) -> tuple[str, ...]:
    """Return the required papers that the counter took without scanning them, by title."""
    return _without_file(dossier, given) if dossier.channel == COUNTER else ()


def _without_file(dossier: Dossier, given: Sequence[PaperView]) -> tuple[str, ...]:
    there = {paper.component for paper in given}
    return tuple(
        one.component.title
        for one in declared.needed_of_dossier(dossier)
        if declared.to_upload(one) and one.id not in there
    )


def _papers_clean(given: Sequence[PaperView]) -> Check | None:
    states = {paper.state for paper in given}
    if "infected" in states:
        return Check(
            state="late", say="Có tệp nhiễm mã độc, không mở được; hãy yêu cầu người nộp gửi lại"
        )
    if states & {"pending", "unscanned", "unscannable"}:
        return Check(state="soon", say="Có tệp chưa được quét mã độc")
    return Check(state="ok", say="Các tệp đã quét, không có mã độc") if states else None


def _sources(dossier: Dossier) -> Check:
    known = sum(origin.startswith(REGISTER) for origin in dossier.sources.values())
    if known == 0:
        return Check(
            state="soon", say="Không có mục nào lấy từ cơ sở dữ liệu dân cư; cần đối chiếu giấy tờ"
        )
    return Check(state="ok", say=f"{known} mục lấy từ cơ sở dữ liệu quốc gia về dân cư")


def _twins(twins: Sequence[DuplicateView]) -> Check:
    if twins:
        told = ", ".join(twin.code for twin in twins)
        return Check(state="soon", say=f"Người này đã có hồ sơ cùng thủ tục, cùng nội dung: {told}")
    return Check(state="ok", say="Chưa có hồ sơ nào khác cùng thủ tục và nội dung của người này")
