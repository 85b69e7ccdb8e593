"""One PAdES B-T signature into one prepared field: digest, key, time stamp, done or nothing."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cryptography.x509 import load_pem_x509_certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter as Writer
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import ExternalSigner, PdfSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko.stamp import NoOpStampStyle

from cuaso.capabilities.signing.logic import providers, refusals, surroundings
from cuaso.capabilities.signing.logic.container import bearer, container, signed_attributes
from cuaso.capabilities.signing.logic.proving import signed_by
from cuaso.capabilities.signing.logic.timestamping import TimeStamper
from cuaso.capabilities.signing.models import SigningKey
from cuaso.kernel import clock

ATTRIBUTE_BYTES = 1200  # what stands in a container beside certificates and time stamp
DIGEST = "sha256"


@contextmanager
def opened(pdf: bytes) -> Iterator[Writer]:
    """Give a writer that appends to the PDF; a broken or locked PDF is a Refusal."""
    try:
        writer = Writer(io.BytesIO(pdf), strict=False)
        if writer.prev.encrypted:
            raise refusals.encrypted()
        yield writer
    except (PdfError, SigningError, RecursionError, ValueError, TypeError) as error:
        raise refusals.not_a_pdf() from error


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A PDF with an empty place for one signature, and what its key has to sign."""

    pdf: bytes
    attributes: bytes
    place: tuple[int, int]


def write_signature(
    writer: Writer, *, key: SigningKey, field: str, name: str, reason: str, certify: bool
) -> bytes:
    """Return the whole PDF with the signature in `field`. May be called once for a writer."""
    prepared = prepare_signature(
        writer, key=key, field=field, name=name, reason=reason, certify=certify
    )
    provider = providers.named(key.provider)
    signature = provider.sign(label=key.handle, content=prepared.attributes)
    return finish_signature(prepared, key=key, signature=signature)


def prepare_signature(
    writer: Writer, *, key: SigningKey, field: str, name: str, reason: str, certify: bool
) -> Prepared:
    """Return what waits for the key's signature, which may come much later."""
    stamper = TimeStamper(url=surroundings.tsa_url())
    own = bearer(key.certificate_pem, key.chain_pem)
    own_bytes = ATTRIBUTE_BYTES + len(own.certificates)
    output = io.BytesIO()
    prepared = _prepare(
        writer,
        PdfSigner(
            PdfSignatureMetadata(
                field_name=field,
                md_algorithm=DIGEST,
                name=name,
                reason=reason or None,
                certify=certify,
                subfilter=SigSeedSubFilter.PADES,
                docmdp_permissions=MDPPerm.FILL_FORMS,
            ),
            # Only the certificate is asked of it: what is signed is put together in `container`.
            ExternalSigner(signing_cert=own.certificate, cert_registry=None),
            stamp_style=NoOpStampStyle(),
        ),
        room=2 * (own_bytes + stamper.expected_bytes()),  # the container is written as hex
        output=output,
    )
    return Prepared(
        pdf=output.getvalue(),
        attributes=signed_attributes(own, digest=prepared.document_digest),
        place=(prepared.reserved_region_start, prepared.reserved_region_end),
    )


def finish_signature(prepared: Prepared, *, key: SigningKey, signature: bytes) -> bytes:
    """Return the PDF with the signature and a time stamp over it. Raises as the stamper does, and
    Unavailable when the signature is not the key's: nobody's word is taken for it.
    """
    certificate = load_pem_x509_certificate(key.certificate_pem.encode())
    if not signed_by(certificate, signature=signature, content=prepared.attributes):
        raise refusals.signature_of_other_key()
    token = TimeStamper(url=surroundings.tsa_url()).stamp(hashlib.sha256(signature).digest())
    own = bearer(key.certificate_pem, key.chain_pem)
    output = io.BytesIO(prepared.pdf)
    start, end = prepared.place
    PreparedByteRangeDigest(
        document_digest=b"", reserved_region_start=start, reserved_region_end=end
    ).fill_with_cms(
        output,
        container(own, attributes=prepared.attributes, signature=signature, token=token),
    )
    return output.getvalue()


def _prepare(
    writer: Writer, signer: PdfSigner, *, room: int, output: io.BytesIO
) -> PreparedByteRangeDigest:
    """Write the document with an empty place for the container, and digest the rest."""
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = clock.now().astimezone(clock.VIETNAM)
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=room)
    prepared, _ = document.digest_tbs_document(output=output)
    return prepared
