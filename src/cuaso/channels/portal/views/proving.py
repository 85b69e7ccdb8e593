"""Whoever holds a paper asks whether the register of the province knows it; no signing in."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import RecordView, Verified, VerifyOffer
from cuaso.channels.portal import answers, tries
from cuaso.kernel.errors import Invalid, Problem, Refusal


@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """Show which papers may be verified by number and code."""
    offers = [
        {"offer": one, "address": address_of(one.registry)}
        for one in registries.verifiable(language=language_of())
    ]
    return answers.page(request, "verify_registries.html", {"at": "verify", "offers": offers})


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, pack: str, name: str) -> HttpResponse:
    """Verify one paper: typed by hand, or by the link in its QR (`?n=…&m=…`)."""
    offer = registries.verify_offer(registry=f"{pack}/{name}", language=language_of())
    posted = request.method == "POST"
    given = request.POST if posted else request.GET
    typed = {one: str(given.get(one, "")).strip() for one in ("n", "m")}
    context: dict[str, object] = {"at": "verify", "offer": offer, "typed": typed}
    if not posted and not (typed["n"] and typed["m"]):
        return answers.page(request, "verify_registry.html", context)
    try:
        found = _verified(request, offer, typed)
    except Refusal as refusal:
        return answers.page(request, "verify_registry.html", context, refusal=refusal)
    return answers.page(request, "verify_registry.html", {**context, "found": found})


def _verified(request: HttpRequest, offer: VerifyOffer, typed: dict[str, str]) -> Verified:
    problems = [
        Problem(field=name, say=_("Hãy nhập “%(title)s” như ghi trên giấy.") % {"title": title})
        for name, title in zip(("n", "m"), offer.by, strict=True)
        if not typed[name]
    ]
    if problems:
        raise Invalid(
            code="portal.verify_unfilled",
            what=_("Chưa xác minh được."),
            mend=_("Hãy điền các mục được chỉ ra."),
            problems=tuple(problems),
        )
    tries.spend(request, action="verify_record", target=f"{offer.registry}:{typed['n']}")
    return registries.verify(
        registry=offer.registry, given=(typed["n"], typed["m"]), language=language_of()
    )


def address_of(registry: str) -> str:
    """Return the address at which records of a registry are verified."""
    pack, _sep, name = registry.partition("/")
    return reverse("portal:verify_registry", kwargs={"pack": pack, "name": name})


def link_of(record: RecordView) -> str:
    """Return the whole address that verifies a record, "" where its reader may not give it out."""
    proof = registries.proof_of(record=record)
    if proof is None:
        return ""
    asked = urlencode({"n": proof[0], "m": proof[1]})
    return f"{settings.PUBLIC_URL}{address_of(record.registry)}?{asked}"


def language_of() -> str:
    """Return the language in which the page speaks."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"
