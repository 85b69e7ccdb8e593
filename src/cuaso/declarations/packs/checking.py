"""Proves packs: parse → shape → references → examples."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cuaso.declarations.codes import PackLists
from cuaso.declarations.fields import Context, InventedRecords
from cuaso.declarations.pack import Pack
from cuaso.declarations.packs.dictionary_proof import dictionary_faults
from cuaso.declarations.packs.loading import load
from cuaso.declarations.packs.references import around, references
from cuaso.declarations.procedures import Procedure
from cuaso.declarations.registries import Registry
from cuaso.declarations.rehearsal import Rehearsal, rehearsal_places
from cuaso.declarations.stories import Outcome, Runner, play
from cuaso.declarations.story import Story
from cuaso.declarations.trouble import BadDeclaration, DeclarationError, suggestion
from cuaso.kernel.clock import today
from cuaso.kernel.errors import Refusal

Proof = Callable[[Pack], Iterable[DeclarationError]]
# Acts of a dossier's life: a runner on the real engines carries them out.
HOUSE_ACTS: Final = frozenset(
    {
        *("nộp hồ sơ", "tiếp nhận", "yêu cầu bổ sung", "bổ sung hồ sơ", "từ chối", "thẩm tra"),
        *("xác nhận bản thảo", "cấp số định danh", "hỏi ý kiến", "trả lời ý kiến", "phê duyệt"),
        *("ký nháy", "trả lại", "đóng dấu", "trả kết quả", "rút hồ sơ"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a check found. `outcomes` are the stories; those not run wait for the house's tests."""

    packs: tuple[Pack, ...] = ()
    errors: tuple[DeclarationError, ...] = ()
    outcomes: tuple[Outcome, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return not self.errors

    @property
    def unverified(self) -> int:
        """How many declared values nobody has read in an official text."""
        return sum(pack.unverified for pack in self.packs)

    def count(self, verdict: str) -> int:
        return sum(outcome.verdict == verdict for outcome in self.outcomes)


def check(
    folders: Iterable[Path], *, runners: Sequence[Runner] = (), proofs: Sequence[Proof] = ()
) -> Report:
    """Check packs together. A higher floor adds `runners` for stories and `proofs` of its own
    (the workflow engine's linter over `pack.flows`).
    """
    packs, errors = _load_all(folders)
    errors += _doubled_lists(packs.values())
    errors += _needs_in_a_circle(packs)
    for pack in packs.values():
        errors += references(pack, around(pack, packs))
        errors += dictionary_faults(pack, packs)
        for proof in proofs:
            errors += proof(pack)
    if errors:
        return Report(packs=tuple(packs.values()), errors=tuple(errors))
    errors = [error for pack in packs.values() for error in _unanswerable(pack, packs)]
    if errors:
        return Report(packs=tuple(packs.values()), errors=tuple(errors))
    outcomes = tuple(_play_all(packs, runners))
    failed = [_failure(packs, outcome) for outcome in outcomes if outcome.verdict == "failed"]
    strange = [error for pack in packs.values() for error in _strange_acts(pack, runners)]
    return Report(packs=tuple(packs.values()), errors=(*strange, *failed), outcomes=outcomes)


def _load_all(folders: Iterable[Path]) -> tuple[dict[str, Pack], list[DeclarationError]]:
    packs: dict[str, Pack] = {}
    errors: list[DeclarationError] = []
    for folder in folders:
        try:
            packs[folder.name] = load(folder)
        except BadDeclaration as bad:
            errors += bad.errors
    return packs, errors


def _doubled_lists(packs: Iterable[Pack]) -> Iterator[DeclarationError]:
    """Yield code lists that two packs declare: the later would silently win over the earlier."""
    seen: dict[str, str] = {}
    for pack in packs:
        for name in pack.codes:
            if name in seen:
                what = f"Danh mục “{name}” đã khai báo ở gói “{seen[name]}”."
                remedy = f"Hãy đặt tên khác, hoặc bỏ tệp này và ghi “{seen[name]}” vào needs."
                file = pack.folder / "codes" / f"{name}.csv"
                yield DeclarationError(file=file, line=0, what=what, remedy=remedy)
            seen.setdefault(name, pack.id)


def _needs_in_a_circle(packs: Mapping[str, Pack]) -> Iterator[DeclarationError]:
    """Yield packs that need themselves through others: none of them could be installed first."""
    for pack in packs.values():
        reached: set[str] = set()
        waiting = [name for name in pack.manifest.needs if name in packs]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += [one for one in packs[name].manifest.needs if one in packs]
        if pack.id in reached:
            what = f"Gói “{pack.id}” cần các gói mà chính chúng lại cần gói này."
            remedy = "Hãy bỏ một tên trong needs, hoặc chuyển phần dùng chung sang gói riêng."
            yield pack.documents["pack.yaml"].error(("needs",), what, remedy)


def lists_of(packs: Iterable[Pack]) -> PackLists:
    """Return the code lists of all packs, with the places that rehearsals know."""
    lists = {name: one for pack in packs for name, one in pack.codes.items()}
    return PackLists(lists, places=rehearsal_places())


def _unanswerable(pack: Pack, packs: Mapping[str, Pack]) -> Iterator[DeclarationError]:
    """Yield forms and registries whose rules nobody can meet: invented answers are tried."""
    lists = lists_of(packs.values())
    for document in pack.documents.values():
        if not isinstance(document.value, Procedure | Registry):
            continue
        names = {"channel": "online", "capacity": "citizen"}
        context = Context(today=today(), lists=lists, records=InventedRecords(), names=names)
        place = ("form",) if isinstance(document.value, Procedure) else ("fields",)
        try:
            document.value.form.sample(context, seed=1)
        except ValueError:
            what = "Không bịa được câu trả lời nào hợp lệ."
            remedy = "Hãy thêm “examples” cho ô có mẫu riêng, hoặc xem lại các luật."
            yield document.error(place, what, remedy)


def _play_all(packs: Mapping[str, Pack], runners: Sequence[Runner]) -> Iterator[Outcome]:
    everyone: tuple[Runner, ...] = (Rehearsal(lists=lists_of(packs.values())), *runners)
    for pack in packs.values():
        for story in pack.examples:
            yield _played(story, pack, everyone)


def _played(story: Story, pack: Pack, runners: Sequence[Runner]) -> Outcome:
    try:
        return play(story, pack, runners)
    except Refusal as refusal:
        return Outcome(story=story, verdict="failed", differences=(str(refusal),))


def _failure(packs: Mapping[str, Pack], outcome: Outcome) -> DeclarationError:
    what = f"Ví dụ “{outcome.story.name}” không đúng. {' '.join(outcome.differences)}"
    return _at_story(packs.values(), outcome.story, what, "Hãy sửa khai báo hoặc ví dụ.")


def _strange_acts(pack: Pack, runners: Sequence[Runner]) -> Iterator[DeclarationError]:
    known = HOUSE_ACTS.union(Rehearsal(lists=PackLists({})).acts, *(one.acts for one in runners))
    for story in pack.examples:
        for act in story.acts:
            if act not in known:
                what = f"Ví dụ “{story.name}” dùng việc “{act}” không ai làm."
                yield _at_story([pack], story, what, suggestion(act, known))


def _at_story(packs: Iterable[Pack], story: Story, what: str, remedy: str) -> DeclarationError:
    for pack in packs:
        for document in pack.documents.values():
            value = document.value
            if isinstance(value, tuple) and story in value:
                return document.error((value.index(story),), what, remedy)
    return DeclarationError(file=Path("examples"), line=0, what=what, remedy=remedy)
