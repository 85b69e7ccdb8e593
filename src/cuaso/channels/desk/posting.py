"""What an official posts: an act on a dossier, in the version that was before their eyes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cuaso.channels.desk import answers
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.services.procedures import api as procedures

Values = Mapping[str, str | list[str]]
NOT_VALUES = frozenset(
    {"csrfmiddlewaretoken", "version", "seen_at", "note", "act", "reason", "phrase"}
)


@dataclass(frozen=True, kw_only=True)
class Posting:
    """One posted act: who, on what, and the version that the actor had before their eyes."""

    request: HttpRequest
    id: UUID
    actor: Actor
    version: int

    def text(self, name: str) -> str:
        return answers.text(self.request, name)

    def chosen(self, name: str, *, say: str) -> UUID:
        """Return the id of a single choice; raise Invalid, saying `say`, when none was made."""
        ids = self.uuids(name, say=say)
        if not ids:
            raise unfit(name, say)
        return ids[0]

    def day(self, name: str) -> date | None:
        """Return a typed day, None for an empty one; raise Invalid for what is no day."""
        return day_of(self.request, name)

    def uuids(self, name: str, *, say: str) -> list[UUID]:
        """Return the ids of a choice; raise Invalid, saying `say`, for what is no id."""
        try:
            return [UUID(value) for value in answers.texts(self.request, name)]
        except ValueError as error:
            raise unfit(name, say) from error


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act of the engine's table as the desk says it. `direct`: it needs no words, so its
    button stands on the dossier's own page. `leaves`: afterwards the dossier is somebody else's.
    `shows_draft`: who does it says that they read the draft. `before`: the values that the form
    showed, where it asks for corrections.
    """

    slug: str
    name: str
    title: str | Promise
    button: str | Promise
    done: str | Promise
    icon: str
    lead: str | Promise = ""
    direct: bool = False
    leaves: bool = False
    shows_draft: bool = False
    before: Callable[[Posting], Values] | None = None

    @property
    def template(self) -> str:
        return f"acts/{self.name}.html"

    def perform(self, posted: Posting) -> procedures.Standing:
        """Read what the act asks for and do it; raise Invalid for what does not fit."""
        if self.shows_draft and posted.text("seen_draft") != "true":
            raise unfit("seen_draft", _("Hãy xác nhận rằng ông/bà đã xem nội dung bản dự thảo."))
        act = procedures.ACTS[self.name]
        given = {name: self._read(posted, name, kind) for name, kind in act.asks.items()}
        return act.perform_briefly(
            id=posted.id, actor=posted.actor, version=posted.version, given=given
        )

    def _read(self, posted: Posting, name: str, kind: str) -> object:
        if kind == "values":
            return corrections(posted.request, self.before(posted) if self.before else {})
        return READ[kind](posted, name)


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


def day_of(request: HttpRequest, name: str) -> date | None:
    """Return a typed day (day/month/year), None for an empty one; raise Invalid."""
    typed = answers.text(request, name)
    if not typed:
        return None
    for shape in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(typed, shape).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    raise unfit(name, _("Hãy ghi ngày theo mẫu ngày/tháng/năm."))


def seen_at(request: HttpRequest) -> datetime | None:
    """Return when the page that posted was shown, None when it does not say."""
    try:
        seen = datetime.fromisoformat(answers.text(request, "seen_at"))
    except ValueError:
        return None
    return seen if seen.tzinfo else None


def declared_values(posted: Posting) -> Values:
    """Return the applicant's answers as the form showed them."""
    return procedures.dossier(id=posted.id, actor=posted.actor).editable


def drawn_values(posted: Posting) -> Values:
    """Return what the draft or the issued result says, as the form showed it."""
    return procedures.result_values(id=posted.id, actor=posted.actor)


def corrections(request: HttpRequest, before: Values) -> dict[str, str]:
    """Return only the answers that the officer changed."""
    return {
        path: typed
        for path in request.POST
        if path not in NOT_VALUES
        and (typed := str(request.POST[path]).strip()) != _one(before.get(path, ""))
    }


def _one(value: str | list[str]) -> str:
    return value if isinstance(value, str) else (value[-1] if value else "")


def unfit(field: str, say: str, *others: Problem) -> Invalid:
    """Return the refusal of one field of what was posted, and of `others` beside it."""
    return Invalid(
        code="desk.choice_unfit",
        what=_("Chưa thực hiện được."),
        mend=_("Hãy sửa từng chỗ được nêu."),
        problems=(Problem(field=field, say=say), *others),
    )


def _say(name: str) -> str:
    """Return the sentence for a choice that was not made."""
    said = {
        "post_id": _("Hãy chọn người nhận việc."),
        "consultation_id": _("Hãy chọn câu hỏi để trả lời."),
    }
    return said.get(name) or _("Hãy chọn cơ quan trong danh sách.")


READ: Mapping[str, Callable[[Posting, str], object]] = {
    "text": lambda posted, name: posted.text(name),
    "lines": lambda posted, name: list(dict.fromkeys(answers.texts(posted.request, name))),
    "day": lambda posted, name: posted.day(name),
    "id": lambda posted, name: posted.chosen(name, say=_say(name)),
    "ids": lambda posted, name: posted.uuids(name, say=_say(name)),
}
