"""Answer what a coding page asks: Python is the authority, the page only shows and asks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakSet

import pandas as pd

from bantar_qual.errors import BantarError, PageError
from bantar_qual.store import pages, versions
from bantar_qual.store.pages import Eyes
from bantar_qual.widgets import queue, showing, sides
from bantar_qual.widgets.protocol import (
    PROTOCOL,
    Command,
    check_quote,
    path_for,
    pieces,
    read_command,
)

if TYPE_CHECKING:
    from bantar_qual.project import Project

Mode = Literal["code", "review", "compare"]
Reply = dict[str, Any]
Message = Mapping[str, Any]

_OPEN = 60.0  # seconds; an open page asks every few of them
_locks: dict[str, threading.RLock] = {}
_desks: WeakSet[Desk] = WeakSet()


@dataclass(kw_only=True, eq=False)
class Desk:
    """One page's partner in Python: what it may see, and what it may do.

    A page's messages may arrive on any thread; commands on one study are carried out one by one.
    """

    project: Project
    document: str = ""
    mode: Mode = "code"
    blind: bool = False
    language: str = ""
    keys: Sequence[str] = ()
    wanted: queue.Wanted = field(default_factory=queue.Wanted)
    between: sides.People = ("", "")  # whom a page compares
    wake: Callable[[], None] = lambda: None
    heard: float = field(default=float("-inf"), init=False)  # when the page last said anything
    _changed: bool = field(default=False, init=False)
    _bodies: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    _left: dict[str, int] = field(default_factory=dict, init=False)  # differences, by document

    def __post_init__(self) -> None:
        self.language = self.language or self.project.language
        _desks.add(self)

    @property
    def eyes(self) -> Eyes:
        """What this page's researcher may see."""
        me = self.project.coder if self.blind else ""
        return Eyes(coder=me, suggestions=self.mode == "review")

    def answer(self, message: object) -> list[Reply]:
        """Answer one message of the page; what is no message is passed over."""
        if not isinstance(message, Mapping):
            return []
        answers: dict[str, Callable[[Message], list[Reply]]] = {
            "hello": self._hello,
            "more": self._more,
            "ask": self._ask,
            "cmd": self._command,
            "queue": self._differences if self.mode == "compare" else self._queue,
            "learning": self._learning,
        }
        found = answers.get(str(message.get("kind")))
        if found is None:
            return []
        self.heard = time.monotonic()
        to = str(message.get("client", ""))
        try:
            replies = found(message)
        except BantarError as error:
            replies = [{"kind": "trouble", "re": message.get("id"), "error": str(error)}]
        return [{"to": to, **reply} for reply in replies]

    def pass_on(self) -> None:
        """Tell the other open pages of the study that something changed, if anything did.

        Done once the page itself has its answer.
        """
        changed, self._changed = self._changed, False
        for other in list(_desks) if changed else ():
            open_now = time.monotonic() - other.heard < _OPEN
            if other is not self and open_now and other.project.path == self.project.path:
                other.wake()

    # ------------------------------------------------------------ showing

    def _hello(self, message: Message) -> list[Reply]:
        wanted = str(message.get("document") or "") or self.document or self._first()
        body = json.dumps(self._snapshot(wanted), ensure_ascii=False)
        self.document = wanted
        parts = pieces(body)
        client = str(message.get("client", ""))
        greeting = str(message.get("id") or "")
        self._bodies[client] = (greeting, parts)
        return self._piece(client, greeting, 0)

    def _more(self, message: Message) -> list[Reply]:
        part = message.get("part")
        greeting = str(message.get("id") or "")
        number = part if isinstance(part, int) else 0
        return self._piece(str(message.get("client", "")), greeting, number)

    def _piece(self, client: str, greeting: str, part: int) -> list[Reply]:
        asked, parts = self._bodies.get(client, ("", []))
        if asked != greeting:
            return []  # the page greeted again meanwhile, and is being answered
        if not 0 <= part < len(parts):
            return [{"kind": "again"}]
        if part + 1 == len(parts):
            del self._bodies[client]  # the words of a transcript stay nowhere longer than needed
        told = {"kind": "snapshot", "re": greeting, "part": part, "parts": len(parts)}
        return [told | {"body": parts[part]}]

    def _first(self) -> str:
        """Return the document to open where none was named."""
        if self.mode == "review":
            found, _ = queue.suggestions(self.project, self.wanted, count=1)
            if found:
                return str(found[0]["document"])
        if self.mode == "compare":
            self._left = sides.left(self.project, self.between)
            found_left = (name for name, count in self._left.items() if count)
            if name := next(found_left, next(iter(self._left), "")):
                return name
        names = list(self.project.documents().index)
        if not names:
            msg = "the study has no documents yet; bring some in with project.import_documents"
            raise PageError(msg)
        return str(names[0])

    def _snapshot(self, name: str) -> Mapping[str, Any]:
        document = self.project.document(name)
        sight = pages.look(self.project.store, name, self.eyes)
        book = self.project.codebook
        return {
            "proto": PROTOCOL,
            "me": self.project.coder,
            "mode": self.mode,
            "blind": self.blind,
            "between": self.between,
            "language": self.language,
            "study": str(self.project.path.name),
            "document": showing.document(document),
            "documents": showing.documents(
                self.project.documents(), pages.document_counts(self.project.store, self.eyes)
            ),
            "words": showing.words(self.language),
            "wanted": self.wanted.told(),
            "keys": self.keys or showing.usual_keys(book, sight.counts),
            **self._seen(sight, book=True),
        }

    def _seen(self, sight: pages.Sight, *, book: bool) -> Reply:
        told: Reply = {
            "rev": sight.act,
            "revision": sight.revision,
            "book": sight.codebook,
            "columns": pages.COLUMNS,
            "codings": sight.codings,
            "gone": sight.gone,
            "memos": sight.memos,
            "counts": sight.counts,
            "waiting": sight.waiting,
        }
        if book:
            told["codes"] = showing.codes(self.project.codebook, self.language)
        return told

    def _ask(self, message: Message) -> list[Reply]:
        return [self._patch(message) | {"re": message.get("id")}]

    def _patch(self, message: Message) -> Reply:
        """Return what changed in the page's document since the page last heard."""
        rev = message.get("rev")
        since = rev if isinstance(rev, int) else 0
        name = str(message.get("document") or self.document)
        sight = pages.look(self.project.store, name, self.eyes, since=since)
        if sight.act == since:
            return {"kind": "patch", "rev": since, "same": True}
        book = sight.codebook != message.get("book")
        return {"kind": "patch", "document": name, "since": since, **self._seen(sight, book=book)}

    def _queue(self, message: Message) -> list[Reply]:
        given = message.get("wanted")
        wanted = queue.Wanted.read(given) if isinstance(given, Mapping) else self.wanted
        self.wanted = wanted
        hidden = self.blind and self.mode != "review"
        rows, left = ([], 0) if hidden else queue.suggestions(self.project, wanted)
        return [{"kind": "queue", "rows": rows, "left": left, "wanted": wanted.told()}]

    def _learning(self, _: Message) -> list[Reply]:
        """Tell what decisions bring for a model; a blind coder is told nothing of others' work."""
        if self.blind or self.mode != "review":
            return []
        return [{"kind": "learning", **showing.learning(self.project.learning())}]

    def _differences(self, message: Message) -> list[Reply]:
        name = str(message.get("document") or self.document)
        rows = sides.rows(self.project, self.between, name)
        self._left = self._left or sides.left(self.project, self.between)
        self._left[name] = sum(not row[3] and row[2] != "same" for row in rows)
        return [{"kind": "queue", "document": name, "rows": rows, "left": self._left}]

    # ------------------------------------------------------------ doing

    def _command(self, message: Message) -> list[Reply]:
        patch: Reply
        said = ""
        try:
            command = read_command(message)
            with _lock(self.project):
                if not versions.is_done(self.project.store, command.id):
                    with versions.commanded(command.id):
                        said = self._do(command)
            error = ""
        except BantarError as trouble:
            error = str(trouble)
        patch = self._patch(message)
        self._changed = self._changed or not error
        return [patch | {"re": message.get("id"), "ok": not error, "error": error, "said": said}]

    def _do(self, command: Command) -> str:
        """Carry a command out, and return what was done where the page cannot know it."""
        project, args = self.project, command.args
        verb = command.op
        if verb in {"code", "accept", "recode"}:
            return self._give(command)
        if verb == "resize":
            self._mine([args["coding"]])
            self._same_words(command)
            project.resize(args["coding"], (args["start"], args["end"]))
        elif verb == "reject":
            project.reject(self._known(args["codings"]), reason=_bulk(args))
        elif verb == "agree":
            sides.agree(project, self.between, command.document, args)
        elif verb == "uncode":
            project.uncode(self._mine(args["codings"]))
        elif verb == "rate":
            project.rate(self._mine(args["codings"]), args["valence"])
        elif verb == "memo":
            self._memo(**args)
        else:
            back = project.undo if verb == "undo" else project.redo
            return back(scope="page")
        return ""

    def _give(self, command: Command) -> str:
        """Give a code, and return the path of a new one; it comes by the same act."""
        project, args = self.project, command.args
        code, label = self._code(args)
        if command.op == "code":
            self._same_words(command)
            span = (args["start"], args["end"])
            project.code(command.document, span, code, label=label, valence=args["valence"])
        elif command.op == "accept":
            project.accept(
                self._known(args["codings"]), code=code, label=label, valence=args["valence"],
                memo=args["memo"], reason=_bulk(args),
            )  # fmt: skip
        else:
            project.recode(self._mine(args["codings"]), code, label=label)
        return code if label else ""

    def _code(self, args: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
        """Return the path of the code that is meant, and what it is called where it is new."""
        if not (name := args["label"].strip()):
            return args["code"], {}
        path = path_for(name, args["code"], self.project.codebook)
        return path, {self.language: name}

    def _same_words(self, command: Command) -> None:
        start, end = command.args["start"], command.args["end"]
        there = pages.words(self.project.store, command.document, start, end)
        check_quote(there, end - start, command.args["quote"])

    def _known(self, ids: Iterable[int]) -> pd.DataFrame:
        """Return a selection of codings, all of which the page may see."""
        wanted = set(ids)
        return _selection(pages.seen(self.project.store, list(wanted), self.eyes), len(wanted))

    def _mine(self, ids: Sequence[int]) -> pd.DataFrame:
        """Return a selection that this coder may change: not what another person coded by hand."""
        found = pages.seen(self.project.store, list(ids), self.eyes)
        for row in found:
            if row["origin"] == "hand" and row["coder"] != self.project.coder:
                msg = (
                    f"this is a coding of {row['coder']}; only {row['coder']} can change it here. "
                    "Give a coding of your own"
                )
                raise PageError(msg)
        return _selection(found, len(set(ids)))

    def _memo(self, about: Any, key: str, text: str) -> None:
        """Write, change or end this coder's own memo on a thing."""
        if about == "coding":
            self._known([int(key)] if key.isdigit() else [])
        memos = self.project.memos()
        mine = memos[
            (memos["about"] == about)
            & (memos["key"] == key)
            & (memos["coder"] == self.project.coder)
        ]
        if len(mine):
            self.project.rewrite_memo(int(mine.index[-1]), text.strip())
        elif text.strip():
            named: str | int = int(key) if about == "coding" else key
            self.project.memo(text.strip(), about=about, key=named)


def _selection(found: Sequence[Mapping[str, Any]], wanted: int) -> pd.DataFrame:
    if len(found) < wanted or not wanted:
        msg = "that coding is not there any more; the page shows what is there now"
        raise PageError(msg)
    return pd.DataFrame(index=pd.Index([row["id"] for row in found], name="coding"))


def _bulk(args: Mapping[str, str]) -> str:
    return f"bulk: {args['bulk']}" if args["bulk"] else ""


def _lock(project: Project) -> threading.RLock:
    return _locks.setdefault(str(project.path), threading.RLock())
