"""Install a list from rows. Running it again changes nothing; what a pack no longer names stays."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary.contracts import CodeEntry, Installed
from cuaso.foundation.dictionary.logic.memory import MEMORY
from cuaso.foundation.dictionary.models import Code, CodeList
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import fold, nfc, sort_key

INSTALLER: Final = system("Nạp danh mục")
# A code is known by what it says and since when; everything else of it may be corrected.
_MENDABLE: Final = (
    "label",
    "label_en",
    "until_date",
    "position",
    "attributes",
    "source",
    "unverified",
    "folded",
    "sort_key",
)
_Known = dict[tuple[str, date | None], Code]


def install(
    list_id: str,
    title: str,
    source: str,
    rows: Iterable[CodeEntry],
    *,
    title_en: str = "",
    actor: Actor = INSTALLER,
) -> Installed:
    """Add and correct the codes of one list; record it in the ledger when anything changed.

    Raises Conflict (`dictionary.overlap`) when one code would be valid twice on one day; nothing
    has changed then.
    """
    try:
        with transaction.atomic():
            return _install(
                list_id=list_id,
                facts={"title": nfc(title), "title_en": title_en, "source": nfc(source)},
                rows=tuple(rows),
                actor=actor,
            )
    except IntegrityError as error:
        raise Conflict(
            code="dictionary.overlap",
            what=f"Không nạp được danh mục “{list_id}”.",
            why="Có mã được khai báo hai lần cho cùng một ngày.",
            mend="Hãy kiểm tra cột “from” và “to” của các mã trùng nhau.",
        ) from error


def _install(
    *, list_id: str, facts: Mapping[str, str], rows: tuple[CodeEntry, ...], actor: Actor
) -> Installed:
    code_list, made = CodeList.objects.get_or_create(list_id=list_id, defaults=facts)
    retitled = not made and any(getattr(code_list, name) != facts[name] for name in facts)
    if retitled:
        CodeList.objects.filter(pk=code_list.pk).update(**facts)
    known = {(code.code, code.from_date): code for code in code_list.codes.select_for_update()}
    drafts = [_draft(code_list, entry, place) for place, entry in enumerate(rows)]
    added = [draft for draft in drafts if (draft.code, draft.from_date) not in known]
    changed = [code for draft in drafts if (code := _mended(draft, known)) is not None]
    # Periods are shortened before new ones begin where they end.
    Code.objects.bulk_update(changed, _MENDABLE)
    Code.objects.bulk_create(added)
    if added or changed or retitled:
        _record(code_list, added=added, changed=changed, actor=actor)
    MEMORY.renew()
    return Installed(
        added=len(added), changed=len(changed), same=len(drafts) - len(added) - len(changed)
    )


def _draft(code_list: CodeList, entry: CodeEntry, position: int) -> Code:
    label = nfc(entry.label)
    return Code(
        code_list=code_list,
        code=entry.code,
        label=label,
        label_en=entry.label_en,
        from_date=entry.valid.start,
        until_date=entry.valid.end,
        position=position,
        attributes=dict(entry.attributes),
        source=nfc(entry.source),
        unverified=entry.unverified,
        folded=fold(f"{label} {entry.label_en} {entry.code}"),
        sort_key=sort_key(label),
    )


def _mended(draft: Code, known: _Known) -> Code | None:
    kept = known.get((draft.code, draft.from_date))
    if kept is None or all(getattr(kept, name) == getattr(draft, name) for name in _MENDABLE):
        return None
    for name in _MENDABLE:
        setattr(kept, name, getattr(draft, name))
    return kept


def _record(code_list: CodeList, *, added: list[Code], changed: list[Code], actor: Actor) -> None:
    audit.record(
        actor=actor,
        act="dictionary.installed",
        subject=Subject(kind="dictionary.code_list", id=code_list.id),
        content={
            "list": code_list.list_id,
            "added": [code.code for code in added],
            "changed": {code.code: code.label for code in changed},
        },
    )
