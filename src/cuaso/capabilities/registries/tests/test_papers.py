"""A paper of one record: drawn, printed again the same, signed, sealed, filed, verified."""

import shutil
import subprocess
from pathlib import Path

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import PrintedPaper
from cuaso.capabilities.registries.tests.berths import (
    KEY,
    OWNER,
    QUAY,
    added,
    handler,
    leader,
    move,
    quay,
)
from cuaso.capabilities.registries.tests.conftest import official
from cuaso.capabilities.registries.work_models import Paper
from cuaso.declarations import packs
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed, NotFound

__all__ = ["handler", "leader", "quay"]


def words(paper: PrintedPaper) -> str:
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=paper.pdf, capture_output=True, check=True
    ).stdout.decode()
    return " ".join(text.split())


def granted(handler: Actor, leader: Actor, **values: object):
    record = added(handler, **values)
    move(record.id, "examine", handler)
    return move(record.id, "grant", leader, granted_on="24/11/2026")


def drawn(record, actor: Actor, name: str = "permit") -> PrintedPaper:
    return registries.draw_paper(registry=KEY, id=record.id, name=name, actor=actor)


def test_an_officer_prints_a_permit_and_prints_it_again_the_same_after_all_has_changed(
    quay: packs.Pack, handler: Actor, leader: Actor
) -> None:
    record = granted(handler, leader)
    offers = registries.papers_of(registry=KEY, id=record.id, actor=handler).offers
    assert [(one.name, one.title) for one in offers] == [
        ("permit", "Giấy phép neo đậu"),
        ("slip", "Phiếu hẹn neo đậu"),
    ]
    first = drawn(record, handler)
    said = words(first)
    assert "GIẤY PHÉP NEO ĐẬU" in said
    assert "Võ Thị Hạ Lam" in said
    assert "052192000001" in said
    assert "Phường Quy Nhơn" in said
    assert "Hải Âu, Biển Xanh" in said
    assert "Ngày cấp: 24/11/2026" in said
    kept = Paper.objects.get()
    assert (kept.revision, kept.version, kept.number) == (3, 1, "ND-0001")
    assert drawn(record, handler).pdf == first.pdf
    assert Paper.objects.count() == 1
    assert [
        one.name for one in registries.papers_of(registry=KEY, id=record.id, actor=handler).offers
    ] == ["slip"]

    declared = quay.registries["berth"]
    permit = declared.papers["permit"]
    other = permit.replace(text=permit.text.replace("Số ngày", "Thời hạn"), title="Giấy mới")
    papers = {**declared.papers, "permit": other}
    registries.install("quay", {"berth": declared.replace(papers=papers)}, actor=handler)
    registries.amend(registry=KEY, id=record.id, values={"days": "25"}, actor=handler)
    again = registries.print_again(registry=KEY, id=record.id, paper_id=first.id, actor=handler)
    assert again.pdf == first.pdf
    fresh = drawn(record, handler)
    assert "Thời hạn: 25" in words(fresh)
    lines = registries.papers_of(registry=KEY, id=record.id, actor=leader).lines
    assert [(one.title, one.stale, one.may_sign) for one in lines] == [
        ("Giấy mới", False, True),
        ("Giấy phép neo đậu", True, False),
    ]


def test_a_permit_is_not_printed_too_early_nor_by_who_reads_it_in_part(
    handler: Actor, leader: Actor
) -> None:
    record = added(handler)
    assert [
        one.name for one in registries.papers_of(registry=KEY, id=record.id, actor=handler).offers
    ] == ["slip"]
    with pytest.raises(Conflict) as early:
        drawn(record, handler)
    assert early.value.code == "registries.paper_not_ready"
    with pytest.raises(NotFound):
        drawn(record, handler, "other")
    move(record.id, "examine", handler)
    move(record.id, "grant", leader, granted_on="24/11/2026")
    with pytest.raises(NotAllowed) as clerk:
        drawn(record, official(OWNER, "clerk"))
    assert clerk.value.code == "registries.paper_not_yours"
    with pytest.raises(NotFound):
        drawn(record, official("ubnd-21952", "clerk"))
    assert Paper.objects.count() == 0
    paper = drawn(record, handler)
    with pytest.raises(NotAllowed) as masked:
        registries.print_again(
            registry=KEY,
            id=record.id,
            paper_id=paper.id,
            actor=official(OWNER, "reception"),
        )
    assert masked.value.code == "registries.paper_masked"


def test_a_template_that_names_an_unknown_field_or_does_not_compile_is_refused_at_its_line(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "quay"
    shutil.copytree(QUAY, folder)
    template = folder / "templates" / "berth_permit.typ"
    text = template.read_text()
    template.write_text(text.replace("data.texts.commune", "data.texts.comune"))
    (wrong,) = packs.check([folder]).errors
    assert (wrong.file, wrong.line) == (template, 14)
    assert wrong.what == "Mẫu đọc ô “comune” mà sổ “Phép neo đậu” không có."
    assert wrong.remedy == "Có phải định viết “commune”?"
    unclosed = text.replace("str(data.record.days)", "str(data.record.days")
    blank = text.replace('if data.record.granted_on == "" { "" } else', "if true")
    for words_, line in ((unclosed, 11), (blank, 16)):
        template.write_text(words_)
        (trouble,) = registries.paper_troubles(packs.load(folder).registries["berth"])
        assert trouble[:2] == ("permit", line)
    template.write_text(text)
    assert list(registries.paper_troubles(packs.load(folder).registries["berth"])) == []


def test_a_paper_bears_no_signature_of_another_post(handler: Actor, leader: Actor) -> None:
    record = granted(handler, leader)
    paper = drawn(record, handler)
    for actor, act in (
        (handler, registries.sign_paper),
        (official("ubnd-21583", "leader"), registries.sign_paper),
        (leader, registries.seal_paper),
    ):
        with pytest.raises((NotAllowed, NotFound)):
            act(registry=KEY, id=record.id, paper_id=paper.id, actor=actor)
    registries.amend(registry=KEY, id=record.id, values={"days": "25"}, actor=handler)
    with pytest.raises(Conflict) as moved:
        registries.sign_paper(registry=KEY, id=record.id, paper_id=paper.id, actor=leader)
    assert moved.value.code == "registries.paper_moved_on"
    kept = Paper.objects.get()
    assert (kept.state, kept.attempt, kept.signer) == ("drawn", None, "")
