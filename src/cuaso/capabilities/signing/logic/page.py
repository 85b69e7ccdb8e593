"""What stands on the page: text fields, signature fields and their appearances."""

from collections.abc import Iterator, Mapping

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter as Writer
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, SigFieldSpec, append_signature_field

from cuaso.capabilities.signing.contracts import Box
from cuaso.capabilities.signing.logic.lettering import Typeface, embed, typeface
from cuaso.capabilities.signing.logic.pdf_objects import (
    decimals,
    dictionary,
    integer,
    named,
    stream,
)
from cuaso.capabilities.signing.logic.pictures import Pixels
from cuaso.capabilities.signing.logic.seal_place import CAPTION
from cuaso.capabilities.signing.logic.wording import INITIALS

PERSON, SEAL, MARK, INITIAL = "signature", "seal", "mark", INITIALS
PRINTED = 4  # annotation flag: shown in print; PDF/A asks for it
CAPTION_SIZES = (8.0, 6.0)
LEADING = 1.17
MARK_SIZE, MARK_WIDTH, MARK_MARGIN = 10.0, 230.0, 20.0
DEEPEST_PAGES = 50
READ_ONLY = 1  # nobody types into number and date: only the seal's act fills them


def add_text_field(writer: Writer, *, name: str, box: Box) -> None:
    """Add an empty text field with an empty appearance: no viewer has to make one."""
    face = typeface(italic=box.italic)
    form = _form(writer)
    _font(writer, form, face)
    page, _ = writer.find_page_for_modification(box.page - 1)  # type: ignore[no-untyped-call]
    field = dictionary(
        {
            "/Type": named("/Annot"),
            "/Subtype": named("/Widget"),
            "/FT": named("/Tx"),
            "/T": generic.pdf_string(name),
            "/Ff": integer(READ_ONLY),
            "/F": integer(PRINTED),
            "/Q": integer(1 if box.align == "center" else 0),
            "/DA": generic.pdf_string(f"{face.resource} {box.size:g} Tf 0 g"),
            "/Rect": decimals(box.corners),
            "/P": page,
            "/AP": _appearance(writer, b"/Tx BMC EMC", box.width, box.height),
        }
    )
    reference = writer.add_object(field)
    form["/Fields"].append(reference)
    writer.register_annotation(page, reference)  # type: ignore[no-untyped-call]


def add_signature_field(
    writer: Writer, *, name: str, box: Box, locks: tuple[str, ...] = ()
) -> None:
    """Add an empty signature field; once signed, the fields in `locks` may not change."""
    lock = FieldMDPSpec(action=FieldMDPAction.INCLUDE, fields=list(locks)) if locks else None
    spec = SigFieldSpec(
        sig_field_name=name,
        on_page=box.page - 1,
        box=box.corners,  # type: ignore[arg-type] # written as decimals, says pyHanko's code
        field_mdp_spec=lock,
    )
    append_signature_field(writer, spec)


def fields(root: DictionaryObject) -> dict[str, DictionaryObject]:
    """Return the document's top-level form fields by name."""
    # A dictionary's plain `get` would not follow references.
    form = root.get_and_apply("/AcroForm", lambda one: one, default=dictionary())
    listed = form.get_and_apply("/Fields", list, default=[])
    found = [one.get_object() for one in listed]
    return {str(one["/T"]): one for one in found if "/T" in one}


def rectangle(field: DictionaryObject) -> Box:
    """Return where a field stands, on page 1."""
    left, bottom, right, top = (float(one) for one in field["/Rect"])
    return Box(x=left, y=bottom, width=right - left, height=top - bottom)


def fill(writer: Writer, *, field: DictionaryObject, value: str) -> None:
    """Write a value into a text field, with the appearance that shows it."""
    box = rectangle(field)
    resource, size = str(field["/DA"]).split()[:2]
    face = next(one for one in _faces() if one.resource == resource)
    size_pt = face.fit(value, size=float(size), width=box.width - 4)
    spare = box.width - face.width(value, size_pt)
    left = spare / 2 if field["/Q"] == 1 else 2
    base = (box.height - size_pt) / 2 + size_pt * 0.22
    text = b"/Tx BMC q BT %s %g Tf 0 g %g %g Td %s Tj ET Q EMC" % (
        resource.encode(),
        size_pt,
        left,
        base,
        face.encode(value),
    )
    font = _font(writer, _form(writer), face)
    fonts = dictionary({named(resource): font})
    field[named("/V")] = generic.TextStringObject(value)
    field[named("/AP")] = _appearance(
        writer, text, box.width, box.height, resources={"/Font": fonts}
    )
    writer.update_container(field)


def draw(
    writer: Writer,
    *,
    field: DictionaryObject,
    picture: Pixels,
    place: tuple[float, float, float, float],
    caption: tuple[str, ...] = (),
) -> None:
    """Give a signature field its look: a picture at `place` (x, y, width, height in the box)
    and lines of small text at the box's foot.
    """
    box = rectangle(field)
    x, y, width, height = place
    parts = [b"q %.4f 0 0 %.4f %.4f %.4f cm /Picture Do Q" % (width, height, x, y)]
    resources = {"/XObject": dictionary({"/Picture": _image(writer, picture)})}
    if caption:
        face = typeface()
        font = _font(writer, _form(writer), face)
        resources["/Font"] = dictionary({named(face.resource): font})
        parts += _lines(face, caption, box.width)
    field[named("/AP")] = _appearance(
        writer, b" ".join(parts), box.width, box.height, resources=resources
    )
    writer.update_container(field)


def write_mark(writer: Writer, *, field: DictionaryObject, lines: tuple[str, ...]) -> None:
    """Give a signature field lines of black upright text in 10 points, against its right edge.

    Source: decree 30/2020/NĐ-CP, appendix I (attachments and electronic copies).
    """
    box, face = rectangle(field), typeface()
    font = _font(writer, _form(writer), face)
    parts = [
        b"BT %s %g Tf 0 g %g %g Td %s Tj ET"
        % (
            face.resource.encode(),
            MARK_SIZE,
            max(0.0, box.width - face.width(line, MARK_SIZE)),
            box.height - MARK_SIZE * (1 + LEADING * index),
            face.encode(line),
        )
        for index, line in enumerate(lines)
    ]
    fonts = dictionary({named(face.resource): font})
    field[named("/AP")] = _appearance(
        writer, b" ".join(parts), box.width, box.height, resources={"/Font": fonts}
    )
    writer.update_container(field)


def top_right(writer: Writer, *, lines: tuple[str, ...]) -> Box:
    """Return the box of a mark in the first page's upper right corner, as large as its text."""
    page, _ = writer.find_page_for_modification(0)  # type: ignore[no-untyped-call]
    first = page.get_object()
    cropped = [float(one) for one in first.get_and_apply("/CropBox", list, default=[])]
    corners = cropped or _inherited(first, "/MediaBox")
    face = typeface()
    width = max(face.width(line, MARK_SIZE) for line in lines) + 1
    height = MARK_SIZE * LEADING * len(lines) + 2
    return Box(
        x=corners[2] - MARK_MARGIN - width,
        y=corners[3] - MARK_MARGIN - height,
        width=width,
        height=height,
    )


def wrapped(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines of a mark, broken where one is longer than the mark may be wide."""
    face = typeface()
    return tuple(
        part for line in lines for part in face.wrap(line, size=MARK_SIZE, width=MARK_WIDTH)
    )


def _inherited(page: DictionaryObject, name: str) -> list[float]:
    """Return an entry of a page, from a node above it when it has none (ISO 32000-2, 7.7.3.4)."""
    node = page
    for _ in range(DEEPEST_PAGES):
        if name in node:
            return [float(one) for one in node[name]]
        node = node["/Parent"]
    raise KeyError(name)


def centred(picture: Pixels, box: Box) -> tuple[float, float, float, float]:
    """Return where the whole picture fits in the middle of a box, undistorted."""
    scale = min(box.width / picture.width, box.height / picture.height)
    width, height = picture.width * scale, picture.height * scale
    return (box.width - width) / 2, (box.height - height) / 2, width, height


def _lines(face: Typeface, caption: tuple[str, ...], width: float) -> Iterator[bytes]:
    """Write a caption at the box's foot: in 8 points, smaller and broken when it is long."""
    for size in CAPTION_SIZES:
        lines = [line for text in caption for line in face.wrap(text, size=size, width=width)]
        if len(lines) * size * LEADING <= CAPTION:
            break
    for index, line in enumerate(reversed(lines)):
        yield b"BT %s %g Tf 0 g 0 %g Td %s Tj ET" % (
            face.resource.encode(),
            size,
            2 + size * LEADING * index,
            face.encode(line),
        )


def _form(writer: Writer) -> DictionaryObject:
    root = writer.root
    if "/AcroForm" not in root:
        form = dictionary({"/Fields": generic.ArrayObject()})
        root[named("/AcroForm")] = writer.add_object(form)
        writer.update_root()  # type: ignore[no-untyped-call]
    form_now: DictionaryObject = root["/AcroForm"]
    return form_now


def _font(writer: Writer, form: DictionaryObject, face: Typeface) -> IndirectObject:
    """Return the face's reference from the form's resources, embedding it on first use."""
    fonts = _entry(_entry(form, "/DR"), "/Font")
    if face.resource not in fonts:
        fonts[named(face.resource)] = embed(writer, face)
        writer.update_container(fonts)
    reference: IndirectObject = fonts.raw_get(face.resource)
    return reference


def _entry(holder: DictionaryObject, name: str) -> DictionaryObject:
    if name not in holder:
        holder[named(name)] = dictionary()
    entry: DictionaryObject = holder[name]
    return entry


def _faces() -> tuple[Typeface, Typeface]:
    return typeface(), typeface(italic=True)


def _appearance(
    writer: Writer,
    commands: bytes,
    width: float,
    height: float,
    *,
    resources: Mapping[str, DictionaryObject] | None = None,
) -> DictionaryObject:
    look = stream(
        {
            "/Type": named("/XObject"),
            "/Subtype": named("/Form"),
            "/BBox": decimals((0, 0, width, height)),
            "/Resources": dictionary(resources),
        },
        content=commands,
    )
    return dictionary({"/N": writer.add_object(look)})


def _image(writer: Writer, picture: Pixels) -> IndirectObject:
    opacity = writer.add_object(_samples(picture, "/DeviceGray", picture.opacity))
    image = _samples(picture, "/DeviceRGB", picture.colours)
    image[named("/SMask")] = opacity
    return writer.add_object(image)


def _samples(picture: Pixels, colours: str, packed: bytes) -> StreamObject:
    return stream(
        {
            "/Type": named("/XObject"),
            "/Subtype": named("/Image"),
            "/Width": integer(picture.width),
            "/Height": integer(picture.height),
            "/ColorSpace": named(colours),
            "/BitsPerComponent": integer(8),
        },
        packed=packed,
    )
