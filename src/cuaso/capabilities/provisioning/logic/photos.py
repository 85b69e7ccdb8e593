"""An official's photograph: stored once, shown to connected systems while its owner wants it.

Shown with consent alone, to systems whose scope has the person, and no longer than the person is in
office.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.provisioning import contracts, models
from cuaso.capabilities.provisioning.logic.find_entries import entry as find_entry
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, Problem, Refusal
from cuaso.kernel.subjects import Subject

MOST_BYTES: Final = 5 * 1024 * 1024
WITHIN: Final = (480, 640)
HOUSE: Final = system("Cửa Số")


def keep_photo(*, content: bytes, consent: bool, actor: Actor) -> None:
    """Keep the actor's own photograph, in place of an earlier one; its pixels alone are kept.

    Raises Invalid without consent, for a file over 5 MB and for what is no picture; NotAllowed for
    who has no official account.
    """
    account_id = _account_of(actor)
    _check(content, consent=consent)
    made = files.portrait(content, within=WITHIN)
    with transaction.atomic():
        _drop(account_id, actor=actor, reason="Thay ảnh mới")
        stored = files.store_bytes(
            actor=actor, name="anh.jpg", media_type="image/jpeg", content=made, owner_id=account_id
        )
        models.Photo.objects.create(
            account_id=account_id,
            file_id=stored.id,
            sha256=stored.sha256,
            consented_at=clock.now(),
        )
        _note(account_id, "provisioning.photo_kept", actor=actor, sha256=stored.sha256)


def drop_photo(*, actor: Actor) -> None:
    """Take the actor's own photograph away: everywhere it is shown. None there changes nothing."""
    account_id = _account_of(actor)
    with transaction.atomic():
        if _drop(account_id, actor=actor, reason="Chủ tài khoản rút lại sự đồng ý"):
            _note(account_id, "provisioning.photo_dropped", actor=actor, sha256="")


def own_photo(*, actor: Actor) -> bytes | None:
    """Return the actor's own photograph, None when none is kept."""
    row = models.Photo.objects.filter(account_id=_account_of(actor)).first()
    return content(row.file_id) if row else None


def photo_shown(*, system: contracts.System, id: UUID) -> bytes:
    """Return a person's photograph to a system that may see the person.

    Raises NotFound for a stranger to the system, and where none is shown.
    """
    entry = find_entry(system=system, kinds=("person",), id=id)
    shown = content(entry.photo_id) if entry.photo_id else None
    if shown is None:
        raise NotFound(
            code="provisioning.no_photo", what="Người này không cho hiển thị ảnh trong danh bạ."
        )
    return shown


def of(account_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the files of the photographs of these accounts."""
    rows = models.Photo.objects.filter(account_id__in=account_ids)
    return dict(rows.values_list("account_id", "file_id"))


def forget(account_ids: Collection[UUID]) -> None:
    """Take away the photographs of who left."""
    for account_id in account_ids:
        if _drop(account_id, actor=HOUSE, reason="Người này đã thôi giữ chức vụ"):
            _record(account_id, "provisioning.photo_dropped", actor=HOUSE, sha256="")


def content(file_id: UUID) -> bytes | None:
    """Return a photograph's bytes, None when they are gone or cannot be read now."""
    try:
        return files.read_clean(file_id)
    except Refusal:
        return None


def _account_of(actor: Actor) -> UUID:
    known = identity.accounts_of([actor.person_id]) if actor.person_id else {}
    if actor.kind != "official" or not known:
        raise NotAllowed(
            code="provisioning.no_account",
            what="Chỉ cán bộ, công chức có tài khoản mới lưu được ảnh trong danh bạ.",
            mend="Hãy đăng nhập bằng tài khoản cán bộ.",
        )
    return next(iter(known.values())).id


def _check(content: bytes, *, consent: bool) -> None:
    problems = []
    if not consent:
        say = "Hãy đánh dấu đồng ý thì ảnh mới được lưu và hiển thị."
        problems.append(Problem(field="consent", say=say))
    if not 0 < len(content) <= MOST_BYTES:
        say = "Hãy chọn một tệp ảnh JPEG, PNG hoặc HEIC không quá 5 MB."
        problems.append(Problem(field="photo", say=say))
    if problems:
        raise Invalid(
            code="provisioning.photo_not_kept",
            what="Chưa lưu được ảnh.",
            problems=tuple(problems),
        )


def _drop(account_id: UUID, *, actor: Actor, reason: str) -> bool:
    row = models.Photo.objects.select_for_update().filter(account_id=account_id).first()
    if row is None:
        return False
    row.delete()
    files.drop_made(actor=actor, file_id=row.file_id, reason=reason)
    return True


def _note(account_id: UUID, act: str, *, actor: Actor, sha256: str) -> None:
    """Write the act down and have the account's entry looked at again."""
    models.Change.objects.create(kind="account", subject_id=account_id)
    _record(account_id, act, actor=actor, sha256=sha256)


def _record(account_id: UUID, act: str, *, actor: Actor, sha256: str) -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="identity.account", id=account_id),
        content={"sha256": sha256},
    )
