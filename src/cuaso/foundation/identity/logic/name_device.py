"""Say a device in words that its owner knows, instead of a browser's own description."""

from typing import Final

UNKNOWN: Final = "Thiết bị không rõ"
# The first that fits: most browsers name the ones before them as well.
_BROWSERS: Final = (
    ("coc_coc", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "điện thoại Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "máy tính Windows"),
    ("Mac OS X", "máy Mac"),
    ("CrOS", "máy Chromebook"),
    ("Linux", "máy tính Linux"),
)


def name_device(user_agent: str) -> str:
    """Return for example “Chrome trên điện thoại Android”; what is not known is left out."""
    browser = next((said for mark, said in _BROWSERS if mark in user_agent), "")
    system = next((said for mark, said in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} trên {system}"
    return browser or system or UNKNOWN
