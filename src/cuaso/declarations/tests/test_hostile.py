"""A declaration that would harm the house is refused unread: file, line, what, remedy."""

import re
import socket
import time
from pathlib import Path

import pytest

from cuaso.declarations import packs
from cuaso.declarations.fields.patterns import fault_of
from cuaso.declarations.packs.registry_proof import registry_faults
from cuaso.declarations.reading import document_of
from cuaso.declarations.registries import Registry
from cuaso.declarations.trouble import BadDeclaration

FERRY = """title: Bến đò
owner: so-xay-dung
legal: [{source: Quyết định thử số 1}]
key: code
fields:
  code: {title: Mã bến, type: code}
  owner: {title: Chủ bến, type: person}
lists:
  default: {columns: [code], sort: [code]}
"""
FILE = Path("local/registries/ferry.yaml")
CODE = "  code: {title: Mã bến, type: code}\n"


def refused(text: str) -> list[tuple[int, str]]:
    """Return the lines and sentences with which a text is refused; each has its remedy."""
    try:
        found = document_of(text, Registry, file=FILE)
    except BadDeclaration as bad:
        errors = list(bad.errors)
    else:
        faults = registry_faults(
            found.value, codes=frozenset({"gear"}), registries=frozenset({"port"})
        )
        errors = [found.error(*fault) for fault in faults]
    assert all(one.file == FILE and one.remedy for one in errors)
    return [(one.line, one.what) for one in errors]


def with_field(line: str) -> str:
    return FERRY.replace(CODE, f"{CODE}  {line}\n")


def test_the_ferry_itself_is_sound() -> None:
    assert refused(FERRY) == []


@pytest.mark.parametrize(
    "pattern", [r"(a+)+", r"(a|a)*", r"(\w+\s?)*", r"a*a*a*a*b", r"(ab?)*", r"(x+x+)+y"]
)
def test_a_pattern_that_runs_for_ever_is_refused_at_its_line(pattern: str) -> None:
    line = f"bad: {{title: Sai, type: code, pattern: '{pattern}', pattern_say: Sai mẫu.}}"
    assert refused(with_field(line)) == [
        (7, "“pattern”: Mẫu lặp chồng lên nhau, nên có chữ làm nó chạy mãi không xong.")
    ]


@pytest.mark.parametrize("pattern", [r"(?=a)b", r"(?<!a)b", r"(a)\1"])
def test_a_pattern_that_looks_around_is_refused(pattern: str) -> None:
    assert fault_of(pattern, longest=60).startswith("Mẫu nhìn trước")


@pytest.mark.parametrize(
    "pattern", [r"BĐ-\d{5}-TS", r"\d+/\d+", r"[A-Z]\d{2}(\.\d{1,3}){0,4}", r"(KH|QĐ)-\d{1,6}"]
)
def test_a_pattern_of_a_code_is_read_at_once_whatever_is_typed(pattern: str) -> None:
    assert fault_of(pattern, longest=200) == ""
    begun = time.perf_counter()
    for typed in ("1" * 200, "1." * 100, "1/" * 100, "A11" + ".1" * 98 + "!"):
        re.fullmatch(pattern, typed)
    assert time.perf_counter() - begun < 0.5


def test_names_that_mean_something_to_sql_or_cel_do_no_harm() -> None:
    assert refused(with_field("in: {title: Trong}")) == [
        (7, "“in” là từ riêng của ngôn ngữ khai báo, không dùng làm tên.")
    ]
    assert refused(with_field("row_agency: {title: Hàng}"))[0][1] == (
        "Tên “row_agency” dành cho hệ thống."
    )
    assert refused(with_field("select: {title: Chọn}")) == []
    assert [line for line, _ in refused(with_field('"a; drop table x": {title: Phá}'))] == [7]


def test_two_fields_of_one_column_are_refused() -> None:
    assert refused(FERRY.replace(CODE, CODE + "  owner_full_name: {title: Tên chủ}\n"))[0][1] == (
        "Ô “owner.full_name” và ô “owner_full_name” trùng tên cột “owner_full_name”."
    )


def test_ten_thousand_fields_are_refused() -> None:
    many = "".join(f"  f{n}: {{title: Ô}}\n" for n in range(10_000))
    begun = time.perf_counter()
    assert refused(FERRY.replace(CODE, CODE + many)) == [(5, "“fields” nhiều quá 400 mục.")]
    many += "".join(f"  g{n}: {{title: Ô}}\n" for n in range(10_000))
    assert refused(FERRY.replace(CODE, CODE + many))[0][1] == "Khai báo nhân bản quá nhiều."
    assert time.perf_counter() - begun < 5


def test_deep_nesting_and_aliases_that_multiply_are_refused() -> None:
    deep = FERRY.replace("about", "") + "about: " + "[" * 60 + "]" * 60 + "\n"
    assert refused(deep)[0][1] == "Khai báo lồng quá sâu."
    laughs = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(8)
    )
    assert refused(laughs)[0][1] == "Khai báo nhân bản quá nhiều."
    assert refused("a: &a [*a]\n")[0][1] == "Dấu * trỏ về chính mục chứa nó."


def test_formulas_that_need_each_other_and_names_that_lead_nowhere_are_refused() -> None:
    two = "two: {title: Hai, is: one + 1, as: integer}"
    circle = f"one: {{title: Một, is: two + 1, as: integer}}\n  {two}"
    assert refused(with_field(circle)) == [
        (7, "Ô “one” được tính từ chính kết quả của nó."),
        (8, "Ô “two” được tính từ chính kết quả của nó."),
    ]
    assert [line for line, _ in refused(with_field("kind: {title: Loại, codes: nowhere}"))] == [7]
    assert [line for line, _ in refused(with_field("port: {title: Cảng, to: harbour}"))] == [7]
    assert refused(FERRY.replace("columns: [code]", "columns: [cod]")) == [
        (9, "Sổ không có ô “cod”.")
    ]


def test_packs_that_need_each_other_are_refused(tmp_path: Path) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text("Gói thử.\n")
        written = f"title: Gói thử\nversion: 1.0.0\nneeds: [{other}]\n"
        (tmp_path / name / "pack.yaml").write_text(written)
    report = packs.check([tmp_path / "one", tmp_path / "two"])
    assert [(one.file.parent.name, one.line, one.what) for one in report.errors] == [
        ("one", 3, "Gói “one” cần các gói mà chính chúng lại cần gói này."),
        ("two", 3, "Gói “two” cần các gói mà chính chúng lại cần gói này."),
    ]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (
            with_field('far: {title: Xa, type: choice, codes: "http://169.254.169.254/latest/"}'),
            (7, "“codes: http://169.254.169.254/latest/” không đúng mẫu."),
        ),
        (
            with_field('far: {title: Xa, type: reference, to: "http://127.0.0.1:5432/"}'),
            (7, "“http://127.0.0.1:5432/” không phải tên một sổ."),
        ),
        (
            with_field('far: {title: Xa, type: file, url: "http://127.0.0.1/"}'),
            (7, "Không có mục nào tên “url”."),
        ),
        (f"{FERRY}webhook: http://127.0.0.1/\n", (10, "Không có mục nào tên “webhook”.")),
        (
            FERRY.replace("so-xay-dung", "http://127.0.0.1/"),
            (2, "“owner: http://127.0.0.1/” không đúng mẫu."),
        ),
    ],
    ids=["code list", "reference", "file", "webhook", "owner"],
)
def test_an_address_that_points_inside_has_no_place_and_nobody_calls_it(
    text: str, refusal: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: calls.append(address))
    assert refused(text)[0] == refusal
    assert calls == []
