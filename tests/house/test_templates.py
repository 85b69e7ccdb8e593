"""A writer of a template loses no sign: Typst takes a semicolon after code for the code's end."""

import re
from pathlib import Path

import pytest

from cuaso.foundation.files import api as files
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Result
from tests.support.dossiers import submit_marital
from tests.support.pdf import text_of

PACKS = Path(__file__).resolve().parents[2] / "packs"
SWALLOWED = re.compile(r"#[A-Za-z_][\w.-]*(?:\([^()\n]*\))?;")
WORDS = {
    "divorced": {
        "subject.decision_number": "12/2020/QĐST-HNGĐ",
        "subject.decision_date": "05/05/2020",
        "subject.decision_agency": "Tòa án nhân dân thành phố Quy Nhơn",
    },
    "widowed": {
        "subject.death_number": "34/2021",
        "subject.death_date": "06/06/2021",
        "subject.death_agency": "Ủy ban nhân dân phường Quy Nhơn",
    },
}


@pytest.mark.parametrize("path", sorted(PACKS.glob("*/templates/*.typ")), ids=lambda one: one.name)
def test_a_writer_of_a_template_escapes_the_semicolon_after_a_value(path):
    assert SWALLOWED.findall(path.read_text()) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("working_morning", "outside")
@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("divorced", "Tòa án nhân dân thành phố Quy Nhơn; hiện chưa đăng ký kết hôn với ai."),
        ("widowed", "ngày 06/06/2021; hiện chưa đăng ký kết hôn với ai."),
    ],
)
def test_a_confirmation_after_a_marriage_ended_keeps_its_semicolon_KT_d5(
    mother, official, status, said
):
    changed = {path.replace(".", "__"): text for path, text in WORDS[status].items()}
    id = submit_marital(mother, subject__status=status, **changed).dossier_id
    procedures.receive(id=id, actor=official("reception"))
    procedures.propose(id=id, values={}, note="", actor=official("handler"))
    draft = Result.objects.get(dossier_id=id)
    paper = text_of(files.read_clean(draft.draft_file_id))
    assert said in paper
    assert "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH" in paper
    assert "CHỦ TỊCH ỦY BAN NHÂN DÂN" not in paper
