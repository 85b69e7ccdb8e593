"""The first signature: the official's, between printed title and name."""

from collections.abc import Mapping

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter as Writer

from cuaso.capabilities.signing.contracts import Box
from cuaso.capabilities.signing.logic import page, pictures, refusals, surroundings
from cuaso.capabilities.signing.logic.keys import usable
from cuaso.capabilities.signing.logic.seal_place import seal_box as over_signature
from cuaso.capabilities.signing.logic.signature import opened, write_signature
from cuaso.capabilities.signing.models import SigningKey
from cuaso.kernel.errors import Invalid


def sign_person(
    *,
    pdf: bytes,
    key: str,
    name: str,
    title: str,
    box: Box,
    fields: Mapping[str, Box] | None = None,
    seal_box: Box | None = None,
    reason: str = "",
) -> bytes:
    """Return the PDF with the official's certification signature (PAdES B-T).

    Adds empty text fields (`number`, `date`: what `fields` names) and an empty field for the
    agency's seal; filling those and sealing is all that the signature permits afterwards.
    `seal_box` defaults to a seal over the left third of the signature. Calls the key's provider
    and the time-stamp authority: refuses to run inside a transaction. On any Refusal
    nothing has been made.
    """
    surroundings.stand_outside_transactions()
    row = usable(label=key, kind="person")
    picture = pictures.pixels(_picture(row, name))
    drawn = page.centred(picture, box)
    with opened(pdf) as writer:
        if page.fields(writer.root):
            raise refusals.already_signed()
        _check_boxes(writer, box, *(fields or {}).values())
        for field, place in (fields or {}).items():
            page.add_text_field(writer, name=field, box=place)
        page.add_signature_field(writer, name=page.PERSON, box=box)
        page.add_signature_field(
            writer,
            name=page.SEAL,
            box=seal_box or over_signature(signature=box, drawn=drawn),
            locks=tuple(fields or ()),
        )
        page.draw(
            writer,
            field=page.fields(writer.root)[page.PERSON],
            picture=picture,
            place=drawn,
        )
        return write_signature(
            writer, key=row, field=page.PERSON, name=name, reason=reason or title, certify=True
        )


def _picture(row: SigningKey, name: str) -> bytes:
    if row.picture is not None:
        return bytes(row.picture)
    if surroundings.is_production():
        raise refusals.no_picture(row.label)
    return pictures.drawn_signature(name)


def _check_boxes(writer: Writer, *boxes: Box) -> None:
    pages = int(writer.root["/Pages"]["/Count"])
    for box in boxes:
        if not (1 <= box.page <= pages and box.width > 0 and box.height > 0):
            raise Invalid(
                code="signing.box_wrong",
                what=f"Ô trên trang {box.page} không đặt được vì văn bản có {pages} trang.",
                mend="Hãy sửa mục `places` của thủ tục.",
            )
