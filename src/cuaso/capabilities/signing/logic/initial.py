"""Initials (ký nháy) before the official signs: who checked the draft, in order."""

from collections.abc import Mapping

from cuaso.capabilities.signing.contracts import Box
from cuaso.capabilities.signing.logic import page, pictures, refusals, surroundings
from cuaso.capabilities.signing.logic.examine import broken
from cuaso.capabilities.signing.logic.keys import usable
from cuaso.capabilities.signing.logic.sign_person import lay_out, picture_of
from cuaso.capabilities.signing.logic.signature import opened, write_signature


def initial(
    *,
    pdf: bytes,
    key: str,
    name: str,
    signer_name: str,
    box: Box,
    initials: tuple[Box, ...],
    fields: Mapping[str, Box] | None = None,
    seal_box: Box | None = None,
) -> bytes:
    """Return the PDF with the next person's initials (PAdES B-T), each in a box of `initials`.

    The first initials lay out all that follows and permit nothing else: the further initials, then
    the signature of the official (`signer_name`, in `box`), number and date (`fields`), the seal.
    Later calls take the boxes of the first. Raises Conflict when no place waits for initials, or
    what stands there no longer holds; else as `sign_person`.
    """
    surroundings.stand_outside_transactions()
    row = usable(label=key, kind="person")
    picture = pictures.pixels(picture_of(row, name))
    with opened(pdf) as writer:
        first = not page.fields(writer.root)
        if first:
            lay_out(
                writer,
                picture=pictures.pixels(pictures.drawn_signature(signer_name)),
                box=box,
                fields=fields,
                seal_box=seal_box,
                initials=initials,
            )
        elif why := broken(writer.prev):
            raise refusals.signed_text_broken(why)
        found = page.fields(writer.root)
        waiting = [
            one
            for one in sorted(found, key=lambda name: (len(name), name))
            if one.startswith(f"{page.INITIAL}-") and "/V" not in found[one]
        ]
        if not waiting or "/V" in found[page.PERSON]:
            raise refusals.no_initial_wanted()
        field = found[waiting[0]]
        place = page.centred(picture, page.rectangle(field))
        page.draw(writer, field=field, picture=picture, place=place)
        return write_signature(
            writer, key=row, field=waiting[0], name=name, reason="Ký nháy", certify=first
        )
