"""Proves that what a pack names exists: lists, flows, steps, templates, messages, CEL names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cuaso.declarations import calculating
from cuaso.declarations.codes import PLACES, CodeList
from cuaso.declarations.expressions import BadExpression
from cuaso.declarations.fields import Field, type_of
from cuaso.declarations.forms.schema import Rule, Section
from cuaso.declarations.messages import Message
from cuaso.declarations.pack import Pack
from cuaso.declarations.packs.effect_proof import effect_faults
from cuaso.declarations.packs.feed_proof import feed_faults
from cuaso.declarations.packs.flow_proof import flow_faults
from cuaso.declarations.packs.notice_proof import notice_faults
from cuaso.declarations.packs.openness_proof import reference_faults
from cuaso.declarations.packs.paper_proof import paper_faults
from cuaso.declarations.packs.reaching_proof import reaching_faults
from cuaso.declarations.packs.record_proof import record_faults
from cuaso.declarations.packs.registry_proof import registry_faults
from cuaso.declarations.packs.sample_proof import sample_faults
from cuaso.declarations.procedures import LANES, PROOFS, SIGNING_LANES, Procedure
from cuaso.declarations.reading import Document
from cuaso.declarations.registries import Registry
from cuaso.declarations.sources import SOURCES
from cuaso.declarations.strict_yaml import Place
from cuaso.declarations.trouble import DeclarationError, suggestion


@dataclass(frozen=True, kw_only=True)
class Around:
    """What a pack may refer to: its own and that of the packs which it needs."""

    codes: frozenset[str]
    document_kinds: frozenset[str]
    life_events: frozenset[str]
    messages: frozenset[str]
    templates: frozenset[str]
    packs: frozenset[str]
    registries: frozenset[str] = frozenset()
    declared: Mapping[str, Registry] = field(default_factory=dict)
    listed: Mapping[str, frozenset[str]] = field(default_factory=dict)


def around(pack: Pack, packs: Mapping[str, Pack]) -> Around:
    """Return what `pack` may refer to among the packs being checked."""
    reach = [pack, *(packs[name] for name in pack.manifest.needs if name in packs)]
    listed = {name: one for each in reach for name, one in each.codes.items()}
    return Around(
        document_kinds=_codes_in(listed, "document_kind"),
        life_events=_codes_in(listed, "life_event"),
        codes=PLACES.union(*(one.codes for one in reach)),
        messages=frozenset().union(*(one.messages for one in reach)),
        templates=frozenset(pack.templates),
        packs=frozenset(packs),
        registries=frozenset(name for one in reach for name in _registries_of(one, pack)),
        declared={
            f"{each.id}/{name}": one for each in reach for name, one in each.registries.items()
        },
        listed={name: _codes_in(listed, name) for name in listed},
    )


def _registries_of(one: Pack, own: Pack) -> Iterator[str]:
    for name in one.registries:
        yield f"{one.id}/{name}"
        if one is own:
            yield name


def _codes_in(listed: Mapping[str, CodeList], name: str) -> frozenset[str]:
    found = listed.get(name)
    return frozenset(line.code for line in found.lines) if found else frozenset()


def references(pack: Pack, known: Around) -> Iterator[DeclarationError]:
    """Yield every name that leads nowhere, at its line."""
    for file, found in pack.documents.items():
        value = found.value
        if file == "pack.yaml":
            for index, name in enumerate(pack.manifest.needs):
                yield from _unknown(found, ("needs", index), "gói", name, known.packs)
        elif isinstance(value, Procedure):
            yield from _Proof(pack, found, value, known).errors()
            yield from _said(found, record_faults(value, known.declared))
        elif isinstance(value, Registry):
            faults = registry_faults(value, codes=known.codes, registries=known.registries)
            yield from _said(found, faults)
            named = reference_faults(value, pack=pack.id, registries=known.declared)
            yield from _said(found, named)
            read = reaching_faults(value, pack=pack.id, registries=known.declared)
            yield from _said(found, read)
            noticed = notice_faults(value, pack=pack.id, registries=known.declared)
            yield from _said(found, noticed)
            written = effect_faults(value, pack=pack.id, registries=known.declared)
            yield from _said(found, written)
            yield from _said(found, feed_faults(value))
            yield from _said(found, sample_faults(value, codes=known.listed))
            registry: Document[Any] = found
            filled = pack.registries.get(Path(file).stem, value)
            yield from paper_faults(registry, filled, dict(pack.templates))
            yield from flow_faults(registry, pack.flows)
        elif isinstance(value, Message):
            yield from _said(found, value.faults())


def _said(
    found: Document[Any], faults: Iterable[tuple[Place, str, str]]
) -> Iterator[DeclarationError]:
    for place, what, remedy in faults:
        yield found.error(place, what, remedy)


def _unknown(
    found: Document[Any], place: Place, noun: str, name: str, known: frozenset[str]
) -> Iterator[DeclarationError]:
    if name not in known:
        mend = suggestion(name, known) or "Hãy khai báo, hoặc ghi vào needs gói đã khai báo nó."
        yield found.error(place, f"Không có {noun} nào tên “{name}”.", mend)


@dataclass(frozen=True)
class _Proof:
    pack: Pack
    file: Document[Any]
    procedure: Procedure
    known: Around

    def errors(self) -> Iterator[DeclarationError]:
        yield from self._flow()
        yield from self._signing()
        yield from self._names()
        yield from self._components()
        yield from self._fees()
        yield from self._limits()
        yield from self._paths()
        for section_id, section in self.procedure.form.sections.items():
            yield from self._section(section_id, section)
        yield from self._rules(self.procedure.form.rules, ("form", "rules"), section="")

    def _flow(self) -> Iterator[DeclarationError]:
        flow = self.pack.flows.get(self.procedure.flow)
        if flow is None:
            flows = frozenset(self.pack.flows)
            yield from _unknown(self.file, ("flow",), "quy trình", self.procedure.flow, flows)
            return
        drawn, declared = flow.people_steps, self.procedure.steps
        for step in sorted(drawn.keys() - declared.keys()):
            what = f"Quy trình {flow.path.name} có bước “{step}” mà thủ tục không nêu."
            yield self.file.error(("steps",), what, f"Hãy thêm “{step}” vào steps.")
        for step in sorted(declared.keys() - drawn.keys()):
            yield from _unknown(
                self.file, ("steps", step), "bước trong quy trình", step, frozenset(drawn)
            )
        for step in sorted(drawn.keys() & declared.keys()):
            lane, role = drawn[step].lane, declared[step].role
            if LANES.get(lane) != role:
                what = f"Bước “{step}” nằm ở làn “{lane}”, khai báo là {role}."
                remedy = "Hãy sửa role hoặc chuyển bước sang làn đúng."
                yield self.file.error(("steps", step, "role"), what, remedy)

    def _signing(self) -> Iterator[DeclarationError]:
        """Yield what disagrees between `signing` and the lanes: who signs is said in both."""
        flow = self.pack.flows.get(self.procedure.flow)
        lanes = {step.lane for step in flow.people_steps.values()} if flow else set()
        if self.procedure.signing is not None and flow is not None:
            for step in ("approve", "seal"):
                drawn = flow.people_steps.get(step)
                if drawn is None or drawn.lane not in SIGNING_LANES:
                    what = f"Cơ quan khác ký, nhưng bước “{step}” không ở làn của cơ quan đó."
                    remedy = "Hãy đặt approve vào làn lanh_dao_ky, seal vào làn van_thu_ky."
                    yield self.file.error(("signing",), what, remedy)
        elif lanes & SIGNING_LANES:
            what = "Quy trình có làn của cơ quan ký mà thủ tục không nêu “signing”."
            remedy = "Hãy thêm “signing: {agency: …, say: …}”, hoặc dùng làn lanh_dao, van_thu."
            yield self.file.error(("flow",), what, remedy)

    def _names(self) -> Iterator[DeclarationError]:
        result = self.procedure.result.template
        place = ("result", "template")
        yield from _unknown(self.file, place, "mẫu kết quả", result, self.known.templates)
        kinds = self.known.document_kinds
        kind = self.procedure.result.document_kind
        yield from _unknown(self.file, ("result", "document_kind"), "loại giấy tờ", kind, kinds)
        for index, name in enumerate(self.procedure.life_events):
            place_of = ("life_events", index)
            events = self.known.life_events
            yield from _unknown(self.file, place_of, "sự kiện cuộc sống", name, events)
        for index, name in enumerate(self.procedure.messages):
            yield from _unknown(
                self.file, ("messages", index), "mẫu tin", name, self.known.messages
            )
        if self.procedure.result.copies:
            yield from self._cel(self.procedure.result.copies, ("result", "copies"))

    def _components(self) -> Iterator[DeclarationError]:
        for name, one in self.procedure.components.items():
            place: Place = ("components", name)
            yield from self._cel(one.when, (*place, "when"))
            yield from self._cel(one.required, (*place, "required"))
            if one.kind:
                kinds = self.known.document_kinds
                yield from _unknown(self.file, (*place, "kind"), "loại giấy tờ", one.kind, kinds)
            for index, proof in enumerate(one.replaceable_by):
                where = (*place, "replaceable_by", index)
                yield from _unknown(self.file, where, "nguồn dữ liệu", proof, frozenset(PROOFS))

    def _fees(self) -> Iterator[DeclarationError]:
        for name, fee in self.procedure.fees.items():
            if fee.per and fee.per not in self.procedure.form.sections:
                sections = frozenset(self.procedure.form.sections)
                yield from _unknown(self.file, ("fees", name, "per"), "nhóm", fee.per, sections)
                continue
            for index, entry in enumerate(fee.amount):
                try:
                    calculating.fee_expression(self.procedure.form, fee, entry.value)
                except BadExpression as bad:
                    yield self.file.error(
                        ("fees", name, "amount", index, "value"), bad.what, bad.mend
                    )
            for index, ground in enumerate(fee.exempt):
                yield from self._cel(ground.when, ("fees", name, "exempt", index, "when"))

    def _limits(self) -> Iterator[DeclarationError]:
        for index, entry in enumerate(self.procedure.time_limit):
            for number, case in enumerate(entry.value.cases):
                place: Place = ("time_limit", index, "value", "cases", number, "when")
                yield from self._cel(case.when, place)

    def _paths(self) -> Iterator[DeclarationError]:
        wanted: dict[Place, str] = {
            ("competent", "place"): self.procedure.competent.place,
            ("applicant",): self.procedure.applicant,
            ("concerns",): self.procedure.concerns,
        }
        for place, path in wanted.items():
            if path and self.procedure.form.field_at(path) is None:
                yield self._no_path(place, path)
        for index, path in enumerate(self.procedure.co_applicants):
            yield from self._personal_number(("co_applicants", index), path)

    def _personal_number(self, place: Place, path: str) -> Iterator[DeclarationError]:
        one = self.procedure.form.field_at(path)
        if one is None:
            yield self._no_path(place, path)
        elif one.number != "personal":
            what = f"Ô “{path}” không giữ số định danh cá nhân."
            yield self.file.error(place, what, "Hãy nêu ô có “type: code, number: personal”.")
        elif self.procedure.form.sections[path.partition(".")[0]].repeat:
            what = f"Ô “{path}” nằm trong nhóm lặp lại, nên không chỉ đúng một người."
            yield self.file.error(place, what, "Hãy nêu một ô ngoài nhóm lặp lại.")

    def _section(self, section_id: str, section: Section) -> Iterator[DeclarationError]:
        place: Place = ("form", "sections", section_id)
        yield from self._cel(section.when, (*place, "when"), before=section_id)
        for name, one in section.fields.items():
            yield from self._field(one, (*place, "fields", name), section_id, name)
        yield from self._rules(section.rules, (*place, "rules"), section=section_id)

    def _field(
        self, one: Field, place: Place, section_id: str, name: str
    ) -> Iterator[DeclarationError]:
        inside = section_id if self.procedure.form.sections[section_id].repeat else ""
        yield from self._cel(one.required, (*place, "required"), section=inside)
        yield from self._cel(
            one.when, (*place, "when"), section=inside, before=f"{section_id}.{name}"
        )
        listed = [one, *type_of(one).parts(one).values()]
        for part in listed:
            if part.codes:
                yield from _unknown(
                    self.file, (*place, "codes"), "danh mục", part.codes, self.known.codes
                )
        if one.prefill:
            yield from _unknown(
                self.file, (*place, "from"), "nguồn", one.prefill, frozenset(SOURCES)
            )
        if one.is_:
            yield from self._formula(one, place, section_id, name)
        if one.same_as and self.procedure.form.field_at(one.same_as) is None:
            yield self._no_path((*place, "same_as"), one.same_as)

    def _formula(
        self, one: Field, place: Place, section_id: str, name: str
    ) -> Iterator[DeclarationError]:
        try:
            made = self.procedure.form.formula(one, section=section_id)
        except BadExpression as bad:
            yield self.file.error((*place, "is"), bad.what, bad.mend)
            return
        if (section_id, name) in {path[:2] for path in made.expression.paths}:
            yield self.file.error(
                (*place, "is"), "Công thức đọc chính ô của nó.", "Hãy đọc ô khác."
            )

    def _rules(
        self, rules: tuple[Rule, ...], place: Place, *, section: str
    ) -> Iterator[DeclarationError]:
        for index, rule in enumerate(rules):
            yield from self._cel(rule.check, (*place, index, "check"), section=section)
            at = f"{section}.{rule.at}" if rule.at and section and "." not in rule.at else rule.at
            if at and self.procedure.form.field_at(at) is None:
                yield self._no_path((*place, index, "at"), at)

    def _cel(
        self,
        text: bool | str,  # noqa: FBT001 as written: yes, no or a condition
        place: Place,
        *,
        section: str = "",
        before: str = "",
    ) -> Iterator[DeclarationError]:
        if isinstance(text, bool) or not text:
            return
        try:
            compiled = self.procedure.form.expression(text, section=section)
        except BadExpression as bad:
            yield self.file.error(place, bad.what, bad.mend)
            return
        later = self._later(before) if before else frozenset()
        for path in compiled.paths:
            if ".".join(path[:2]) in later:
                what = f"Điều kiện đọc “{'.'.join(path)}” đứng sau nó trong tờ khai."
                yield self.file.error(place, what, "Hãy hỏi ô đó trước.")

    def _later(self, before: str) -> frozenset[str]:
        """Return the paths from `before` on: a condition may only read what was asked already."""
        order = [f"{section}.{name}" for section, name, _ in self.procedure.form.places()]
        starts = [i for i, path in enumerate(order) if f"{path}.".startswith(f"{before}.")]
        return frozenset(order[starts[0] :]) if starts else frozenset()

    def _no_path(self, place: Place, path: str) -> DeclarationError:
        fields = [f"{section}.{name}" for section, name, _ in self.procedure.form.places()]
        return self.file.error(place, f"Tờ khai không có ô “{path}”.", suggestion(path, fields))
