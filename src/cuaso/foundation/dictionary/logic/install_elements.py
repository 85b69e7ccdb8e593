"""Install the elements that a pack declares. Running it again changes nothing."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from cuaso.declarations.dictionary_elements import Domain as DeclaredDomain
from cuaso.declarations.dictionary_elements import Element as Declared
from cuaso.declarations.dictionary_elements import ElementFile
from cuaso.declarations.law import DatedValue
from cuaso.declarations.reading import read
from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary.contracts import Domain, Installed
from cuaso.foundation.dictionary.element_models import Element, ElementVersion
from cuaso.foundation.dictionary.logic.install import INSTALLER
from cuaso.foundation.dictionary.logic.versions import settle_ends
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import fold, sort_key

_MEANING: Final = (
    *(
        "pack",
        "object_class",
        "object_class_en",
        "property_name",
        "title",
        "title_en",
        "definition",
    ),
    *("aliases", "status", "steward", "replaced_by", "personal", "folded", "sort_key"),
)


def install_element_packs() -> int:
    """Install the elements of every pack; return how many are new or changed."""
    files = sorted(Path(settings.PACKS).glob("*/elements/*.yaml"))
    done = [
        install_elements(file.stem, read(file, ElementFile), pack=file.parents[1].name)
        for file in files
    ]
    return sum(one.added + one.changed for one in done)


def install_elements(
    object_class: str, declared: ElementFile, *, pack: str, actor: Actor = INSTALLER
) -> Installed:
    """Add and correct the elements of one object class, each new domain as a new version.

    Words may be corrected. Raises Conflict (`dictionary.version_published`) when a published
    version would hold other values from the same day; nothing has changed then.
    """
    with transaction.atomic():
        outcomes = [
            _install(key, one, declared, pack=pack, actor=actor)
            for key, one in declared.keyed(object_class)
        ]
    return Installed(
        added=outcomes.count("added"),
        changed=outcomes.count("changed"),
        same=outcomes.count("same"),
    )


def _install(key: str, one: Declared, file: ElementFile, *, pack: str, actor: Actor) -> str:
    meaning = _meaning(key, one, file, pack)
    row, made = Element.objects.select_for_update().get_or_create(key=key, defaults=meaning)
    mended = not made and any(getattr(row, name) != meaning[name] for name in _MEANING)
    if mended:
        Element.objects.filter(pk=row.pk).update(**meaning)
    fresh = _install_versions(row, one.domain)
    if not (made or mended or fresh):
        return "same"
    audit.record(
        actor=actor,
        act="dictionary.element_installed",
        subject=Subject(kind="dictionary.element", id=row.id),
        content={"key": key, "pack": pack, "title": one.title, "from": fresh},
    )
    return "added" if made else "changed"


def _meaning(key: str, one: Declared, file: ElementFile, pack: str) -> dict[str, object]:
    words = (one.title, one.title_en, *one.also_called, one.definition, key, file.title)
    return {
        "pack": pack,
        "object_class": file.title,
        "object_class_en": file.title_en,
        "property_name": one.property or one.title,
        "title": one.title,
        "title_en": one.title_en,
        "definition": one.definition,
        "aliases": list(one.also_called),
        "status": one.status,
        "steward": one.steward or file.steward,
        "replaced_by": one.replaced_by,
        "personal": one.personal,
        "folded": fold(" ".join(words).replace("_", " ").replace(".", " ")),
        "sort_key": sort_key(one.title),
    }


def _install_versions(row: Element, dated: Iterable[DatedValue[DeclaredDomain]]) -> list[str]:
    """Add what is new and correct sources; return the first days of what changed."""
    known = {version.from_date: version for version in row.versions.filter(published=True)}
    changed: list[str] = []
    stated: dict[date, date | None] = {}
    for entry in dated:
        domain = Domain.load(entry.value.model_dump(exclude_defaults=True)).plain()
        facts = {"source": entry.source, "unverified": entry.unverified}
        stated[entry.since] = entry.period.end
        kept = known.get(entry.since)
        if kept is None:
            _add(row, entry.since, domain, facts)
        elif kept.domain != domain:
            raise _already_published(row, kept)
        elif any(getattr(kept, name) != value for name, value in facts.items()):
            ElementVersion.objects.filter(pk=kept.pk).update(**facts)
        else:
            continue
        changed.append(f"{entry.since}")
    settle_ends(row, stated)
    return changed


def _add(row: Element, since: date, domain: dict[str, object], facts: Mapping[str, object]) -> None:
    # Born a draft: `settle_ends` publishes it once the one before has made room.
    ElementVersion.objects.create(
        element=row,
        number=row.versions.count() + 1,
        from_date=since,
        domain=domain,
        drafter_name=INSTALLER.name,
        publisher_name=INSTALLER.name,
        drafted_at=clock.now(),
        published_at=clock.now(),
        **facts,
    )


def _already_published(row: Element, kept: ElementVersion) -> Conflict:
    return Conflict(
        code="dictionary.version_published",
        what=f"Không nạp được phần tử “{row.key}”.",
        why=f"Phiên bản từ {kept.from_date:%d/%m/%Y} đã ban hành với miền giá trị khác.",
        mend="Hãy giữ nguyên phiên bản ấy và thêm một giá trị mới với ngày “from” sau đó.",
    )
