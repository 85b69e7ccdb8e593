"""People who enter themselves into a register that lets them: a right `bản thân` to add."""

from collections.abc import Mapping
from dataclasses import replace

from cuaso.capabilities.registries.contracts import FormPage, OwnOffer, RecordView, Texts
from cuaso.capabilities.registries.logic.changing import add, cleaning, forms, numbering
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.registries import RECORD, Right
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound, Problem

Typed = dict[str, str | list[str]]


def own_offers(*, actor: Actor, language: str = "vi") -> tuple[OwnOffer, ...]:
    """Return the registers into which this person may enter themselves."""
    found = [(built, right) for built in sets.current() if (right := _right(built, actor))]
    english = language == "en"
    return tuple(
        OwnOffer(
            key=built.key,
            title=built.declared.title_en if english else built.declared.title,
            about=built.declared.about_en if english else built.declared.about,
            owner_name=directory.agency(built.owner_id).name,
            say=right.say,
        )
        for built, right in found
    )


def own_form(
    *,
    registry: str,
    actor: Actor,
    texts: Texts | None = None,
    problems: tuple[Problem, ...] = (),
    language: str = "vi",
) -> FormPage:
    """Return the form by which a person enters themselves, without what the house fills in.

    Raises NotFound for a register that does not offer it to this person.
    """
    built = sets.built(registry)
    fixed = _fixed(built, _required(built, actor), actor)
    known = {"account": {"full_name": actor.name}}
    begun = {**built.declared.form.empty(), **built.declared.form.prefill(known).values}
    typed = {**(begun if texts is None else cleaning.posted(built, dict(texts))), **fixed}
    here = values.context(built, language=language)
    view = built.declared.form.describe(typed, here, problems=forms.placed(built, problems))
    left = frozenset({*fixed, *(f"{RECORD}.{name}" for name in numbering.numbered(built))})
    kept = forms.without(view, left)
    record = tuple(one for one in kept.sections if one.id == RECORD)
    return FormPage(
        view=replace(kept, sections=record), texts=typed, revision=0, name="", saved_at=None
    )


def enrol(*, registry: str, values: Texts, actor: Actor) -> RecordView:
    """Enter a person by their own form; return the record as they see it.

    What the house fills in stands whatever was sent. Raises as `add` does, NotFound as `own_form`.
    """
    built = sets.built(registry)
    fixed = _fixed(built, _required(built, actor), actor)
    texts = {**cleaning.posted(built, dict(values)), **fixed}
    for name in numbering.numbered(built):
        texts.pop(f"{RECORD}.{name}", None)
    return add.add(registry=registry, values=texts, actor=actor)


def _right(built: Built, actor: Actor) -> Right | None:
    """Return the right by which this person may enter themselves, None for none."""
    if actor.kind in ("official", "system", "anonymous"):
        return None
    own = (one for one in built.declared.rights if one.of == "bản thân" and "add" in one.may)
    found = next(own, None)
    return found if found and rights.may_add(built, actor) else None


def _required(built: Built, actor: Actor) -> Right:
    found = _right(built, actor)
    if found is None:
        raise NotFound(
            code="registries.no_enrolment",
            what=f"Sổ “{built.declared.title}” không nhận đăng ký của tư cách này.",
            mend="Hãy đăng nhập bằng tài khoản của chính mình, hoặc liên hệ cơ quan chủ quản.",
        )
    return found


def _fixed(built: Built, right: Right, actor: Actor) -> Mapping[str, str]:
    """Return what the house fills in: who it is about, and what the right says."""
    party = directory.person(actor.party_id) if actor.party_id else None
    column = built.person_column(right.person)
    number = (party.tax_code or party.personal_number) if party else ""
    today = f"{clock.today():%d/%m/%Y}"
    said = {name: today if text == "today" else text for name, text in right.sets.items()}
    return {f"{RECORD}.{name}": text for name, text in said.items()} | {
        f"{RECORD}.{column.path}": number or ""
    }
