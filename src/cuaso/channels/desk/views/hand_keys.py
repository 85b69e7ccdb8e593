"""The keys in an official's own hand: whose they are, taking one up, giving one up."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.capabilities.signing import api as signing
from cuaso.channels.desk import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed, NotFound, Refusal

ASKED = "desk.key_proof"
WAYS: dict[str, signing.HandWay] = {"phone": "phone", "sim": "sim"}


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def hand_keys(request: HttpRequest) -> HttpResponse:
    """Show the keys of the post; `act=ask` asks a phone for a proof, `act=take` keeps the key once
    it came, `act=forget` asks no more, `act=give_up` has a key sign no more.
    """
    actor = identity.actor_of(request)
    if request.method != "POST":
        return _page(request, actor, None)
    act = request.POST.get("act", "")
    try:
        if act == "ask":
            _ask(request, actor)
        elif act == "take":
            _take(request, actor)
        elif act == "forget":
            request.session.pop(ASKED, None)
        elif act == "give_up":
            _give_up(request, actor)
    except Refusal as refusal:
        return _page(request, actor, refusal)
    return redirect("desk:hand_keys")


def _ask(request: HttpRequest, actor: Actor) -> None:
    proof = signing.ask_proof(
        way=WAYS.get(answers.text(request, "way"), "phone"),
        account=answers.text(request, "account"),
        name=actor.name,
    )
    told = {**proof.__dict__, "ends_at": proof.ends_at.isoformat(), "post": str(_post(actor))}
    request.session[ASKED] = told


def _take(request: HttpRequest, actor: Actor) -> None:
    proof = _asked(request, actor)
    if proof is None:
        return
    try:
        key = signing.take_up_key(proof, name=actor.name, owner_id=_post(actor), actor=actor)
    except Refusal:
        request.session.pop(ASKED, None)
        raise
    if key is None:
        notes.info(request, _("Chưa nhận được xác nhận từ điện thoại."))
        return
    request.session.pop(ASKED, None)
    notes.success(request, _("Đã đăng ký khóa. Từ nay ông/bà ký được bằng khóa này."))


def _give_up(request: HttpRequest, actor: Actor) -> None:
    signing.give_up_key(
        id=_which(request),
        owner_id=_post(actor),
        reason=answers.text(request, "reason"),
        actor=actor,
    )
    notes.success(request, _("Đã trả khóa. Chữ ký đã ký trước đó vẫn giữ giá trị."))


def _which(request: HttpRequest) -> UUID:
    try:
        return UUID(answers.text(request, "id"))
    except ValueError as error:
        raise NotFound(code="desk.no_key", what=_("Không có khóa này.")) from error


def _post(actor: Actor) -> UUID:
    if actor.post_id is None:
        raise NotAllowed(
            code="desk.no_post",
            what=_("Ông/bà không giữ chức danh nào nên không đăng ký khóa ký số."),
        )
    return actor.post_id


def _asked(request: HttpRequest, actor: Actor) -> signing.KeyProof | None:
    """Return the proof that this session waits for, if it is of this post."""
    told = request.session.get(ASKED)
    if not told or told["post"] != str(actor.post_id):
        return None
    words = {name: value for name, value in told.items() if name not in {"post", "ends_at"}}
    return signing.KeyProof(**words, ends_at=datetime.fromisoformat(told["ends_at"]))


def _page(request: HttpRequest, actor: Actor, refusal: Refusal | None) -> HttpResponse:
    keys = signing.hand_keys(owner_id=actor.post_id) if actor.post_id else ()
    context = {
        "at": "sign",
        "keys": [(key, _standing(key)) for key in keys],
        "leads": "leader" in actor.roles,
        "asked": _asked(request, actor),
        "typed": {
            "way": answers.text(request, "way") or "phone",
            "account": answers.text(request, "account"),
        },
        "ways": [
            ("phone", _("Ứng dụng ký số trên điện thoại")),
            ("sim", _("SIM ký số của nhà mạng")),
        ],
    }
    return answers.page(request, "hand_keys.html", context, refusal=refusal)


def _standing(key: signing.KeyInfo) -> str:
    if key.revoked_at is not None:
        return "given_up"
    return "in_force" if key.valid_from_at <= clock.now() < key.valid_to_at else "over"
