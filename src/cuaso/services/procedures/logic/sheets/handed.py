"""What the receipt of a dossier says was handed in, and by whom, as it stood at a moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q

from cuaso.declarations.calculating import Needed
from cuaso.foundation.directory.contracts import Person
from cuaso.services.procedures.act_models import CoApplicant
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.models import Dossier, Paper

COUNTER: Final = "counter"


def applicant(dossier: Dossier, *, party: Person, at: datetime) -> dict[str, object]:
    """Return who came, whose affair it is where that is another, and who applies together."""
    rows = CoApplicant.objects.filter(dossier=dossier, since_at__lte=at)
    together = rows.filter(Q(until_at=None) | Q(until_at__gt=at)).order_by("since_at", "id")
    return {
        "name": dossier.applicant_name,
        "party": party.name if dossier.party_id != dossier.person_id else "",
        "together": [one.name for one in together],
    }


def papers(dossier: Dossier, *, until: datetime) -> list[dict[str, object]]:
    """Return the papers that were there at a moment, each with how it was handed in.

    At the counter a required paper without a file was taken on paper; what the applicant need
    not hand in, and did not, is no part of the list.
    """
    there: dict[str, list[Paper]] = {}
    for paper in Paper.objects.filter(dossier=dossier, added_at__lte=until).order_by("added_at"):
        there.setdefault(paper.component, []).append(paper)
    lines = []
    for one in declared.needed_of_dossier(dossier):
        files = there.pop(one.id, [])
        said = _by_file(files) or _by_hand(dossier, one)
        if said:
            lines.append(_line(one.component.title, said, one=None if files else one))
    lines += [_line(files[0].title, _by_file(files)) for files in there.values()]
    return lines


def _by_file(files: Sequence[Paper]) -> str:
    if not files:
        return ""
    if all(one.locker_paper_id for one in files):
        return "lấy từ kho giấy tờ điện tử"
    return "bản điện tử" if len(files) == 1 else f"bản điện tử, {len(files)}\xa0tệp"


def _by_hand(dossier: Dossier, one: Needed) -> str:
    if dossier.channel != COUNTER or not one.required:
        return ""
    if one.component.how == "show":
        return "xuất trình"
    counts = (one.component.original, "chính"), (one.component.copy_count, "sao")
    told = ", ".join(f"{count}\xa0bản\xa0{kind}" for count, kind in counts if count)
    return f"bản giấy: {told}" if told else "bản giấy"


def _line(title: str, said: str, *, one: Needed | None = None) -> dict[str, object]:
    # Versions installed earlier draw with templates that read the counts and `required`.
    return {
        "title": title,
        "said": said,
        "required": True,
        "original": one.component.original if one else 0,
        "copy": one.component.copy_count if one else 0,
    }
