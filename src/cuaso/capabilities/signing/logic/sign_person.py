"""The first signature: the official's, between printed title and name."""

from collections.abc import Mapping

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter as Writer

from cuaso.capabilities.signing.contracts import Box
from cuaso.capabilities.signing.logic import page, pictures, providers, refusals, surroundings
from cuaso.capabilities.signing.logic.examine import broken
from cuaso.capabilities.signing.logic.keys import usable
from cuaso.capabilities.signing.logic.seal_place import seal_box as over_signature
from cuaso.capabilities.signing.logic.signature import (
    Prepared,
    finish_signature,
    opened,
    prepare_signature,
)
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
    nothing has been made. On a PDF that others have initialled (`initial`) the signature goes into
    the place that they left for it, when all of them have; boxes are then those of that act.
    """
    surroundings.stand_outside_transactions()
    row = usable(label=key, kind="person")
    provider = providers.named(row.provider)
    prepared = prepare_person(
        row,
        pdf=pdf,
        name=name,
        reason=reason or title,
        box=box,
        fields=fields,
        seal_box=seal_box,
    )
    signature = provider.sign(label=row.handle, content=prepared.attributes)
    return finish_signature(prepared, key=row, signature=signature)


def prepare_person(
    row: SigningKey,
    *,
    pdf: bytes,
    name: str,
    reason: str,
    box: Box,
    fields: Mapping[str, Box] | None,
    seal_box: Box | None,
) -> Prepared:
    """Return the PDF with all but the signature itself, which the key may give later."""
    picture = pictures.pixels(picture_of(row, name))
    with opened(pdf) as writer:
        first = not page.fields(writer.root)
        if first:
            lay_out(writer, picture=picture, box=box, fields=fields, seal_box=seal_box, initials=())
        else:
            _check_initials(writer)
        field = page.fields(writer.root)[page.PERSON]
        place = page.centred(picture, page.rectangle(field))
        page.draw(writer, field=field, picture=picture, place=place)
        return prepare_signature(
            writer, key=row, field=page.PERSON, name=name, reason=reason, certify=first
        )


def lay_out(
    writer: Writer,
    *,
    picture: pictures.Pixels,
    box: Box,
    fields: Mapping[str, Box] | None,
    seal_box: Box | None,
    initials: tuple[Box, ...],
) -> None:
    """Add all empty fields that the first signature permits to be filled later.

    `picture` is the official's signature: the seal covers its left third.
    """
    _check_boxes(writer, box, *(fields or {}).values(), *initials)
    for field, place in (fields or {}).items():
        page.add_text_field(writer, name=field, box=place)
    for number, place in enumerate(initials, start=1):
        page.add_signature_field(writer, name=f"{page.INITIAL}-{number}", box=place)
    page.add_signature_field(writer, name=page.PERSON, box=box)
    page.add_signature_field(
        writer,
        name=page.SEAL,
        box=seal_box or over_signature(signature=box, drawn=page.centred(picture, box)),
        locks=tuple(fields or ()),
    )


def _check_initials(writer: Writer) -> None:
    """Refuse a second signature, and one before all initials stand and hold."""
    found = page.fields(writer.root)
    wanted = [one for name, one in found.items() if name.startswith(f"{page.INITIAL}-")]
    if not wanted or page.PERSON not in found or "/V" in found[page.PERSON]:
        raise refusals.already_signed()
    missing = sum("/V" not in one for one in wanted)
    if missing:
        raise refusals.initials_missing(missing)
    if why := broken(writer.prev):
        raise refusals.signed_text_broken(why)


def picture_of(row: SigningKey, name: str) -> bytes:
    """Return the key's picture, outside production a drawn one."""
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
