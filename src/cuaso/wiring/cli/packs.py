"""`./cuaso packs check [FOLDER…]`: parse, shape, references, examples.

`./cuaso packs document FOLDER…` prints each pack told in words, as a Markdown page.
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
from cuaso.kernel import clock
from cuaso.wiring import places
from cuaso.wiring.words import say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=["check", "document"])
    parser.add_argument("paths", nargs="*", type=Path, help="thư mục gói; mặc định: mọi gói")


def run(given: argparse.Namespace) -> int:
    if given.act == "document":
        told = pages(places.packs(), given.paths, today=clock.today())
        say("\n".join(told.values()))
        return 0
    code, text = check_command(
        given.paths or [places.packs()], proofs=[runnable_flows, printable_papers]
    )
    say(text)
    return code


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
