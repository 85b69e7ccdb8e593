"""Install the mappings between code lists: what a file says replaces what it said before."""

from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from cuaso.declarations.dictionary_mappings import CodeMapping, MappingLine, read_mappings
from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary.contracts import Installed
from cuaso.foundation.dictionary.element_models import Mapping
from cuaso.foundation.dictionary.logic.install import INSTALLER
from cuaso.foundation.dictionary.logic.memory import MEMORY
from cuaso.foundation.dictionary.models import CodeList
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject

Fact = tuple[str, str, str, date | None, date | None, str, bool]


def install_mapping_packs() -> int:
    """Install the mappings of every pack, after its lists; return how many lines changed."""
    folders = sorted(path for path in Path(settings.PACKS).glob("*/codes") if path.is_dir())
    done = [install_mapping(one) for folder in folders for one in read_mappings(folder)]
    return sum(one.added + one.changed for one in done)


def install_mapping(declared: CodeMapping, *, actor: Actor = INSTALLER) -> Installed:
    """Make the mapping between two lists what the file says; record it when anything changed.

    `changed` counts lines that are gone. Raises NotFound for a list that is not installed.
    """
    with transaction.atomic():
        source, target = _list(declared.from_list), _list(declared.to_list)
        kept = Mapping.objects.filter(from_list=source, to_list=target).select_for_update()
        known = {_fact(row): row for row in kept}
        wanted = [_wanted(line) for line in declared.lines]
        gone = [row.pk for fact, row in known.items() if fact not in wanted]
        fresh = [fact for fact in wanted if fact not in known]
        Mapping.objects.filter(pk__in=gone).delete()
        Mapping.objects.bulk_create(_row(source, target, fact) for fact in fresh)
        if gone or fresh:
            audit.record(
                actor=actor,
                act="dictionary.mapping_installed",
                subject=Subject(kind="dictionary.code_list", id=source.id),
                content={
                    "from": source.list_id,
                    "to": target.list_id,
                    "added": [f"{fact[0]} {fact[2]} {fact[1]}".rstrip() for fact in fresh],
                    "gone": len(gone),
                },
            )
            MEMORY.renew()
    return Installed(added=len(fresh), changed=len(gone), same=len(wanted) - len(fresh))


def _list(list_id: str) -> CodeList:
    found = CodeList.objects.filter(list_id=list_id).first()
    if found is None:
        raise NotFound(
            code="dictionary.no_list",
            what=f"Không có danh mục “{list_id}”.",
            mend="Hãy nạp danh mục trước khi nạp ánh xạ.",
        )
    return found


def _wanted(line: MappingLine) -> Fact:
    until = line.to + timedelta(days=1) if line.to else None
    return (
        *(line.code, line.target, line.relation, line.from_, until),
        *(line.source, line.unverified),
    )


def _fact(row: Mapping) -> Fact:
    return (
        *(row.code, row.target, row.relation, row.from_date, row.until_date),
        *(row.source, row.unverified),
    )


def _row(source: CodeList, target: CodeList, fact: Fact) -> Mapping:
    code, other, relation, since, until, said, unverified = fact
    return Mapping(
        from_list=source,
        to_list=target,
        code=code,
        target=other,
        relation=relation,
        from_date=since,
        until_date=until,
        source=said,
        unverified=unverified,
    )
