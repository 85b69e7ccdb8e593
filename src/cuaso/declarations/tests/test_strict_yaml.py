"""An author writes a file; what is not plain is refused with the line and the remedy."""

from pathlib import Path

import pytest

from cuaso.declarations.strict_yaml import LIMIT_ALIASES, LIMIT_BYTES, parse
from cuaso.declarations.trouble import BadDeclaration


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "pack.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(folder: Path, text: str | bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(BadDeclaration) as caught:
        parse(written(folder, text))
    return [(error.line, error.what, error.remedy) for error in caught.value.errors]


def test_every_scalar_stays_the_text_that_was_typed(tmp_path):
    text = parse(
        written(
            tmp_path,
            "code: 1.004100\nlead: 01\nnorway: no\non: 12:30\nday: 2025-07-01\n"
            "empty:\nquoted: ''\n",
        )
    )
    assert text.content == {
        "code": "1.004100",
        "lead": "01",
        "norway": "no",
        "on": "12:30",
        "day": "2025-07-01",
        "empty": None,
        "quoted": "",
    }
    assert text.lines[("norway",)] == 3


def test_vietnamese_typed_in_two_encodings_is_one_text(tmp_path):
    decomposed = "title: Hô\u0323 ti\u0323ch\n"
    assert parse(written(tmp_path, decomposed)).content == {"title": "Hộ tịch"}


def test_a_key_written_twice_is_refused_at_its_second_line(tmp_path):
    assert refused(tmp_path, "title: A\nlevel: xã\ntitle: B\n") == [
        (3, "Mục “title” bị viết hai lần.", "Hãy giữ lại một mục.")
    ]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: 1\n\tb: 2\n", 2, "Dòng này thụt vào bằng phím Tab."),
        ("a: b: c\n", 1, "Có dấu hai chấm ở chỗ không đọc được."),
        ("a: 1\nb\n", 3, "Thiếu dấu hai chấm sau tên mục."),
        ("a: !!python/object:os.system x\n", 1, "Không dùng nhãn kiểu"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", 3, "Không dùng “<<” để gộp mục."),
        ("? [a, b]\n: 1\n", 1, "Tên mục phải là một chữ."),
        ("", 0, "Tệp trống."),
        (b"a: \xff\xfe\n", 0, "Tệp không phải UTF-8."),
        ("a: \x00\n", 0, "Tệp có ký tự điều khiển."),
        ("a: &x [*x]\n", 1, "Dấu * trỏ về chính mục chứa nó."),
        ("a: " + "[" * 40 + "]" * 40 + "\n", 1, "Khai báo lồng quá sâu."),
        ("a: " + "[" * 5000 + "\n", 1, "Tệp lồng quá sâu."),
    ],
)
def test_what_is_not_plain_is_refused_with_its_line(tmp_path, text, line, what):
    found = refused(tmp_path, text)
    assert found[0][0] == line
    assert found[0][1].startswith(what)


def test_aliases_that_multiply_are_refused(tmp_path):
    bomb = "a: &a [x, x]\n" + "".join(f"k{n}: *a\n" for n in range(LIMIT_ALIASES + 1))
    assert refused(tmp_path, bomb)[-1][1] == "Khai báo nhân bản quá nhiều."
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    assert refused(tmp_path, laughs)[-1][1] == "Khai báo nhân bản quá nhiều."


def test_a_file_too_large_is_refused_unread(tmp_path):
    assert refused(tmp_path, "a: " + "x" * LIMIT_BYTES) == [
        (0, "Tệp lớn hơn 512 KB.", "Hãy tách thành nhiều tệp.")
    ]


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(BadDeclaration) as caught:
        parse(tmp_path / "none.yaml")
    assert caught.value.errors[0].what == "Không có tệp này."
