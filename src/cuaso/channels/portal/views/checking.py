"""For anyone, without signing in: look up a dossier, verify a paper, help."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.signing import api as signing
from cuaso.channels.portal import answers, tries
from cuaso.kernel.errors import Invalid, Problem, Refusal
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures

PDF_LIMIT = 20 * 1024 * 1024
BEFORE_XML = b"\xef\xbb\xbf \t\r\n"


@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    typed = {
        "code": answers.text(request, "code") or request.GET.get("ma", "").strip(),
        "second": answers.text(request, "second"),
    }
    context: dict[str, object] = {"at": "look_up", "typed": typed}
    if request.method != "POST":
        return answers.page(request, "look_up.html", context)
    try:
        _refuse_unfilled(typed)
        tries.spend(request, action="track", target=typed["code"])
        second = answers.digits(typed["second"])
        found = procedures.track(code=typed["code"], second_fact=second)
    except Refusal as refusal:
        return answers.page(request, "look_up.html", context, refusal=refusal)
    return answers.page(request, "looked_up.html", {"at": "look_up", "track": found})


def _refuse_unfilled(typed: dict[str, str]) -> None:
    problems = []
    if not typed["code"]:
        problems.append(Problem(field="code", say=_("Hãy nhập mã hồ sơ.")))
    if not answers.are_four(answers.digits(typed["second"])):
        problems.append(Problem(field="second", say=_("Hãy nhập đúng 4 chữ số cuối.")))
    if problems:
        raise Invalid(
            code="portal.look_up_unfilled",
            what=_("Chưa tra cứu được."),
            mend=_("Hãy điền các mục được chỉ ra."),
            problems=tuple(problems),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Check a printed paper by its code and number, or any signed PDF. Nothing is kept."""
    typed = {
        "code": answers.text(request, "code") or code,
        "number": answers.text(request, "number"),
    }
    context: dict[str, object] = {"at": "verify", "typed": typed}
    if request.method != "POST":
        return answers.page(request, "verify.html", context)
    try:
        found = _check(request, typed)
    except Refusal as refusal:
        return answers.page(request, "verify.html", context, refusal=refusal)
    return answers.page(request, "verify.html", {**context, **found})


def _check(request: HttpRequest, typed: dict[str, str]) -> dict[str, object]:
    if request.POST.get("way") == "file":
        return _check_file(request)
    return _check_code(request, typed)


def _check_code(request: HttpRequest, typed: dict[str, str]) -> dict[str, object]:
    problems = []
    if not typed["code"]:
        problems.append(Problem(field="code", say=_("Hãy nhập mã xác minh in dưới hình QR.")))
    if not typed["number"]:
        problems.append(Problem(field="number", say=_("Hãy nhập số ghi trên giấy.")))
    if problems:
        raise Invalid(
            code="portal.verify_unfilled",
            what=_("Chưa kiểm tra được."),
            mend=_("Hãy điền các mục được chỉ ra."),
            problems=tuple(problems),
        )
    tries.spend(request, action="check", target=typed["code"])
    receipt = payments.check_receipt(code=typed["code"], number=typed["number"])
    if receipt is not None:
        return {"receipt": receipt}
    return {"checked": locker.check(code=typed["code"], second_fact=typed["number"])}


def _check_file(request: HttpRequest) -> dict[str, object]:
    upload = request.FILES.get("pdf")
    if not isinstance(upload, UploadedFile) or not upload.size:
        raise _unfit(_("Hãy chọn một tệp PDF hoặc XML."))
    if upload.size > PDF_LIMIT:
        raise _unfit(_("Tệp lớn hơn 20 MB."))
    content = upload.read()
    if content.lstrip(BEFORE_XML)[:1] == b"<":
        tries.spend(request, action="verify_file")
        return {"xml_verdict": signing.verify_xml(content), "file_name": upload.name}
    if not content.startswith(b"%PDF-"):
        raise _unfit(_("Tệp này không phải PDF hoặc XML."))
    tries.spend(request, action="verify_file")
    return {"verdict": signing.verify(content), "file_name": upload.name}


def _unfit(say: str) -> Invalid:
    return Invalid(
        code="portal.file_unfit",
        what=_("Chưa kiểm tra được tệp."),
        mend=_("Hãy chọn lại tệp có chữ ký số."),
        problems=(Problem(field="pdf", say=say),),
    )


@require_safe
def helping(request: HttpRequest) -> HttpResponse:
    return answers.page(request, "help.html", {"at": "help"})
