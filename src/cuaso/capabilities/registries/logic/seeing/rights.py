"""The policy of a registry, made of its declared rights for one reader."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Final, get_args
from uuid import UUID

from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.fields import leaves
from cuaso.declarations.registries import Act, Mask, Right
from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import (
    Condition,
    Decision,
    Grant,
    Policy,
    actor_has,
    all_of,
    always,
    any_of,
    equals,
    negate,
    of_actor,
    one_of,
)
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor, Capacity
from cuaso.kernel.errors import NotAllowed
from cuaso.kernel.remembering import once

ACTS: Final[tuple[Act, ...]] = get_args(Act)
_OFFICIAL: Final[frozenset[Capacity]] = frozenset({"official"})
_CITIZEN: Final[frozenset[Capacity]] = frozenset({"citizen", "guardian"})
_BUSINESS: Final[frozenset[Capacity]] = frozenset({"business"})
_MACHINE: Final[frozenset[Capacity]] = frozenset({"system"})
# Readers whose policy follows from the version and their post alone: no right of theirs hangs on a
# row of the directory.
STEADY: Final[frozenset[Capacity]] = frozenset({"official", "system"})
# Decisions that a process keeps of one version.
_MOST_DECISIONS: Final = 4096
_NOBODY: Final = negate(always())
_KEPT: Final = one_of("row_agency", of_actor("agency_scope"))
# What holds where a registry declares no right of its own.
USUAL: Final[tuple[Right, ...]] = (
    Right(
        may=("view", "export"),
        of="chủ quản",
        say="Cơ quan chủ quản xem mọi bản ghi của sổ mình quản lý.",
        source="Quyết định giao cơ quan chủ quản cơ sở dữ liệu",
        unverified=True,
    ),
    Right(
        may=("add", "change", "remove", "import"),
        of="chủ quản",
        roles=("handler", "leader"),
        say="Chuyên viên, lãnh đạo cơ quan chủ quản cập nhật sổ.",
        source="Quyết định giao cơ quan chủ quản cơ sở dữ liệu",
        unverified=True,
    ),
    Right(
        may=("design",),
        of="chủ quản",
        roles=("admin", "leader"),
        say="Lãnh đạo cơ quan chủ quản quyết định cấu trúc của sổ.",
        source="Quyết định giao cơ quan chủ quản cơ sở dữ liệu",
        unverified=True,
    ),
    Right(
        may=("view", "export"),
        of="nơi giữ",
        say="Cơ quan giữ bản ghi xem bản ghi của mình.",
        source="Quyết định giao cơ quan chủ quản cơ sở dữ liệu",
        unverified=True,
    ),
    Right(
        may=("add", "change", "import"),
        of="nơi giữ",
        roles=("handler", "leader"),
        say="Chuyên viên, lãnh đạo cơ quan giữ bản ghi cập nhật bản ghi của mình.",
        source="Quyết định giao cơ quan chủ quản cơ sở dữ liệu",
        unverified=True,
    ),
    Right(
        may=("view",),
        of="tỉnh",
        roles=("auditor",),
        purpose=True,
        say="Người này kiểm tra, thanh tra; mỗi lần xem phải nêu mục đích.",
        source="Quyết định phân công kiểm tra",
        unverified=True,
    ),
)
_HOUSE: Final = Grant(
    name="house",
    acts=frozenset(ACTS),
    capacities=_MACHINE,
    say="Hệ thống làm theo một việc đã được ghi nhận.",
)


def policy(built: Built, actor: Actor, *, past: bool = False) -> Policy:
    """Return the policy of a registry for one reader; `past` for its past versions."""
    if actor.kind in STEADY:
        key = ("policy", past, actor.kind, _answers_for(built, actor))
        return built.worked_out(key, lambda: _policy(built, actor, past=past))
    # The actor is kept with the policy, so that no other has its id meanwhile.
    asked = ("registries.policy", id(built), past, id(actor))
    return once(asked, lambda: (_policy(built, actor, past=past), actor, built))[0]


def policy_of_all(built: Built) -> Policy:
    """Return the policy of a registry for whoever reads it, as row-level security asks it.

    Nobody reads their own record there: that right goes by a number which only we look up.
    """
    return _policy(built, None, past=False)


def _policy(built: Built, actor: Actor | None, *, past: bool) -> Policy:
    declared = built.declared.rights or USUAL
    grants = tuple(
        grant
        for number, right in enumerate(declared)
        for grant in _grants(built, right, number, actor)
    )
    model = built.past if past else built.live
    return Policy(name=f"registries.{built.key}", model=model, grants=(*grants, _HOUSE))


def _grants(built: Built, right: Right, number: int, actor: Actor | None) -> Iterator[Grant]:
    rows = [
        one_of(_column(built, path), _values(built, path, codes))
        for path, codes in right.where.items()
    ]
    yield Grant(
        name=f"{built.key}.{number + 1}",
        acts=frozenset(right.may),
        capacities=_capacities(built, right),
        roles=frozenset(right.roles),
        where=all_of(_whose(built, right, actor), *rows),
        say=right.say,
        source=right.source,
        logged=right.purpose,
    )


def _capacities(built: Built, right: Right) -> frozenset[Capacity]:
    """Return who acts by a right: officials, a person for oneself or a ward, or a business."""
    if right.of != "bản thân":
        return _OFFICIAL
    one = built.person_column(right.person).one
    return _BUSINESS if one is not None and one.number in ("tax", "organisation") else _CITIZEN


def _values(built: Built, path: str, codes: Sequence[str]) -> Sequence[object]:
    """Return the codes that a right names, yes and no as the column holds them."""
    yes_no = built.by_path[path].kind == "yes_no"
    return [code == "yes" for code in codes] if yes_no else list(codes)


def _whose(built: Built, right: Right, actor: Actor | None) -> Condition:
    match right.of:
        case "chủ quản" if actor is None:
            names = ("agency_scope", "agency_id")
            return any_of(*(actor_has(name, built.owner_id) for name in names))
        case "chủ quản":
            return always() if actor and _answers_for(built, actor) else _NOBODY
        case "nơi giữ":
            return _KEPT
        case "tỉnh":
            return always()
    return _oneself(built, right, actor) if actor is not None else _NOBODY


def _answers_for(built: Built, actor: Actor) -> bool:
    return built.owner_id in actor.agency_scope or built.owner_id == actor.agency_id


def _oneself(built: Built, right: Right, actor: Actor) -> Condition:
    party_id, allowed = actor.party_id, _capacities(built, right)
    if party_id is None or actor.kind not in allowed:
        return _NOBODY
    party = once(("registries.party", party_id), lambda: directory.person(party_id))
    number = party.tax_code if allowed == _BUSINESS else party.personal_number
    return equals(built.person_column(right.person).name, number) if number else _NOBODY


def _column(built: Built, path: str) -> str:
    return built.by_path[path].name


def owes_purpose(built: Built, actor: Actor) -> bool:
    """Say whether this actor sees some records only for a purpose, and no grant shows them all."""
    if actor.kind not in STEADY:
        return _owes_purpose(built, actor)
    key = ("owes", actor.kind, actor.roles, _answers_for(built, actor))
    return built.worked_out(key, lambda: _owes_purpose(built, actor))


def _owes_purpose(built: Built, actor: Actor) -> bool:
    grants = [
        grant
        for grant in policy(built, actor).grants
        if "view" in grant.acts and speaks_to(grant, actor)
    ]
    everything = any(grant.where == all_of(always()) for grant in grants if not grant.logged)
    return not everything and any(grant.logged for grant in grants)


def sees_kept_only(built: Built, actor: Actor) -> bool:
    """Say whether all that the actor may see is what the actor's own agencies keep."""
    grants = [
        grant
        for grant in policy(built, actor).grants
        if "view" in grant.acts and speaks_to(grant, actor)
    ]
    return bool(grants) and all(_KEPT in getattr(one.where, "parts", ()) for one in grants)


def may_add(built: Built, actor: Actor) -> bool:
    """Say whether the actor may add some record at all."""
    return bool(acts_on_whole(built, actor) & {"add"})


def acts_on_whole(built: Built, actor: Actor) -> frozenset[Act]:
    """Return the acts for which some grant speaks to this actor, whatever the record."""
    key = ("registries.acts", id(built), id(actor))
    return once(key, lambda: (_acts_on_whole(built, actor), actor, built))[0]


def _acts_on_whole(built: Built, actor: Actor) -> frozenset[Act]:
    speaking = [grant for grant in policy(built, actor).grants if speaks_to(grant, actor)]
    found = {act for act in ACTS if any(act in grant.acts for grant in speaking)}
    if "add" in found and _adds_elsewhere_only(built, actor, speaking):
        found.remove("add")
    return frozenset(found)


def _adds_elsewhere_only(built: Built, actor: Actor, speaking: Sequence[Grant]) -> bool:
    """Say whether whatever the actor could add would be kept by another agency: the registry lets
    only the agency of the place add, every record has a place, and the actor answers for none.
    """
    place = built.declared.fields.get(built.declared.place)
    if place is None or place.required is not True or place.when:
        return False
    adding = [grant for grant in speaking if "add" in grant.acts]
    if not all(_KEPT in getattr(grant.where, "parts", ()) for grant in adding):
        return False
    return not any(_answers_for_a_place(id) for id in actor.agency_scope)


def _answers_for_a_place(agency_id: UUID) -> bool:
    agency = directory.agency(agency_id)
    return agency.kind == "committee" and agency.level == "commune"


def speaks_to(grant: Grant, actor: Actor) -> bool:
    """Say whether a grant may hold for this actor on some record."""
    return (
        actor.kind in grant.capacities
        and (not grant.roles or bool(grant.roles & actor.roles))
        and _NOBODY not in getattr(grant.where, "parts", ())
    )


def require_on_whole(built: Built, actor: Actor, act: Act) -> None:
    """Raise NotAllowed unless the actor may do the act on some record of the registry."""
    if act not in acts_on_whole(built, actor):
        raise NotAllowed(
            code="registries.not_allowed",
            what=f"Chưa có quyền làm việc này với sổ “{built.declared.title}”.",
            why=_why_not(built, actor, act),
            mend="Nếu cho rằng có nhầm lẫn, hãy liên hệ cơ quan chủ quản của sổ.",
        )


def _why_not(built: Built, actor: Actor, act: Act) -> str:
    granted = (one for one in policy(built, actor).grants if act in one.acts)
    if act == "add" and any(speaks_to(one, actor) for one in granted):
        return (
            "Sổ này do Ủy ban nhân dân xã, phường của địa bàn thêm bản ghi; cơ quan đang "
            "công tác không quản lý xã, phường nào."
        )
    return "Không có quy định nào cho phép vị trí công tác hiện tại."


def decide(built: Built, record: object, *, actor: Actor, act: Act) -> Decision:
    """Say whether the actor may do the act on a record."""
    past = isinstance(record, built.past)
    key = _decided_by(built, record, actor, (act, past))
    known: dict[Hashable, Decision] = built.worked_out("decisions", dict)
    decision = known.get(key) if key is not None else None
    if decision is None:
        decision = access.decide(
            actor=actor,
            act=act,
            record=record,  # type: ignore[arg-type] # a row of the registry's own model
            policy=policy(built, actor, past=past),
        )
        if key is not None:
            if len(known) >= _MOST_DECISIONS:
                known.clear()
            known[key] = decision
    return decision


def _decided_by(
    built: Built, record: object, actor: Actor, asked: tuple[Act, bool]
) -> Hashable | None:
    """Return all that a decision follows from: the same of it is decided the same, whoever asks
    and whatever the record; None where it follows from more.
    """
    if actor.kind not in STEADY:
        return None
    read = built.worked_out("decided by", lambda: decided_by(built))
    who = (actor.kind, actor.roles, actor.agency_id, actor.agency_scope)
    key = (asked, who, tuple(getattr(record, name) for name in read))
    return key if all(isinstance(one, Hashable) for one in key[2]) else None


def decided_by(built: Built) -> tuple[str, ...]:
    """Return the columns on which what officials may do with a record depends, the keeper first."""
    paths = dict.fromkeys(path for right in built.declared.rights for path in right.where)
    return ("row_agency", *(_column(built, path) for path in paths))


def acts_on(built: Built, record: object, *, actor: Actor, viewing: Decision) -> frozenset[Act]:
    """Return what the actor may do with a record; acts that the same grants cover go together.

    viewing: the decision on seeing it, which was made before.
    """

    def allowed(acts: Sequence[Act]) -> bool:
        known = "view" in acts
        decision = viewing if known else decide(built, record, actor=actor, act=acts[0])
        return decision.allowed

    return frozenset(act for acts in _together(built, actor) if allowed(acts) for act in acts)


def _together(built: Built, actor: Actor) -> tuple[tuple[Act, ...], ...]:
    """Return the acts in groups on which one decision is the same for each."""

    def worked_out() -> tuple[tuple[Act, ...], ...]:
        groups: dict[tuple[bool, ...], list[Act]] = {}
        for act in ACTS:
            covered = tuple(act in one.acts for one in policy(built, actor).grants)
            groups.setdefault(covered, []).append(act)
        return tuple(tuple(acts) for acts in groups.values())

    return built.worked_out("acts together", worked_out)


def masked(built: Built, actor: Actor) -> frozenset[str]:
    """Return the fields that this reader does not read in full, by their paths; in the rows of a
    group `crew.passport`.

    The house itself, and a person who reads their own record, read everything.
    """
    if actor.kind != "official" or not built.declared.masks:
        return frozenset()
    return built.worked_out(("masked", actor.roles), lambda: _masked(built, actor))


def _masked(built: Built, actor: Actor) -> frozenset[str]:
    return frozenset(
        path
        for path in (*built.by_path, *_in_rows(built))
        if (mask := mask_of(built, path)) and not set(mask.roles) & actor.roles
    )


def kept_groups(built: Built, hidden: frozenset[str]) -> frozenset[str]:
    """Return the groups whose rows a reader does not read in full: such a reader leaves them as
    they are, since rows have no name by which a hidden value would find its own again.
    """
    return frozenset({path.partition(".")[0] for path in hidden} & built.declared.groups.keys())


def _in_rows(built: Built) -> Iterator[str]:
    for name, group in built.declared.groups.items():
        yield from (f"{name}.{path}" for path, _ in leaves(group.fields))


def mask_of(built: Built, path: str) -> Mask | None:
    """Return the declared mask of a path or of the field that it is a part of."""
    masks = built.declared.masks
    while path and path not in masks:
        path = path.rpartition(".")[0]
    return masks.get(path)
