"""One record as its reader sees it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cuaso.capabilities.registries.contracts import FieldShown, MoveOffer, RecordView
from cuaso.capabilities.registries.logic.seeing import numbered, rights, steps, turns
from cuaso.capabilities.registries.logic.seeing.numbered import NOBODY, Persons
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.expressions import blank
from cuaso.declarations.fields import Context, Field, leaves, type_of
from cuaso.declarations.registries import Group
from cuaso.declarations.shape import Loose
from cuaso.foundation.access.contracts import Decision
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound, Problem
from cuaso.kernel.subjects import Subject

_DOTS = "•••"
_FULL_NAME = ".full_name"
_NAME = ("Họ và tên", "Full name")
_ANYBODY = "Người"
_SHOWN = 4


def record(
    *,
    registry: str,
    id: UUID,
    actor: Actor,
    purpose: str = "",
    as_of: datetime | None = None,
    revision: int | None = None,
    version: int = sets.CURRENT,
    language: str = "vi",
    spoken: bool = True,
) -> RecordView:
    """Return a record as the actor may see it, as it is or as it was at a moment or a revision.

    Who is not `spoken` to gets values without words.

    A look at a person's data is written down for that person. Raises NotFound (also where the
    actor may not know of it), and Invalid when the actor owes a purpose and gives none.
    """
    built = sets.built(registry, version=version)
    known = NOBODY
    if as_of is None and revision is None and actor.kind == "official":
        row, known = numbered.row(built, id)
    else:
        row = find(built, id, as_of=as_of, revision=revision)
    if row is None:
        raise no_record(built)
    decision = look(built, row, actor=actor, purpose=purpose, known=known)
    return shown(built, row, actor=actor, language=language, decision=decision, spoken=spoken)


def look(
    built: Built, row: Row, *, actor: Actor, purpose: str, known: Persons = NOBODY
) -> Decision:
    """Return the decision by which the actor sees a row; the look is written down. known: as
    `look_by` takes it.

    Raises NotFound and Invalid as `record` does.
    """
    decision = rights.decide(built, row, actor=actor, act="view")
    if not decision.allowed:
        raise no_record(built)
    numbers = numbers_in(built, row) if actor.looks_are_told else frozenset()
    look_by(decision, built, row.row_id, numbers, actor=actor, purpose=purpose, known=known)
    return decision


def look_by(
    decision: Decision,
    built: Built,
    id: UUID,
    numbers: Collection[str],
    *,
    actor: Actor,
    purpose: str,
    known: Persons = NOBODY,
) -> None:
    """Write the look at a record down for each person whose number it holds, as decided.

    known: whose some of these numbers are, None for nobody's, where that was read already.
    Raises Invalid when the actor owes a purpose and gives none.
    """
    if decision.needs_purpose and not purpose.strip():
        raise Invalid(
            code="registries.purpose_missing",
            what="Hãy nêu mục đích xem bản ghi này.",
            why=decision.sentence,
            mend="Mục đích được ghi lại và người có dữ liệu đọc được.",
            problems=(Problem(field="purpose", say="Chưa nêu mục đích."),),
        )
    if actor.looks_are_told:
        people = (known[one] if one in known else _person_of(one) for one in sorted(numbers))
        _note_look(built, id, people, actor=actor, purpose=purpose or decision.sentence)


def no_record(built: Built) -> NotFound:
    """Return what is said of a record that there is not, or that the actor may not know of."""
    return NotFound(
        code="registries.no_record",
        what=f"Không có bản ghi này trong sổ “{built.declared.title}”.",
        mend="Hãy tìm lại trong danh sách.",
    )


def known(*, registry: str, id: UUID) -> bool:
    """Say whether a registry has a record of this id, in the bin or not."""
    return sets.built(registry).live.objects.filter(pk=id).exists()


def find(
    built: Built, id: UUID, *, as_of: datetime | None = None, revision: int | None = None
) -> Row | None:
    """Return the row of a record as it is, or as it was at a moment or a revision, else None."""
    if revision is None and as_of is None:
        row: Row | None = built.fetching.one(id)
        return row
    live = built.live.objects.filter(pk=id)
    if revision is not None:
        then = built.past.objects.filter(row_id=id, row_revision=revision)
        return live.filter(row_revision=revision).first() or then.first()
    past = built.past.objects.filter(row_id=id, row_since__lte=as_of, row_until__gt=as_of)
    return live.filter(row_since__lte=as_of).first() or past.first()


def _person_of(number: str) -> UUID | None:
    person = directory.find_person(number)
    return person.id if person is not None else None


def _note_look(
    built: Built, id: UUID, people: Iterable[UUID | None], *, actor: Actor, purpose: str
) -> None:
    about = Subject(kind="registries.record", id=id)
    for person_id in people:
        if person_id is not None and person_id != actor.person_id:
            audit.log_look(
                actor=actor,
                person_id=person_id,
                subject=about,
                purpose=purpose,
                task=built.declared.title,
            )


def numbers_in(built: Built, row: Row) -> set[str]:
    """Return the personal numbers that a record holds."""
    found = {
        getattr(row, column.name)
        for column in built.columns
        if column.one is not None and column.one.number == "personal"
    }
    for name, group in built.declared.groups.items():
        paths = [path for path, one in leaves(group.fields) if one.number == "personal"]
        lines = getattr(row, built.column(name).name) or [] if paths else []
        found |= {inside(line, path) for line in lines for path in paths}
    return {str(number) for number in found if number}


def inside(line: Mapping[str, Any], path: str) -> Loose:
    """Return a value in a row of a group by its path, None for none."""
    head, _, part = path.partition(".")
    value = line.get(head)
    return (value or {}).get(part) if part else value


def shown(
    built: Built,
    row: Row,
    *,
    actor: Actor,
    language: str = "vi",
    decision: Decision | None = None,
    spoken: bool = True,
) -> RecordView:
    """Return a row as the actor sees it: masks put on, acts and moves that stand open.

    decision: that on viewing, where it was made already.
    """
    hidden = rights.masked(built, actor)
    here = values.context(built, language=language)
    decision = decision or rights.decide(built, row, actor=actor, act="view")
    present = isinstance(row, built.live)
    data: Any = row
    return RecordView(
        id=data.row_id,
        registry=built.key,
        version=built.version,
        name=values.name_of(built, row, hidden=hidden),
        agency_id=data.row_agency,
        revision=data.row_revision,
        since=data.row_since,
        change_id=data.row_change,
        gone_at=data.row_gone,
        fields=tuple(_fields(built, row, hidden, here, spoken=spoken)),
        groups=_groups(built, row, hidden, here),
        may=rights.acts_on(built, row, actor=actor, viewing=decision) if present else frozenset(),
        moves=_moves(built, row, actor) if present and data.row_gone is None else (),
        turns=turns.turns_of(built, row, actor, language) if present else (),
        grant=decision.sentence,
        needs_purpose=decision.needs_purpose,
    )


def _fields(
    built: Built, row: Row, hidden: frozenset[str], here: Context, *, spoken: bool
) -> Iterator[FieldShown]:
    origins: Mapping[str, str] = row.row_sources
    for column in built.columns:
        if column.one is None:
            continue
        value = column.read(row)
        empty = blank(value)
        masked = not empty and column.path in hidden
        text = ""
        if spoken and not empty:
            text = mask(built, column.path, value) if masked else say(column.one, value, here)
        yield FieldShown(
            path=column.path,
            title=title_of(built, column.path, here.language) if spoken else "",
            text=text,
            value=None if masked or empty else plain(column.one, value),
            masked=masked,
            origin=origins.get(column.path, ""),
        )


def title_of(built: Built, path: str, language: str = "vi") -> str:
    """Return how people call a field; a part is called with its whole: “Chủ tàu: Ngày sinh”.

    A person's name alone goes by who that is, “Chủ tàu”. Where the person is what the record is
    about, parts need no whole: “Họ và tên”, “Ngày sinh”.
    """
    return built.worked_out(("title", path, language), lambda: _title_of(built, path, language))


def full_title_of(built: Built, path: str, language: str = "vi") -> str:
    """Return a part's title with its whole, always: “Chủ tàu: Họ, chữ đệm, tên”."""
    whole, own = _whole_and_own(built, path, language)
    return f"{_titled(whole, language)}: {own}" if whole else own


def _title_of(built: Built, path: str, language: str) -> str:
    whole, own = _whole_and_own(built, path, language)
    full = full_title_of(built, path, language)
    if whole is None or whole.type != "person":
        return full
    named = path.endswith(_FULL_NAME)
    if _is_the_record(built, whole):
        short = _NAME[language == "en"] if named else own
    else:
        short = _titled(whole, language) if named else full
    others = (one for one in built.declared.fields.values() if one is not whole)
    taken = {_titled(one, language) for one in others}
    taken |= {_titled(one, language) for one in built.declared.groups.values()}
    return full if short in taken else short


def _whole_and_own(built: Built, path: str, language: str) -> tuple[Field | None, str]:
    """Return the field of which a path names a part, None for a whole one, and the own title."""
    one = built.declared.field_at(path)
    head, _, part = path.partition(".")
    own = _titled(one, language) if one else path
    return built.declared.fields.get(head) if part else None, own


def _is_the_record(built: Built, whole: Field) -> bool:
    """Say whether a record is about this person alone: it is called the same, or just a person."""
    persons = [one for one in built.declared.fields.values() if one.type == "person"]
    return len(persons) == 1 and whole.title in {built.declared.item, _ANYBODY}


def _titled(one: Field | Group, language: str) -> str:
    return one.title_en if language == "en" and one.title_en else one.title


def say(one: Field, value: Loose, here: Context) -> str:
    """Return a typed value as people read it, "" for none."""
    return "" if blank(value) else type_of(one).show(one, value, here)


def plain(one: Field, value: Loose) -> Loose:
    """Return a typed value as JSON says it."""
    return type_of(one).store(value)


def mask(built: Built, path: str, value: Loose) -> str:
    """Return what a mask leaves of a value."""
    found = rights.mask_of(built, path)
    text = str(value)
    match found.show if found else "nothing":
        case "last_4":
            return _DOTS + text[-_SHOWN:] if len(text) > _SHOWN else _DOTS
        case "year":
            return f"{value.year}" if hasattr(value, "year") else _DOTS
        case "first_letter":
            return text[:1] + _DOTS
    return _DOTS


def _groups(
    built: Built, row: Row, hidden: frozenset[str], here: Context
) -> dict[str, tuple[tuple[FieldShown, ...], ...]]:
    if not any(getattr(row, built.column(name).name) for name in built.declared.groups):
        return dict.fromkeys(built.declared.groups, ())
    form = built.declared.form
    return {
        name: tuple(
            tuple(
                _in_row(built, f"{name}.{field}", number, line.get(field), hidden, here)
                for field in group.fields
            )
            for number, line in enumerate(form.rows(name, built.column(name).read(row)))
        )
        for name, group in built.declared.groups.items()
    }


def _in_row(  # noqa: PLR0917 the parts of one cell
    built: Built, path: str, number: int, value: Loose, hidden: frozenset[str], here: Context
) -> FieldShown:
    group, _, field = path.partition(".")
    one = built.declared.groups[group].fields[field]
    parts = {f"{path}.{name}" for name in type_of(one).parts(one)}
    masked = bool(hidden & {path, *parts}) and not blank(value)
    return FieldShown(
        path=f"{group}.{number}.{field}",
        title=_titled(one, here.language),
        text=_masked_text(built, path, value, hidden, here) if masked else say(one, value, here),
        value=None if blank(value) else _stored(one, value, path, hidden),
        masked=masked,
    )


def _masked_text(
    built: Built, path: str, value: Loose, hidden: frozenset[str], here: Context
) -> str:
    """Return a value in a row with its mask, or part by part with the masks of some parts."""
    if path in hidden:
        return mask(built, path, value)
    one = built.declared.held_at(path)
    texts = []
    for name, part in type_of(one).parts(one).items() if one else ():
        inner = value.get(name)
        if not blank(inner):
            hid = f"{path}.{name}" in hidden
            texts.append(mask(built, f"{path}.{name}", inner) if hid else say(part, inner, here))
    return ", ".join(text for text in texts if text)


def _stored(one: Field, value: Loose, path: str, hidden: frozenset[str]) -> Loose:
    if path in hidden:
        return None
    parts = type_of(one).parts(one)
    if parts:
        return {
            name: None
            if blank(value.get(name))
            else _stored(part, value[name], f"{path}.{name}", hidden)
            for name, part in parts.items()
        }
    return plain(one, value)


def _moves(built: Built, row: Row, actor: Actor) -> tuple[MoveOffer, ...]:
    return tuple(
        MoveOffer(
            name=one.name,
            title=one.step.title,
            to=one.step.to,
            needs_reason=one.step.needs_reason,
            asks=one.step.asks,
        )
        for one in steps.offered(built, row, actor)
    )
