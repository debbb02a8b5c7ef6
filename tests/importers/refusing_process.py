"""Read files, each in a process of its own with one second and 200 MB more than before.

Run as a script: names of files as arguments; a line of JSON for each, with what was said.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import socket
import sys
from pathlib import Path

from bantar_qual.errors import UnreadableDocument
from bantar_qual.importers import importers, read_document

_MORE = 200_000_000
_SECONDS = 1


def no_network(*_: object, **__: object) -> None:
    """Stand in the way of every connection."""
    raise AssertionError("a connection was tried")


def limited(path: str) -> dict[str, object]:
    """Read one file with little time and memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + _MORE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    try:
        document = read_document(path, language="id")
    except UnreadableDocument as error:
        return {"refused": str(error)}
    except BaseException as error:  # noqa: BLE001 - whatever else comes is what the test looks for
        return {"raised": f"{type(error).__name__}: {error}"[:300]}
    return {"text": document.text[:2000], "notes": document.notes}


def apart(path: str) -> dict[str, object]:
    """Read one file in a child, and say so if that was killed."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        with os.fdopen(into, "w", encoding="utf-8") as file:
            json.dump(limited(path), file)
        os._exit(0)
    os.close(into)
    with os.fdopen(out, encoding="utf-8") as file:
        told = file.read()
    _, status = os.waitpid(child, 0)
    return json.loads(told) if told else {"killed": status}


if __name__ == "__main__":
    socket.socket.connect = no_network  # type: ignore[method-assign, assignment]
    list(importers)
    importlib.import_module("lxml.etree")  # so that its own size is not the file's
    for name in sys.argv[1:]:
        sys.stdout.write(json.dumps({"file": Path(name).name, **apart(name)}) + "\n")
        sys.stdout.flush()
