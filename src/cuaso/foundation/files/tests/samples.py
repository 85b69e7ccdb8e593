"""Small real files, made on the spot."""

import zipfile
from functools import cache
from io import BytesIO

from PIL import Image
from pyhanko.pdf_utils.generic import StreamObject, pdf_name
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

# In two halves, so that no scanner takes this source for the real thing.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*").encode()


def picture(kind="JPEG", size=(60, 40), colour="white", exif=None):
    output = BytesIO()
    options = {"exif": exif} if exif is not None else {}
    Image.new("RGB", size, colour).save(output, kind, **options)
    return output.getvalue()


@cache
def pdf(*, user=None, owner=None):
    """A PDF of one empty page; with passwords when given."""
    writer = PdfFileWriter(stream_xrefs=False)
    page = PageObject(contents=writer.add_object(_stream()), media_box=(0, 0, 200, 200))
    writer.insert_page(page)
    if user is not None or owner is not None:
        writer.encrypt(owner or "chủ", user or "")
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _stream():
    return StreamObject(stream_data=b"", dict_data={pdf_name("/Kind"): pdf_name("/Empty")})


def office(main="word/document.xml", **parts):
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<w/>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return output.getvalue()
