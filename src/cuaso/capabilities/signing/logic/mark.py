"""The agency's signature on a copy or an attachment: text in the upper right corner, no seal.

Source: decree 30/2020/NĐ-CP, appendix I: Times New Roman, upright, 10 points, black; of an
attachment the document's number and the moment of signing, of a copy its form, the agency, the
moment. The typeface is Tinos, which has the same widths.
"""

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter as Writer

from cuaso.capabilities.signing.contracts import CopyForm
from cuaso.capabilities.signing.logic import page, refusals, surroundings
from cuaso.capabilities.signing.logic.keys import usable
from cuaso.capabilities.signing.logic.signature import opened, write_signature
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid


def certify_copy(*, pdf: bytes, key: str, form: CopyForm, agency_name: str) -> bytes:
    """Return an electronic copy (a scan or a rendering) with its form, signed by the agency.

    Raises Conflict for a PDF that is signed already; else as `seal` does.
    """
    lines = (form.capitalize(), agency_name)
    return _marked(pdf, key=key, lines=lines, name=agency_name, reason=form)


def sign_attachment(*, pdf: bytes, key: str, number: str, agency_name: str) -> bytes:
    """Return an attachment with the number of the document it belongs to, signed by the agency.

    Raises as `certify_copy` does, Invalid without a number.
    """
    if not number.strip():
        raise Invalid(
            code="signing.number_missing",
            what="Chưa ký được phụ lục vì chưa có số, ký hiệu của văn bản.",
            mend="Hãy cấp số cho văn bản chính trước.",
        )
    reason = f"Phụ lục của văn bản số {number}"
    return _marked(pdf, key=key, lines=(number.strip(),), name=agency_name, reason=reason)


def _marked(pdf: bytes, *, key: str, lines: tuple[str, ...], name: str, reason: str) -> bytes:
    surroundings.stand_outside_transactions()
    row = usable(label=key, kind="agency")
    moment = clock.now().astimezone(clock.VIETNAM)
    text = page.wrapped((*lines, f"{moment:%d/%m/%Y %H:%M:%S} +07:00"))
    with opened(pdf) as writer:
        if page.fields(writer.root):
            raise refusals.already_signed()
        _refuse_turned(writer)
        box = page.top_right(writer, lines=text)
        page.add_signature_field(writer, name=page.MARK, box=box)
        page.write_mark(writer, field=page.fields(writer.root)[page.MARK], lines=text)
        return write_signature(
            writer, key=row, field=page.MARK, name=name, reason=reason, certify=True
        )


def _refuse_turned(writer: Writer) -> None:
    """The corner of a page that a viewer turns is another: the scan is to be saved upright."""
    first, _ = writer.find_page_for_modification(0)  # type: ignore[no-untyped-call]
    if first.get_object().get_and_apply("/Rotate", int, default=0) % 360:
        raise Invalid(
            code="signing.page_turned",
            what="Trang đầu của tệp đang lưu ở chiều xoay nên không đặt được dòng chữ ký số.",
            mend="Hãy lưu lại tệp theo chiều đứng rồi ký.",
        )
