"""Write what lasts into a PDF: the store of evidence, then a time stamp over the whole document.

Each is an increment: what was there stays, byte for byte.
Source: ETSI EN 319 142-1, 5.4 (DSS and document time stamp), 6.3 (levels B-LT and B-LTA).
"""

import io
from collections.abc import Iterable

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp
from pyhanko.sign.validation import DocumentSecurityStore

from cuaso.capabilities.signing.logic.lasting.revocation import Answer
from cuaso.capabilities.signing.logic.signature import opened
from cuaso.capabilities.signing.logic.timestamping import TimeStamper
from cuaso.kernel.identifiers import unguessable

READABLE = "Dấu thời gian lưu trữ"


def with_evidence(
    pdf: bytes, *, certificates: Iterable[x509.Certificate], answers: Iterable[Answer]
) -> bytes:
    """Return the PDF with these in its store; as it was when they all stand there already."""
    kept = list(answers)
    with opened(pdf) as writer:
        store = DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,
            certs=[Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates],
            ocsps=[asn1_ocsp.OCSPResponse.load(one.der) for one in kept if one.kind == "ocsp"],
            crls=[asn1_crl.CertificateList.load(one.der) for one in kept if one.kind == "crl"],
        )
        if not store.modified:
            return pdf
        output = io.BytesIO()
        writer.write(output)  # type: ignore[no-untyped-call]
        return output.getvalue()


def with_document_stamp(pdf: bytes, *, stamper: TimeStamper, digest: str) -> bytes:
    """Return the PDF with a time stamp over all of it. Raises Unavailable as the stamper does."""
    name = f"archive-{unguessable(8)}"
    with opened(pdf) as writer:
        placing = PdfCMSEmbedder(
            new_field_spec=SigFieldSpec(sig_field_name=name, readable_field_name=READABLE)
        ).write_cms(field_name=name, writer=writer, existing_fields_only=False)
        next(placing)
        room = 2 * stamper.expected_bytes()  # the token is written as hex
        placeholder = DocumentTimestamp(bytes_reserved=room)  # type: ignore[no-untyped-call]
        placing.send(SigObjSetup(sig_placeholder=placeholder))
        output = io.BytesIO()
        prepared, _ = placing.send(SigIOSetup(md_algorithm=digest, output=output))
        token = stamper.stamp(prepared.document_digest, algorithm=digest)
        prepared.fill_with_cms(output, token)
        return output.getvalue()
