"""pyHanko's PDF objects made from plain values: its constructors carry no types."""

from collections.abc import Iterable, Mapping

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    pdf_name,
)


def name(text: str) -> NameObject:
    return pdf_name(text)


def integer(value: int) -> NumberObject:
    return NumberObject(value)  # type: ignore[no-untyped-call]


def decimal(value: float) -> FloatObject:
    return FloatObject(value)  # type: ignore[no-untyped-call]


def decimals(values: Iterable[float]) -> ArrayObject:
    return ArrayObject([decimal(value) for value in values])


def dictionary(entries: Mapping[str, PdfObject] | None = None) -> DictionaryObject:
    named = {pdf_name(key): value for key, value in (entries or {}).items()}
    return DictionaryObject(named)  # type: ignore[no-untyped-call]


def stream(
    entries: Mapping[str, PdfObject], *, content: bytes | None = None, packed: bytes | None = None
) -> StreamObject:
    """Return a stream of `content`, or of bytes `packed` by zlib already."""
    named = {pdf_name(key): value for key, value in entries.items()}
    if packed is not None:
        named[pdf_name("/Filter")] = pdf_name("/FlateDecode")
    return StreamObject(named, stream_data=content, encoded_data=packed)
