"""The officer's own photograph in the directory: kept with consent, taken away when wanted."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.provisioning import api as provisioning
from cuaso.channels.desk import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import NotFound, Refusal

# One more than the most that is kept, so that a larger file is known without reading it whole.
MOST_READ = 5 * 1024 * 1024 + 1


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def photo(request: HttpRequest) -> HttpResponse:
    """Show the photograph; `act=keep` keeps another, `act=drop` takes it away."""
    actor = identity.actor_of(request)
    if request.method != "POST":
        return _page(request, None)
    try:
        if request.POST.get("act") == "drop":
            provisioning.drop_photo(actor=actor)
            notes.success(request, _("Đã gỡ ảnh khỏi danh bạ."))
        else:
            upload = request.FILES.get("photo")
            provisioning.keep_photo(
                content=upload.read(MOST_READ) if upload else b"",
                consent=request.POST.get("consent") == "true",
                actor=actor,
            )
            notes.success(request, _("Đã lưu ảnh. Các hệ thống được nối thấy ảnh trong ít phút."))
    except Refusal as refusal:
        return _page(request, refusal)
    return redirect("desk:photo")


def _page(request: HttpRequest, refusal: Refusal | None) -> HttpResponse:
    kept = provisioning.own_photo(actor=identity.actor_of(request)) is not None
    return answers.page(request, "photo.html", {"at": "photo", "kept": kept}, refusal=refusal)


@require_safe
@official_required
def picture(request: HttpRequest) -> HttpResponse:
    """Answer the officer's own photograph."""
    shown = provisioning.own_photo(actor=identity.actor_of(request))
    if shown is None:
        raise NotFound(code="desk.no_photo", what=_("Ông/bà chưa lưu ảnh nào."))
    answer = HttpResponse(shown, content_type="image/jpeg")
    answer["Cache-Control"] = "no-store"
    return answer
