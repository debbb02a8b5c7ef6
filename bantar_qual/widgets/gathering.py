"""Gather what a page on paper shows: codings with their names and colours, counts, memos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from bantar_qual import __version__
from bantar_qual.codebook import Codebook
from bantar_qual.languages import Language
from bantar_qual.records import VALENCES, Document
from bantar_qual.widgets.leaf import Block, blocks
from bantar_qual.widgets.segments import Span, lanes
from bantar_qual.widgets.tints import code_colours

if TYPE_CHECKING:
    from bantar_qual.project import Project

_LANES = 4  # underlines that can be told apart; the margin names the others too
_TWO = 2
_QUOTE = 160  # characters of a quote beside a memo
_WHOLE = 1200  # characters; a longer turn may be cut where a page of paper ends
_LEFT_OUT = ("title", "synthetic")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A document, its codings, and the words in which a page tells of them."""

    project: Project
    book: Codebook
    document: Document
    coders: tuple[str, ...]
    codings: pd.DataFrame
    words: Language

    @property
    def two(self) -> tuple[str, ...]:
        return self.coders if len(self.coders) == _TWO else ()

    def label(self, path: str) -> str:
        return self.book.label(path, self.words.name)

    def above(self, path: str) -> str:
        steps = path.split(".")
        return " › ".join(self.label(".".join(steps[:n])) for n in range(1, len(steps)))

    def used(self) -> list[str]:
        given = set(self.codings["code"].astype(str))
        return [code.path for code in self.book if code.path in given]


def gather(
    project: Project, document: str, *, coders: tuple[str, ...], suggestions: bool, words: Language
) -> dict[str, Any]:
    """Return everything that the template of a page asks for."""
    found = project.document(document)
    codings = project.codings(coder=coders)
    if suggestions:
        codings = pd.concat([codings, project.codings(status="suggested")])
    codings = codings[codings["document"] == document]
    sheet = _Sheet(
        project=project, book=project.codebook, document=found, coders=coders, codings=codings,
        words=words,
    )  # fmt: skip
    notes, refs = _notes(sheet)
    shown = _shown(sheet, refs)
    spans = _spans(codings)
    invented = bool(found.attributes.get("synthetic"))
    every = [(code.path, code.color) for code in sheet.book]
    used = sheet.used()
    return {
        "title": found.attributes.get("title") or found.name,
        "notice": words.caption("mark_synthetic") if invented else "",
        "language": found.language,
        "facts": _facts(sheet),
        "two": list(sheet.two),
        "colours": {
            name: [given[path] for path in used]
            for name, given in (
                ("light", code_colours(every, dark=False)),
                ("dark", code_colours(every, dark=True)),
            )
        },
        "legend": _legend(sheet),
        "guide": _guide(sheet, suggestions=suggestions),
        "blocks": [_block(block, found) for block in blocks(found, spans)],
        "codings": shown,
        "notes": notes,
        "made_by": words.caption(
            "made_by",
            version=__version__,
            codebook=sheet.book.name,
            codebook_version=sheet.book.version,
        ),
    }


def _spans(codings: pd.DataFrame) -> list[Span]:
    columns = (codings.index, codings["start"], codings["end"])
    return [(int(n), int(start), int(end)) for n, start, end in zip(*columns, strict=True)]


# ---------------------------------------------------------------- the text


def _block(block: Block, document: Document) -> dict[str, Any]:
    turn = block.turn
    told = turn is not None and any(one.speaker for one in document.turns)
    return {
        "kind": block.kind,
        "role": turn.role if turn else "",
        "speaker": turn.speaker if turn else "",
        "number": turn.number if turn and told else "",
        "time": turn.time if turn else "",
        "whole": sum(p[-1].end - p[0].start for p in block.paragraphs) < _WHOLE,
        "paragraphs": [
            [
                {
                    "start": piece.start,
                    "text": document.text[piece.start : piece.end],
                    "ids": piece.ids,
                    "names": piece.names,
                    "more": piece.more,
                }
                for piece in pieces
            ]
            for pieces in block.paragraphs
        ],
    }


def _shown(sheet: _Sheet, refs: Mapping[int, Sequence[int]]) -> dict[int, dict[str, Any]]:
    """Return how each coding is named and drawn."""
    place = {path: number for number, path in enumerate(sheet.used())}
    frame = sheet.codings
    stacked = lanes(_spans(frame))
    many = not sheet.two and len(set(frame["coder"])) > 1
    tags = _tags(sheet)
    shown = {}
    for number, row in zip(frame.index, frame.to_dict("records"), strict=True):
        path, coder = str(row["code"]), str(row["coder"])
        rated = "" if pd.isna(row["valence"]) else str(row["valence"])
        suggested = row["status"] == "suggested"
        who = f"{sheet.words.caption('suggested')}: {coder}" if suggested else coder
        kind, tag = tags.get(int(number), ("same", ""))
        valence = sheet.words.caption(rated).lower() if rated else ""
        whole = " › ".join(part for part in (sheet.above(path), sheet.label(path)) if part)
        shown[int(number)] = {
            "label": sheet.label(path),
            "colour": place[path],
            "lane": min(stacked[int(number)], _LANES),
            "valence": valence,
            "valence_key": rated,
            "coder": who if many or suggested else "",
            "status": str(row["status"]),
            "side": "left" if sheet.two and coder == sheet.two[0] else "right",
            "said": ", ".join(part for part in (whole, valence, who, tag) if part),
            "notes": list(refs.get(int(number), ())),
            "tag": tag,
            "same": kind == "same",
            "differs": kind != "same",
        }
    return shown


def _tags(sheet: _Sheet) -> dict[int, tuple[str, str]]:
    """Say of each coding of two coders whether the other one gave it too, and what was decided."""
    if not sheet.two:
        return {}
    first, second = sheet.two
    rows = sheet.project.differences(between=(first, second), document=sheet.document.name)
    told: dict[int, tuple[str, str]] = {}
    for row in rows.to_dict("records"):
        kind = str(row["kind"])
        ids = {c: row[f"coding_{i}"] for i, c in enumerate(sheet.two, 1)}
        there = {coder: int(number) for coder, number in ids.items() if not pd.isna(number)}
        key = f"paper_{kind.replace(' ', '_')}"
        tag = sheet.words.caption(key, coder=next(iter(there)))
        if row["decision"] and kind != "same":
            tag = f"{tag} {_decision(sheet, str(row['decision']))}"
        told |= dict.fromkeys(there.values(), (kind, tag))
    return told


def _decision(sheet: _Sheet, decision: str) -> str:
    if decision in sheet.book.paths:
        decision = sheet.label(decision)
    elif decision not in sheet.two:
        own = decision in ("both", "neither")
        decision = sheet.words.caption(f"paper_{decision}" if own else decision).lower()
    return sheet.words.caption("paper_decided", decision=decision)


# ---------------------------------------------------------------- head, legend and notes


def _facts(sheet: _Sheet) -> list[tuple[str, str]]:
    say, document = sheet.words.caption, sheet.document
    told = [(say("document"), document.name)]
    if document.case:
        told.append((say("case"), document.case))
    told += [
        (say(key), value)
        for key, value in document.attributes.items()
        if value and key not in _LEFT_OUT and value != document.case
    ]
    frame = sheet.codings
    given = frame[frame["status"] == "accepted"]
    people = dict.fromkeys([*sheet.coders, *given["coder"].astype(str)])
    machines = given[given["origin"].isin(("cue", "model"))]
    by_machine = set(machines["coder"].astype(str))
    listed = [f"{name} ({say('paper_machine')})" if name in by_machine else name for name in people]
    waiting = int((frame["status"] == "suggested").sum())
    counted = say("paper_shown", n=len(given))
    counted += f", {say('paper_shown_suggested', n=waiting)}" if waiting else ""
    return [
        *told,
        (say("coder"), ", ".join(listed) or "–"),
        (say("paper_what"), counted),
    ]


def _guide(sheet: _Sheet, *, suggestions: bool) -> list[str]:
    say = sheet.words.caption
    lines = [say("paper_guide")]
    if sheet.two:
        lines = [say("paper_guide_two", first=sheet.two[0], second=sheet.two[1])]
    if suggestions:
        lines.append(say("paper_guide_suggested"))
    return lines if len(sheet.codings) else []


def _legend(sheet: _Sheet) -> dict[str, Any]:
    """Return the codes in use, in the order of the codebook, with their counts."""
    say, frame = sheet.words.caption, sheet.codings
    code, given = frame["code"].astype(str), frame["status"] == "accepted"
    valence = frame["valence"].astype(object).where(frame["valence"].notna(), "unrated")
    columns: list[tuple[str, Any]]
    if sheet.two:
        columns = [(name, given & (frame["coder"] == name)) for name in sheet.two]
    else:
        columns = [(say("codings"), given)]
        columns += [
            (say(name), given & (valence == name))
            for name in (*VALENCES, "unrated")
            if (given & (valence == name)).any()
        ]
    if not given.all():
        columns.append((say("paper_suggestions"), ~given))
    rows = [
        {
            "colour": number,
            "above": sheet.above(path),
            "label": sheet.label(path),
            "numbers": [int((which & (code == path)).sum()) for _, which in columns],
        }
        for number, path in enumerate(sheet.used())
    ]
    return {"heads": [head for head, _ in columns], "rows": rows}


def _notes(sheet: _Sheet) -> tuple[list[dict[str, Any]], dict[int, list[int]]]:
    """Return the memos in the order of the text, and their numbers by coding."""
    memos = sheet.project.memos()
    name, text = sheet.document.name, sheet.document.text
    say, frame = sheet.words.caption, sheet.codings
    notes: list[dict[str, Any]] = []
    refs: dict[int, list[int]] = {}

    def add(about: str, memo: Mapping[Any, Any], quote: str, *, coding: int = 0) -> None:
        number = len(notes) + 1
        by = ", ".join(part for part in (str(memo["coder"]), str(memo["time"])[:10]) if part)
        told = {"number": number, "about": about, "quote": quote, "back": bool(coding)}
        notes.append({**told, "text": str(memo["text"]), "by": by})
        if coding:
            refs.setdefault(coding, []).append(number)

    of_document = memos[(memos["about"] == "document") & (memos["key"] == name)]
    for memo in of_document.to_dict("records"):
        add(say("paper_memo_document"), memo, "")
    of_codings = memos[memos["about"] == "coding"]
    order = frame.sort_values(["start", "end"], kind="stable")
    for number, row in zip(order.index, order.to_dict("records"), strict=True):
        theirs = of_codings[of_codings["key"] == str(number)].to_dict("records")
        if row["memo"]:
            own: dict[Any, Any] = {"coder": row["coder"], "time": row["time"], "text": row["memo"]}
            theirs.insert(0, own)
        for memo in theirs:
            quote = text[row["start"] : row["end"]]
            quote = quote if len(quote) <= _QUOTE else f"{quote[:_QUOTE].rstrip()} …"
            add(sheet.label(str(row["code"])), memo, quote, coding=int(number))
    return notes, refs
