"""What every page knows about the house's mode: outside production a banner says so."""

from django.conf import settings
from django.http import HttpRequest

SENTENCES = {
    "demo": (
        "Trang trình diễn: mọi người và hồ sơ đều là hư cấu, giấy tờ không có giá trị pháp lý.",
        "Demonstration: all people and dossiers are invented; papers have no legal value.",
    ),
    "test": ("Hệ thống thử nghiệm.", "Test system."),
}


def banner(request: HttpRequest) -> dict[str, object]:
    """Give templates `mode`, and `mode_banner` with `vi` and `en`, None in production."""
    del request
    sentences = SENTENCES.get(settings.MODE)
    shown = {"vi": sentences[0], "en": sentences[1]} if sentences else None
    return {"mode": settings.MODE, "mode_banner": shown}
