"""mod_auth_openidc in Debian's Apache guards a site by the house's sign-in."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import httpx
import pytest

from cuaso.foundation.identity.contracts import SystemDraft
from cuaso.foundation.identity.logic.open_account import close_account
from cuaso.foundation.identity.provider.clients.register import register_system
from cuaso.foundation.identity.provider.keys import stock
from cuaso.foundation.identity.provider.logout.tell import tell_logouts
from cuaso.foundation.identity.provider.models import LogoutNotice
from cuaso.foundation.identity.tests import world
from cuaso_simulators.process import free_port

pytestmark = pytest.mark.outside

PERSON = {"login": "tiepnhan.quynhon", "password": world.PASSWORD}
MODULES = Path("/usr/lib/apache2/modules")
NAMES = ("mpm_event", "authn_core", "authz_core", "authz_user", "headers", "auth_openidc")
SITE = """
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/log
Mutex file:{folder}
DocumentRoot {folder}/site
{owner}
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID apache
OIDCClientSecret {secret}
OIDCRedirectURI http://127.0.0.1:{port}/tro-lai
OIDCCryptoPassphrase {secret}
OIDCScope "openid profile"
OIDCPKCEMethod S256
OIDCRemoteUserClaim preferred_username
<Location />
  AuthType openid-connect
  Require valid-user
  Header set X-Person expr=%{{REMOTE_USER}}
  Header set X-Sid expr=%{{reqenv:OIDC_CLAIM_sid}}
</Location>
<Location /da-ra>
  AuthType none
  Require all granted
</Location>
"""


@pytest.fixture
def house(transactional_db, live_server, settings):
    settings.ROOT_URLCONF = "cuaso.foundation.identity.tests.urls"
    settings.PUBLIC_URL = live_server.url
    stock.forget()
    person = world.official(username=PERSON["login"], roles={"reception"})
    yield live_server.url, person
    stock.forget()


@pytest.fixture
def site(house):
    """Apache with its module, registered here, on a port of its own; stopped afterwards."""
    program = shutil.which("apache2", path="/usr/sbin:/usr/bin")
    assert program, "Thiếu apache2: hãy cài gói apache2 và libapache2-mod-auth-openidc."
    port = free_port()
    own = f"http://127.0.0.1:{port}"
    made = register_system(
        actor=world.TESTER,
        draft=SystemDraft(
            client_id="apache",
            name="Trang sau Apache",
            redirect_uris=(f"{own}/tro-lai",),
            post_logout_redirect_uris=(f"{own}/da-ra",),
            backchannel_logout_uri=f"{own}/tro-lai?logout=backchannel",
            first_party=True,
        ),
    )
    # Not the folder of the test: Apache's own user reads the site.
    folder = Path(tempfile.mkdtemp(prefix="apache-"))
    folder.chmod(0o755)
    (folder / "site").mkdir()
    for name in ("index.html", "da-ra"):
        (folder / "site" / name).write_text(f"Đây là {name}.")
    owner = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    loads = [f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in NAMES]
    words = SITE.format(port=port, folder=folder, owner=owner, issuer=house[0], secret=made.secret)
    (folder / "conf").write_text("\n".join(loads) + words)
    process = subprocess.Popen([program, "-f", str(folder / "conf"), "-DFOREGROUND"])
    try:
        wait_for(own, process, folder)
        yield own
    finally:
        process.terminate()
        process.wait(timeout=20)
        shutil.rmtree(folder)


def wait_for(address, process, folder):
    for _ in range(100):
        assert process.poll() is None, (folder / "log").read_text()
        try:
            httpx.get(f"{address}/da-ra", timeout=2)
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError((folder / "log").read_text())


def come_in(browser, issuer, site):
    """Open the site as a person does who is not signed in yet; return its answer."""
    door = browser.get(f"{site}/index.html")
    token = world.found(door.text, r'csrfmiddlewaretoken" value="([^"]+)"')
    back = dict(door.url.params)["next"]
    login = {**PERSON, "csrfmiddlewaretoken": token, "next": back}
    page = browser.post(f"{issuer}/dang-nhap/can-bo/", data=login)
    if page.url.host != "127.0.0.1":
        onward = world.found(page.text, r'class="btn main" href="([^"]+)"')
        page = browser.get(onward.replace("&amp;", "&"))
    return page


def test_KT_f2_KT_f3_apache_lets_a_person_in_and_out_and_hears_of_the_end(house, site):
    issuer, person = house
    with httpx.Client(follow_redirects=True, timeout=20) as browser:
        page = come_in(browser, issuer, site)
        assert page.text == "Đây là index.html."
        assert page.headers["X-Person"].startswith("tiepnhan.quynhon")
        assert len(page.headers["X-Sid"]) == 36
        again = browser.get(f"{site}/index.html", follow_redirects=False)
        assert again.text == "Đây là index.html."
        left = browser.get(f"{site}/tro-lai", params={"logout": f"{site}/da-ra"})
        assert (str(left.url), left.text) == (f"{site}/da-ra", "Đây là da-ra.")
        out = browser.get(f"{site}/index.html", follow_redirects=False)
        assert out.status_code == 302
        assert out.headers["location"].startswith(f"{issuer}/oidc/authorize?")
        # Once more, and this time the house ends it behind the browser's back.
        assert come_in(browser, issuer, site).text == "Đây là index.html."
        close_account(actor=world.TESTER, account_id=person.account_id, reason="Thôi việc")
        assert tell_logouts() >= 1
        assert LogoutNotice.objects.filter(told_at=None).count() == 0
        ended = browser.get(f"{site}/index.html", follow_redirects=False)
        assert ended.status_code == 302
