"""`./cuaso registries …` as an operator types it."""

import argparse

import pytest

from cuaso.foundation.audit.models import Entry
from cuaso.kernel.errors import Invalid
from cuaso.wiring.cli import registries as verb
from tests.support.registers import entered, holder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
KEY = "ethnic-affairs/ethnic_community"
ACT = "registries.exported"


def typed(*words):
    parser = argparse.ArgumentParser()
    verb.arguments(parser)
    return verb.run(parser.parse_args(words))


@pytest.mark.parametrize("name", ["cong-dong.csv", "CONG-DONG.CSV"])
def test_an_operator_takes_the_records_out_and_the_ledger_says_so_once(name, tmp_path, capsys):
    officer = holder("so-dan-toc-va-ton-giao-gia-lai", "handler")
    entered(KEY, officer, code="CĐ-00213", hamlet="Làng Kon Hring")
    assert typed("export", KEY, str(tmp_path / name)) == 0
    assert f"Đã xuất bản ghi của sổ {KEY} vào {tmp_path / name}." in capsys.readouterr().out
    _, *rows = (tmp_path / name).read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1
    assert "CĐ-00213" in rows[0]
    assert Entry.objects.filter(act=ACT).count() == 1


def test_an_operator_who_names_a_folder_that_is_not_there_takes_nothing_out(tmp_path):
    with pytest.raises(Invalid) as refused:
        typed("export", KEY, str(tmp_path / "none" / "tau.csv"))
    assert refused.value.code == "registries.no_room"
    assert "Hãy kiểm tra thư mục đã có chưa" in str(refused.value)
    assert not (tmp_path / "none").exists()
    assert not Entry.objects.filter(act=ACT).exists()
