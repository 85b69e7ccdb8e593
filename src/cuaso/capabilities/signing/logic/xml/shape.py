"""Which shape of XML signature is taken: one, over the whole document, with known algorithms.

Whatever a signature could leave out or move (wrapping), compute anew (XSLT, XPath) or fetch from
elsewhere is refused before anything is computed. Pure.
Source: W3C XML Signature Best Practices; "On breaking SAML" (2012) for wrapping.
"""

from collections import Counter
from typing import Final

from lxml import etree

from cuaso.capabilities.signing.logic.xml.reading import DS, XADES, Unfit

ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
CANONICAL: Final = frozenset(
    {
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2006/12/xml-c14n11",
        EXCLUSIVE,
    }
)
IDS: Final = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")
LARGEST_REFERENCES: Final = 3

NONE = "Văn bản XML này không có chữ ký số."
MANY = "Văn bản XML có nhiều chữ ký; chỉ nhận một chữ ký trên toàn văn bản."
MISPLACED = "Chữ ký không đứng ngay dưới gốc của văn bản XML nên không biết nó ký phần nào."
OUTSIDE = "Chữ ký tham chiếu ra ngoài văn bản; nội dung ở nơi khác có thể bị thay nên không nhận."
PARTIAL = "Chữ ký không ký toàn bộ văn bản XML, hoặc phần được ký không rõ ràng."
TRANSFORMED = "Chữ ký dùng phép biến đổi không được phép (chỉ nhận chuẩn hóa và chữ ký kèm)."
DOUBLED = "Văn bản XML có hai phần mang cùng một mã (Id) nên không rõ phần nào được ký."


def signature_of(root: etree._Element) -> etree._Element:
    """Return the one signature of a document of the right shape. Raises Unfit."""
    found = list(root.iter(f"{DS}Signature"))
    if not found:
        raise Unfit(NONE)
    if len(found) > 1:
        raise Unfit(MANY)
    (signature,) = found
    if signature.getparent() is not root:
        raise Unfit(MISPLACED)
    _check_ids(root)
    _check_references(signature)
    return signature


def _check_ids(root: etree._Element) -> None:
    named = Counter(
        value for one in root.iter() for name in IDS if (value := one.get(name)) is not None
    )
    if any(count > 1 for count in named.values()):
        raise Unfit(DOUBLED)


def _check_references(signature: etree._Element) -> None:
    references = signature.findall(f"{DS}SignedInfo/{DS}Reference")
    whole = [one for one in references if one.get("URI") == ""]
    if len(whole) != 1 or len(references) > LARGEST_REFERENCES:
        raise Unfit(_why(references))
    _check_transforms(whole[0], allowed=CANONICAL | {ENVELOPED})
    if ENVELOPED not in _transforms(whole[0]):
        raise Unfit(PARTIAL)
    inside = {one.get("Id") for one in signature.iter() if one.get("Id")}
    for one in references:
        if one is whole[0]:
            continue
        uri = one.get("URI") or ""
        if not uri.startswith("#"):
            raise Unfit(OUTSIDE)
        if uri[1:] not in inside:
            raise Unfit(PARTIAL)
        _check_transforms(one, allowed=CANONICAL)
    properties = signature.findall(f".//{XADES}SignedProperties")
    uris = {one.get("URI") for one in references}
    if len(properties) != 1 or f"#{properties[0].get('Id')}" not in uris:
        raise Unfit(PARTIAL)


def _why(references: list[etree._Element]) -> str:
    uris = [one.get("URI") or "" for one in references]
    outside = any(uri and not uri.startswith("#") for uri in uris)
    return OUTSIDE if outside else PARTIAL


def _check_transforms(reference: etree._Element, *, allowed: frozenset[str]) -> None:
    used = _transforms(reference)
    if len(used) != len(set(used)) or set(used) - allowed:
        raise Unfit(TRANSFORMED)


def _transforms(reference: etree._Element) -> list[str]:
    return [
        one.get("Algorithm") or "" for one in reference.findall(f"{DS}Transforms/{DS}Transform")
    ]
