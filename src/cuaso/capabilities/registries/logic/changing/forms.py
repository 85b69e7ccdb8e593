"""The form of a record: what may be typed by whom, what was typed, and what stands there now."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cuaso.capabilities.registries.contracts import Choice, Clash, FormPage, MoveForm, Texts
from cuaso.capabilities.registries.logic.changing import amend, cleaning, drafts, numbering, rows
from cuaso.capabilities.registries.logic.seeing import records, rights
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.forms import FieldView, FormView, SectionView
from cuaso.declarations.registries import RECORD
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed, NotFound, Problem

Typed = dict[str, str | list[str]]


def form(
    *,
    registry: str,
    actor: Actor,
    id: UUID | None = None,
    texts: Texts | None = None,
    revision: int = 0,
    problems: tuple[Problem, ...] = (),
    language: str = "vi",
    purpose: str = "",
) -> FormPage:
    """Return the form of a new record, or of the record `id`, filled with what was typed.

    Without `texts` it begins with the actor's saved draft, else with the record. The status and
    what the actor does not read in full are left out. Opening a record's form is a look at it,
    written down as `record` does. Raises NotFound and NotAllowed.
    """
    built = sets.built(registry)
    row = _row(built, id, actor)
    if row is not None and texts is None:
        records.look(built, row, actor=actor, purpose=purpose)
    draft = drafts.find(built, id, actor) if texts is None else None
    typed, seen, saved_at = _begun(built, row, draft, texts, revision)
    view = built.declared.form.describe(
        typed, values.context(built, language=language), problems=placed(built, problems)
    )
    kept = _left_out(built, actor, new=row is None)
    return FormPage(
        view=without(_unnumbered(built, view, language) if row is None else view, kept),
        texts=typed,
        revision=seen,
        name=values.name_of(built, row, hidden=rights.masked(built, actor)) if row else "",
        saved_at=saved_at,
    )


def _row(built: Built, id: UUID | None, actor: Actor) -> Row | None:
    if id is None:
        rights.require_on_whole(built, actor, "add")
        return None
    row = records.find(built, id)
    if row is None or not rights.decide(built, row, actor=actor, act="view").allowed:
        raise rows.unknown(built)
    decision = rights.decide(built, row, actor=actor, act="change")
    if not decision.allowed or row.row_gone is not None:
        raise NotAllowed(
            code="registries.not_allowed",
            what="Chưa có quyền sửa bản ghi này.",
            why=decision.sentence if not decision.allowed else "Bản ghi đang ở trong thùng rác.",
            mend="Nếu cho rằng có nhầm lẫn, hãy liên hệ cơ quan chủ quản của sổ.",
        )
    return row


def _begun(
    built: Built,
    row: Row | None,
    draft: "drafts.Kept | None",
    texts: Texts | None,
    revision: int,
) -> tuple[Typed, int, datetime | None]:
    if texts is not None:
        return cleaning.posted(built, dict(texts)), revision, None
    if draft is not None:
        return draft.texts, draft.revision, draft.saved_at
    if row is None:
        return dict(built.declared.form.empty()), 0, None
    return cleaning.edited(built, row), row.row_revision, None


def placed(built: Built, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    groups = built.declared.groups
    return tuple(
        one
        if not one.field or one.field.partition(".")[0] in {RECORD, *groups}
        else Problem(field=f"{RECORD}.{one.field}", say=one.say)
        for one in problems
    )


def _left_out(built: Built, actor: Actor, *, new: bool) -> frozenset[str]:
    hidden = frozenset() if new else rights.masked(built, actor)
    statuses = built.declared.statuses
    left = {f"{RECORD}.{path}" for path in hidden} | rights.kept_groups(built, hidden)
    return frozenset(left | {f"{RECORD}.{statuses.field}"}) if statuses else frozenset(left)


def without(view: FormView, left: frozenset[str]) -> FormView:
    sections = (one for one in view.sections if one.id not in left)
    return replace(view, sections=tuple(_kept(one, left) for one in sections))


def _unnumbered(built: Built, view: FormView, language: str) -> FormView:
    """Return the form of a new record, in which a number that the house gives may stay empty."""
    names = {f"{RECORD}.{name}" for name in numbering.numbered(built)}

    told = (
        "Leave empty for the next number."
        if language == "en"
        else "Để trống thì hệ thống cấp số kế tiếp."
    )

    def eased(one: FieldView) -> FieldView:
        return replace(one, required=False, hint=told) if one.path in names else one

    return (
        replace(
            view,
            sections=tuple(
                replace(
                    section,
                    rows=tuple(
                        replace(row, fields=tuple(eased(one) for one in row.fields))
                        for row in section.rows
                    ),
                )
                for section in view.sections
            ),
        )
        if names
        else view
    )


def _kept(section: SectionView, left: frozenset[str]) -> SectionView:
    return replace(
        section,
        rows=tuple(
            replace(
                row,
                fields=tuple(
                    replace(one, parts=tuple(part for part in one.parts if part.path not in left))
                    for one in row.fields
                    if one.path not in left
                ),
            )
            for row in section.rows
        ),
    )


def move_form(
    *,
    registry: str,
    id: UUID,
    to: str,
    actor: Actor,
    texts: Texts | None = None,
    problems: tuple[Problem, ...] = (),
    language: str = "vi",
) -> MoveForm:
    """Return the inputs of what a step of status asks for, filled with what was typed or with what
    the record holds. Raises as `move` does for a step that the actor may not begin here.
    """
    built = sets.built(registry)
    row = records.find(built, id)
    if row is None or not rights.decide(built, row, actor=actor, act="view").allowed:
        raise rows.unknown(built)
    step = amend.startable(built, row, to, actor).step
    statuses = built.declared.statuses
    status = {f"{RECORD}.{statuses.field}": step.to} if statuses and step.to else {}
    typed = {**cleaning.edited(built, row), **cleaning.posted(built, dict(texts or {})), **status}
    here = values.context(built, language=language)
    view = built.declared.form.describe(typed, here, problems=placed(built, problems))
    asked = {
        one.id: replace(one, visible=True, required=one.visible)
        for section in view.sections
        if section.id == RECORD
        for drawn in section.rows
        for one in drawn.fields
    }
    return MoveForm(
        name=to,
        title=step.title_en if language == "en" and step.title_en else step.title,
        needs_reason=step.needs_reason,
        revision=row.row_revision,
        record=values.name_of(built, row, hidden=rights.masked(built, actor)),
        fields=tuple(asked[name] for name in step.asks),
        texts=typed,
    )


def clashes(
    *, registry: str, id: UUID, seen: int, texts: Texts, actor: Actor, language: str = "vi"
) -> tuple[Clash, ...]:
    """Return where what was typed from revision `seen` differs from the record as it now stands.

    Rows of a group are compared as a whole. Raises as `form` does.
    """
    built = sets.built(registry)
    row = _row(built, id, actor)
    if row is None:
        return ()
    before = row if row.row_revision == seen else _past(built, id, seen)
    base = cleaning.edited(built, before) if before is not None else {}
    now, typed = cleaning.edited(built, row), cleaning.posted(built, dict(texts))
    left = _left_out(built, actor, new=False)
    said = [_sentences(built, one, left, language) for one in (base, now, typed)]
    found = _clashes(built, said[0], said[1], said[2], (base, now, typed))
    return tuple(one for one in found if one.path not in left)


def _past(built: Built, id: UUID, revision: int) -> Row | None:
    return built.past.objects.filter(row_id=id, row_revision=revision).first()


Said = Mapping[str, tuple[str, str]]


def _clashes(
    built: Built, base: Said, now: Said, typed: Said, texts: tuple[Typed, Typed, Typed]
) -> Iterator[Clash]:
    for path, (title, present) in now.items():
        was, mine = base.get(path, ("", ""))[1], typed.get(path, ("", ""))[1]
        if present == mine:
            continue
        yield Clash(
            path=path,
            title=title,
            was=was,
            now=present,
            typed=mine,
            theirs=was != present,
            mine=was != mine,
        )
    for name, group in built.declared.groups.items():
        was_rows, now_rows, my_rows = (_under(one, name) for one in texts)
        if now_rows != my_rows:
            yield Clash(
                path=name,
                title=group.title,
                was=_rows_said(was_rows),
                now=_rows_said(now_rows),
                typed=_rows_said(my_rows),
                theirs=was_rows != now_rows,
                mine=was_rows != my_rows,
            )


def _under(texts: Typed, name: str) -> Typed:
    return {
        path: text for path, text in texts.items() if path.startswith(f"{name}.") and text != ""
    }


def _rows_said(texts: Typed) -> str:
    rows_: dict[str, list[str]] = {}
    for path, text in texts.items():
        said = text if isinstance(text, str) else ", ".join(text)
        rows_.setdefault(path.split(".")[1], []).append(said)
    return "; ".join(", ".join(one for one in row if one) for row in rows_.values())


def _sentences(built: Built, texts: Typed, left: frozenset[str], language: str) -> Said:
    view = built.declared.form.describe(texts, values.context(built, language=language))
    section = next(one for one in view.sections if one.id == RECORD)
    fields = [one for row in section.rows for one in row.fields]
    return {path: said for one in fields for path, said in _said(one, "") if path not in left}


def _said(one: FieldView, above: str) -> Iterator[tuple[str, tuple[str, str]]]:
    title = f"{above}: {one.title}" if above else one.title
    if one.parts:
        for part in one.parts:
            yield from _said(part, title)
        return
    if one.input == "computed":
        return
    labels = {option.code: option.label for option in one.options}
    listed = [labels.get(text, text) for text in (one.values or (one.value,))]
    yield one.path, (title, ", ".join(text for text in listed if text))


def settled(
    *, registry: str, id: UUID, texts: Texts, theirs: frozenset[str], actor: Actor
) -> Typed:
    """Return what was typed with the fields `theirs` as the record now has them."""
    built = sets.built(registry)
    row = _row(built, id, actor)
    typed = cleaning.posted(built, dict(texts))
    if row is None:
        return typed
    left = _left_out(built, actor, new=False)
    now = {
        path: text for path, text in cleaning.edited(built, row).items() if not _covers(left, path)
    }
    kept = {path: text for path, text in typed.items() if not _covers(theirs, path)}
    return kept | {path: text for path, text in now.items() if _covers(theirs, path)}


def _covers(chosen: frozenset[str], path: str) -> bool:
    return path in chosen or path.partition(".")[0] in chosen


def one_input(
    *, registry: str, path: str, actor: Actor, texts: Texts | None = None, language: str = "vi"
) -> FieldView:
    """Return the input of one field, to give many records the same value; raise NotFound."""
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "change")
    typed = cleaning.posted(built, dict(texts or {}))
    view = built.declared.form.describe(typed, values.context(built, language=language))
    wanted = f"{RECORD}.{path}"
    for section in view.sections:
        for row in section.rows:
            for one in row.fields:
                if one.path == wanted and wanted not in _left_out(built, actor, new=False):
                    return replace(one, visible=True, required=False)
    raise NotFound(
        code="registries.no_field",
        what=f"Sổ “{built.declared.title}” không có ô “{path}” để sửa cùng lúc.",
        mend="Hãy chọn một ô trong danh sách.",
    )


def suggestions(
    *, registry: str, path: str, words: str, actor: Actor, limit: int = 10
) -> tuple[Choice, ...]:
    """Return the records that a reference may name and whose words begin with the given ones."""
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "view")
    one = built.declared.form.field_at(path)
    if one is None or not one.to:
        return ()
    found = values.context(built).records.options(one.to, words, limit)
    return tuple(Choice(code=record.key, label=record.label) for record in found)
