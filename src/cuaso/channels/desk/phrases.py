"""The phrases that an act's page offers, filled from the dossier, and one put into the text."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import Act
from cuaso.foundation.identity import api as identity
from cuaso.services.procedures.contracts import DossierView
from cuaso.services.worklists import api as worklists
from cuaso.services.worklists.contracts import Phrase

INSERT = "insert"
LONGEST_NAME = 80
# Each act that asks for words: the field of the words, and which phrases are for it.
FIELDS: Mapping[str, tuple[str, str]] = {
    "ask_supplement": ("reason", "supplement"),
    "refuse": ("reason", "refuse"),
    "return_to_handler": ("reason", "return"),
    "hand_back": ("reason", "return"),
    "give_opinion": ("text", "opinion"),
    "propose": ("note", "opinion"),
    "answer_consultation": ("answer", "opinion"),
    "extend": ("reason", "any"),
    "change_case": ("reason", "any"),
    "stop": ("reason", "any"),
    "transfer": ("reason", "any"),
    "correct_result": ("reason", "any"),
    "revoke_result": ("reason", "any"),
}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One phrase to choose, its blanks filled."""

    key: str
    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What one act's page offers: the field that a phrase goes into, and the groups in order."""

    into: str
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]


def of(request: HttpRequest, found: DossierView, act: Act) -> dict[str, object]:
    """Return what a page shows of an act's phrases; `typed` has the one that is put in."""
    if act.name not in FIELDS:
        return {}
    into, kind = FIELDS[act.name]
    offered = worklists.offered_phrases(act=kind, actor=identity.actor_of(request))
    values = {
        "họ tên": found.applicant_name,
        "mã hồ sơ": found.dossier_code or found.tracking_code,
        "thủ tục": found.procedure_title,
    }
    choices = [(one.whose, _choice(one, values)) for one in offered]
    titles = {
        "own": _("Của tôi"),
        "agency": _("Của cơ quan"),
        "suggested": _("Gợi ý của hệ thống"),
    }
    groups = tuple(
        (title, mine)
        for whose, title in titles.items()
        if (mine := tuple(choice for owner, choice in choices if owner == whose))
    )
    typed = _typed(request, into, {choice.key: choice.text for _whose, choice in choices})
    return {"phrases": Offered(into=into, groups=groups), "typed": typed}


def _choice(one: Phrase, values: Mapping[str, str]) -> Choice:
    name = one.name_en if get_language() == "en" else one.name
    text = worklists.fill_blanks(text=one.text, values=values)
    if one.id is None:  # a suggestion's name is its text
        name = worklists.fill_blanks(text=name, values=values)
    return Choice(key=one.key, name=_short(name), text=text)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _typed(request: HttpRequest, into: str, texts: Mapping[str, str]) -> QueryDict:
    """Return what was typed; a chosen phrase stands on a line after it."""
    text = texts.get(answers.text(request, "phrase"), "")
    if request.POST.get("act") != INSERT or not text:
        return request.POST
    typed = request.POST.copy()
    typed[into] = "\n".join(part for part in (answers.text(request, into), text) if part)
    return typed
