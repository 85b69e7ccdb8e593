"""The catalogue of procedures: install versions, find them, show one as it stands on a day."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import TypedDict, Unpack
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value

from cuaso.declarations.calculating import fees as quote_fees
from cuaso.declarations.expressions import Undecided
from cuaso.declarations.law import DatedValue, unverified_in
from cuaso.declarations.pack import LawValue
from cuaso.declarations.procedures import PROOFS, Component, Procedure
from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary import api as dictionary
from cuaso.kernel import clock, text
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.money import format_vnd
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures.contracts import (
    ComponentView,
    LifeEvent,
    ProcedureCard,
    ProcedureView,
)
from cuaso.services.procedures.logic.matter import citing, declared
from cuaso.services.procedures.logic.matter.memory import MEMORY, TYPED
from cuaso.services.procedures.models import LARGE, ProcedureVersion

LIFE_EVENTS = "life_event"
ALL, SOME = " & ", " | "


class Narrowed(TypedDict):
    """What a list of procedures is narrowed by; None or "" where it is not."""

    on: date | None
    level: str
    field: str


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a pack's procedures stand on: templates (file name → text) and wider law."""

    pack: str
    templates: Mapping[str, str]
    law: Mapping[str, LawValue]


def install(procedures: Iterable[Procedure], *, surroundings: Surroundings, actor: Actor) -> int:
    """Publish a pack's procedures with what they stand on; return how many versions are new.

    What is published already, to the letter, stays.
    """
    fresh = 0
    for declaration in procedures:
        with transaction.atomic():
            fresh += _install(declaration, surroundings, actor)
    return fresh


def _install(declaration: Procedure, around: Surroundings, actor: Actor) -> int:
    """Publish one row a decision, so that a day of an earlier decision has its version too."""
    sha256 = _fingerprint(declaration, around)
    return sum(_publish(declaration, around, one, sha256, actor) for one in declaration.versions)


def _publish(
    declaration: Procedure,
    around: Surroundings,
    decision: DatedValue[str],
    sha256: str,
    actor: Actor,
) -> int:
    row, is_new = ProcedureVersion.objects.get_or_create(
        code=declaration.code,
        from_date=decision.since,
        sha256=sha256,
        defaults={
            "until_date": decision.until,
            "decision": decision.value,
            "title": declaration.title,
            "title_en": declaration.title_en,
            "field": declaration.field,
            "level": declared.LEVELS[declaration.level],
            "pack": around.pack,
            "declaration": json.dumps(declaration.dump(), ensure_ascii=False),
            "templates": dict(around.templates),
            "law": {
                name: value.model_dump(mode="json", by_alias=True)
                for name, value in around.law.items()
            },
            "folded": text.fold(declaration.title),
            "words": SearchVector(Value(""), config="simple"),
        },
    )
    if is_new:
        _index(row, declaration)
        audit.record(
            actor=actor,
            act="procedures.published",
            subject=Subject(kind="procedures.version", id=row.id),
            content={"code": row.code, "from": row.from_date.isoformat(), "sha256": row.sha256},
        )
    return int(is_new)


def _fingerprint(declaration: Procedure, around: Surroundings) -> str:
    texts = (f"{name}\n{text}" for name, text in sorted(around.templates.items()))
    law = (f"{name}\n{value.model_dump_json()}" for name, value in sorted(around.law.items()))
    told = "\0".join((declaration.fingerprint, *texts, *law))
    return hashlib.sha256(told.encode()).hexdigest()


def _index(row: ProcedureVersion, declaration: Procedure) -> None:
    called = " ".join((declaration.title, declaration.short_title, *declaration.also_called))
    around = " ".join((declaration.field, *(tip.title for tip in declaration.guide)))
    ProcedureVersion.objects.filter(id=row.id).update(
        words=SearchVector(Value(f"{row.code} {text.fold(called)}"), weight="A", config="simple")
        + SearchVector(Value(text.fold(around)), weight="C", config="simple")
    )


def current(*, on: date | None = None) -> QuerySet[ProcedureVersion]:
    """Return the version of each procedure that stands on a day, else its first one."""
    day = on or clock.today()
    same_code = ProcedureVersion.objects.filter(code=OuterRef("code"))
    standing = same_code.filter(from_date__lte=day).order_by("-from_date", "-id").values("id")[:1]
    return ProcedureVersion.objects.filter(id=Subquery(standing))


@MEMORY.keep
def version_on(*, code: str, on: date) -> ProcedureVersion:
    """Return the version of a procedure on a day; raise NotFound."""
    found = current(on=on).filter(code=code).defer(*LARGE).first()
    if found is None:
        raise NotFound(
            code="procedures.procedure_unknown",
            what=f"Không có thủ tục mang mã {code} vào ngày {on:%d/%m/%Y}.",
            mend="Hãy tìm thủ tục theo tên.",
        )
    return found


def search(
    *,
    text: str,
    on: date | None = None,
    level: str = "",
    field: str = "",
    limit: int = 20,
    loosely: bool = True,
) -> tuple[ProcedureCard, ...]:
    """Find procedures by what people type, with or without diacritics, by code or by other names.

    All words first; when nothing has them all, `loosely` takes whatever has most of them.
    """
    words = _words(text)
    if not words:
        return _listed(on=on, level=level, field=field, limit=limit)
    narrowed: Narrowed = {"on": on, "level": level, "field": field}
    found = _ranked(words, joined=ALL, limit=limit, **narrowed)
    if not found and loosely:
        found = _ranked(words, joined=SOME, limit=limit, **narrowed)
    return found


def tally(*, text: str, loosely: bool = True) -> tuple[tuple[str, str, int], ...]:
    """Return how many procedures `search` finds for the same words, by field and level."""
    words = _words(text)
    found = _counted(words, joined=ALL)
    return found or (_counted(words, joined=SOME) if words and loosely else ())


@TYPED.keep
def _counted(words: tuple[str, ...], *, joined: str) -> tuple[tuple[str, str, int], ...]:
    rows = _narrowed(on=None, level="", field="").order_by()
    if words:
        rows = rows.filter(words=_query(words, joined=joined))
    grouped = rows.values_list("field", "level").annotate(number=Count("code"))
    return tuple((field, level, number) for field, level, number in grouped)


@MEMORY.keep
def _listed(*, on: date | None, level: str, field: str, limit: int) -> tuple[ProcedureCard, ...]:
    rows = _narrowed(on=on, level=level, field=field).order_by("field", "title")
    cards = _cards(on=on)
    return tuple(cards[id] for id in rows.values_list("id", flat=True)[:limit])


def _narrowed(*, on: date | None, level: str, field: str) -> QuerySet[ProcedureVersion]:
    rows = current(on=on)
    if level:
        rows = rows.filter(level=level)
    return rows.filter(field=field) if field else rows


def _words(typed: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[\w.]+", text.fold(typed))[:12])


def _query(words: tuple[str, ...], *, joined: str) -> SearchQuery:
    return SearchQuery(
        joined.join(f"'{word}':*" for word in words), config="simple", search_type="raw"
    )


@TYPED.keep
def _ranked(
    words: tuple[str, ...], *, joined: str, limit: int, **narrowed: Unpack[Narrowed]
) -> tuple[ProcedureCard, ...]:
    query = _query(words, joined=joined)
    found = _narrowed(**narrowed).filter(words=query).annotate(rank=SearchRank(F("words"), query))
    ids = found.order_by("-rank", "title").values_list("id", flat=True)[:limit]
    cards = _cards(on=narrowed["on"])
    return tuple(cards[id] for id in ids)


@MEMORY.keep
def _cards(*, on: date | None) -> Mapping[UUID, ProcedureCard]:
    """Return the card of every procedure that stands on a day."""
    # Declarations are read once a process and are large: a list does without.
    rows = current(on=on).defer("declaration", "templates", "law", "words", "folded")
    return MappingProxyType({row.id: card(row) for row in rows})


@MEMORY.keep
def fields(*, on: date | None = None) -> tuple[str, ...]:
    """Return the fields (lĩnh vực) that have a procedure on a day."""
    return tuple(current(on=on).order_by("field").values_list("field", flat=True).distinct())


@MEMORY.keep
def life_events(*, on: date | None = None) -> tuple[LifeEvent, ...]:
    """Return moments of a life with their procedures; a moment without any is left out."""
    day = on or clock.today()
    rows = [(row, declared.procedure(row)) for row in current(on=day).order_by("title")]
    events = []
    for event in dictionary.codes(LIFE_EVENTS, day):
        cards = tuple(card(row) for row, one in rows if event.code in one.life_events)
        if cards:
            events.append(
                LifeEvent(
                    id=event.code, title=event.label, title_en=event.label_en, procedures=cards
                )
            )
    return tuple(events)


@MEMORY.keep
def procedure(*, code: str, on: date | None = None) -> ProcedureView:
    """Return a procedure as it stands on a day; raise NotFound."""
    day = on or clock.today()
    return view(version_on(code=code, on=day), on=day)


def card(row: ProcedureVersion) -> ProcedureCard:
    """Return a procedure as a line of a list."""
    day = clock.today()
    declaration = declared.procedure(row)
    limits, fees = citing.limits(row, day), citing.fees(declaration, day)
    online = declaration.online.find(day)
    return ProcedureCard(
        code=row.code,
        title=row.title,
        short_title=declaration.short_title or _plain(row.title),
        title_en=row.title_en,
        field=row.field,
        level=row.level,
        online=online.value if online else "",
        limit_say=limits[0].say if limits else "Quy định chưa nêu thời hạn",
        fee_say="; ".join(fee.say for fee in fees) or "Không thu phí, lệ phí",
        fee_say_en=citing.joined_en(fees),
    )


def view(row: ProcedureVersion, *, on: date) -> ProcedureView:
    """Return all that a reader may want to know of a procedure on a day."""
    declaration = declared.procedure(row)
    online = declaration.online.find(on)
    return ProcedureView(
        code=row.code,
        title=row.title,
        short_title=declaration.short_title or _plain(row.title),
        title_en=row.title_en,
        field=row.field,
        level=row.level,
        online=online.value if online else "",
        audiences=declaration.audiences,
        guide=tuple(f"{tip.title}: {tip.text}" for tip in declaration.guide),
        components=tuple(
            _component(name, one) for name, one in declaration.components_on(on).items()
        ),
        limits=(*citing.limits(row, on), *citing.case_limits(declaration, on)),
        fees=citing.fees(declaration, on),
        legal=tuple(
            " – ".join(part for part in (law.number, law.title) if part)
            for law in declaration.legal
        ),
        result_title=declaration.result.title,
        agency_say=citing.competence(declaration),
        version_from=row.from_date,
        decision=row.decision,
        unverified=_unverified(row.id),
        place_path=declaration.competent.place,
        agency_say_en=citing.competence_en(declaration),
        result_title_en=declaration.result.title_en,
    )


def _plain(title: str) -> str:
    said = title.removeprefix("Thủ tục ")
    return said[:1].upper() + said[1:]


@lru_cache(maxsize=512)
def _unverified(version_id: UUID) -> int:
    return unverified_in(declared.procedure(ProcedureVersion(id=version_id)))


def _component(name: str, one: Component) -> ComponentView:
    return ComponentView(
        id=name,
        title=one.title,
        note=one.note,
        copies_say=_copies(one),
        required=one.required is True and not one.when,
        conditional=isinstance(one.required, str) or bool(one.when),
        kind=one.kind,
        accepted=one.accept,
        replaced_by=", ".join(PROOFS.get(proof, proof) for proof in one.replaceable_by),
        shown_only=one.how == "show",
        title_en=one.title_en,
    )


def _copies(one: Component) -> str:
    parts = []
    if one.original:
        parts.append(f"{one.original} bản chính")
    if one.copy_count:
        parts.append(f"{one.copy_count} bản sao")
    return ", ".join(parts)


def fee_total(row: ProcedureVersion, values: dict[str, object], *, on: date, channel: str) -> str:
    """Return what these answers cost in words, `""` when the answers do not tell."""
    try:
        quote = quote_fees(declared.procedure(row), values, on=on, channel=channel)
    except Undecided:
        return ""
    return format_vnd(quote.total_vnd) if quote.total_vnd else "Miễn phí"


def unverified() -> tuple[tuple[str, str, int], ...]:
    """Return (code, title, count) where values stand that nobody read in an official text."""
    counted = [
        (row.code, row.title, unverified_in(declared.procedure(row)))
        for row in current().order_by("code")
    ]
    return tuple(line for line in counted if line[2])
