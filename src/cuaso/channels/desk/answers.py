"""How the desk answers: a page in the officer's seat, a refusal beside its form, a document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal
from cuaso.services.locker.contracts import Content

# What a browser shows inside a page; anything else is only handed over.
SHOWN_INSIDE = frozenset({"application/pdf", "image/jpeg", "image/png"})


@dataclass(frozen=True, kw_only=True)
class Place:
    """One entry of the rail."""

    key: str
    title: str
    icon: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Where the officer sits: the agency, and the places that the roles open."""

    agency_name: str
    places: tuple[Place, ...]


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Render a page; a refusal shows beside what was typed, under its own status code."""
    shown = {
        **context,
        "seat": seat(identity.actor_of(request)),
        "lease": getattr(request, "lease", None),
        "refusal": refusal,
        "wrong": wrong(refusal),
    }
    response = render(request, f"desk/{template}", shown, status=refusal.status if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response


def seat(actor: Actor) -> Seat:
    """Return the officer's seat."""
    agency = directory.agency(actor.agency_id).name if actor.agency_id else ""
    return Seat(
        agency_name=agency, places=_kept_places(actor.roles, get_language(), get_script_prefix())
    )


@lru_cache(maxsize=500)
def _kept_places(roles: frozenset[str], _language: str | None, _prefix: str) -> tuple[Place, ...]:
    """Return the places of these roles; a page asks for nothing else so often."""
    return tuple(_places(roles))


def _places(roles: frozenset[str]) -> list[Place]:
    home = reverse("desk:home")
    places = [Place(key="mine", title=_("Việc của tôi"), icon="inbox", url=home)]
    if "reception" in roles:
        url = reverse("desk:counter")
        places.append(Place(key="counter", title=_("Tiếp nhận tại quầy"), icon="people", url=url))
        url = reverse("desk:cash")
        places.append(Place(key="cash", title=_("Thu tiền mặt"), icon="card", url=url))
    if "leader" in roles:
        url = reverse("desk:sign")
        places.append(Place(key="sign", title=_("Chờ tôi ký"), icon="pen", url=url))
        url = reverse("desk:complaints")
        title = _("Phản ánh, kiến nghị")
        places.append(Place(key="complaints", title=title, icon="bell", url=url))
        url = reverse("desk:reassign")
        places.append(Place(key="reassign", title=_("Phân công lại"), icon="share", url=url))
    url = f"{home}?xem=all"
    places.append(Place(key="all", title=_("Hồ sơ của cơ quan"), icon="list", url=url))
    url = reverse("desk:register")
    places.append(Place(key="register", title=_("Sổ theo dõi hồ sơ"), icon="book", url=url))
    places += [
        Place(key="registries", title=_("Sổ, cơ sở dữ liệu"), icon="folder", url=_at("registries")),
        Place(key="data", title=_("Dữ liệu của tỉnh"), icon="db", url=_at("dictionary")),
    ]
    title = _("Vắng mặt, người thay")
    places += [Place(key="absence", title=title, icon="swap", url=_at("absence")), *_rights(roles)]
    places += [
        Place(key="phrases", title=_("Mẫu câu"), icon="copy", url=_at("phrases")),
        Place(key="photo", title=_("Ảnh của tôi"), icon="user", url=_at("photo")),
    ]
    if "admin" in roles:
        url = reverse("desk:admin")
        places.append(Place(key="admin", title=_("Quản trị"), icon="shield", url=url))
        places.append(
            Place(
                key="personnel",
                title=_("Đến, chuyển, nghỉ"),
                icon="people",
                url=_at("personnel"),
            )
        )
        url = reverse("desk:calendar")
        places.append(Place(key="calendar", title=_("Lịch làm việc"), icon="cal", url=url))
    return places


def _rights(roles: frozenset[str]) -> Iterator[Place]:
    """Yield where rights are asked for, given and explained."""
    yield Place(key="rights", title=_("Quyền có thời hạn"), icon="key", url=_at("rights"))
    if roles & {"leader", "admin"}:
        yield Place(key="mandates", title=_("Thẩm quyền ký"), icon="seal", url=_at("mandates"))
    if roles & {"auditor", "admin"}:
        yield Place(key="why", title=_("Vì sao xem được"), icon="eye", url=_at("why"))


def _at(name: str) -> str:
    return reverse(f"desk:{name}")


def wrong(refusal: Refusal | None) -> dict[str, str]:
    """Return what is wrong by field, for the sentences beside the inputs."""
    return {problem.field: problem.say for problem in refusal.problems} if refusal else {}


def document(content: Content) -> StreamingHttpResponse:
    """Answer with a document that may stand inside our own pages.

    A refusal to open it is raised before the answer begins.
    """
    chunks = iter(content.chunks)
    first = next(chunks, b"")
    media_type = content.media_type or "application/octet-stream"
    response = StreamingHttpResponse(chain((first,), chunks), content_type=media_type)
    handed_over = media_type not in SHOWN_INSIDE
    disposition = content_disposition_header(handed_over, content.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def text(request: HttpRequest, name: str) -> str:
    """Return one typed value without the blanks around it."""
    return str(request.POST.get(name, "")).strip()


def texts(request: HttpRequest, name: str) -> list[str]:
    """Return every typed value of a name, without blanks around and without empty ones."""
    return [value for typed in request.POST.getlist(name) if (value := str(typed).strip())]
