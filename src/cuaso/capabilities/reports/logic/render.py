"""Typst behind one function: data in as JSON, PDF/A out, nothing read but the template's folder."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

import typst

from cuaso.capabilities.reports.logic.qr import qr_svg
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, NotFound, Problem

HERE = Path(__file__).resolve().parents[1]
FONTS = HERE / "fonts"
LIBRARY = HERE / "typst"
# A package that is not ours would be fetched from the network.
FOREIGN_PACKAGE = re.compile(r'"@(?!local/cuaso:)[^"]*"')
AT_LINE = re.compile(r"┌─ +([^\n]+):(\d+):\d+")


def render(
    *,
    template: Path,
    data: Mapping[str, object],
    qr: str | None = None,
    attachments: Mapping[str, str] | None = None,
    made_at: datetime | None = None,
) -> bytes:
    """Return the PDF that `template` makes of `data`: the same bytes for the same input.

    The result is PDF/A-2b, or PDF/A-3b when it carries `attachments` (file name to text).
    `qr` is the text of the QR code on page 1. `made_at` (else now) is the PDF's creation date
    and part of the input.
    Raises NotFound without the template and Invalid, with file and line, when it is wrong.
    """
    _check_template(template)
    inputs = {
        "data": _as_json(template, data),
        "attachments": json.dumps(dict(attachments or {}), ensure_ascii=False),
    }
    if qr is not None:
        inputs["qr"] = qr_svg(qr)
    return _compile(template, inputs, made_at=made_at or clock.now(), with_files=bool(attachments))


def _compile(
    template: Path, inputs: dict[str, str], *, made_at: datetime, with_files: bool
) -> bytes:
    try:
        return typst.compile(
            template,
            root=template.parent,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=["a-3b" if with_files else "a-2b"],
            package_path=LIBRARY,
            package_cache_path=LIBRARY,
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as error:
        raise _refusal(template, error) from error


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _check_template(template: Path) -> None:
    if not template.is_file():
        raise NotFound(
            code="reports.no_template",
            what=f"Không tìm thấy mẫu văn bản “{template.name}”.",
            mend="Hãy kiểm tra tên tệp mẫu trong khai báo của gói.",
        )
    for source in sorted(template.parent.rglob("*.typ")):
        written = source.stat()
        _check_source(source, written.st_mtime_ns, written.st_size)


@lru_cache(maxsize=4096)
def _check_source(source: Path, _changed_ns: int, _size: int) -> None:
    """Refuse a text that calls a foreign package; one that stands as it stood is read once."""
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1):
        if FOREIGN_PACKAGE.search(line):
            raise _wrong(
                source.name, number, "Mẫu gọi thư viện ngoài; chỉ được dùng “@local/cuaso”."
            )


def _as_json(template: Path, data: Mapping[str, object]) -> str:
    try:
        return json.dumps(data, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise _wrong(
            template.name, 0, f"Dữ liệu cho mẫu không ghi được thành JSON: {error}."
        ) from error


def _refusal(template: Path, error: typst.TypstError) -> Invalid:
    name, line = template.name, 0
    # The template's own line is wanted, not the library's that noticed.
    said = "\n".join((error.diagnostic, *error.trace))
    for place in AT_LINE.finditer(said):
        if "@local/" not in place[1]:
            name, line = Path(place[1]).name, int(place[2])
            break
    message = error.message.removeprefix("panicked with: ").rstrip(".")
    return _wrong(name, line, " ".join((f"{message}.", *error.hints)))


def _wrong(name: str, line: int, why: str) -> Invalid:
    where = f"{name}, dòng {line}" if line else name
    return Invalid(
        code="reports.template_wrong",
        what=f"Không lập được văn bản từ mẫu “{where}”.",
        why=why,
        mend="Hãy sửa mẫu hoặc dữ liệu rồi lập lại.",
        problems=(Problem(field=where, say=why),),
        data={"template": name, "line": line},
    )
