"""Writes a version: begun from the one in force, or from nothing, and saved step by step."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.logic.designing import inputs, versions, wording
from cuaso.capabilities.registries.logic.designing.edits import Edit, edited, short_name, with_name
from cuaso.capabilities.registries.logic.designing.shapes import DesignView, NewRegistry
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import publishing, sets, turning
from cuaso.capabilities.registries.logic.storing.values import context
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.capabilities.registries.models import Version
from cuaso.declarations.fields import Field, Wrong
from cuaso.declarations.registries import Registry
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from cuaso.kernel.subjects import Subject

LOCAL: Final = "local"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,35}")
_ASKED: Final = {
    "title": "Chưa ghi tên sổ.",
    "legal": "Chưa ghi căn cứ pháp lý.",
    "key_title": "Chưa ghi tên của ô làm khóa.",
}


def begin_design(*, registry: str, actor: Actor, like: int = 0) -> DesignView:
    """Begin a new version of a registry: as it is in force, or `like` an earlier version of it.

    Raises NotAllowed, and Conflict while another version is in the making.
    """
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "design")
    with transaction.atomic():
        row = RegistryRow.objects.select_for_update().get(pk=built.id)
        declared = _earlier(row, like) if like else built.declared
        version = publishing.new_version(row, declared, state=Version.State.DRAFT, actor=actor)
        _write_down(version, "drafted", actor=actor)
    return versions.shown(version, actor=actor)


def _earlier(row: RegistryRow, number: int) -> Registry:
    """Return what an earlier version declared, also one that was given up; raise NotFound."""
    version = row.versions.filter(number=number).first()
    if version is None:
        raise NotFound(
            code="registries.no_version",
            what=f"Sổ này không có phiên bản {number}.",
            mend="Hãy chọn một phiên bản trong danh sách.",
        )
    return Registry.load(version.declared)


def begin_registry(*, new: NewRegistry, actor: Actor) -> DesignView:
    """Begin a registry from nothing, owned by the actor's agency, in the pack `local`.

    Raises NotAllowed, Invalid with a Problem at each field, Conflict for a name that is taken.
    """
    owner = directory.agency_key(versions.require_new(actor))
    new = replace(
        new,
        name=new.name.strip() or short_name(new.title),
        key=new.key.strip() or short_name(new.key_title),
    )
    problems = _wrong_names(new)
    if problems:
        raise Invalid(
            code="registries.new_registry_wrong",
            what="Chưa lập được sổ mới.",
            mend="Hãy sửa từng chỗ được nêu.",
            problems=problems,
        )
    return begun(new.name, _first(new, owner), actor=actor)


def begun(name: str, plain: Mapping[str, Any], *, actor: Actor) -> DesignView:
    """Begin a registry of the pack `local` as it is declared; raise Invalid with every mistake,
    Conflict for a name that is taken.
    """
    key = f"{LOCAL}/{name}"
    declared = wording.read(wording.written(plain), key=key)
    with transaction.atomic():
        if _taken(key):
            raise Conflict(
                code="registries.name_taken",
                what=f"Đã có một sổ mang tên ngắn “{name}”.",
                mend="Hãy đặt tên ngắn khác, hoặc mở sổ đã có để sửa.",
                problems=(Problem(field="name", say="Tên ngắn này đã có sổ dùng."),),
            )
        row = publishing.entered(key, LOCAL, declared)
        version = publishing.new_version(row, declared, state=Version.State.DRAFT, actor=actor)
        _write_down(version, "drafted", actor=actor)
    return versions.shown(version, actor=actor)


def save_design(*, id: UUID, text: str, seen: str, actor: Actor) -> DesignView:
    """Write a draft anew from a text; raise Invalid with the line of every mistake."""
    with transaction.atomic():
        version = _draft(id, seen, actor)
        declared = wording.read(text, key=version.registry.key)
        _save(version, declared, actor=actor)
    return versions.shown(version, actor=actor)


def edit_design(*, id: UUID, edit: Edit, seen: str, actor: Actor) -> DesignView:
    """Do one edit of a draft's form; raise Invalid with what is wrong at each input."""
    with transaction.atomic():
        version = _draft(id, seen, actor)
        named = with_name(version.declared, edit)
        text = wording.written(edited(version.declared, named))
        refusal = partial(inputs.refused, edit=named)
        _save(version, wording.read(text, key=version.registry.key, refusal=refusal), actor=actor)
    return versions.shown(version, actor=actor)


def replace_values(
    *, id: UUID, path: str, values: Mapping[str, str], seen: str, actor: Actor
) -> DesignView:
    """Say what stands in the place of values that the new type of a field cannot hold, by value;
    "" takes a replacement back. It is part of the draft, and later of each record's history.

    Raises Invalid with a Problem at each value (`values.0`, in the order given) that does not fit.
    """
    with transaction.atomic():
        version = _draft(id, seen, actor)
        _require_readable(version, path, actor)
        after = sets.built_of(version).by_path.get(path)
        if after is None or after.one is None:
            raise Invalid(
                code="registries.edit_unfit",
                what="Chưa ghi được giá trị thay thế.",
                mend="Hãy tải lại trang để xem bản đang có.",
                problems=(Problem(field="path", say=f"Không có ô tên “{path}”."),),
            )
        _require_fitting(after.one, values, version)
        pairs = {**version.replacements.get(path, {}), **values}
        kept = {old: new.strip() for old, new in pairs.items() if new.strip()}
        every = {**version.replacements, path: kept}
        version.replacements = {name: one for name, one in every.items() if one}
        version.trouble = ""
        _write_down(version, "values_replaced", actor=actor)
    return versions.shown(version, actor=actor)


def _require_readable(version: Version, path: str, actor: Actor) -> None:
    if {path, path.partition(".")[0]} & versions.hidden(version.registry, actor):
        raise NotAllowed(
            code="registries.values_hidden",
            what="Chưa khai được giá trị thay thế cho ô này.",
            why="Giá trị của ô được che với vị trí công tác hiện tại.",
            mend="Hãy nhờ người được đọc đầy đủ ô này.",
        )


def _require_fitting(after: Field, values: Mapping[str, str], version: Version) -> None:
    here = context(sets.built_of(version))
    problems = []
    for number, text in enumerate(values.values()):
        try:
            if text.strip():
                turning.read(text, after, here)
        except Wrong as wrong:
            problems.append(Problem(field=f"values.{number}", say=wrong.say))
    if problems:
        raise Invalid(
            code="registries.replacement_unfit",
            what="Chưa ghi được giá trị thay thế.",
            mend="Hãy sửa từng giá trị được nêu.",
            problems=tuple(problems),
        )


def _taken(key: str) -> bool:
    """Say whether a registry of this key stands or is in the making; a dropped one does not."""
    made = Version.objects.filter(registry__key=key)
    return made.exclude(state=Version.State.DROPPED).exists()


def _draft(id: UUID, seen: str, actor: Actor) -> Version:
    version = versions.found(id, actor=actor, lock=True)
    versions.require_state(version, Version.State.DRAFT)
    if seen != versions.seen(version):
        raise Conflict(
            code="registries.draft_changed_meanwhile",
            what="Bản nháp này vừa được sửa ở nơi khác.",
            why="Việc vừa làm dựa trên bản cũ nên chưa được ghi.",
            mend="Hãy tải lại trang, xem bản mới rồi làm lại.",
        )
    return version


def _save(version: Version, declared: Registry, *, actor: Actor) -> None:
    before = Registry.load(version.declared)
    if declared.owner != before.owner:
        raise Invalid(
            code="registries.owner_fixed",
            what="Không đổi cơ quan chủ quản ở đây được.",
            why="Cơ quan chủ quản quyết định ai được thiết kế và xem sổ.",
            mend="Hãy giữ nguyên “owner”; việc chuyển sổ làm cùng việc sắp xếp lại cơ quan.",
            problems=(Problem(field="text", say="“owner” phải giữ nguyên."),),
        )
    version.declared = declared.dump()
    version.fingerprint = declared.fingerprint
    version.trouble = ""
    _write_down(version, "draft_saved", actor=actor)


def _write_down(version: Version, act: str, *, actor: Actor) -> None:
    version.hands = sorted({*version.hands, *versions.hands_of(actor)})
    version.save(update_fields=["declared", "fingerprint", "replacements", "trouble", "hands"])
    audit.record(
        actor=actor,
        act=f"registries.{act}",
        subject=Subject(kind="registries.version", id=version.id),
        content={
            "registry": version.registry.key,
            "version": version.number,
            "sum": versions.seen(version),
        },
    )


def _wrong_names(new: NewRegistry) -> tuple[Problem, ...]:
    """Return what is missing, and short names that cannot be names; one taken from a title that is
    missing is not told beside it.
    """
    wrong = {
        field: Problem(field=field, say=say)
        for field, say in _ASKED.items()
        if not getattr(new, field).strip()
    }
    short = "Chỉ dùng chữ thường không dấu, chữ số và gạch dưới; bắt đầu bằng chữ."
    names = [
        Problem(field=field, say=short)
        for field, text, title in (("key", new.key, "key_title"), ("name", new.name, "title"))
        if not _NAME.fullmatch(text) and (text or title not in wrong)
    ]
    return (*names, *wrong.values())


def _first(new: NewRegistry, owner: str) -> dict[str, Any]:
    said = {"title": new.title.strip(), "item": new.item.strip(), "about": new.about.strip()}
    return {
        **{name: text for name, text in said.items() if text},
        "owner": owner,
        "legal": [{"source": new.legal.strip(), "unverified": True}],
        "key": [new.key],
        "fields": {new.key: {"title": new.key_title.strip(), "type": "code"}},
        "lists": {"default": {"columns": [new.key], "sort": [new.key]}},
    }
