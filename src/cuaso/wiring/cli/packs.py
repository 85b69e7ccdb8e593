"""`./cuaso packs check [FOLDER…]`: parse, shape, references, examples.

`./cuaso packs document FOLDER…` prints each pack told in words, as a Markdown page.
`./cuaso packs xlsform FORM.xlsx FOLDER --owner AGENCY --legal TEXT` makes the draft of a pack from
a survey form (XLSForm) and tells what could not be taken; nothing is installed.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.workflow import api as workflow
from cuaso.declarations.documenting import pages
from cuaso.declarations.pack import Pack
from cuaso.declarations.packs import check_command
from cuaso.declarations.trouble import DeclarationError
from cuaso.declarations.xlsform import pack as survey_pack
from cuaso.kernel import clock
from cuaso.kernel.errors import Refusal
from cuaso.wiring import places
from cuaso.wiring.words import say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "act",
        choices=["check", "document", "xlsform"],
        metavar="VIỆC",
        help="check: kiểm tra; document: kể bằng lời; xlsform: lập gói từ biểu mẫu khảo sát",
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="THƯ_MỤC", help="thư mục gói; mặc định: mọi gói"
    )
    parser.add_argument(
        "--owner", default="", metavar="CƠ_QUAN", help="xlsform: khóa của cơ quan chủ quản"
    )
    parser.add_argument(
        "--legal", default="", metavar="CĂN_CỨ", help="xlsform: căn cứ pháp lý của sổ"
    )


def run(given: argparse.Namespace) -> int:
    if given.act == "document":
        told = pages(places.packs(), given.paths, today=clock.today())
        say("\n".join(told.values()))
        return 0
    if given.act == "xlsform":
        return _from_form(given)
    code, text = check_command(
        given.paths or [places.packs()],
        library=places.packs(),
        proofs=[runnable_flows, printable_papers],
    )
    say(text)
    return code


def _from_form(given: argparse.Namespace) -> int:
    if len(given.paths) != 2 or not given.owner or not given.legal:  # noqa: PLR2004 a form and a folder
        say("Hãy ghi: packs xlsform BIỂU_MẪU.xlsx THƯ_MỤC --owner CƠ_QUAN --legal CĂN_CỨ")
        return 2
    form, folder = given.paths
    if folder.exists():
        say(f"Thư mục {folder} đã có. Hãy chọn một thư mục mới.")
        return 2
    try:
        with form.open("rb") as file:
            draft = registries.read_form(file=file, owner=given.owner, legal=given.legal)
    except OSError as error:
        say(f"Không đọc được {form}: {error.strerror}.")
        return 2
    except Refusal as refusal:
        say(str(refusal))
        return 1
    for path, text in survey_pack.files_of(draft).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    say(f"Đã lập bản nháp “{draft.title}” ở {folder}; chưa có gì được cài.")
    for one in draft.untaken:
        say(f"  {one.sheet}, dòng {one.row}: {one.what} {one.mend}")
    say(f"{len(draft.untaken)} chỗ của biểu mẫu chưa lấy được. Hãy chạy: packs check {folder}")
    return 0


def printable_papers(pack: Pack) -> Iterator[DeclarationError]:
    """Yield what keeps the papers of a pack's registries from being printed."""
    for name, registry in pack.registries.items():
        for paper, line, why in registries.paper_troubles(registry):
            own = pack.folder / "registries" / f"{name}.yaml"
            file = pack.templates.get(registry.papers[paper].template, own)
            what = f"Mẫu giấy “{registry.papers[paper].title}” không in được: {why}"
            remedy = "Hãy sửa mẫu; bản thử có cả trường hợp các ô không bắt buộc để trống."
            yield DeclarationError(file=file, line=line, what=what, remedy=remedy)


def runnable_flows(pack: Pack) -> Iterator[DeclarationError]:
    """Yield what keeps a pack's flows from running, as the workflow engine finds it."""
    for flow in pack.flows.values():
        for finding in workflow.check(flow.xml):
            if finding.severity == "error":
                yield DeclarationError(
                    file=flow.path, line=finding.line, what=finding.say, remedy=finding.mend
                )
