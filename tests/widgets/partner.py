"""A coding page without a browser, for tests of Python's side of it."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from bantar_qual.widgets.desk import Desk

_numbers = count(1)
_USUAL: dict[str, dict[str, Any]] = {  # what a page sends where nothing else was chosen
    "code": {"label": ""},
    "recode": {"label": ""},
    "accept": {"code": "", "label": "", "valence": "as given", "memo": ""},
}


class Partner:
    """A page without a browser: it keeps what a page keeps, and asks as a page asks."""

    def __init__(self, desk: Desk, document: str = "") -> None:
        self.desk = desk
        body = ""
        (reply,) = desk.answer({"kind": "hello", "client": "c", "document": document})
        while reply["kind"] == "snapshot":
            body += reply["body"]
            if reply["part"] + 1 == reply["parts"]:
                break
            (reply,) = desk.answer({"kind": "more", "client": "c", "part": reply["part"] + 1})
        self.snapshot = json.loads(body)
        self.name = self.snapshot["document"]["name"]
        self.text = self.snapshot["document"]["text"]
        self.rev, self.book = self.snapshot["rev"], self.snapshot["book"]
        self.codings = {row[0]: row for row in self.snapshot["codings"]}

    def take(self, patch: dict[str, Any]) -> dict[str, Any]:
        """Take a patch in, as the page does."""
        if not patch.get("same"):
            for number in patch["gone"]:
                self.codings.pop(number, None)
            self.codings |= {row[0]: row for row in patch["codings"]}
            self.rev, self.book = patch["rev"], patch["book"]
        return patch

    def ask(self) -> dict[str, Any]:
        """Ask what changed."""
        question = {
            "kind": "ask",
            "client": "c",
            "document": self.name,
            "rev": self.rev,
            "book": self.book,
        }
        return self.take(self.desk.answer(question)[0])

    def do(self, op: str, *, number: str = "", **args: Any) -> dict[str, Any]:
        """Send a command, and take its answer in."""
        command = {
            "kind": "cmd", "client": "c", "id": number or f"command-{next(_numbers)}", "op": op,
            "document": self.name, "args": {**_USUAL.get(op, {}), **args}, "rev": self.rev, "book": self.book,
        }  # fmt: skip
        answer = self.take(self.desk.answer(command)[0])
        self.desk.pass_on()
        return answer

    def code(
        self, words: str, path: str, valence: str | None = None, number: str = ""
    ) -> dict[str, Any]:
        """Code words that stand once in the document."""
        start = self.text.index(words)
        return self.do(
            "code", number=number, start=start, end=start + len(words), quote=words, code=path,
            valence=valence,
        )  # fmt: skip
