"""What a program with python-ldap sees and may do; run by the system's own Python, it prints JSON.

Arguments: address, file of the trusted certificate, root of the tree, user name, password.
"""

import json
import sys
from typing import Any

import ldap  # type: ignore[import-not-found] # of the system's Python, no part of the house
from ldap.controls import SimplePagedResultsControl  # type: ignore[import-not-found]


def opened(address: str, trusted: str) -> Any:
    """Return a connection that was made private by StartTLS."""
    link = ldap.initialize(address)
    link.set_option(ldap.OPT_X_TLS_CACERTFILE, trusted)
    link.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
    link.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
    link.set_option(ldap.OPT_NETWORK_TIMEOUT, 10)
    link.start_tls_s()
    return link


def pages(link: Any, base: str, size: int) -> list[list[str]]:
    """Return the people by pages of a size (RFC 2696)."""
    control, found = SimplePagedResultsControl(True, size=size, cookie=""), []
    while True:
        asked = link.search_ext(
            base, ldap.SCOPE_SUBTREE, "(objectClass=inetOrgPerson)", ["uid"], serverctrls=[control]
        )
        _, rows, _, answers = link.result3(asked)
        found.append([attributes["uid"][0].decode() for _, attributes in rows])
        control.cookie = answers[0].cookie
        if not control.cookie:
            return found


def refusal(act: Any) -> str:
    """Return the name of the error that an act meets, "" for none."""
    try:
        act()
    except ldap.LDAPError as error:
        return type(error).__name__
    return ""


def main() -> None:
    address, trusted, base, who, password = sys.argv[1:]
    name = f"uid={who},ou=people,{base}"
    link = opened(address, trusted)
    told: dict[str, object] = {
        "wrong": refusal(lambda: link.simple_bind_s(name, "sai")),
        "nobody": refusal(lambda: link.search_s(base, ldap.SCOPE_SUBTREE, "(uid=*)")),
    }
    link.simple_bind_s(name, password)
    told["me"] = link.whoami_s()
    told["pages"] = pages(link, f"ou=people,{base}", 2)
    (_, mine), *_ = link.search_s(name, ldap.SCOPE_BASE, "(objectClass=*)")
    told["cn"] = sorted(value.decode() for value in mine["cn"])
    told["photo"] = [len(one) for one in mine.get("jpegPhoto", [])]
    told["compared"] = link.compare_s(name, "uid", who.encode())
    told["written"] = [
        refusal(lambda: link.modify_s(name, [(ldap.MOD_REPLACE, "mail", [b"x@x.vn"])])),
        refusal(lambda: link.delete_s(name)),
        refusal(lambda: link.passwd_s(name, password, "khac")),
    ]
    link.unbind_s()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
