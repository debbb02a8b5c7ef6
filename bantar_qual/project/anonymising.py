"""Take out who somebody is: first a frame of finds to read, then one act that replaces them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bantar_qual.errors import FrameError, ProjectError, UnknownPart
from bantar_qual.languages import Language
from bantar_qual.languages import language as load_language
from bantar_qual.privacy import KINDS, USUAL, Shift, replaced
from bantar_qual.privacy.pseudonyms import marked
from bantar_qual.project import looking
from bantar_qual.project.keyfile import write_key
from bantar_qual.records import Turn
from bantar_qual.store import settings as _settings
from bantar_qual.store import wording as _wording
from bantar_qual.store.revisions import coders
from bantar_qual.store.wording import NewText, Placed, Rewriting, Wording

if TYPE_CHECKING:
    from bantar_qual.project import Project

_REPORT = ("state", "document", "code", "coder", "old_quote", "new_quote", "start", "end")
Stretches = dict[str, list[tuple[int, int, str]]]  # by address
Done = dict[str, tuple[Wording, Wording, Shift]]  # by address: before, after, where all went


def anonymise(
    project: Project,
    finds: pd.DataFrame | None = None,
    *,
    names: str | Path | pd.DataFrame | None = None,
    key: str | Path | None = None,
    keep: pd.DataFrame | None = None,
    kinds: Sequence[str] = USUAL,
    places: Sequence[str] = looking.WHERE,
    reason: str = "",
) -> pd.DataFrame:
    """Find what tells who somebody is; hand a selection of the finds back to replace them.

    Without ``finds`` and ``keep`` nothing is changed. Replacing is one act, which ``undo`` takes
    back; every coding keeps its place in its text. The history of this study still holds the
    originals: what you give away is made by ``export_anonymised``.

    Parameters
    ----------
    finds
        Rows of the frame that this returned, as many as you like; the column ``pseudonym`` says
        what will stand there, and may be changed.
    names
        A table of people and places whom you know, also such as have no title in the texts:
        ``name``, ``pseudonym``, ``spellings``, ``kind``. A CSV or Excel file, or a frame.
    key
        The file that tells which name stands behind which pseudonym. What it tells is known
        again, and it is added to. Needed to replace.
    keep
        Rows of the frame that tell nobody; they are remembered and not shown again.
    kinds
        What to look for; ``rt_rw`` and ``town`` are found only if they are asked for.
    places
        Where: ``texts``, ``speakers``, ``cases``, ``documents`` (names, header fields, sources),
        ``memos``, ``codings`` (their memos and reasons), ``title``, ``codebook``.
    reason
        Why, for the history.

    Returns
    -------
    pandas.DataFrame
        Before: a row for each find, ``sure`` or ``ask``, in its context. After: a row for each
        coding whose words were changed; ``reworded``, ``stretched`` over a pseudonym inside which
        it began or ended, or ``joined`` with a twin at the same place.

    Raises
    ------
    FrameError
        If the frame is no such frame, the texts have changed since, or two replacements overlap.
    ProjectError
        If there is no key to write to.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "a.bantar", codebook="edwards-iii", coder="SN")
    >>> _ = (tmp / "satu.txt").write_text("Warga: Pak Budi tidak datang. Budi sakit.")
    >>> _ = project.import_documents(tmp / "satu.txt")
    >>> finds = project.anonymise()
    >>> finds[["words", "pseudonym", "state"]].values.tolist()
    [['Budi', '[Warga A]', 'sure'], ['Budi', '[Warga A]', 'ask']]
    >>> len(project.anonymise(finds, key=tmp / "keys" / "key.csv"))
    0
    >>> project.document("satu").text
    'Warga: Pak [Warga A] tidak datang. [Warga A] sakit.'
    """
    for name, listed in (("kind of find", (kinds, KINDS)), ("place", (places, looking.WHERE))):
        for given in listed[0]:
            if given not in listed[1]:
                raise UnknownPart(name, given, listed[1])
    if finds is None and keep is None:
        return looking.look(project, names=names, key=key, kinds=kinds, places=places)
    return _apply(project, _rows(finds), _rows(keep), key=key, reason=reason)


def _rows(frame: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Return the rows of a selection of finds."""
    if frame is None:
        return []
    needed = {"address", "start", "end", "pseudonym", "kind"}
    if not isinstance(frame, pd.DataFrame) or not needed <= set(frame.columns):
        raise FrameError("hand back a selection of the frame that project.anonymise() returns")
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def _apply(
    project: Project, finds: list[dict[str, Any]], keep: list[dict[str, Any]], *,
    key: str | Path | None, reason: str,
) -> pd.DataFrame:  # fmt: skip
    there = {looking.address(one): one for one in looking.pieces(project, looking.WHERE)}
    for row in (*finds, *keep):
        _check(row, there)
    if finds and not key:
        msg = "say where the key goes: key='…/key.csv', away from what you will give away"
        raise ProjectError(project.path, msg)
    done = _replaced(finds, there)
    _refuse_twins(done, there)
    rewriting, shifts = _rewriting(project, done, there)
    kept = looking.kept_after(
        project, [(there[row["address"]], int(row["start"]), int(row["end"])) for row in keep], done
    )
    used = json.loads(_settings.settings(project.store).get(looking.USED, "[]"))
    used = list(dict.fromkeys([*used, *(str(row["pseudonym"]) for row in finds)]))
    settings = {looking.KEPT: kept, looking.USED: used}
    told = {k: json.dumps(v, ensure_ascii=False) for k, v in settings.items() if v}
    if finds and key:
        lang = load_language(project.language)
        entries = [_entry(row, there[row["address"]], lang) for row in finds]
        write_key(Path(key), entries, project.path)
    note = f"{len(finds)} replaced, {len(keep)} kept"
    placed = _wording.rewrite(
        project.store, replace(rewriting, settings=told), coder=project.coder, note=note,
        reason=reason,
    )  # fmt: skip
    return _report(project, placed, done, shifts)


def _check(row: Mapping[str, Any], there: Mapping[str, Wording]) -> None:
    one = there.get(str(row["address"]))
    if one is None:
        msg = (
            "the study has changed since these finds were made; make them anew: "
            "project.anonymise(), or bantar anonymise with --preview"
        )
        raise FrameError(msg)
    if not 0 <= int(row["start"]) < int(row["end"]) <= len(one.text):
        msg = f"a find in '{one.name}' lies outside its text; make the finds anew"
        raise FrameError(msg)
    if not isinstance(row["pseudonym"], str) or not row["pseudonym"].strip():
        words = one.text[int(row["start"]) : int(row["end"])]
        raise FrameError(
            f"say what is to stand for '{words}' in '{one.name}': its pseudonym is empty"
        )


def _entry(row: Mapping[str, Any], one: Wording, language: Language) -> tuple[str, str, str]:
    """Return what the key tells about a find: its kind, its words, its pseudonym as marked."""
    words = one.text[int(row["start"]) : int(row["end"])]
    return str(row["kind"]), words, marked(str(row["pseudonym"]), language)


def _replaced(finds: Sequence[Mapping[str, Any]], there: Mapping[str, Wording]) -> Done:
    stretches: Stretches = {}
    for row in finds:
        found = (int(row["start"]), int(row["end"]), str(row["pseudonym"]))
        listed = stretches.setdefault(str(row["address"]), [])
        if found not in listed:
            listed.append(found)
    done: Done = {}
    for place, listed in stretches.items():
        one = there[place]
        try:
            text, shift = replaced(one.text, listed)
        except ValueError as error:
            msg = f"two finds in '{one.name}' overlap; hand back one of them"
            raise FrameError(msg) from error
        done[place] = (one, replace(one, text=text), shift)
    return done


def _refuse_twins(done: Done, there: Mapping[str, Wording]) -> None:
    """Refuse to give two cases, or two documents, one name."""
    for table, noun in (("case_", "cases"), ("document", "documents")):
        names: dict[str, str] = {}
        for place, one in there.items():
            if (one.table, one.column) != (table, "name"):
                continue
            new = done[place][1].text if place in done else one.text
            if new in names:
                msg = f"the {noun} '{names[new]}' and '{one.text}' would both be called '{new}'"
                raise FrameError(f"{msg}; give one of them another pseudonym")
            names[new] = one.text


# ---------------------------------------------------------------- what changes


def _rewriting(
    project: Project, done: Done, there: Mapping[str, Wording]
) -> tuple[Rewriting, dict[int, tuple[str, str, Shift]]]:
    """Sort what was replaced by the tables that hold it."""
    values: dict[tuple[str, str], dict[int, str]] = {}
    speakers: dict[str, str] = {}
    codes: list[tuple[Wording, str]] = []
    shifts: dict[int, tuple[str, str, Shift]] = {}
    for before, after, shift in done.values():
        if before.place == "texts":
            shifts[before.id] = (before.text, after.text, shift)
        elif before.place == "speakers":
            speakers[before.text] = after.text
        elif before.place == "codebook":
            codes.append((before, after.text))
        else:
            values.setdefault((before.table, before.column), {})[before.id] = after.text
    documents = {one.id: one for one in there.values() if one.place == "texts"}
    texts = []
    spoken = {n for n, one in documents.items() if any(t.speaker in speakers for t in one.turns)}
    for number in sorted({*shifts, *spoken}):
        one = documents[number]
        _, text, shift = shifts.setdefault(number, (one.text, one.text, Shift.of([])))
        turns = _turns(one.turns, shift, speakers)
        texts.append(NewText(document=number, text=text, turns=turns, place=_placer(shift)))
    rewriting = Rewriting(
        texts=texts, values=values, speakers=speakers, codebook=looking.recoded(project, codes)
    )
    return rewriting, shifts


def _placer(shift: Shift) -> _wording.Place:
    return lambda start, end: (shift.start(start), shift.end(end))


def _turns(turns: Sequence[Turn], shift: Shift, renamed: Mapping[str, str]) -> tuple[Turn, ...]:
    return tuple(
        replace(
            turn,
            start=shift.start(turn.start),
            end=shift.end(turn.end),
            speaker=renamed.get(turn.speaker, turn.speaker),
        )
        for turn in turns
    )


def _report(
    project: Project, placed: Sequence[Placed], done: Done,
    shifts: Mapping[int, tuple[str, str, Shift]],
) -> pd.DataFrame:  # fmt: skip
    """Return a row for each coding whose words, or whose place among them, were changed."""
    who = coders(project.store)
    names = {one.id: one.name for one, _, _ in done.values() if one.table == "document"}
    rows = []
    for one in placed:
        before, after, shift = shifts[one.row["document_id"]]
        span = one.row["start"], one.row["end"]
        old, new = before[slice(*span)], after[one.start : one.end]
        state = "joined" if one.joined else "stretched" if shift.cuts(*span) else "reworded"
        if old == new and state == "reworded":
            continue
        rows.append(
            {
                "coding": one.row["id"], "state": state,
                "document": names.get(one.row["document_id"], ""), "code": one.row["code"],
                "coder": who[one.row["coder_id"]], "old_quote": old, "new_quote": new,
                "start": one.start, "end": one.end,
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=["coding", *_REPORT]).set_index("coding")
    return frame.astype({"start": "int64", "end": "int64"})
