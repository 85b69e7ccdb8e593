"""Install the plans that packs declare. What officials changed since is not overwritten."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from cuaso.declarations.dictionary_planning import (
    ApplicationLine,
    HoldingLine,
    ObligationLine,
    PlanFile,
    read_plan,
)
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.subjects import Subject
from cuaso.services.planning.models import Application, Holding, Obligation

INSTALLER = system("Nạp quy hoạch dữ liệu")


def install_packs(*, actor: Actor = INSTALLER) -> int:
    """Install the plan of every pack; return how many lines are new or changed."""
    folders = sorted(path for path in Path(settings.PACKS).glob("*/planning") if path.is_dir())
    return sum(
        install_plan(read_plan(path), pack=path.parent.name, actor=actor) for path in folders
    )


def install_plan(plan: PlanFile, *, pack: str, actor: Actor = INSTALLER) -> int:
    """Add and correct duties and holdings of one pack, add applications not yet registered."""
    with transaction.atomic():
        duties = sum(_duty(line, pack, actor) for line in plan.obligations)
        held = sum(_holding(line, pack, actor) for line in plan.holdings)
        return duties + held + sum(_application(line, actor) for line in plan.applications)


def _duty(line: ObligationLine, pack: str, actor: Actor) -> bool:
    facts: dict[str, object] = {
        "pack": pack,
        "sector": line.sector,
        "title": line.title,
        "elements": sorted(line.elements),
        "steward": line.steward,
        "year": line.year,
        "source": line.source,
        "from_date": line.from_,
        "until_date": _after(line.to),
        "unverified": line.unverified,
    }
    row, made = Obligation.objects.get_or_create(key=line.key, defaults=facts)
    if not made and row.year_set:
        facts.pop("year")
    changed = _changed(row, facts)
    if changed:
        Obligation.objects.filter(pk=row.pk).update(**facts)
    if made or changed:
        _record("obligation", row.pk, actor, {"key": line.key, "changed": changed})
    return made or bool(changed)


def _holding(line: HoldingLine, pack: str, actor: Actor) -> bool:
    facts: dict[str, object] = {
        "pack": pack,
        "title": line.title,
        "sector": line.sector,
        "elements": sorted(line.elements),
        "steward": line.steward,
        "shared": line.shared,
        "published": line.published,
        "from_date": line.from_,
        "until_date": _after(line.to),
        "unverified": line.unverified,
    }
    row, made = Holding.objects.get_or_create(system=line.system, role=line.role, defaults=facts)
    changed = _changed(row, facts)
    if changed:
        Holding.objects.filter(pk=row.pk).update(**facts)
    if made or changed:
        _record("holding", row.pk, actor, {"system": line.system, "changed": changed})
    return made or bool(changed)


def _application(line: ApplicationLine, actor: Actor) -> bool:
    facts: dict[str, object] = {
        "title": line.title,
        "purpose": line.purpose,
        "agency_id": directory.agency_on(line.agency).id,
        "approver_id": directory.province().committee_id,
        "state": line.state,
        "elements": sorted(line.elements),
        "interfaces": sorted(line.interfaces),
        "level": line.level,
        "cost_vnd": line.cost_vnd,
        "contract": line.contract,
        "from_date": line.from_,
        "until_date": _after(line.to),
        "unverified": line.unverified,
        "registrar_name": actor.name,
        "registered_at": clock.now(),
    }
    row, made = Application.objects.get_or_create(key=line.key, defaults=facts)
    if made:
        _record("application", row.pk, actor, {"key": line.key, "title": line.title})
    return made


def _changed(row: Obligation | Holding, facts: dict[str, object]) -> list[str]:
    return sorted(name for name, value in facts.items() if getattr(row, name) != value)


def _record(noun: str, id: UUID, actor: Actor, content: dict[str, object]) -> None:
    audit.record(
        actor=actor,
        act=f"planning.{noun}_installed",
        subject=Subject(kind=f"planning.{noun}", id=id),
        content=content,
    )


def _after(last: date | None) -> date | None:
    return last + timedelta(days=1) if last else None
