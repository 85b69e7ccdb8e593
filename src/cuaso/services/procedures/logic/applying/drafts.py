"""Drafts: fill, save and return, add papers, fill from the population register by consent."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from cuaso.capabilities.exchange import api as exchange
from cuaso.capabilities.exchange.contracts import Consent, Facts
from cuaso.declarations.forms import Form
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files.contracts import StoredFile
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, Problem
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures.contracts import DraftView
from cuaso.services.procedures.logic.applying import renewal
from cuaso.services.procedures.logic.matter import catalogue, declared, lists, rows
from cuaso.services.procedures.logic.seeing import papers
from cuaso.services.procedures.models import LARGE_OF_PROCEDURE, Draft, Paper

Posted = Mapping[str, str | Sequence[str]]
MOST_OPEN = 30


def start_draft(*, code: str, actor: Actor) -> DraftView:
    """Begin a form for the procedure as it stands today, filled with what the account knows."""
    if actor.person_id is None or actor.kind == "official":
        raise NotAllowed(
            code="procedures.citizens_only",
            what="Chưa bắt đầu được hồ sơ.",
            why="Chỉ công dân, hoặc người đại diện, mới nộp hồ sơ trực tuyến.",
            mend="Hãy đăng nhập bằng VNeID, hoặc chọn tư cách công dân.",
        )
    version = catalogue.version_on(code=code, on=clock.today())
    open_drafts = Draft.objects.filter(person_id=actor.person_id, dossier=None)
    if open_drafts.count() >= MOST_OPEN:
        raise Invalid(
            code="procedures.too_many_drafts",
            what=f"Bạn đang có {MOST_OPEN} bản nháp.",
            mend="Hãy nộp hoặc xoá bớt bản nháp cũ.",
        )
    form = declared.form(version)
    known = form.prefill({"account": _account(actor)})
    draft = Draft(
        procedure=version,
        person_id=actor.person_id,
        party_id=actor.party_id or actor.person_id,
        values={**form.empty(), **known.values},
        sources=known.origins,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    rows.insert(draft)
    return view(draft)


def _account(actor: Actor) -> dict[str, object]:
    person = directory.person(actor.person_id) if actor.person_id else None
    if person is None:
        return {}
    return {
        "full_name": person.name,
        "personal_number": person.personal_number,
        "phone": person.phone,
        "email": person.email,
    }


def draft(*, id: UUID, actor: Actor) -> DraftView:
    """Return the actor's own draft."""
    return view(own(id=id, actor=actor))


def drafts(*, actor: Actor) -> tuple[DraftView, ...]:
    """Return the actor's open drafts in this capacity, latest first."""
    found = _of(actor).filter(dossier=None)
    return tuple(view(row) for row in found.order_by("-updated_at")[:MOST_OPEN])


def drop_draft(*, id: UUID, actor: Actor) -> None:
    """Delete the actor's own draft for good, with the list of its papers."""
    with transaction.atomic():
        own(id=id, actor=actor, lock=True).delete()


def save_draft(*, id: UUID, values: Posted, actor: Actor, complete: bool = False) -> DraftView:
    """Keep what was typed, right or wrong; with `complete` also refuse what is wrong.

    Raises Invalid with a problem for each path; even then everything typed is kept.
    """
    return view(_saved(id=id, values=values, actor=actor, complete=complete))


def keep_values(*, id: UUID, values: Posted, actor: Actor, complete: bool = False) -> None:
    """Do as `save_draft`, for who will not look at the draft now: a view costs more than that."""
    _saved(id=id, values=values, actor=actor, complete=complete)


def _saved(*, id: UUID, values: Posted, actor: Actor, complete: bool) -> Draft:
    with transaction.atomic():
        row = own(id=id, actor=actor, lock=True)
        _keep(row, declared.form(row.procedure), values)
    if complete:
        declared.form(row.procedure).clean(row.values, lists.context(capacity=actor.kind))
    return row


def _keep(row: Draft, form: Form, values: Posted) -> None:
    typed = form.draft(values)
    row.sources = {
        path: origin
        for path, origin in row.sources.items()
        if typed.get(path) == row.values.get(path)
    }
    row.values = typed
    _save(row)


def _save(row: Draft) -> None:
    row.updated_at = clock.now()
    rows.update(row, "values", "sources", "updated_at")


def change_group(*, id: UUID, group: str, change: str, actor: Actor, index: int = 0) -> DraftView:
    """Add an empty row to a repeated section, or take one row away."""
    with transaction.atomic():
        row = own(id=id, actor=actor, lock=True)
        form = declared.form(row.procedure)
        row.values = _changed_rows(form, row.values, group=group, change=change, index=index)
        _save(row)
    return view(row)


def _changed_rows(
    form: Form, values: Mapping[str, str | list[str]], *, group: str, change: str, index: int
) -> dict[str, str | list[str]]:
    section = form.sections.get(group)
    if section is None or section.repeat is None or change not in ("add", "remove"):
        raise NotFound(
            code="procedures.group_unknown",
            what="Không có nhóm này trong tờ khai.",
            mend="Hãy tải lại trang rồi thử lại.",
        )
    if change == "remove":
        gone = f"{group}.{index}."
        return form.draft(
            {path: text for path, text in values.items() if not path.startswith(gone)}
        )
    numbers = {int(path.split(".")[1]) for path in values if path.startswith(f"{group}.")}
    if len(numbers) >= section.repeat.max:
        say = f"Nhóm này có nhiều nhất {section.repeat.max} mục."
        raise Invalid(
            code="procedures.group_full",
            what=say,
            mend="Hãy bỏ bớt một mục trước khi thêm.",
            problems=(Problem(field=group, say=say),),
        )
    fresh = max(numbers, default=-1) + 1
    first = next(iter(section.fields))
    return form.draft({**values, f"{group}.{fresh}.{first}": ""})


def attach(*, id: UUID, component: str, file_id: UUID, actor: Actor) -> DraftView:
    """Put a stored file under a component of the draft."""
    return view(_attached(id=id, component=component, file_id=file_id, actor=actor))


def keep_paper(*, id: UUID, component: str, stored: StoredFile, actor: Actor) -> None:
    """Do as `attach` with a file that this very act has stored, for who will not look at the draft
    now.
    """
    _attached(id=id, component=component, file_id=stored.id, actor=actor, fresh=stored)


def _attached(
    *, id: UUID, component: str, file_id: UUID, actor: Actor, fresh: StoredFile | None = None
) -> Draft:
    with audit.joining():
        row = own(id=id, actor=actor, lock=True)
        papers.add_to_draft(row, component=component, file_id=file_id, actor=actor, fresh=fresh)
    return row


def attach_from_locker(*, id: UUID, component: str, paper_id: UUID, actor: Actor) -> DraftView:
    """Use a paper of the actor's locker for a component: no upload."""
    with transaction.atomic():
        row = own(id=id, actor=actor, lock=True)
        papers.add_from_locker(row, component=component, paper_id=paper_id, actor=actor)
    return view(row)


def detach(*, id: UUID, paper_id: UUID, actor: Actor) -> DraftView:
    """Take a paper off the draft; taking it off again changes nothing."""
    with transaction.atomic():
        row = own(id=id, actor=actor, lock=True)
        Paper.objects.filter(draft=row, id=paper_id).delete()
    return view(row)


def prefill(*, id: UUID, consent: bool, actor: Actor) -> DraftView:
    """Fill empty fields from the population register, by consent and for this purpose only.

    Raises Invalid without consent, Unavailable when the register does not answer; the draft stays.
    """
    if not consent:
        raise Invalid(
            code="procedures.consent_missing",
            what="Chưa lấy dữ liệu dân cư.",
            why="Chỉ lấy khi bạn đồng ý.",
            mend="Hãy đánh dấu vào ô đồng ý, hoặc tự điền tờ khai.",
            problems=(Problem(field="consent", say="Hãy đánh dấu nếu bạn đồng ý."),),
        )
    row = own(id=id, actor=actor)
    person = directory.person(row.person_id)
    facts = exchange.population.person_facts(
        personal_number=person.personal_number,
        purpose=f"Điền tờ khai: {row.procedure.title}",
        consent=Consent(
            id=new_id(),
            given_at=clock.now(),
            scope=frozenset({"population"}),
            person_id=person.id,
        ),
        actor=actor,
        subject=Subject(kind="procedures.draft", id=row.id),
    )
    with transaction.atomic():
        row = own(id=id, actor=actor, lock=True)
        known = declared.form(row.procedure).prefill({"population": _known(facts)})
        fresh = {path: text for path, text in known.values.items() if not row.values.get(path)}
        row.values = {**row.values, **fresh}
        row.sources = {**row.sources, **{path: known.origins[path] for path in fresh}}
        row.prefilled_at, row.updated_at = clock.now(), clock.now()
        row.prefill_say = f"{len(fresh)} mục lấy từ cơ sở dữ liệu quốc gia về dân cư"
        row.save()
        audit.record(
            actor=actor,
            act="procedures.prefilled",
            subject=Subject(kind="procedures.draft", id=row.id),
            content={"paths": sorted(fresh)},
        )
    return view(row)


def _known(facts: Facts) -> dict[str, object]:
    return {
        "full_name": facts.name,
        "personal_number": facts.personal_number,
        "birth_date": facts.birth_date,
        "sex": facts.sex,
        "ethnic_group": facts.ethnic_group,
        "nationality": facts.nationality,
        "residence": facts.residence,
        "residence_commune": facts.place_code,
        "marital_status": facts.marital_status,
    }


def own(*, id: UUID, actor: Actor, lock: bool = False, submitted: bool = False) -> Draft:
    """Return the draft when it is the actor's in this capacity; with `lock` only while it is not
    yet submitted, unless `submitted` says that this is no matter.
    """
    row = rows.draft(id, actor=actor, locked=lock)
    if row is None or (lock and row.dossier_id and not submitted):
        raise NotFound(
            code="procedures.draft_unknown",
            what="Không tìm thấy bản nháp này.",
            why="Bản nháp đã nộp, đã xoá, hoặc thuộc tư cách khác của bạn.",
            mend="Hãy mở “Hồ sơ của tôi” để xem bản nháp và hồ sơ đã nộp.",
        )
    if row.dossier_id is None:
        renewal.renew(row)
    return row


def _of(actor: Actor) -> QuerySet[Draft]:
    """Return the drafts of one person in one capacity; nobody else ever sees a draft."""
    if actor.person_id is None or actor.party_id is None or actor.kind == "official":
        return Draft.objects.none()
    found = Draft.objects.filter(person_id=actor.person_id, party_id=actor.party_id)
    large = (*LARGE_OF_PROCEDURE, "dossier__words")
    return found.select_related("procedure", "dossier").defer(*large)


def view(row: Draft) -> DraftView:
    """Return a draft as its owner fills it, without complaints."""
    form = declared.form(row.procedure)
    given = papers.of_draft(row)
    has = {paper.component for paper in given}
    read = declared.reading(row.procedure, row.values)
    missing = declared.missing_papers(row.procedure, read, has)
    party = directory.person(row.party_id)
    return DraftView(
        id=row.id,
        procedure=catalogue.view(row.procedure, on=clock.today()),
        form=form.describe(row.values, lists.context(), origins=row.sources, read=read),
        values=row.values,
        papers=given,
        missing=tuple(one.component.title for one in missing),
        missing_components=tuple(one.id for one in missing),
        agency_name=_agency_name(row),
        party_name=party.name,
        updated_at=row.updated_at,
        prefilled_at=row.prefilled_at,
        prefill_say=row.prefill_say,
        tracking_code=row.dossier.tracking_code if row.dossier else "",
        moved=renewal.sentences(row),
    )


def _agency_name(row: Draft) -> str:
    place = declared.procedure(row.procedure).competent.place
    chosen = row.values.get(place, "") if place else ""
    if place and (not isinstance(chosen, str) or not chosen):
        return ""
    try:
        return declared.settling_agency(row.procedure, str(chosen)).name
    except NotFound:
        return ""
