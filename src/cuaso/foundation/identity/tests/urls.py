"""Identity's addresses, and pages behind its gates."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from cuaso.foundation.identity.gates import citizen_required, data_class_required, official_required
from cuaso.foundation.identity.logic.resolve_actor import actor_of


def who(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return HttpResponse(f"{actor.kind}|{actor.name}|{actor.for_id}|{actor.post_id}")


urlpatterns = [
    path("", include("cuaso.foundation.identity.urls")),
    path("ai/", who),
    path("can-bo/", official_required(who)),
    path("lanh-dao/", official_required(role="leader")(who)),
    path("can-bo/nhay-cam/", official_required(data_class_required("sensitive")(who))),
    path("cong-dan/nhay-cam/", citizen_required(data_class_required("sensitive")(who))),
    path("cong-dan/", citizen_required(who)),
    path("cong-dan-muc-2/", citizen_required(assurance=2)(who)),
]
handler429 = "cuaso.foundation.identity.pages.too_many"
