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


def named(text: str) -> NameObject:
    return pdf_name(text)


def integer(value: int) -> NumberObject:
    return NumberObject(value)  # type: ignore[no-untyped-call]


def decimal(value: float) -> FloatObject:
    return FloatObject(value)  # type: ignore[no-untyped-call]


def decimals(values: Iterable[float]) -> ArrayObject:
    return ArrayObject([decimal(value) for value in values])


def dictionary(entries: Mapping[str, PdfObject] | None = None) -> DictionaryObject:
    entries_now = {pdf_name(key): value for key, value in (entries or {}).items()}
    return DictionaryObject(entries_now)  # type: ignore[no-untyped-call]


def stream(
    entries: Mapping[str, PdfObject], *, content: bytes | None = None, packed: bytes | None = None
) -> StreamObject:
    """Return a stream of `content`, or of bytes `packed` by zlib already."""
    entries_now = {pdf_name(key): value for key, value in entries.items()}
    if packed is not None:
        entries_now[pdf_name("/Filter")] = pdf_name("/FlateDecode")
    return StreamObject(entries_now, stream_data=content, encoded_data=packed)
