"""Takes a registry made here out of use: it rests in the bin for its term, and can be brought back.

After the term its records go into the history, and the history goes when the declared `keep` ends.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Func
from django.utils.module_loading import import_string

from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.designing import versions
from cuaso.capabilities.registries.logic.designing.drafting import LOCAL
from cuaso.capabilities.registries.logic.designing.shapes import WithdrawnCard
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import (
    definition,
    publishing,
    running,
    sets,
    terms,
    uses,
)
from cuaso.capabilities.registries.logic.storing.building import Built, past_of
from cuaso.capabilities.registries.models import Epoch, Version
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.declarations.registries import Registry
from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary import api as dictionary
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from cuaso.kernel.subjects import Subject

PORTION: Final = 1_000
_PORTIONS: Final = 50


def withdraw(*, registry: str, reason: str, actor: Actor) -> None:
    """Take a registry of the pack `local` out of use; its versions stay to be read, its records
    rest in the bin for their term.

    Raises NotAllowed for who may not design it, Invalid without a reason, Conflict for one that a
    pack declares, that something else refers to (all named), or, unless a leader asks, that holds
    a record.
    """
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "design")
    if not reason.strip():
        raise Invalid(
            code="registries.reason_missing",
            what="Chưa bỏ được sổ.",
            mend="Hãy ghi lý do bỏ sổ.",
            problems=(Problem(field="reason", say="Chưa ghi lý do."),),
        )
    _require_local(built)
    with transaction.atomic():
        row = _locked(built.id)
        _require_free(built, actor)
        standing = Version.objects.select_for_update().filter(
            registry_id=built.id, state=Version.State.PUBLISHED
        )
        standing.update(state=Version.State.RETIRED)
        row.withdrawn_at, row.withdrawn_by = clock.now(), actor.name
        row.withdrawn_why = reason.strip()
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
        dictionary.record_uses(f"registry:{built.key}", (), actor=actor)
        _tell(built, "withdrawn", actor=actor, reason=reason)
    sets.HOLDER.renew()


def bring_registry_back(*, registry: str, actor: Actor) -> None:
    """Put a withdrawn registry in force again, as it was; raise NotFound for none that rests."""
    row = _resting(registry, actor)
    with transaction.atomic():
        row = _locked(row.id)
        version = _last(row)
        if row.withdrawn_at is None or row.emptied_at is not None or version is None:
            raise _not_resting(registry)
        version.state = Version.State.PUBLISHED
        version.save(update_fields=["state"])
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = None, "", ""
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
        built = sets.built_of(version)
        uses.write_uses(built, actor=actor)
        _tell(built, "registry_brought_back", actor=actor)
    sets.HOLDER.renew()


def withdrawn(*, actor: Actor) -> tuple[WithdrawnCard, ...]:
    """Return the registries in the bin that the actor may design, and when each goes."""
    rows = RegistryRow.objects.filter(withdrawn_at__isnull=False, emptied_at=None).order_by("key")
    return tuple(
        card for row in rows if versions.may_design(row, actor) and (card := _card(row)) is not None
    )


def empty_withdrawn(*, actor: Actor) -> int:
    """Put the records of registries whose term is over into the history and drop their table, drop
    the history when `keep` has ended too; return how many registries were emptied.
    """
    emptied = 0
    for row in RegistryRow.objects.filter(withdrawn_at__isnull=False):
        version = _last(row)
        if version is None or row.withdrawn_at is None:
            continue
        built = sets.built_of(version)
        if row.emptied_at is None:
            if terms.over(row.withdrawn_at, terms.bin_term(built.declared)):
                emptied += _empty(row, built, actor=actor)
            continue
        keep = terms.keep_term(built.declared)
        if keep is not None and terms.over(row.withdrawn_at, keep):
            _forget(built, actor=actor)
    return emptied


def _require_local(built: Built) -> None:
    if not built.key.startswith(f"{LOCAL}/"):
        raise Conflict(
            code="registries.declared_by_a_pack",
            what=f"Không bỏ sổ “{built.declared.title}” ở đây được.",
            why="Sổ này do một gói dữ liệu khai báo.",
            mend="Hãy bỏ khai báo trong gói rồi cài lại gói.",
        )


def _require_free(built: Built, actor: Actor) -> None:
    users = users_of(built)
    if users:
        raise Conflict(
            code="registries.used_elsewhere",
            what=f"Chưa bỏ được sổ “{built.declared.title}”.",
            why=" ".join(users),
            mend="Hãy gỡ những chỗ được nêu rồi làm lại.",
            data={"users": list(users)},
        )
    if "leader" not in actor.roles and built.live.objects.exists():
        raise Conflict(
            code="registries.not_empty",
            what=f"Chưa bỏ được sổ “{built.declared.title}”.",
            why="Sổ còn bản ghi, kể cả trong thùng rác.",
            mend="Hãy nhờ lãnh đạo cơ quan chủ quản bỏ sổ.",
        )


def users_of(built: Built) -> tuple[str, ...]:
    """Return a sentence for each thing that refers to a registry."""
    return (*_registries_of(built), *_others_of(built))


def _registries_of(built: Built) -> Iterator[str]:
    pack, _, short = built.key.partition("/")
    for other in sets.current():
        if other.key == built.key:
            continue
        names = {built.key, short} if other.key.startswith(f"{pack}/") else {built.key}
        declared = other.declared
        fields = [*declared.fields.values()]
        fields += [one for group in declared.groups.values() for one in group.fields.values()]
        for one in fields:
            if one.to in names:
                yield f"Sổ “{declared.title}” tham chiếu sổ này bằng ô “{one.title}”."


def _others_of(built: Built) -> Iterator[str]:
    for use in dictionary.uses():
        if use.system == built.key and use.source != f"registry:{built.key}":
            yield f"Từ điển ghi sổ này giữ “{use.title}” theo {use.source}."
    for name in settings.CUASO_REGISTRY_USERS:
        asked: Callable[[str], Sequence[str]] = import_string(name)
        yield from asked(built.key)


def _locked(id: UUID) -> RegistryRow:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [publishing.LOCK])
    return RegistryRow.objects.select_for_update().get(pk=id)


def _resting(registry: str, actor: Actor) -> RegistryRow:
    row = RegistryRow.objects.filter(key=registry, withdrawn_at__isnull=False).first()
    if row is None or not versions.may_design(row, actor):
        raise _not_resting(registry)
    if "leader" not in actor.roles:
        raise NotAllowed(
            code="registries.leader_brings_back",
            what="Chưa lấy lại được sổ này.",
            why="Lãnh đạo cơ quan chủ quản quyết định việc dùng lại một sổ đã bỏ.",
            mend="Hãy đề nghị lãnh đạo cơ quan chủ quản.",
        )
    return row


def _not_resting(registry: str) -> NotFound:
    return NotFound(
        code="registries.not_in_the_bin",
        what=f"Không có sổ “{registry}” trong thùng rác.",
        mend="Hãy chọn một sổ trong danh sách các sổ đã bỏ.",
    )


def _last(row: RegistryRow) -> Version | None:
    """Return the version that was in force last."""
    stood = row.versions.select_related("registry").filter(state=Version.State.RETIRED)
    return stood.order_by("-number").first()


def _card(row: RegistryRow) -> WithdrawnCard | None:
    version = _last(row)
    if version is None or row.withdrawn_at is None:
        return None
    declared = Registry.load(version.declared)
    return WithdrawnCard(
        key=row.key,
        title=declared.title,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
        reason=row.withdrawn_why,
        records=sets.built_of(version).live.objects.count(),
        goes_date=terms.goes(row.withdrawn_at, terms.bin_term(declared)),
        keep=declared.retention.keep,
    )


def _empty(row: RegistryRow, built: Built, *, actor: Actor) -> int:
    if running.exists(built.table):
        for _ in range(_PORTIONS):
            ids = list(built.live.objects.values_list("row_id", flat=True)[:PORTION])
            if not ids:
                break
            with changes.changing(built, actor=actor, act="purged") as change:
                change.records = len(ids)
                built.live.objects.filter(row_id__in=ids).delete()
        if built.live.objects.exists():
            return 0
        running.run(definition.record_table_gone(built))
    with transaction.atomic():
        row.emptied_at = clock.now()
        row.save(update_fields=["emptied_at"])
        _tell(built, "emptied", actor=actor)
    return 1


def _forget(built: Built, *, actor: Actor) -> None:
    past = past_of(built.table)
    if running.exists(past):
        _tell(built, "history_forgotten", actor=actor)
        running.run([definition.table_gone(past)])


def _tell(built: Built, act: str, *, actor: Actor, reason: str = "") -> None:
    Epoch.objects.update(number=Func(function="registries_next_epoch"))
    about = Subject(kind="registries.registry", id=built.id)
    content = {"registry": built.key, "version": built.version}
    audit.record(
        actor=actor,
        act=f"registries.{act}",
        subject=about,
        content=content,
        reason=reason.strip(),
    )
    audit.publish(topic=f"registries.{act}", subject=about, payload=content)
