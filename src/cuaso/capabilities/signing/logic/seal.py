"""The second signature: number and date filled in, then the agency's seal."""

from collections.abc import Mapping

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter as Writer

from cuaso.capabilities.signing.contracts import Box
from cuaso.capabilities.signing.logic import page, pictures, refusals, surroundings
from cuaso.capabilities.signing.logic.examine import broken
from cuaso.capabilities.signing.logic.keys import usable
from cuaso.capabilities.signing.logic.seal_place import picture_place
from cuaso.capabilities.signing.logic.signature import opened, write_signature
from cuaso.capabilities.signing.models import SigningKey
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, Problem


def seal(
    *,
    pdf: bytes,
    key: str,
    agency_name: str,
    values: Mapping[str, str] | None = None,
    box: Box | None = None,
) -> bytes:
    """Return the PDF with `values` in its fields and the agency's signature (PAdES B-T).

    `values` must fill exactly the fields that the first signature left open. `box` is needed
    only for a PDF that no official signed before. The seal is red, with the agency's name and the
    moment of signing. Same promises as `sign_person`.
    """
    surroundings.stand_outside_transactions()
    row = usable(label=key, kind="agency")
    picture = pictures.pixels(_picture(row, agency_name))
    with opened(pdf) as writer:
        found = page.fields(writer.root)
        _check_state(writer, found)
        _fill(writer, found, values or {})
        if page.SEAL not in found:
            page.add_signature_field(writer, name=page.SEAL, box=_needed(box))
            found = page.fields(writer.root)
        place = page.rectangle(found[page.SEAL])
        page.draw(
            writer,
            field=found[page.SEAL],
            picture=picture,
            place=picture_place(place),
            caption=_caption(agency_name),
        )
        return write_signature(
            writer, key=row, field=page.SEAL, name=agency_name, reason="", certify=False
        )


def _check_state(writer: Writer, found: Mapping[str, DictionaryObject]) -> None:
    if page.SEAL in found and "/V" in found[page.SEAL]:
        raise refusals.already_sealed()
    if page.PERSON in found and "/V" not in found[page.PERSON]:
        raise refusals.no_signature_yet()
    if page.PERSON in found and (why := broken(writer.prev)):
        raise refusals.signed_text_broken(why)


def _fill(writer: Writer, found: Mapping[str, DictionaryObject], values: Mapping[str, str]) -> None:
    open_fields = {name for name, one in found.items() if one["/FT"] == "/Tx"}
    problems = [
        Problem(field=name, say="Ô này chưa có nội dung.")
        for name in sorted(open_fields)
        if not values.get(name, "").strip()
    ] + [
        Problem(field=name, say="Văn bản không có ô này.")
        for name in sorted(set(values) - open_fields)
    ]
    if problems:
        raise Invalid(
            code="signing.fields_wrong",
            what="Số, ký hiệu và ngày ban hành chưa khớp với các ô trên văn bản.",
            mend="Hãy điền đủ các ô rồi đóng dấu.",
            problems=tuple(problems),
        )
    for name, value in values.items():
        page.fill(writer, field=found[name], value=value)


def _caption(agency_name: str) -> tuple[str, ...]:
    moment = clock.now().astimezone(clock.VIETNAM)
    return f"Ký bởi: {agency_name}", f"Thời gian ký: {moment:%d/%m/%Y %H:%M:%S} +07:00"


def _needed(box: Box | None) -> Box:
    if box is None:
        raise Invalid(
            code="signing.no_seal_place",
            what="Chưa biết đặt con dấu ở đâu trên văn bản này.",
            mend="Hãy khai báo ô `seal` trong mục `places` của thủ tục.",
        )
    return box


def _picture(row: SigningKey, agency_name: str) -> bytes:
    if row.picture is not None:
        return bytes(row.picture)
    if surroundings.is_production():
        raise refusals.no_picture(row.label)
    return pictures.drawn_seal(agency_name)
