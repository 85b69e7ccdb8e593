"""A person at the counter with paper: the officer helps, submits and receives in one act."""

import hashlib
from collections.abc import Iterator

from django.db import IntegrityError, transaction

from cuaso.declarations.forms import Cleaned, FormView
from cuaso.foundation.access import api as access
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed, Problem, Refusal
from cuaso.kernel.numbers import PersonalNumber
from cuaso.kernel.text import fold
from cuaso.services.procedures.contracts import DossierView, ProcedureView, WalkIn
from cuaso.services.procedures.logic.applying import submit
from cuaso.services.procedures.logic.desk import receive
from cuaso.services.procedures.logic.matter import catalogue, declared, lists
from cuaso.services.procedures.logic.seeing import papers, viewing
from cuaso.services.procedures.models import Dossier, ProcedureVersion
from cuaso.services.procedures.policies import DOSSIERS


def walk_in_form(*, code: str) -> tuple[ProcedureView, FormView]:
    """Return the procedure as it stands today and its empty form for the counter."""
    version = catalogue.version_on(code=code, on=clock.today())
    form = declared.form(version)
    shown = form.describe(form.empty(), lists.context(channel="counter"))
    return catalogue.view(version, on=clock.today()), shown


def receive_walk_in(*, walk_in: WalkIn, actor: Actor, key: str) -> DossierView:
    """Take a paper dossier at the counter: one act, one key, one dossier.

    The officer is the helper, never the applicant. Raises Invalid with a problem for each field.
    """
    _refuse_wrong_desk(actor)
    key = _key(key, actor=actor)
    known = _known(key)
    if known is not None:
        return viewing.dossier(known, actor=actor)
    version = catalogue.version_on(code=walk_in.procedure_code, on=clock.today())
    cleaned = _cleaned(version, walk_in)
    try:
        with transaction.atomic():
            dossier = _take(version, cleaned, walk_in, actor=actor, key=key)
    except IntegrityError:
        # The same form came twice at once: the other one was taken.
        taken = _known(key)
        if taken is None:
            raise
        return viewing.dossier(taken, actor=actor)
    return viewing.dossier(dossier, actor=actor)


def _key(key: str, *, actor: Actor) -> str:
    """Return the key of one form of one desk: a key guessed elsewhere opens nothing."""
    told = f"{actor.post_id}:{key}".encode()
    return f"counter:{hashlib.sha256(told).hexdigest()}"


def _known(key: str) -> Dossier | None:
    return Dossier.objects.filter(key=key).select_related("procedure").first()


def _take(
    version: ProcedureVersion, cleaned: Cleaned, walk_in: WalkIn, *, actor: Actor, key: str
) -> Dossier:
    person = directory.ensure_person(
        personal_number=walk_in.applicant_personal_number.strip(),
        name=walk_in.applicant_name.strip(),
        phone=walk_in.applicant_phone.strip(),
        actor=actor,
    )
    dossier = submit.open_dossier(
        procedure=version,
        cleaned=cleaned,
        sources={},
        key=key,
        channel="counter",
        person_id=person.id,
        party_id=person.id,
        agency_id=submit.competent(version, cleaned),
        helper_post_id=actor.post_id,
        received_agency_id=actor.agency_id,
    )
    for component, file_id in walk_in.files:
        papers.add_to_dossier(
            dossier,
            component=component,
            file_id=file_id,
            actor=actor,
            say="Cán bộ một cửa quét từ bản giấy",
        )
    submit.begin(dossier, actor=actor, content={"helper": str(actor.post_id)})
    access.require(actor=actor, act="work", record=dossier, policy=DOSSIERS)
    receive.accept(dossier, actor=actor)
    return dossier


def _refuse_wrong_desk(actor: Actor) -> None:
    if "reception" not in actor.roles or actor.agency_id is None:
        raise NotAllowed(
            code="procedures.not_at_desk",
            what="Ông/bà không tiếp nhận hồ sơ giấy.",
            why="Chỉ cán bộ bộ phận một cửa tiếp nhận tại quầy.",
            mend="Hãy chọn tư cách cán bộ một cửa, nếu ông/bà có.",
        )


def _cleaned(version: ProcedureVersion, walk_in: WalkIn) -> Cleaned:
    problems = list(_problems_with_applicant(walk_in))
    cleaned = None
    try:
        posted = {
            path: value for path, value in walk_in.values.items() if isinstance(value, str | list)
        }
        cleaned = declared.form(version).clean(posted, lists.context(channel="counter"))
    except Invalid as refusal:
        problems.extend(refusal.problems)
    if problems or cleaned is None:
        raise Invalid(
            code="procedures.walk_in_incomplete",
            what=f"Hồ sơ tại quầy còn {len(problems)} chỗ cần sửa.",
            mend="Hãy sửa từng chỗ được nêu rồi tiếp nhận lại.",
            problems=tuple(problems),
        )
    return cleaned


def _problems_with_applicant(walk_in: WalkIn) -> Iterator[Problem]:
    name = walk_in.applicant_name.strip()
    if " " not in name:
        yield Problem(field="applicant_name", say="Hãy ghi đủ họ và tên người nộp.")
    try:
        number = PersonalNumber.parse(walk_in.applicant_personal_number)
    except Refusal as refusal:
        yield Problem(field="applicant_personal_number", say=refusal.what)
        return
    known = directory.find_person(str(number))
    if known is not None and fold(known.name) != fold(name):
        yield Problem(
            field="applicant_name",
            say="Số định danh này đã ghi nhận với họ tên khác. Hãy đối chiếu căn cước.",
        )
