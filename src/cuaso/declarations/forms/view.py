"""A form as a template draws it: plain values, nothing to compute."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cuaso.declarations.fields import Context, Field, Option, type_of
from cuaso.declarations.forms.examine import Examination, examine
from cuaso.declarations.forms.posted import (
    Posted,
    many_texts,
    one_text,
    rows,
    typed_text,
)
from cuaso.declarations.forms.schema import SAME, FormShape, Section, paths_of
from cuaso.declarations.sources import SOURCES


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One input. `value` is text as typed, `values` for many; `parts` are the inputs of a group.

    `source` says in words where a prefilled value came from; `error` is "" when all is well.
    """

    path: str
    id: str
    type: str
    input: str
    title: str
    hint: str
    required: bool
    visible: bool
    value: str
    values: tuple[str, ...]
    options_list: str
    options: tuple[Option, ...]
    source: str
    error: str
    unit: str
    max_length: int | None
    accept: tuple[str, ...]
    when: str
    same_as: str
    same_title: str
    same: bool
    parts: tuple["FieldView", ...] = ()


@dataclass(frozen=True, kw_only=True)
class RowView:
    """One row of a repeated section, or the only one; `number` counts from 0."""

    path: str
    number: int
    title: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, kw_only=True)
class SectionView:
    id: str
    title: str
    hint: str
    visible: bool
    repeated: bool
    can_add: bool
    can_remove: bool
    error: str
    when: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True, kw_only=True)
class FormView:
    """`errors` are (path, sentence) in the order of the form, for the summary at the top."""

    sections: tuple[SectionView, ...]
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class _Drawing:
    state: Examination
    errors: Mapping[str, str]
    origins: Mapping[str, str]
    short_lists: int
    asked: dict[str, tuple[Option, ...]] = field(default_factory=dict)

    def options(self, listed: str) -> tuple[Option, ...]:
        """Return the options of a list; a page asks for each list once."""
        if listed not in self.asked:
            context = self.state.context
            self.asked[listed] = tuple(context.lists.options(listed, context.today))
        return self.asked[listed]

    def words(self, vietnamese: str, english: str) -> str:
        return english if self.state.context.language == "en" and english else vietnamese


def describe(
    form: FormShape,
    posted: Posted,
    context: Context,
    *,
    problems: Mapping[str, str] | None = None,
    origins: Mapping[str, str] | None = None,
    short_lists: int = 300,
    read: Examination | None = None,
) -> FormView:
    """Return the form as it stands for an input; `problems` are shown, by path.

    Lists longer than `short_lists` options leave `options` empty: the page searches them.
    """
    drawing = _Drawing(
        state=read or examine(form, posted, context),
        errors=problems or {},
        origins=origins or {},
        short_lists=short_lists,
    )
    sections = tuple(_section(drawing, name, one) for name, one in form.sections.items())
    return FormView(sections=sections, errors=tuple((problems or {}).items()))


def _section(drawing: _Drawing, section_id: str, section: Section) -> SectionView:
    drawn = tuple(_rows(drawing, section_id, section))
    repeat = section.repeat
    return SectionView(
        id=section_id,
        title=drawing.words(section.title, section.title_en),
        hint=drawing.words(section.hint, section.hint_en),
        visible=section_id not in drawing.state.hidden,
        repeated=repeat is not None,
        can_add=repeat is not None and len(drawn) < repeat.max,
        can_remove=repeat is not None and len(drawn) > repeat.min,
        error=drawing.errors.get(section_id, ""),
        when=section.when,
        rows=drawn,
    )


def _rows(drawing: _Drawing, section_id: str, section: Section) -> Iterator[RowView]:
    repeat = section.repeat
    if repeat is None:
        fields = _fields(drawing, section_id, section_id, section)
        yield RowView(path=section_id, number=0, title="", fields=fields)
        return
    came = rows(drawing.state.posted, section_id, section)[: repeat.max]
    numbers: Sequence[int] = came or range(max(repeat.min, 0))
    for number, row in enumerate(numbers):
        path = f"{section_id}.{number}"
        yield RowView(
            path=path,
            number=number,
            title=f"{drawing.words(repeat.item, repeat.item_en)} {number + 1}",
            fields=_fields(drawing, path, f"{section_id}.{row}", section),
        )


def _fields(drawing: _Drawing, path: str, came: str, section: Section) -> tuple[FieldView, ...]:
    today = drawing.state.context.today
    return tuple(
        _field(drawing, one, path=f"{path}.{name}", came=f"{came}.{name}", name=name)
        for name, one in section.fields.items()
        if one.stands_on(today)
    )


def _field(drawing: _Drawing, one: Field, *, path: str, came: str, name: str) -> FieldView:
    kind = type_of(one)
    posted = drawing.state.posted
    section_id = path.split(".", maxsplit=1)[0]
    other = drawing.state.form.field_at(one.same_as) if one.same_as else None
    hidden = drawing.state.hidden
    options = _options(drawing, one)
    advice = kind.advice(one, drawing.state.context)
    return FieldView(
        path=path,
        id=name,
        type=one.type,
        input=kind.input,
        title=drawing.words(one.title, one.title_en),
        hint=drawing.words(one.hint, one.hint_en) or ("" if options else advice),
        required=_required(drawing, one, section_id),
        visible=path not in hidden and section_id not in hidden,
        value=_value(drawing, one, path=path, came=came),
        values=tuple(many_texts(posted, came)) if kind.many else (),
        options_list=_list_of(one),
        options=options,
        source=SOURCES.get(drawing.origins.get(path, ""), ""),
        error=drawing.errors.get(path, ""),
        unit=one.unit,
        max_length=one.max_length,
        accept=one.accept,
        when=one.when,
        same_as=one.same_as,
        same_title=drawing.words(other.title, other.title_en) if other else "",
        same=one_text(posted, f"{came}.{SAME}") not in ("", "no"),
        parts=tuple(
            _field(drawing, part, path=f"{path}.{key}", came=f"{came}.{key}", name=key)
            for key, part in kind.parts(one).items()
        ),
    )


def _required(drawing: _Drawing, one: Field, section_id: str) -> bool:
    """Say whether an answer is needed now; a condition on a row is asked when it is sent."""
    if isinstance(one.required, bool):
        return one.required
    compiled = drawing.state.form.expression(one.required, section=section_id)
    return compiled.holds(drawing.state.names(), unknown=False)


def _value(drawing: _Drawing, one: Field, *, path: str, came: str) -> str:
    kind = type_of(one)
    if kind.many:
        return ""
    if kind.typed:
        return typed_text(drawing.state.posted, came, one) or one.default
    computed = drawing.state.value_at(path)
    return "" if computed is None else kind.show(one, computed, drawing.state.context)


def _list_of(one: Field) -> str:
    return one.level if one.type == "place" else one.codes


def _options(drawing: _Drawing, one: Field) -> tuple[Option, ...]:
    listed = _list_of(one)
    if one.to:
        return _records(drawing, one.to)
    if not listed:
        return ()
    options = drawing.options(listed)
    return options if len(options) <= drawing.short_lists else ()


def _records(drawing: _Drawing, registry: str) -> tuple[Option, ...]:
    """Return the records of a short registry to choose from; of a long one the key is typed."""
    if registry not in drawing.asked:
        found = drawing.state.context.records.options(registry, "", drawing.short_lists + 1)
        drawing.asked[registry] = tuple(
            Option(code=one.key, label=one.label, label_en=one.label_en) for one in found
        )
    options = drawing.asked[registry]
    return options if len(options) <= drawing.short_lists else ()


def input_paths(form: FormShape) -> tuple[str, ...]:
    """Return every path that the first row of each section takes, in order."""
    return tuple(
        f"{section_id}{'.0' if section.repeat else ''}.{path}"
        for section_id, section in form.sections.items()
        for name, one in section.fields.items()
        for path in paths_of(name, one)
    )
