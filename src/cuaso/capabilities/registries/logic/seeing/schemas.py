"""A version of a registry as JSON Schema 2020-12: what a record is sent as, and answered as."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from cuaso.capabilities.registries.contracts import RegistryCard, RegistryShape, VersionLine
from cuaso.capabilities.registries.logic.seeing import registries, rights
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.models import Version
from cuaso.declarations.fields import Field, type_of
from cuaso.declarations.forms.json_schema import DIALECT, json_schema
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

LISTED: Final = 60
Json = dict[str, Any]
_SIMPLE: Final = ("is", "any", "not", "blank", "filled")
_PLACES: Final = ("province", "commune")
_HOWS: Final = {
    "text": (*_SIMPLE, "from", "to", "begins"),
    "json": ("blank", "filled"),
    "yes_no": _SIMPLE,
    "text[]": _SIMPLE,
    "uuid[]": _SIMPLE,
}


def shape(*, registry: str, actor: Actor, version: int = sets.CURRENT) -> RegistryShape:
    """Return what programs need to know of a version; raise NotFound for who may do nothing."""
    card = registries.registry(key=registry, actor=actor)
    built = sets.built(registry, version=version)
    return _shape(built, card, actor, _versions([registry])[registry])


def shapes(*, actor: Actor) -> tuple[RegistryShape, ...]:
    """Return the shape of every registry in which the actor may do anything, by title."""
    cards = registries.registries(actor=actor)
    versions = _versions([one.key for one in cards])
    return tuple(_shape(sets.built(one.key), one, actor, versions[one.key]) for one in cards)


def outlook(*, actor: Actor) -> Hashable | None:
    """Return what shapes for this actor follow from: whoever keeps what they make of them keeps it
    under this. None where nothing may be kept.
    """
    stamps = dictionary.stamp(), directory.stamp()
    if actor.kind != "official" or not all(stamps):
        return None
    return (sets.current().epoch, clock.today(), *stamps, replace(actor, trace=""))


def _shape(
    built: Built, card: RegistryCard, actor: Actor, versions: Sequence[VersionLine]
) -> RegistryShape:
    hidden = rights.masked(built, actor)
    open_ = [one for one in built.columns if one.one is not None and one.path not in hidden]
    statuses = built.declared.statuses
    return RegistryShape(
        card=card,
        version=built.version,
        key=built.declared.key,
        sent=sent(built),
        given=given(built),
        filters={one.path: _HOWS.get(one.kind, (*_SIMPLE, "from", "to")) for one in open_},
        sorts=tuple(
            name for name, one in built.declared.fields.items() if _sorts(built, name, one, hidden)
        ),
        paths=tuple(built.declared.fields),
        lists=tuple(built.declared.lists),
        moves={name: one.title for name, one in statuses.moves.items()} if statuses else {},
        versions=tuple(versions),
        legal=tuple(one.source for one in built.declared.legal),
        figures=tuple(built.declared.figures),
        calendars=tuple(built.declared.calendars),
        board=statuses is not None,
    )


def sent(built: Built) -> Json:
    """Return the schema of the values that add a record: what the law asks for is required."""
    known = built.worked_out("schema", lambda: _sent(built))
    names = known["properties"]
    listed = {name: _listed(built, one, names[name]) for name, one in built.declared.fields.items()}
    return {**known, "properties": {**names, **listed}}


def _sent(built: Built) -> Json:
    """Return what never changes of the schema."""
    declared = built.declared
    whole = json_schema(declared.form)["properties"]
    record = dict(whole["record"])
    names = {name: dict(one) for name, one in record["properties"].items()}
    names |= {name: dict(whole[name]) for name in declared.groups}
    return {
        "$schema": DIALECT,
        "$id": f"urn:cuaso:registry:{built.key}:{built.version}",
        "title": declared.title,
        "description": declared.about,
        "type": "object",
        "properties": names,
        "required": [name for name in record["required"] if not _begun(built, name)],
        "additionalProperties": False,
    }


def given(built: Built) -> Json:
    """Return the schema of the values that are answered: anything may be empty, or masked."""
    return built.worked_out("schema of answers", lambda: _given(built))


def _given(built: Built) -> Json:
    shown = _sent(built)
    names = {name: _loose(one) for name, one in shown["properties"].items()}
    return {**shown, "$id": f"{shown['$id']}:given", "properties": names, "required": []}


def _begun(built: Built, name: str) -> bool:
    statuses = built.declared.statuses
    return statuses is not None and statuses.field == name


def _listed(built: Built, one: Field, schema: Json) -> Json:
    """Name the codes of a short list that stand today."""
    if one.type not in ("choice", "place") or "anyOf" in schema or "enum" in schema:
        return schema
    name = schema.get("x-codes", "")
    codes = dictionary.short_lists(LISTED).get(name)
    if codes is None and name in _PLACES:
        here = values.context(built)
        codes = tuple(found.code for found in here.lists.options(name, here.today))
    return {**schema, "enum": [*codes]} if codes and len(codes) <= LISTED else schema


def _loose(one: Any) -> Any:  # noqa: ANN401 a JSON Schema
    """Return a schema that also takes null, everywhere inside, and no limits of today's law."""
    if not isinstance(one, Mapping):
        return one
    kept = {
        key: value
        for key, value in one.items()
        if key not in ("minItems", "maxItems", "minimum", "maximum", "enum", "pattern", "maxLength")
    }
    if "anyOf" in kept:
        return {**kept, "anyOf": [*(_inner(part) for part in kept["anyOf"])]}
    words = {key: kept[key] for key in ("title", "x-title-en", "x-when") if key in kept}
    bare = {key: value for key, value in kept.items() if key not in words}
    return {"anyOf": [_inner(bare), {"type": "null"}], **words}


def _inner(one: Json) -> Json:
    kept = {
        key: value
        for key, value in one.items()
        if key not in ("minItems", "maxItems", "minimum", "maximum", "enum", "pattern", "maxLength")
    }
    if isinstance(kept.get("properties"), Mapping):
        kept["properties"] = {name: _loose(part) for name, part in kept["properties"].items()}
        kept["required"] = []
    if isinstance(kept.get("items"), Mapping):
        kept["items"] = _inner(kept["items"])
    return kept


def _sorts(built: Built, name: str, one: Field, hidden: frozenset[str]) -> bool:
    column = built.by_path.get(name)
    simple = column is not None and column.kind in (
        "text", "integer", "number", "day", "moment", "yes_no",
    )  # fmt: skip
    number = column is not None and column.kind.startswith("number")
    return not type_of(one).parts(one) and name not in hidden and (simple or number)


def _versions(keys: Sequence[str]) -> dict[str, list[VersionLine]]:
    """Return the versions of registries that still answer, newest first."""
    shown = Version.objects.filter(
        registry__key__in=keys, state__in=[Version.State.PUBLISHED, Version.State.RETIRED]
    )
    rows = shown.order_by("-number").values_list("registry__key", "number", "state", "published_at")
    found: dict[str, list[VersionLine]] = {key: [] for key in keys}
    for key, number, state, at in rows:
        found[key].append(VersionLine(number=number, state=state, published_at=at))
    return found
