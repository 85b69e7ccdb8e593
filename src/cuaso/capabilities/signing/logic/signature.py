"""One PAdES B-T signature into one prepared field: digest, key, time stamp, done or nothing."""

import asyncio
import io
from collections.abc import Iterator
from contextlib import contextmanager

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter as Writer
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko.stamp import NoOpStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from cuaso.capabilities.signing.logic import providers, refusals, surroundings
from cuaso.capabilities.signing.logic.certificates import certificates
from cuaso.capabilities.signing.logic.timestamping import HouseTimeStamper
from cuaso.capabilities.signing.models import SigningKey
from cuaso.kernel import clock

LONGEST_ECDSA = 72
ATTRIBUTE_BYTES = 1200  # what stands in a container beside certificates and time stamp
DIGEST = "sha256"


class HouseSigner(Signer):
    """Hands pyHanko's attributes to the provider that holds the key."""

    def __init__(self, *, key: SigningKey) -> None:
        certificate, *_ = certificates(key.certificate_pem)
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        registry.register_multiple(certificates(key.chain_pem))
        super().__init__(signing_cert=certificate, cert_registry=registry, embed_roots=False)
        self._provider = providers.named(key.provider)
        self._handle = key.handle
        chain = certificates(key.certificate_pem) + certificates(key.chain_pem)
        self.own_bytes = ATTRIBUTE_BYTES + sum(len(one.dump()) for one in chain)

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,  # noqa: ARG002 pyHanko's signature
        dry_run: bool = False,  # noqa: FBT001, FBT002 pyHanko's signature
    ) -> bytes:
        if dry_run:
            return bytes(LONGEST_ECDSA)
        return self._provider.sign(label=self._handle, content=data)


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


def write_signature(
    writer: Writer, *, key: SigningKey, field: str, name: str, reason: str, certify: bool
) -> bytes:
    """Return the whole PDF with the signature in `field`. May be called once for a writer."""
    stamper = HouseTimeStamper(url=surroundings.tsa_url())
    own = HouseSigner(key=key)
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=field,
            md_algorithm=DIGEST,
            name=name,
            reason=reason or None,
            certify=certify,
            subfilter=SigSeedSubFilter.PADES,
            docmdp_permissions=MDPPerm.FILL_FORMS,
        ),
        own,
        timestamper=stamper,
        stamp_style=NoOpStampStyle(),
    )
    room = 2 * (own.own_bytes + stamper.expected_bytes())  # the container is written as hex
    return asyncio.run(_sign(writer, signer, room))


async def _sign(writer: Writer, signer: PdfSigner, room: int) -> bytes:
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = clock.now().astimezone(clock.VIETNAM)
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=room)
    output = io.BytesIO()
    prepared, _ = document.digest_tbs_document(output=output)
    await document.perform_signature(
        prepared.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=session.system_time),
    )
    return output.getvalue()
