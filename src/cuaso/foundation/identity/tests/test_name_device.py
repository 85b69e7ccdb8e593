"""A person recognises their own devices."""

import pytest

from cuaso.foundation.identity.logic.name_device import name_device

ANDROID = "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (f"{ANDROID} Chrome/141.0 Mobile Safari/537.36", "Chrome trên điện thoại Android"),
        (
            f"{WINDOWS} coc_coc_browser/129 Chrome/123 Safari/537.36",
            "Cốc Cốc trên máy tính Windows",
        ),
        (f"{WINDOWS} Chrome/141.0 Safari/537.36 Edg/141.0", "Edge trên máy tính Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox trên máy tính Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "iPhone"),
        ("curl/8.5.0", "Thiết bị không rõ"),
        ("", "Thiết bị không rõ"),
    ],
)
def test_a_person_reads_which_device_is_signed_in(told, said):
    assert name_device(told) == said
