"""Open data of the province's registers: what there is, what is in it, files for machines.

Files are the same for everybody and may be kept by anybody: no cookie decides what is in them.
"""

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import DatasetCard
from cuaso.channels.portal import answers, opendata_words, tries
from cuaso.channels.portal.views.proving import language_of
from cuaso.kernel.errors import TooMany
from cuaso.kernel.text import fold
from cuaso.services.planning import api as planning

FILES = 60
SECONDS_KEPT = 300


@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    every = registries.datasets(language=language_of())
    found = [card for card in every if _matches(card, words)]
    context = {
        "at": "open_data",
        "words": words,
        "any": bool(every),
        "sectors": planning.shelves(found),
    }
    return answers.page(request, "open_data.html", context)


def _matches(card: DatasetCard, words: str) -> bool:
    said = fold(" ".join((card.title, card.about, card.owner_name)))
    return all(word in said for word in fold(words).split())


@require_safe
def dataset(request: HttpRequest, pack: str, name: str) -> HttpResponse:
    found = registries.dataset(registry=f"{pack}/{name}", language=language_of())
    shown = [one for one in found.columns if not one.label]
    context = {
        "at": "open_data",
        "dataset": found,
        "shown": shown,
        "rows": [list(zip(shown, row, strict=True)) for row in found.rows],
        "base": f"{opendata_words.HOME}{found.card.key}/",
    }
    return answers.page(request, "dataset.html", context)


@require_safe
def csv_file(request: HttpRequest, pack: str, name: str) -> HttpResponseBase:
    return _file(request, f"{pack}/{name}", "csv")


@require_safe
def json_file(request: HttpRequest, pack: str, name: str) -> HttpResponseBase:
    return _file(request, f"{pack}/{name}", "json")


def _file(request: HttpRequest, key: str, kind: registries.OpenKind) -> HttpResponseBase:
    language = "en" if request.GET.get("ngon-ngu") == "en" else "vi"
    tag = f'W/"{registries.open_stamp(registry=key)}-{kind}-{language}"'
    known = get_conditional_response(request, etag=tag)
    if known is not None:
        return _kept(known, tag)
    _refuse_flood(request)
    media, content = registries.open_file(registry=key, kind=kind, language=language)
    response = StreamingHttpResponse(content, content_type=media)
    name = key.replace("/", "-")
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return _kept(response, tag)


def _kept(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={SECONDS_KEPT}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _refuse_flood(request: HttpRequest) -> None:
    if tries.over(request, action="open_data", limit=FILES):
        raise TooMany(
            code="portal.too_many_files",
            what=_("Đã tải quá nhiều tệp trong thời gian ngắn."),
            why=_("Số lần tải được giới hạn để ai cũng tải được."),
            mend=_("Hãy chờ 10 phút rồi tải tiếp; tệp chưa đổi thì không cần tải lại."),
        )


@require_safe
def package(request: HttpRequest, pack: str, name: str) -> HttpResponseBase:
    """Answer with the dataset's datapackage.json: where its files are, what each column means."""
    key = f"{pack}/{name}"
    columns = registries.open_columns(registry=key)
    card = next(one for one in registries.datasets() if one.key == key)
    return _described(request, opendata_words.package(card, columns))


@require_safe
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """Answer with every dataset as a DCAT catalogue in JSON-LD, for portals that gather."""
    content = opendata_words.catalogue(registries.datasets())
    return _described(request, content, media="application/ld+json")


def _described(
    request: HttpRequest, content: dict[str, object], *, media: str = "application/json"
) -> HttpResponseBase:
    response = JsonResponse(
        content, content_type=media, json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    tag = opendata_words.tag_of(response.content)
    known = get_conditional_response(request, etag=tag)
    return _kept(known if known is not None else response, tag)
