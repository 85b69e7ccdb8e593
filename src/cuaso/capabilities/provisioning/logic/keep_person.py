"""A system keeps a person's account: opened, changed and shut by the house's own acts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.provisioning import contracts, models
from cuaso.capabilities.provisioning.logic import views
from cuaso.capabilities.provisioning.logic.find_entries import unknown, visible
from cuaso.capabilities.provisioning.logic.know_system import actor_of_system
from cuaso.capabilities.provisioning.logic.render import digest_of, render_people
from cuaso.capabilities.provisioning.logic.said import remember
from cuaso.capabilities.provisioning.logic.turns import take_turn
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, Problem
from cuaso.kernel.text import one_line

_LONGEST: Final = {
    "user_name": 120,
    "external_id": 200,
    "display_name": 200,
    "full_name": 200,
    "title": 200,
    "email": 200,
    "phone": 20,
}


def open_person(
    *, system: contracts.System, wanted: contracts.PersonWanted, trace: str = ""
) -> contracts.Entry:
    """Enter a person and open an account without a password; return the entry.

    Raises Conflict for a user name that is taken, NotAllowed for a system that only reads,
    Invalid for text that is too long.
    """
    require_writing(system)
    _check(wanted)
    actor = actor_of_system(system, trace=trace)
    with transaction.atomic():
        take_turn()
        person = directory.ensure_person(
            name=_full_name(wanted), email=_email(wanted), phone=_phone(wanted), actor=actor
        )
        account_id = identity.open_official_account(
            actor=actor,
            person_id=person.id,
            name=_display_name(wanted),
            username=wanted.user_name,
            password=None,
            email=_email(wanted),
            reason=system.name,
        )
        if wanted.active is False:
            _shut(account_id, actor=actor)
        render_people([account_id])
        row = models.Entry.objects.select_for_update().get(pk=account_id)
        row.made_by = system.id
        return _say(row, wanted if wanted.active is not None else replace(wanted, active=True))


def keep_person(
    *,
    system: contracts.System,
    id: UUID,
    wanted: contracts.PersonWanted,
    expected: str | None = None,
    trace: str = "",
) -> contracts.Entry:
    """Let a person's account be as the system wants it; the same again changes nothing.

    Of `active` None the account stays as it is.

    Raises NotFound, Conflict for another version than `expected`, for a user name that is taken,
    for a name that the population register keeps and for a title that a post gives.
    """
    require_writing(system)
    _check(wanted)
    actor = actor_of_system(system, trace=trace)
    with transaction.atomic():
        take_turn()
        row = locked(system, id, kinds=("person",), expected=expected)
        _refuse_title(row, wanted)
        if row.person_id is None:
            raise unknown()
        if _full_name(wanted) != _full_name_shown(row):
            directory.rename_person(person_id=row.person_id, name=_full_name(wanted), actor=actor)
        contact = {"email": _email(wanted), "phone": _phone(wanted)}
        directory.mend_person(person_id=row.person_id, facts=contact, actor=actor)
        identity.change_account(
            actor=actor,
            account_id=id,
            username=wanted.user_name,
            name=_display_name(wanted),
            email=_email(wanted),
        )
        if row.active and wanted.active is False:
            _shut(id, actor=actor)
        elif wanted.active and not row.active:
            identity.reopen_account(actor=actor, account_id=id, reason=system.name)
        render_people([id])
        row.refresh_from_db()
        return _say(row, wanted)


def remove_person(
    *, system: contracts.System, id: UUID, expected: str | None = None, trace: str = ""
) -> None:
    """Shut a person's account for good: sessions end, posts inside the system's scope are left.

    The person, the acts and the ledger stay. Raises NotFound, and Conflict for another version.
    """
    require_writing(system)
    actor = actor_of_system(system, trace=trace)
    with transaction.atomic():
        take_turn()
        row = locked(system, id, kinds=("person",), expected=expected)
        if row.person_id is not None:
            for post in directory.posts_held([row.person_id]).get(row.person_id, ()):
                directory.leave_post(post_id=post.id, actor=actor, reason=system.name)
        identity.retire_account(actor=actor, account_id=id, reason=system.name)
        render_people([id])


def require_writing(system: contracts.System) -> None:
    """Raise NotAllowed when the system may only read."""
    if not system.may_write:
        raise NotAllowed(
            code="provisioning.reads_only",
            what="Hệ thống này chỉ được đọc danh bạ.",
            mend="Hãy đề nghị quản trị viên cấp mã truy cập có quyền ghi.",
        )


def locked(
    system: contracts.System,
    id: UUID,
    *,
    kinds: tuple[contracts.Kind, ...],
    expected: str | None,
) -> models.Entry:
    """Return a visible entry, locked; raise NotFound, or Conflict for another version."""
    row = visible(system, kinds).select_for_update().filter(pk=id).first()
    if row is None:
        raise unknown()
    if expected is not None and views.entry(row).version != expected:
        raise Conflict(
            code="provisioning.changed_meanwhile",
            what="Mục này đã được thay đổi từ khi hệ thống đọc nó.",
            mend="Hãy đọc lại rồi gửi lại thay đổi.",
            status=412,
        )
    return row


def _say(row: models.Entry, wanted: contracts.PersonWanted) -> contracts.Entry:
    """Keep the system's own words beside what the house now says."""
    house = views.house(row)
    own: dict[str, object] = {
        "display_name": row.display_name,
        "name": {"formatted": house["name"]},
        "title": row.title or None,
        "active": row.active,
        "emails": [],
        "phones": [],
        "employee_number": None,
    }
    words: dict[str, object] = {
        "display_name": wanted.display_name,
        "name": dict(wanted.name) if wanted.name else None,
        "title": wanted.title,
        "active": wanted.active,
        "emails": [dict(one) for one in wanted.emails],
        "phones": [dict(one) for one in wanted.phones],
        "employee_number": wanted.employee_number,
    }
    for name, value in words.items():
        remember(row.said, name=name, value=value, house=house[name], own=own[name])
    row.external_id = wanted.external_id or ""
    digest = digest_of(row)
    if digest != row.digest:
        row.digest, row.changed_at = digest, clock.now()
    row.save(update_fields=["said", "external_id", "made_by", "digest", "changed_at"])
    return views.entry(row)


def _shut(account_id: UUID, *, actor: Actor) -> None:
    identity.close_account(actor=actor, account_id=account_id, reason=actor.name)


def _refuse_title(row: models.Entry, wanted: contracts.PersonWanted) -> None:
    """A title that a post gives is changed by a decision on the post."""
    if row.title and wanted.title not in (None, "", row.title):
        raise Conflict(
            code="provisioning.title_is_a_post",
            what=f"Không đổi được chức danh “{row.title}” ở đây.",
            why="Chức danh này theo quyết định bổ nhiệm đang có hiệu lực.",
            mend="Hãy ban hành quyết định bổ nhiệm hoặc điều động, danh bạ sẽ cập nhật theo.",
            status=400,
        )


def _full_name_shown(row: models.Entry) -> str:
    """Return the full name that an unchanged entry would be sent back with."""
    shown = views.entry(row)
    said = shown.said.get("name")
    if said is None:
        return shown.full_name
    parts = said.value if isinstance(said.value, Mapping) else {}
    given = contracts.PersonWanted(
        user_name=row.name,
        display_name=_said_display(shown),
        full_name=_text(parts.get("formatted")),
        name=parts,
    )
    return _full_name(given)


def _said_display(shown: contracts.Entry) -> str | None:
    said = shown.said.get("display_name")
    return shown.display_name if said is None else _text(said.value)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _full_name(wanted: contracts.PersonWanted) -> str:
    """Return the best name that a system gives; Vietnamese names begin with the family's."""
    parts = wanted.name or {}
    joined = " ".join(
        str(parts[name]) for name in ("family_name", "middle_name", "given_name") if parts.get(name)
    )
    return one_line(wanted.full_name or joined or wanted.display_name or wanted.user_name)


def _display_name(wanted: contracts.PersonWanted) -> str:
    return one_line(wanted.display_name or _full_name(wanted))


def _email(wanted: contracts.PersonWanted) -> str:
    return _first(wanted.emails).lower()


def _phone(wanted: contracts.PersonWanted) -> str:
    return _first(wanted.phones)


def _first(values: tuple[Mapping[str, object], ...]) -> str:
    """Return the primary value, else the first."""
    ranked = sorted(values, key=lambda one: not one.get("primary"))
    return one_line(str(ranked[0].get("value") or "")) if ranked else ""


def _check(wanted: contracts.PersonWanted) -> None:
    texts = {
        "user_name": wanted.user_name,
        "external_id": wanted.external_id or "",
        "display_name": _display_name(wanted),
        "full_name": _full_name(wanted),
        "title": wanted.title or "",
        "email": _email(wanted),
        "phone": _phone(wanted),
    }
    problems = [
        Problem(field=name, say=f"Dài quá {_LONGEST[name]} ký tự.")
        for name, text in texts.items()
        if len(text) > _LONGEST[name]
    ]
    if not wanted.user_name.strip() or "~" in wanted.user_name:
        problems.append(Problem(field="user_name", say="Tên đăng nhập trống hoặc có dấu “~”."))
    if problems:
        raise Invalid(
            code="provisioning.person",
            what="Thông tin tài khoản chưa hợp lệ.",
            why=" ".join(f"{one.field}: {one.say}" for one in problems),
            mend="Hãy sửa các mục được nêu rồi gửi lại.",
            problems=tuple(problems),
            status=400,
        )
