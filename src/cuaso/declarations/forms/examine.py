"""Reads an input against a form: typed values, what is hidden, what is wrong."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cuaso.declarations.expressions import blank
from cuaso.declarations.fields import Context, Field, Wrong, compute, type_of
from cuaso.declarations.forms.posted import Posted, copied, many_texts, one_text, rows, typed_text
from cuaso.declarations.forms.schema import ITEM, FormShape, Place, Rule, Section, Values
from cuaso.declarations.shape import Loose
from cuaso.kernel.errors import Problem


@dataclass(kw_only=True)
class Examination:
    """The state of one reading. `problems` are by path, in the order of the form at the end."""

    form: FormShape
    posted: Posted
    context: Context
    values: Values = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    problems: dict[str, str] = field(default_factory=dict)

    def names(self, row: Values | None = None) -> Mapping[str, object]:
        """Return what CEL may read now."""
        outside = {"today": self.context.today, **self.context.names}
        return {**outside, **self.values, ITEM: row}

    def value_at(self, path: str) -> object:
        """Return the typed value of a path such as `child.age` or `papers.0.total`."""
        here: Loose = self.values
        for part in path.split("."):
            here = here[int(part)] if isinstance(here, list) else here.get(part)
        return here

    def visible_problems(self) -> tuple[Problem, ...]:
        if not self.problems:
            return ()
        order = {path: place for place, path in enumerate(_every_path(self))}
        found = sorted(self.problems.items(), key=lambda item: order.get(item[0], len(order)))
        return tuple(Problem(field=path, say=say) for path, say in found)


def examine(form: FormShape, posted: Posted, context: Context) -> Examination:
    """Parse every answer, hide what conditions hide, then require and apply the rules."""
    state = Examination(form=form, posted=copied(form, posted), context=context)
    for section_id, section in form.sections.items():
        state.values[section_id] = _parse_section(state, section_id, section)
    _compute(state)
    for section_id, section in form.sections.items():
        _hide(state, section_id, section)
    # Again: what was hidden has no value any more.
    _compute(state)
    for section_id, section in form.sections.items():
        _require(state, section_id, section)
    _apply_rules(state)
    return state


def work_out(
    form: FormShape, values: Values, paths: Collection[str], context: Context
) -> Mapping[str, str]:
    """Work out computed fields again (`paths`: section.field), in place, from values that stand.

    Return why a field has no value, by its path; it keeps the one that it had.
    """
    state = Examination(form=form, posted={}, context=context, values=values)
    _bring(state)
    made = [
        (f"{path}.{place.name}", place.one, section_id, row)
        for section_id, section in form.sections.items()
        for path, row in _groups(state, section_id, section)
        for place in section.made
        if f"{section_id}.{place.name}" in paths and place.one.stands_on(context.today)
    ]
    before = {path: row[path.rpartition(".")[2]] for path, _, _, row in made}
    _make_again(state, made, before)
    for path, one, section_id, row in made:
        if one.when and not _holds(state, one.when, section=section_id, row=row):
            row[path.rpartition(".")[2]] = None
            _drop(state, path)
    _make_again(state, made, before)
    return state.problems


Made = tuple[str, Field, str, Values]


def _make_again(state: Examination, made: Iterable[Made], before: Mapping[str, object]) -> None:
    for path, one, section_id, row in made:
        if path not in state.hidden:
            value = _computed(state, one, path, section_id, row)
            row[path.rpartition(".")[2]] = before[path] if path in state.problems else value


def _bring(state: Examination) -> None:
    """Read again what references bring from their records: it is not kept with them."""
    for section_id, section in state.form.sections.items():
        for place in section.bringing:
            for _, row in _groups(state, section_id, section):
                if row[place.name] is not None:
                    row[place.name] = place.kind.again(place.one, row[place.name], state.context)


def _parse_section(state: Examination, section_id: str, section: Section) -> Loose:
    if section.repeat is None:
        return _parse_fields(state, section_id, section, came=section_id)
    found = rows(state.posted, section_id, section)
    if len(found) > section.repeat.max:
        state.problems[section_id] = (
            f"{section.title} chỉ nhận nhiều nhất {section.repeat.max} dòng."
        )
        found = found[: section.repeat.max]
    return [
        _parse_fields(state, f"{section_id}.{number}", section, came=f"{section_id}.{row}")
        for number, row in enumerate(found)
    ]


def _parse_fields(state: Examination, path: str, section: Section, *, came: str) -> Values:
    today = state.context.today
    return {
        place.name: _parse(state, place, f"{path}.{place.name}", came=f"{came}.{place.name}")
        for place in section.places
        if place.one.stands_on(today)
    }


def _parse(state: Examination, place: Place, path: str, *, came: str) -> object:
    kind, one = place.kind, place.one
    if place.parts:
        return _parse_parts(state, place, path, came=came)
    if not kind.typed:
        return None
    try:
        if kind.many:
            return _parse_many(state, one, came)
        text = (
            typed_text(state.posted, came, one)
            if kind.inputs
            else one_text(state.posted, came, longest=kind.longest)
        )
        return kind.parse(one, text, state.context) if text else None
    except Wrong as wrong:
        state.problems[path] = wrong.say
        return None


def _parse_parts(state: Examination, place: Place, path: str, *, came: str) -> Values:
    value = {
        part.name: _parse(state, part, f"{path}.{part.name}", came=f"{came}.{part.name}")
        for part in place.parts
    }
    if not any(wrong.startswith(f"{path}.") for wrong in state.problems):
        try:
            place.kind.agree(place.one, value, state.context)
        except Wrong as wrong:
            state.problems[f"{path}.{wrong.part}" if wrong.part else path] = wrong.say
    return value


def _compute(state: Examination) -> None:
    for section_id, section in state.form.sections.items():
        if not section.made or section_id in state.hidden:
            continue
        for path, row in _groups(state, section_id, section):
            for place in section.made:
                name = place.name
                if name in row and f"{path}.{name}" not in state.hidden:
                    row[name] = _computed(state, place.one, f"{path}.{name}", section_id, row)


def _computed(state: Examination, one: Field, path: str, section_id: str, row: Values) -> object:
    made = state.form.formula(one, section=section_id)
    state.problems.pop(path, None)
    try:
        return compute(one, made, state.names(row))
    except Wrong as wrong:
        state.problems[path] = wrong.say
        return None


def _parse_many(state: Examination, one: Field, came: str) -> tuple[object, ...]:
    texts = many_texts(state.posted, came)
    if one.max and len(texts) > int(one.max):
        raise Wrong(f"{one.title} chỉ nhận nhiều nhất {one.max}.")
    values = (type_of(one).parse(one, text, state.context) for text in texts)
    return tuple(dict.fromkeys(values))


def _hide(state: Examination, section_id: str, section: Section) -> None:
    if section.when and not _holds(state, section.when):
        state.values[section_id] = [] if section.repeat else _nothing(section.fields)
        _drop(state, section_id)
        return
    for path, row in _groups(state, section_id, section) if section.conditional else ():
        for place in section.conditional:
            if not _holds(state, place.one.when, section=section_id, row=row):
                row[place.name] = _nothing_in(place.one)
                _drop(state, f"{path}.{place.name}")


def _nothing(fields: Mapping[str, Field]) -> Values:
    return {name: _nothing_in(one) for name, one in fields.items()}


def _nothing_in(one: Field) -> object:
    parts = type_of(one).parts(one)
    return _nothing(parts) if parts else () if type_of(one).many else None


def _drop(state: Examination, path: str) -> None:
    state.hidden.add(path)
    for wrong in [one for one in state.problems if one == path or one.startswith(f"{path}.")]:
        del state.problems[wrong]


def _groups(state: Examination, section_id: str, section: Section) -> Iterator[tuple[str, Values]]:
    value = state.values[section_id]
    if section.repeat is None:
        yield section_id, value
    else:
        yield from ((f"{section_id}.{number}", row) for number, row in enumerate(value))


def _holds(state: Examination, text: str, *, section: str = "", row: Values | None = None) -> bool:
    compiled = state.form.expression(text, section=section)
    return compiled.holds(state.names(row), unknown=False)


def _require(state: Examination, section_id: str, section: Section) -> None:
    if section_id in state.hidden:
        return
    if section.repeat and len(state.values[section_id]) < section.repeat.min:
        least, item = section.repeat.min, section.repeat.item.lower()
        state.problems[section_id] = f"{section.title} cần ít nhất {least} {item}."
    for path, row in _groups(state, section_id, section):
        for place in section.places:
            if place.name in row and f"{path}.{place.name}" not in state.hidden:
                _require_field(state, place, f"{path}.{place.name}", row, section_id)


def _require_field(
    state: Examination, place: Place, path: str, row: Values, section_id: str
) -> None:
    value: Loose = row[place.name]
    needed = place.one.required if place.kind.typed else False
    if isinstance(needed, str):
        needed = _holds(state, needed, section=section_id, row=row)
    if place.parts:
        begun = any(not blank(inner) for inner in value.values())
        for part in place.parts:
            if (needed or begun) and part.one.required is True and blank(value[part.name]):
                _missing(state, part.one, f"{path}.{part.name}")
    elif needed and blank(value):
        _missing(state, place.one, path)


def _missing(state: Examination, one: Field, path: str) -> None:
    chosen = type_of(one).input in ("select", "checkboxes", "radios", "place", "reference")
    verb = "tải lên" if one.type == "file" else "chọn" if chosen else "nhập"
    state.problems.setdefault(path, f"Chưa {verb} “{one.title}”.")


def _apply_rules(state: Examination) -> None:
    for section_id, section in state.form.sections.items():
        if section_id in state.hidden:
            continue
        for path, row in _groups(state, section_id, section):
            for rule in section.rules:
                _apply(state, rule, section=section_id, path=path, row=row)
    for rule in state.form.rules:
        _apply(state, rule, section="", path="", row=None)


def _apply(state: Examination, rule: Rule, *, section: str, path: str, row: Values | None) -> None:
    compiled = state.form.expression(rule.check, section=section)
    if state.problems:
        reads = [_absolute(parts, path) for parts in compiled.paths]
        if any(_touches(wrong, read) for wrong in state.problems for read in reads):
            return
    if not compiled.holds(state.names(row), unknown=True):
        reads = [_absolute(parts, path) for parts in compiled.paths]
        where = _where(state, rule, path, reads)
        english = state.context.language == "en" and rule.say_en
        state.problems.setdefault(where, rule.say_en if english else rule.say)


def _absolute(parts: tuple[str, ...], path: str) -> str:
    return ".".join((path, *parts[1:]) if parts[0] == ITEM else parts)


def _touches(wrong: str, read: str) -> bool:
    return wrong == read or wrong.startswith(f"{read}.")


def _where(state: Examination, rule: Rule, path: str, reads: list[str]) -> str:
    if rule.at:
        inside = rule.at.split(".")[0] not in state.form.sections
        return f"{path}.{rule.at}" if inside and path else rule.at
    declared = [read for read in reads if read.split(".")[0] in state.form.sections]
    return declared[0] if declared else path


def _every_path(state: Examination) -> Iterator[str]:
    for section_id, section in state.form.sections.items():
        yield section_id
        for path, row in _groups(state, section_id, section):
            for name, one in section.fields.items():
                yield f"{path}.{name}"
                if name in row:
                    yield from (f"{path}.{name}.{part}" for part in type_of(one).parts(one))
