"""Read XML from outside as signing wants it: no DTD, no entities, no network, bounded. Pure."""

from lxml import etree

from cuaso.kernel.errors import Invalid

MOST_BYTES = 5 * 1024 * 1024
DS = "{http://www.w3.org/2000/09/xmldsig#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"


class Unfit(Exception):
    """The XML is refused; the text is the whole Vietnamese sentence."""


def parser() -> etree.XMLParser:
    """Return a parser that fetches and expands nothing."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_blank_text=False,
    )


def tree(xml: bytes) -> etree._Element:
    """Return the root. Raises Unfit for what is too large, no XML, or brings a DTD."""
    if len(xml) > MOST_BYTES:
        raise Unfit("Tệp XML lớn hơn 5 MB nên không kiểm tra.")
    try:
        root = etree.fromstring(xml, parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unfit("Tệp này không phải là XML đọc được.") from error
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.doctype:
        raise Unfit(
            "Tệp XML có khai báo DTD hoặc thực thể; cách viết này có thể làm treo máy hoặc "
            "thay đổi nội dung nên không được nhận."
        )
    return root


def unsigned(xml: bytes) -> etree._Element:
    """Return the root of XML that is to be signed. Raises Invalid."""
    try:
        root = tree(xml)
    except Unfit as unfit:
        raise Invalid(
            code="signing.xml_wrong", what="Không ký được tệp XML này.", why=str(unfit)
        ) from unfit
    if next(root.iter(f"{DS}Signature"), None) is not None:
        raise Invalid(
            code="signing.xml_signed",
            what="Tệp XML này đã có chữ ký số.",
            mend="Hãy ký bản chưa có chữ ký.",
        )
    return root
