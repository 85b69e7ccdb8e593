"""What anybody can check: signatures of a PDF, the ledger's head, and that an act is in it."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Query, Router, Schema
from ninja.decorators import decorate_view
from ninja.files import UploadedFile

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.contracts import SignatureVerdict, Verdict
from cuaso.channels.rest import tries, uploads
from cuaso.channels.rest.asking import Purpose
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import ConsistencyProof, Proof, TreeHead
from cuaso.foundation.identity import api as identity
from cuaso.kernel.errors import Invalid, NotFound, Problem
from cuaso.services.procedures import api as procedures

router = Router(tags=["Kiểm chứng"])
Size = Annotated[int, Query(ge=1, le=2**53)]


@router.post("/signature-checks", response=Verdict, auth=None, summary="Kiểm tra chữ ký của PDF")
@decorate_view(uploads.no_more_than(uploads.PDF_LIMIT_BYTES))
def verify(request: HttpRequest, file: File[UploadedFile]) -> Verdict:
    """Ai ký, khi nào, chữ ký còn giá trị không. Hệ thống không giữ lại tệp."""
    content = file.read()
    if not content.startswith(b"%PDF-"):
        raise Invalid(
            code="rest.not_a_pdf",
            what="Chưa kiểm tra được tệp.",
            mend="Hãy gửi một tệp PDF có chữ ký số.",
            problems=(Problem(field="file", say="Tệp này không phải PDF."),),
        )
    tries.spend(request, action="verify_file")
    return signing.verify(content)


class XmlCheck(Schema):
    """What a signed XML file is worth. `signed` is what was signed, in canonical form."""

    ok: bool
    sentence: str
    signature: SignatureVerdict | None
    signed: str


@router.post("/xml-signature-checks", response=XmlCheck, auth=None, summary="Kiểm tra chữ ký XML")
@decorate_view(uploads.no_more_than(uploads.PDF_LIMIT_BYTES))
def verify_xml(request: HttpRequest, file: File[UploadedFile]) -> XmlCheck:
    """Ai ký, khi nào, phần nào được ký (XAdES). Chỉ nên tin phần `signed`."""
    tries.spend(request, action="verify_file")
    found = signing.verify_xml(file.read())
    return XmlCheck(
        ok=found.ok,
        sentence=found.sentence,
        signature=found.signature,
        signed=found.signed.decode("utf-8", errors="replace"),
    )


@router.get("/ledger/head", response=TreeHead, auth=None, summary="Đầu cây của sổ cái")
def head(request: HttpRequest) -> TreeHead:
    """Đầu cây mới nhất đã ký (C2SP tlog-checkpoint); hãy giữ lại để so về sau."""
    del request
    return audit.tree_head()


@router.get("/ledger/keys", response=dict[str, str], auth=None, summary="Khóa công khai của sổ cái")
def keys(request: HttpRequest) -> dict[str, str]:
    """Mã khóa và khóa Ed25519, 32 byte viết bằng hex."""
    del request
    return {key_id: key.hex() for key_id, key in audit.public_keys().items()}


@router.get(
    "/ledger/consistency",
    response=ConsistencyProof,
    auth=None,
    summary="Cây cũ là phần đầu của cây mới",
)
def consistency(request: HttpRequest, first: Size, second: Size) -> ConsistencyProof:
    del request
    return audit.prove_consistency(first_size=first, second_size=second)


@router.get("/ledger/entries/{id}/proof", response=Proof, summary="Chứng minh một việc đã ghi")
def prove(request: HttpRequest, id: UUID, purpose: Purpose = "") -> Proof:
    """Cho người được thấy việc đó: việc trong nhật ký hồ sơ, hoặc việc do chính ông/bà làm."""
    actor, entry = identity.actor_of(request), audit.entry(id)
    if entry.person_id is not None and entry.person_id == actor.person_id:
        return audit.prove(id)
    if entry.subject.kind == "procedures.dossier":
        return procedures.prove_act(id=entry.subject.id, entry_id=id, actor=actor, purpose=purpose)
    raise NotFound(
        code="audit.no_entry",
        what="Không có mục này trong sổ cái.",
        why="Mục không tồn tại, hoặc thuộc việc ngoài phạm vi được xem.",
        mend="Hãy kiểm tra lại mã mục.",
    )
