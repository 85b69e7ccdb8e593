"""Reading versions in the making: which there are, and what this reader may do with one."""

import hashlib
import json
from typing import Final
from uuid import UUID

from cuaso.capabilities.registries.logic.designing.differences import differences
from cuaso.capabilities.registries.logic.designing.shapes import DesignCard, DesignView
from cuaso.capabilities.registries.logic.designing.wording import text_of
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.capabilities.registries.models import Version
from cuaso.declarations.registries import Registry
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed, NotFound

MAKING: Final = (Version.State.DRAFT, Version.State.WAITING, Version.State.APPROVED)
_ROLES: Final = frozenset({"admin", "leader"})
_SHOWN: Final = 200


def designs(*, actor: Actor) -> tuple[DesignCard, ...]:
    """Return the versions of the registries that the actor may design, the newest first."""
    rows = Version.objects.select_related("registry").order_by("-made_at", "-number")
    return tuple(card(one) for one in rows[:_SHOWN] if may_design(one.registry, actor))


def design(*, id: UUID, actor: Actor) -> DesignView:
    """Return one version; raise NotFound, also when the actor may not know of it."""
    return shown(found(id, actor=actor), actor=actor)


def designed(*, registry: str, actor: Actor) -> tuple[DesignCard, ...]:
    """Return every version of a registry, the newest first; () for one that is not designed."""
    rows = Version.objects.select_related("registry").filter(registry__key=registry)
    cards = (card(one) for one in rows.order_by("-number") if may_design(one.registry, actor))
    return tuple(cards)


def found(id: UUID, *, actor: Actor, lock: bool = False) -> Version:
    """Return a version that the actor may design, locked where asked; raise NotFound."""
    rows = Version.objects.select_related("registry")
    if lock:
        rows = rows.select_for_update(of=("self",))
    version = rows.filter(pk=id).first()
    if version is None or not may_design(version.registry, actor):
        raise NotFound(
            code="registries.no_version",
            what="Không có bản sửa đổi này.",
            mend="Hãy chọn lại trong danh sách các sổ đang được thiết kế.",
        )
    return version


def may_design(registry: RegistryRow, actor: Actor) -> bool:
    """Say whether the actor may change how a registry is made. A registry not yet in force is
    designed by officials of the agency that it is to belong to.
    """
    if registry.key in sets.current().keys:
        return "design" in rights.acts_on_whole(sets.built(registry.key), actor)
    return (
        actor.kind == "official"
        and bool(actor.roles & _ROLES)
        and registry.owner_id in {actor.agency_id, *actor.agency_scope}
    )


def require_new(actor: Actor) -> UUID:
    """Return the agency for which the actor may set up a registry; raise NotAllowed."""
    if actor.kind != "official" or not actor.roles & _ROLES or actor.agency_id is None:
        raise NotAllowed(
            code="registries.may_not_design",
            what="Chưa có quyền lập sổ mới.",
            why="Chỉ lãnh đạo và quản trị của một cơ quan được lập sổ cho cơ quan mình.",
            mend="Hãy đề nghị lãnh đạo hoặc quản trị của cơ quan lập sổ.",
        )
    return actor.agency_id


def hands_of(actor: Actor) -> set[str]:
    """Return by what an actor is known again: the person and the post."""
    return {str(one) for one in (actor.person_id, actor.post_id) if one is not None}


def standing(registry: RegistryRow) -> Version | None:
    """Return the version in force, None for a registry that has none yet."""
    return registry.versions.filter(state=Version.State.PUBLISHED).first()


def title_of(registry: RegistryRow, path: str) -> str:
    """Return how the newest version that had a field called it, the path itself where none did."""
    stood = [Version.State.PUBLISHED, Version.State.RETIRED]
    for version in registry.versions.filter(state__in=stood).order_by("-number")[:20]:
        declared = Registry.load(version.declared)
        group = declared.groups.get(path)
        if group is not None:
            return group.title
        if declared.held_at(path) is not None:
            return declared.titled(path)
    return path


def require_state(version: Version, *states: str) -> None:
    """Raise Conflict unless the version stands in one of the states."""
    if version.state not in states:
        raise Conflict(
            code="registries.version_moved_on",
            what="Bản sửa đổi này không còn ở bước ấy.",
            why="Có người vừa làm một việc khác với bản này.",
            mend="Hãy tải lại trang để xem bản đang ở bước nào.",
            data={"state": version.state},
        )


def acts(version: Version, actor: Actor) -> frozenset[str]:
    """Return what the actor, who may design the registry, may do with a version now."""
    if version.state == Version.State.DRAFT:
        return frozenset({"edit", "submit", "drop"})
    if version.state == Version.State.WAITING:
        return frozenset({"drop", "send_back", *(["approve"] if approves(version, actor) else [])})
    return frozenset()


def approves(version: Version, actor: Actor) -> bool:
    """Say whether the actor is a leader who did not write the version."""
    return "leader" in actor.roles and not hands_of(actor) & set(version.hands)


def shown(version: Version, *, actor: Actor) -> DesignView:
    declared = Registry.load(version.declared)
    before = standing(version.registry)
    return DesignView(
        card=card(version),
        declared=declared,
        text=text_of(declared),
        seen=seen(version),
        differences=differences(before.declared if before else {}, version.declared),
        may=acts(version, actor),
        replacements=_replacements(version, actor),
    )


def seen(version: Version) -> str:
    """Return by what it is known again what somebody read: the declaration and the replacements."""
    if not version.replacements:
        return version.fingerprint
    plain = json.dumps(version.replacements, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{version.fingerprint} {plain}".encode()).hexdigest()


def hidden(registry: RegistryRow, actor: Actor) -> frozenset[str]:
    """Return the fields of the registry in force that the actor does not read in full."""
    if registry.key not in sets.current().keys:
        return frozenset()
    return rights.masked(sets.built(registry.key), actor)


def _replacements(version: Version, actor: Actor) -> tuple[tuple[str, str, str], ...]:
    masked = hidden(version.registry, actor) if version.replacements else frozenset()
    return tuple(
        (path, before, after)
        for path, pairs in version.replacements.items()
        if path not in masked
        for before, after in pairs.items()
    )


def card(version: Version) -> DesignCard:
    inforce = standing(version.registry)
    return DesignCard(
        id=version.id,
        key=version.registry.key,
        title=version.declared.get("title", version.registry.key),
        number=version.number,
        state=version.state,
        reason=version.reason,
        made_by=version.made_by,
        made_at=version.made_at,
        approved_by=version.approved_by,
        published_at=version.published_at,
        trouble=version.trouble,
        standing=inforce.number if inforce else 0,
    )
