import asyncio
import io

import pytest
from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfStreamError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import ExternalSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from cuaso.capabilities.signing.logic.certificates import certificates
from cuaso.capabilities.signing.logic.container import bearer, container, signed_attributes
from cuaso.capabilities.signing.logic.hex_strings import BLOCK, one_by_one, read_hex_string
from cuaso.capabilities.signing.models import SigningKey
from cuaso.capabilities.signing.tests.conftest import issue, seal, sign

DIGEST = bytes(range(32))
SIGNATURE = bytes(range(70))


class Kept(TimeStamper):
    """Gives one token, whatever is asked."""

    def __init__(self, token):
        super().__init__()
        self.token = token

    async def async_timestamp(self, *_asked):
        return self.token


def tokens_of(pdf):
    for embedded in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
        yield embedded.signer_info["unsigned_attrs"][0]["values"][0].dump()


def test_the_container_of_either_signature_is_the_one_that_pyhanko_writes_byte_for_byte(
    house, paper
):
    issue()
    issue("seal", "agency")
    tokens = list(tokens_of(seal(sign(paper))))
    assert len(tokens) == 2
    for row, token in zip(SigningKey.objects.order_by("label"), tokens, strict=True):
        own, *_ = certificates(row.certificate_pem)
        registry = SimpleCertificateStore()
        registry.register_multiple(certificates(row.chain_pem))
        theirs = ExternalSigner(own, registry, signature_value=SIGNATURE, embed_roots=False)
        expected = asyncio.run(
            theirs.async_sign(
                DIGEST, "sha256", use_pades=True, timestamper=Kept(cms.ContentInfo.load(token))
            )
        ).dump()
        key = bearer(row.certificate_pem, row.chain_pem)
        attributes = signed_attributes(key, digest=DIGEST)
        ours = container(key, attributes=attributes, signature=SIGNATURE, token=token)
        assert ours == expected


@pytest.mark.parametrize(
    "written",
    [
        b"<48656c6c6f>",
        b"<>",
        b"<48 65\n6C\t6c\x006f>",
        b"<48656c6c6>",
        b"<FEFF01B0>",
        b"<80ff>",
        b"<4865% a comment\n6c>",
        b"<" + b"4a" * BLOCK + b">",
        b"<" + b" 4\n" * BLOCK + b"b>",
    ],
)
def test_a_hex_string_is_read_as_pyhanko_reads_it_up_to_its_bracket(written):
    expected = one_by_one(io.BytesIO(written))
    stream = io.BytesIO(b"before" + written + b"/Next")
    stream.seek(6)
    found = read_hex_string(stream)
    assert found == expected
    assert type(found) is type(expected)
    assert stream.read() == b"/Next"


@pytest.mark.parametrize("written", [b"<48zz>", b"<4865", b"<" + b"4a" * BLOCK, b"<", b"<(>"])
def test_a_hex_string_that_is_none_is_refused_as_pyhanko_refuses_it(written):
    with pytest.raises(PdfStreamError) as expected:
        one_by_one(io.BytesIO(written))
    with pytest.raises(PdfStreamError) as found:
        read_hex_string(io.BytesIO(written))
    assert str(found.value) == str(expected.value)


def test_pyhanko_s_reader_reads_hex_strings_in_blocks():
    assert generic.read_hex_string_from_stream is read_hex_string
    found = generic.read_object(io.BytesIO(b"<4869>"), generic.Reference(1))
    assert str(found) == "Hi"
