"""Install tables of the directory from rows. Running it again changes nothing, and nothing is
deleted: what ended has a last day.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Final, TypeVar
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Model

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic.appoint import require_roles
from cuaso.foundation.directory.logic.enter_person import draft as draft_person
from cuaso.foundation.directory.logic.memory import MEMORY
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import fold, sort_key

INSTALLER: Final = system("Nạp danh bạ")
_SPACE: Final = UUID("5f0c7a52-1d5e-5b43-9a21-0c5a50000052")
_OF_A_PERSON: Final = (
    "kind",
    "name",
    "personal_number",
    "tax_code",
    "birth_date",
    "sex",
    "place_code",
    "address",
    "phone",
    "email",
    "invented",
)
ModelT = TypeVar("ModelT", bound=Model)


def identity(table: str, *parts: object) -> UUID:
    """Return the id that a row of a pack has in every house."""
    return uuid5(_SPACE, ":".join([table, *map(str, parts)]))


def place_id(code: str, start: date | None) -> UUID:
    return identity("place", code, start or "")


def install_places(
    rows: Iterable[contracts.PlaceRow], *, actor: Actor = INSTALLER
) -> contracts.Installed:
    """Add and correct places; a place is known by its code and first day."""
    drafts = [
        models.Place(
            id=place_id(row.code, row.from_),
            code=row.code,
            name=row.name,
            full_name=row.full_name,
            kind=row.kind,
            level=row.level,
            parent_code=row.parent_code,
            from_date=row.from_,
            until_date=_until(row.to),
            source=row.source,
            unverified=row.unverified,
            folded=fold(row.full_name),
            sort_key=sort_key(row.name),
        )
        for row in rows
    ]
    return _install(models.Place, drafts, table="places", actor=actor)


def install_place_successions(
    rows: Iterable[contracts.PlaceSuccessionRow], *, actor: Actor = INSTALLER
) -> contracts.Installed:
    """Add which places became which; raise Invalid for a place that did not stand that day."""
    problems: list[Problem] = []
    drafts = []
    stock = list(models.Place.objects.all())
    for row in rows:
        old = _standing(stock, row.old_code, row.date - timedelta(days=1))
        new = _standing(stock, row.new_code, row.date)
        if old is None or new is None:
            say = f"{row.old_code} → {row.new_code}: địa bàn không có hiệu lực vào {row.date}."
            problems.append(Problem(field="place_successions.csv", say=say))
            continue
        drafts.append(
            models.PlaceSuccession(
                old=old,
                new=new,
                partial=row.partial,
                source=row.source,
                unverified=row.unverified,
            )
        )
    _refuse(problems)
    return _install_pairs(models.PlaceSuccession, drafts, table="place_successions", actor=actor)


def install_agencies(
    rows: Iterable[contracts.AgencyRow], *, actor: Actor = INSTALLER
) -> contracts.Installed:
    """Add and correct agencies; an agency is known by its key."""
    drafts = [
        models.Agency(
            id=identity("agency", row.key),
            key=row.key,
            code=row.code,
            code_old_style=row.code_old_style,
            name=row.name,
            name_en=row.name_en,
            short_name=row.short_name,
            kind=row.kind,
            level=row.level,
            parent_id=identity("agency", row.parent_key) if row.parent_key else None,
            place_code=row.place_code,
            seal_name=row.seal_name,
            from_date=row.from_,
            until_date=_until(row.to),
            source=row.source,
            unverified=row.unverified,
            folded=fold(f"{row.name} {row.short_name}"),
            sort_key=sort_key(row.name),
        )
        for row in rows
    ]
    return _install(models.Agency, drafts, table="agencies", actor=actor)


def install_agency_successions(
    rows: Iterable[contracts.AgencySuccessionRow], *, actor: Actor = INSTALLER
) -> contracts.Installed:
    """Add which agencies took over from which."""
    drafts = [
        models.AgencySuccession(
            old_id=identity("agency", row.old_key),
            new_id=identity("agency", row.new_key),
            source=row.source,
            unverified=row.unverified,
        )
        for row in rows
    ]
    return _install_pairs(models.AgencySuccession, drafts, table="agency_successions", actor=actor)


def install_units(
    rows: Iterable[contracts.UnitRow], *, actor: Actor = INSTALLER
) -> contracts.Installed:
    """Add and correct units of agencies."""
    drafts = [
        models.Unit(
            id=identity("unit", row.key),
            key=row.key,
            agency_id=identity("agency", row.agency_key),
            name=row.name,
            from_date=row.from_,
            until_date=_until(row.to),
            unverified=row.unverified,
        )
        for row in rows
    ]
    return _install(models.Unit, drafts, table="units", actor=actor)


def install_people(
    rows: Iterable[contracts.PersonRow], *, actor: Actor = INSTALLER
) -> contracts.Installed:
    """Add and correct people and businesses of a pack; they are known by their key."""
    drafts = [
        draft_person(
            {name: getattr(row, name) for name in _OF_A_PERSON}, id=identity("person", row.key)
        )
        for row in rows
    ]
    return _install(models.Person, drafts, table="people", actor=actor)


def install_posts(
    rows: Iterable[contracts.PostRow], *, actor: Actor = INSTALLER
) -> contracts.Installed:
    """Add and correct posts; raise Invalid for a role that does not exist."""
    drafts = [
        models.Post(
            id=identity("post", row.key),
            agency_id=identity("agency", row.agency_key),
            unit_id=identity("unit", row.unit_key) if row.unit_key else None,
            title=row.title,
            roles=sorted(require_roles(row.roles)),
            person_id=identity("person", row.person_key) if row.person_key else None,
            from_date=row.from_,
            until_date=_until(row.to),
            sort_key=sort_key(row.title),
        )
        for row in rows
    ]
    return _install(models.Post, drafts, table="posts", actor=actor)


def install_ties(
    rows: Iterable[contracts.TieRow], *, actor: Actor = INSTALLER
) -> contracts.Installed:
    """Add and correct guardians and representatives."""
    drafts = [
        models.Tie(
            id=identity("tie", row.kind, row.person_key, row.other_key, row.from_ or ""),
            kind=row.kind,
            person_id=identity("person", row.person_key),
            other_id=identity("person", row.other_key),
            basis=row.basis,
            from_date=row.from_,
            until_date=_until(row.to),
        )
        for row in rows
    ]
    return _install(models.Tie, drafts, table="ties", actor=actor)


def _install(
    model: type[ModelT], drafts: Sequence[ModelT], *, table: str, actor: Actor
) -> contracts.Installed:
    return _write(model, drafts, key=lambda row: row.pk, table=table, actor=actor)


def _install_pairs(
    model: type[ModelT], drafts: Sequence[ModelT], *, table: str, actor: Actor
) -> contracts.Installed:
    def pair(row: ModelT) -> object:
        return (getattr(row, "old_id"), getattr(row, "new_id"))  # noqa: B009 two models, same columns

    return _write(model, drafts, key=pair, table=table, actor=actor)


def _write(
    model: type[ModelT],
    drafts: Sequence[ModelT],
    *,
    key: Callable[[ModelT], object],
    table: str,
    actor: Actor,
) -> contracts.Installed:
    mendable = [field.attname for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 the documented way to a model's columns
    try:
        with transaction.atomic():
            known = {key(row): row for row in model._default_manager.select_for_update()}  # noqa: SLF001 the documented way to a model's rows
            added = [draft for draft in drafts if key(draft) not in known]
            changed = [
                kept
                for draft in drafts
                if (kept := known.get(key(draft))) is not None and _mend(kept, draft, mendable)
            ]
            # Periods are shortened before new ones begin where they end.
            model._default_manager.bulk_update(changed, mendable, batch_size=500)  # noqa: SLF001 as above
            model._default_manager.bulk_create(added, batch_size=500)  # noqa: SLF001 as above
            if added or changed:
                _record(table, added=added, changed=changed, actor=actor)
    except IntegrityError as error:
        raise _clash(table) from error
    MEMORY.renew()
    same = len(drafts) - len(added) - len(changed)
    return contracts.Installed(table=table, added=len(added), changed=len(changed), same=same)


def _mend(kept: Model, draft: Model, names: Sequence[str]) -> bool:
    differing = [name for name in names if getattr(kept, name) != getattr(draft, name)]
    for name in differing:
        setattr(kept, name, getattr(draft, name))
    return bool(differing)


def _record(table: str, *, added: Sequence[Model], changed: Sequence[Model], actor: Actor) -> None:
    audit.record(
        actor=actor,
        act="directory.installed",
        subject=Subject(kind="directory.table", id=identity("table", table)),
        content={
            "table": table,
            "added": [str(row.pk) for row in added],
            "changed": [str(row.pk) for row in changed],
        },
    )


def _standing(stock: Iterable[models.Place], code: str, day: date) -> models.Place | None:
    rows = (row for row in stock if row.code == code)
    return next(
        (
            row
            for row in rows
            if (row.from_date is None or row.from_date <= day)
            and (row.until_date is None or day < row.until_date)
        ),
        None,
    )


def _until(last: date | None) -> date | None:
    return last + timedelta(days=1) if last else None


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Invalid(
            code="directory.rows",
            what=f"Có {len(problems)} dòng không nạp được.",
            why=" ".join(problem.say for problem in problems[:5]),
            mend="Hãy sửa các dòng được nêu rồi nạp lại.",
            problems=tuple(problems),
        )


def _clash(table: str) -> Conflict:
    return Conflict(
        code="directory.rows_clash",
        what=f"Không nạp được bảng {table}.",
        why="Có dòng trùng mã trong cùng thời gian, hoặc nhắc tới dòng không có.",
        mend="Hãy kiểm tra mã, thời gian hiệu lực và các cột tham chiếu của bảng.",
    )
