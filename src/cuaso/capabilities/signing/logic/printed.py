"""A signed PDF as it would come from a printer: what a copy or a picture of it is made of."""

import io
from collections.abc import Iterator, Sequence

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, StreamObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer

from cuaso.capabilities.signing.logic import refusals
from cuaso.capabilities.signing.logic.pdf_objects import dictionary, integer, named, stream
from cuaso.kernel.errors import Invalid

UNSEEN = 0b10_0010  # annotation flags hidden and not to be viewed (ISO 32000-1, 12.5.3)
INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
OF_SIGNATURES = ("/AcroForm", "/Perms", "/DSS", "/Outlines", "/Names", "/StructTreeRoot")


def printed(pdf: bytes, *, pages: Sequence[int] | None = None) -> bytes:
    """Return pages of a PDF, all without `pages`, as they would be printed.

    Numbers, dates, signatures and seals are drawn into the page itself; no field and no signature
    is left. Raises Invalid for a page that is not there and for what is no PDF.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if reader.encrypted:
            raise refusals.encrypted()
        writer = copy_into_new_writer(reader)
        _keep_pages(writer, _chosen(int(writer.root["/Pages"]["/Count"]), pages))
        for name in OF_SIGNATURES:
            writer.root.pop(named(name), None)
        output = io.BytesIO()
        writer.write(output)  # type: ignore[no-untyped-call]
    except (PdfError, RecursionError, KeyError, ValueError, TypeError) as error:
        raise refusals.not_a_pdf() from error
    return output.getvalue()


def _chosen(count: int, pages: Sequence[int] | None) -> list[int]:
    wanted = list(pages) if pages is not None else list(range(1, count + 1))
    if not wanted or not all(1 <= one <= count for one in wanted):
        raise Invalid(
            code="signing.no_such_page",
            what=f"Văn bản có {count} trang nên không sao được trang đã chọn.",
            mend=f"Hãy chọn các trang từ 1 đến {count}.",
        )
    return wanted


def _keep_pages(writer: PdfFileWriter, pages: Sequence[int]) -> None:
    kept = [_flattened(writer, one) for one in pages]
    tree = dictionary(
        {
            "/Type": named("/Pages"),
            "/Kids": generic.ArrayObject(kept),
            "/Count": integer(len(kept)),
        }
    )
    place = writer.add_object(tree)
    for one in kept:
        one.get_object()[named("/Parent")] = place  # type: ignore[no-untyped-call]
    writer.root[named("/Pages")] = place


def _flattened(writer: PdfFileWriter, number: int) -> IndirectObject:
    found, _ = writer.find_page_for_modification(number - 1)  # type: ignore[no-untyped-call]
    page: DictionaryObject = found.get_object()
    _own(page)
    drawn = list(_appearances(page))
    page.pop(named("/Annots"), None)
    if drawn:
        _draw(writer, page, drawn)
    place: IndirectObject = found
    return place


def _own(page: DictionaryObject) -> None:
    """Give a page by itself what its tree says for it."""
    for name in INHERITED:
        above: DictionaryObject | None = page
        while above is not None and name not in above:
            above = above.get_and_apply("/Parent", lambda one: one)
        if above is not None and above is not page:
            page[named(name)] = above.raw_get(name)


def _appearances(page: DictionaryObject) -> Iterator[tuple[IndirectObject, bytes]]:
    """Return the drawings over a page, each with the matrix that brings it to its place."""
    if "/Annots" not in page:
        return
    for reference in page["/Annots"]:
        annotation = reference.get_object()
        unseen = annotation.get_and_apply("/F", int, default=0) & UNSEEN
        if unseen or "/AP" not in annotation:
            continue
        look = annotation["/AP"].raw_get("/N")
        shape = look.get_object()
        if isinstance(look, IndirectObject) and isinstance(shape, StreamObject):
            yield look, _matrix(shape, [float(one) for one in annotation["/Rect"]])


def _matrix(shape: StreamObject, rectangle: Sequence[float]) -> bytes:
    """Return where an upright appearance goes (ISO 32000-1, 12.5.5)."""
    left, bottom, right, top = (float(one) for one in shape["/BBox"])
    x, y = min(rectangle[0], rectangle[2]), min(rectangle[1], rectangle[3])
    wide = abs(rectangle[2] - rectangle[0]) / (right - left) if right != left else 0.0
    high = abs(rectangle[3] - rectangle[1]) / (top - bottom) if top != bottom else 0.0
    return f"{wide:.6f} 0 0 {high:.6f} {x - left * wide:.4f} {y - bottom * high:.4f} cm".encode()


def _draw(
    writer: PdfFileWriter, page: DictionaryObject, drawn: Sequence[tuple[IndirectObject, bytes]]
) -> None:
    names = [(f"/Printed{number}", *one) for number, one in enumerate(drawn)]
    resources = _resources(page)
    known = resources["/XObject"] if "/XObject" in resources else dictionary()
    resources[named("/XObject")] = dictionary(
        {
            **{str(key): known.raw_get(key) for key in known},
            **{name: look for name, look, _ in names},
        }
    )
    lines = b"\n".join(b"q %b %b Do Q" % (matrix, name.encode()) for name, _, matrix in names)
    first = writer.add_object(stream({}, content=b"q\n"))
    last = writer.add_object(stream({}, content=b"\nQ\n" + lines + b"\n"))
    page[named("/Contents")] = generic.ArrayObject([first, *_contents(page), last])


def _resources(page: DictionaryObject) -> DictionaryObject:
    """Return the page's own resources: pages may share theirs, and what is drawn is of one."""
    shared = page["/Resources"] if "/Resources" in page else dictionary()
    own = dictionary({str(key): shared.raw_get(key) for key in shared})
    page[named("/Resources")] = own
    return own


def _contents(page: DictionaryObject) -> list[generic.PdfObject]:
    if "/Contents" not in page:
        return []
    raw = page.raw_get("/Contents")
    held = raw.get_object()
    return list(held) if isinstance(held, generic.ArrayObject) else [raw]
