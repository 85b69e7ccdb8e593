"""Writes what an act on a record carries into other registries: in the act's own transaction."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cuaso.capabilities.registries.contracts import Source
from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.changing import cleaning, keeping, refusals, rows
from cuaso.capabilities.registries.logic.seeing import filters
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.effects import Effect
from cuaso.declarations.fields import Linked
from cuaso.declarations.registries import RECORD
from cuaso.declarations.shape import Loose
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.identifiers import new_id

Texts = dict[str, str | list[str]]
ITEM = "item"


def carry(built: Built, row: Row, effects: Sequence[Effect], *, actor: Actor, reason: str) -> None:
    """Write the declared effects of an act, in their order; raise Invalid, and nothing is written.

    The declaration grants them, not the actor's own rights over the other registries.
    """
    for effect in effects:
        target = _registry(built, effect.registry)
        for place in _places(built, row, effect):
            _write(built, row, effect, target, place, actor=actor, reason=reason)


def _registry(built: Built, key: str) -> Built:
    return sets.built(key if "/" in key else f"{built.key.partition('/')[0]}/{key}")


def _places(built: Built, row: Row, effect: Effect) -> Iterator[str]:
    """Yield where `item` stands for each time that the effect is due: `units.0`, or "" once."""
    cleaned = values.cleaned(built, row).values
    names = {"today": clock.today(), **values.context(built).names, **cleaned}
    when = effect.when if effect.each else built.declared.rewritten(effect.when)
    compiled = built.declared.form.expression(when, section=effect.each) if when else None
    listed = cleaned.get(effect.each) or [] if effect.each else [None]
    for number, item in enumerate(listed):
        if compiled is None or compiled.holds({**names, ITEM: item}, unknown=False):
            yield f"{effect.each}.{number}" if effect.each else ""


def _write(
    built: Built,
    row: Row,
    effect: Effect,
    target: Built,
    place: str,
    *,
    actor: Actor,
    reason: str,
) -> None:
    texts = cleaning.edited(built, row)
    given = {
        f"{RECORD}.{theirs}{rest}": text
        for theirs, source in effect.values.items()
        for rest, text in _read(built, row, texts, source, place).items()
    }
    source = Source(kind="record", id=values.name_of(built, row)[:100])
    try:
        if effect.add:
            _add(target, given, actor=actor, reason=reason, source=source)
            return
        for other in _others(built, row, effect, target, place):
            _amend(target, other, given, actor=actor, reason=reason, source=source)
    except Invalid as refusal:
        raise _not_carried(target, refusal) from None


def _add(target: Built, given: Texts, *, actor: Actor, reason: str, source: Source) -> None:
    columns = cleaning.columns(target, given, strict=True)
    fresh = target.live(row_id=new_id(), **columns)
    fresh.row_agency = keeping.keeper(target, fresh, actor)
    with (
        changes.changing(target, actor=actor, act="added", reason=reason, source=source) as change,
        rows.unique(target),
    ):
        fresh.row_change, fresh.row_since = change.id, change.at
        fresh.save(force_insert=True)
        change.records += 1
        refusals.require(target, fresh)


def _amend(
    target: Built, other: Row, given: Texts, *, actor: Actor, reason: str, source: Source
) -> None:
    written = set(given)
    present = {
        path: text
        for path, text in cleaning.edited(target, other).items()
        if not any(path.startswith(f"{one}.") for one in written)
    }
    columns = cleaning.columns(target, {**present, **given}, strict=False)
    differing = rows.differing(other, columns)
    if not differing:
        return
    before = refusals.standing(target, [other.row_id])
    with (
        changes.changing(
            target, actor=actor, act="changed", reason=reason, source=source
        ) as change,
        rows.unique(target),
    ):
        rows.renew(other, differing, change)
        refusals.require(target, other, before=before)


def _others(built: Built, row: Row, effect: Effect, target: Built, place: str) -> list[Row]:
    """Return the records that the effect changes, locked in one order."""
    found = target.live.objects.select_for_update().filter(
        filters.declared(target, effect.where, on=clock.today()), row_gone=None
    )
    if effect.record:
        named = _typed(built, row, _path(effect.record, place))
        return list(found.filter(pk=named.id)) if isinstance(named, Linked) else []
    for theirs, ours in effect.same.items():
        column = target.column(theirs)
        value = row.row_id if ours == RECORD else _typed(built, row, _path(ours, place))
        if value in (None, ""):
            return []
        name = column.beside[0] if column.kind == "reference" else column.name
        found = found.filter(**{name: value.id if isinstance(value, Linked) else value})
    return list(found.order_by("row_id"))


def _typed(built: Built, row: Row, path: str) -> Loose:
    """Return the typed value at a path of the form, None for none."""
    here: Loose = values.cleaned(built, row).values
    for part in path.split("."):
        here = here[int(part)] if part.isdecimal() else (here or {}).get(part)
    return here


def _path(source: str, place: str) -> str:
    """Return a path of ours as the form has it: `item.unit` in its row, a field under `record`."""
    head, _, rest = source.partition(".")
    return f"{place}.{rest}" if head == ITEM else f"{RECORD}.{source}"


def _read(built: Built, row: Row, texts: Texts, source: str, place: str) -> Mapping[str, Any]:
    """Return a source as texts to type, by what follows the field's own path."""
    if source.startswith("'"):
        return {"": source.strip("'")}
    if source == "today":
        return {"": f"{clock.today():%d/%m/%Y}"}
    if source == RECORD:
        return {"": str(getattr(row, values.one_key(built).name))}
    path = _path(source, place)
    found = {key.removeprefix(path): text for key, text in texts.items() if _under(key, path)}
    return found or _hop(built, row, path)


def _under(key: str, path: str) -> bool:
    return key == path or key.startswith(f"{path}.")


def _hop(built: Built, row: Row, path: str) -> Mapping[str, Any]:
    """Return a field of the record that one of our references names."""
    reference, _, field = path.rpartition(".")
    one = built.declared.form.field_at(_plain(reference))
    linked = _typed(built, row, reference) if one is not None and one.to else None
    if one is None or not isinstance(linked, Linked):
        return {}
    other = _registry(built, one.to)
    named = other.live.objects.filter(pk=linked.id).first()
    if named is None:
        return {}
    whole = f"{RECORD}.{field}"
    held = cleaning.edited(other, named)
    return {key.removeprefix(whole): text for key, text in held.items() if _under(key, whole)}


def _plain(path: str) -> str:
    return ".".join(part for part in path.split(".") if not part.isdecimal())


def _not_carried(target: Built, refusal: Invalid) -> Invalid:
    said = " ".join(dict.fromkeys(one.say for one in refusal.problems))
    return Invalid(
        code="registries.not_carried",
        what=f"Chưa ghi được sang “{target.declared.title}”.",
        why=said,
        mend="Hãy sửa bản ghi được nêu, hoặc bản ghi này, rồi làm lại. Chưa có gì được ghi.",
        problems=tuple(Problem(field="", say=one.say) for one in refusal.problems),
    )
