"""Which system account runs the cluster: PostgreSQL refuses to run as root."""

import grp
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account of the operating system. `switch` says that we are root and must become it."""

    name: str
    uid: int
    gid: int
    switch: bool

    def can_reach(self, path: Path) -> bool:
        """Tell whether the account may enter every folder on the way to the path."""
        return all(self._may_enter(folder) for folder in path.parents)

    def own(self, path: Path) -> None:
        """Give a folder to the account alone."""
        path.chmod(0o700)
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def _may_enter(self, folder: Path) -> bool:
        try:
            about = folder.stat()
        except FileNotFoundError:
            return True
        if about.st_uid == self.uid:
            return bool(about.st_mode & stat.S_IXUSR)
        if about.st_gid == self.gid:
            return bool(about.st_mode & stat.S_IXGRP)
        return bool(about.st_mode & stat.S_IXOTH)


def chosen() -> Account:
    """Return ourselves; as root, the account `postgres` if there is one, else `nobody`."""
    if os.geteuid() != 0:
        return Account(name="", uid=os.geteuid(), gid=os.getegid(), switch=False)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid, switch=True)
    return Account(name="65534", uid=65534, gid=grp.getgrgid(os.getegid()).gr_gid, switch=True)
