"""Real notebook servers for the widget's tests, kept apart from the person's own Jupyter."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Page

PACKAGE = Path(__file__).parents[2]
TOKEN = "test"  # noqa: S105 - of a server that lives for a minute, on this machine only


def free_port() -> int:
    """Return a port that nobody uses at the moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which a server finds no settings but those of the test."""
    parts = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
        "XDG_CONFIG_HOME": "xdg",
    }
    chosen = {name: str(folder / "own" / part) for name, part in parts.items()}
    for place in chosen.values():
        Path(place).mkdir(parents=True, exist_ok=True)
    quiet = Path(chosen["JUPYTERLAB_SETTINGS_DIR"]) / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True, exist_ok=True)
    news = {"fetchNews": "false", "checkForUpdates": False}
    (quiet / "notification.jupyterlab-settings").write_text(json.dumps(news))
    path = os.pathsep.join([str(PACKAGE), os.environ.get("PYTHONPATH", "")])
    return {
        **os.environ,
        **chosen,
        "PYTHONPATH": path,
        "JUPYTER_PLATFORM_DIRS": "0",
        "MPLBACKEND": "agg",
    }


@contextlib.contextmanager
def serving(command: Sequence[str], folder: Path, address: str) -> Iterator[None]:
    """Run a server until the block is over; wait until it answers."""
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=folder, env=environment(folder), stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        for _ in range(240):
            if server.poll() is not None:
                raise AssertionError((folder / "server.log").read_text()[-3000:])
            with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):  # noqa: S310
                break
            time.sleep(0.25)
        yield
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(10)
        log.close()


def notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of code cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    data = {
        "cells": [
            {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": source,
             "outputs": [], "execution_count": None}
            for n, source in enumerate(cells)
        ],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }  # fmt: skip
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def watch(page: Page) -> list[str]:
    """Return the list of all addresses outside this machine that a page asks for."""
    asked: list[str] = []

    def note(url: str) -> None:
        if not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "blob:", "data:", "about:")):
            asked.append(url)

    page.on("request", lambda request: note(request.url))
    page.on("websocket", lambda socket_: note(socket_.url))
    return asked


IDLE = """() => globalThis.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === "idle" """


def run_all(page: Page) -> None:
    """Run every cell of the notebook in front, once its kernel is there."""
    page.wait_for_function(IDLE, timeout=60_000)
    page.evaluate("() => { globalThis.jupyterapp.commands.execute('notebook:run-all-cells'); }")
