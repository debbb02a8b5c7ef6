"""Look at where a study lies: cloud folders, network drives, copies that stand in conflict."""

from __future__ import annotations

import os
import re
import warnings
from pathlib import Path

from bantar_qual.errors import BantarWarning
from bantar_qual.store import backups

_CLOUDS = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "drive saya": "Google Drive",
    "icloud": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "box sync": "Box",
    "syncthing": "Syncthing",
}
_NETWORKS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "davfs", "fuse.sshfs", "fuse.rclone"}
_CONFLICT = re.compile(r"conflict|konflik|in konflikt stehend", re.IGNORECASE)
_TWIN = re.compile(r" ?\(\d+\)| \d+|-[A-Z0-9]+(-[A-Z0-9]+)*")  # Drive, iCloud, OneDrive
_REMOTE_DRIVE = 4  # what Windows calls a drive on another computer

_told: set[Path] = set()


def look_around(path: Path) -> None:
    """Warn, once for each study, about a place where files are easily overtaken or torn.

    Warns
    -----
    BantarWarning
        If the study lies in a cloud folder or on a network drive, beside a copy in conflict
        with it, or is itself a backup.
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - no link is followed: the name counts
    if whole in _told:
        return
    _told.add(whole)
    for said in said_about(whole):
        warnings.warn(f"{path.name}: {said}", BantarWarning, stacklevel=4)


def said_about(path: Path) -> list[str]:
    """Return a sentence for each thing that is risky about a place."""
    cloud, said = _cloud(path), []
    if cloud:
        said.append(
            f"the study lies in a {cloud} folder. Work on it on one computer at a time, close it, "
            f"and let {cloud} finish before you open it elsewhere"
        )
    elif _on_network(path):
        said.append(
            "the study lies on a network drive. Let only one computer work on it at a time, "
            "or keep it on your own disk"
        )
    twins = _twins(path, cloud=bool(cloud))
    if twins:
        said.append(
            f"beside the study lies a copy in conflict with it: {', '.join(twins)}. Open both, "
            "decide which is the right one, and put the other into another folder"
        )
    if backups.is_backup(path):
        said.append(
            "this is a backup, and what you change in it does not reach the study. Copy it under "
            "another name before you work on it"
        )
    return said


def _cloud(path: Path) -> str:
    for part in path.parts[:-1]:
        for word, name in _CLOUDS.items():
            if part.lower().startswith(word):
                return name
    return ""


def _on_network(path: Path) -> bool:
    if str(path).startswith(("\\\\", "//")):
        return True
    if os.name == "nt":
        import ctypes

        kind = getattr(ctypes, "windll").kernel32.GetDriveTypeW  # noqa: B009 - mypy on Linux
        return bool(kind(f"{path.drive}\\") == _REMOTE_DRIVE)
    return _file_system(path) in _NETWORKS


def _file_system(path: Path) -> str:
    """Return the kind of file system, as Linux tells it; nothing where it is not told."""
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    mounts = [line.split()[1:3] for line in lines]
    over = [(point, kind) for point, kind in mounts if path.is_relative_to(point)]
    return max(over, key=lambda mount: len(mount[0]))[1] if over else ""


def _twins(path: Path, *, cloud: bool) -> list[str]:
    """Name the copies that a cloud made because two computers wrote at once."""
    try:
        beside = [p for p in path.parent.iterdir() if p.name != path.name]
    except OSError:
        return []
    named = [p for p in beside if p.name.startswith(path.stem) and p.suffix == path.suffix]
    rest = {p.name: p.stem[len(path.stem) :] for p in named}
    return sorted(
        name
        for name, tail in rest.items()
        if _CONFLICT.search(tail) or (cloud and _TWIN.fullmatch(tail))
    )
