"""Compare two coders, decide their differences, and keep the decision beside their own codings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from bantar_qual import frames
from bantar_qual.errors import CodingError, FrameError
from bantar_qual.project.giving import codable
from bantar_qual.project.pairing import KINDS, Given, pairs
from bantar_qual.records import CONSENSUS, VALENCES, Valence
from bantar_qual.store import agreeing as _agreeing
from bantar_qual.store.agreeing import Agreed, Key

if TYPE_CHECKING:
    from bantar_qual.project import Project

Between = tuple[str, str] | None
_EACH = ("coder", "coding", "code", "valence", "start", "end", "quote")
_COLUMNS = (
    "document", "case", "turn", "speaker", "kind", "decision", "reason",
    *(f"{name}_{side}" for side in (1, 2) for name in _EACH),
)  # fmt: skip
_NEEDS = tuple(f"{n}_{i}" for i in (1, 2) for n in ("coder", "coding", "start", "end", "code"))
_HUMAN = ("hand", "import")
_TWO = 2


def differences(project: Project, *, between: Between = None, document: str = "") -> pd.DataFrame:
    """Compare the codings of two coders: what they share, and where they differ.

    Parameters
    ----------
    between
        Two coders, such as ``("SN", "BP")``; may be left out where just two people coded.
    document
        Only this document; all that either of them coded if left empty.

    Returns
    -------
    pandas.DataFrame
        Every accepted coding of both stands in exactly one row, in reading order. ``kind``:
        ``"same"``; ``"borders"``, one code on stretches that overlap; ``"valence"``; ``"borders
        and valence"``; ``"code"``, two codes on the same words; ``"only one"``. ``coding_1``,
        ``code_1``, ``valence_1``, ``start_1``, ``end_1`` and ``quote_1`` are the first coder's,
        ``…_2`` the second's. ``decision`` is what was agreed on: a coder's name, ``"both"``,
        ``"neither"``, a code or a valence; empty while it is open. Any selection can be handed
        to ``project.agree_on``.

    Raises
    ------
    CodingError
        If one of them never coded, or it is not clear which two are meant.
    UnknownDocument
        If there is no such document.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "d.bantar", codebook="edwards-iii", coder="SN")
    >>> _ = (tmp / "satu.txt").write_text("Dananya tidak ada.", encoding="utf-8")
    >>> _ = project.import_documents(tmp / "satu.txt")
    >>> _ = project.code("satu", "Dananya tidak ada.", "resources.budget")
    >>> second = Project.open(tmp / "d.bantar", coder="BP")
    >>> _ = second.code("satu", "tidak ada", "resources.budget")
    >>> differences(project)[["kind", "quote_1", "quote_2"]].to_dict("records")
    [{'kind': 'borders', 'quote_1': 'tidak ada', 'quote_2': 'Dananya tidak ada.'}]
    """
    first, second = both = _two(project, between)
    names = [project.document(document).name] if document else project.documents().index
    frame = project.codings(coder=both)
    agreed = _agreeing.layer(project.store)
    rows: list[dict[str, Any]] = []
    for name in map(str, names):
        here = frame[frame["document"] == name]
        if not here.empty:
            text = project.document(name).text
            mine, theirs = (_given(here[here["coder"] == coder]) for coder in both)
            told = here[["case", "turn", "speaker"]].to_dict("index")
            rows += [
                _row(name, text, told, (first, second), one) | _decided(name, both, one, agreed)
                for one in pairs(mine, theirs, text)
            ]
    found = pd.DataFrame(rows, columns=list(_COLUMNS)).rename_axis("difference")
    found["kind"] = pd.Categorical(found["kind"], KINDS, ordered=True)
    whole = ("coding_1", "coding_2", "start_1", "start_2", "end_1", "end_2")
    found = found.astype(dict.fromkeys(whole, "Int64"))
    return frames.inherit(found, frame)


def agree_on(
    project: Project,
    differences: pd.DataFrame,
    choice: str = "",
    *,
    valence: Valence | Literal["as given"] | None = "as given",
    reason: str = "",
) -> int:
    """Decide differences in one act; the two coders' own codings stay as they are.

    What is decided becomes codings of the coder ``"consensus"``: ``project.codings(coder=
    "consensus")`` has them, and no other frame counts them. Deciding anew replaces the earlier
    decision; it lapses by itself where a coder changes the words or the code afterwards.

    Parameters
    ----------
    differences
        Any selection of ``project.differences()``.
    choice
        Whose coding holds: the name of one of the two; the one who did not code, where only one
        did, means that it falls. Or ``"both"``, ``"neither"``, or another code for the words
        that either of them marked. May be left empty where both gave the same.
    valence
        What it says of the policy, if not what the chosen coder said.
    reason
        Why, kept with the act and told in ``project.differences()``.

    Returns
    -------
    int
        How many codings of the consensus are new or changed. Deciding the same twice changes
        nothing; ``project.undo()`` takes it back.

    Raises
    ------
    FrameError
        If it is another frame, or a coding was changed since it was made.
    CodingError
        If they differ and no choice was made, or the valence is none.
    UnknownCode, CodebookError
        If the choice is no code, or one that cannot be given.
    """
    rows = _fresh(project, differences)
    if valence not in (*VALENCES, None, "as given"):
        msg = f"a valence is one of {', '.join(VALENCES)}, or None; not '{valence}'"
        raise CodingError(msg)
    if not rows:
        return 0
    people = {row[f"coder_{side}"] for row in rows for side in (1, 2)}
    if choice and choice not in {*people, "both", "neither"}:
        codable(project, choice)
    agreed, own = _agreeing.layer(project.store), _own(project, people)
    accepted: dict[Key, str | None] = {}
    fallen: set[Key] = set()
    ended: set[Key] = set()
    for row in rows:
        keys = _keys(row)
        fallen |= set(keys)
        accepted |= _chosen(row, choice, valence)
        if all(key in agreed and agreed[key].status == "rejected" for key in keys):
            ended |= {key for key in _others(keys, agreed) if key not in own}
    wanted = dict.fromkeys(sorted(fallen), ("rejected", None)) | {
        key: ("accepted", said) for key, said in accepted.items()
    }
    note = f"{len(rows)} differences"
    return _agreeing.agree(
        project.store, wanted, ended=ended, coder=project.coder, note=note, reason=reason
    )


def consensus(project: Project, *, between: Between = None, document: str = "") -> pd.DataFrame:
    """Return how far two coders have come in deciding their differences.

    Parameters
    ----------
    between, document
        As in ``project.differences``.

    Returns
    -------
    pandas.DataFrame
        A row for each document: ``same``, how many codings they share; ``different``;
        ``agreed``, how many of both are decided; ``left``; ``codings`` of the consensus.
    """
    rows = differences(project, between=between, document=document)
    done = rows["decision"] != ""
    frame = pd.DataFrame(
        {"document": rows["document"], "same": rows["kind"] == "same", "agreed": done}
    ).assign(different=lambda f: ~f["same"], left=~done)
    told = frame.groupby("document", sort=False)[["same", "different", "agreed", "left"]].sum()
    given = project.codings(coder=CONSENSUS)["document"].astype(object).value_counts().to_dict()
    return told.astype(int).assign(codings=[int(given.get(name, 0)) for name in told.index])


# ---------------------------------------------------------------- who, and what


def _two(project: Project, between: Between) -> tuple[str, str]:
    """Return the two coders that are meant."""
    if between is None:
        frame = project.codings()
        known = sorted(set(frame.loc[frame["origin"].isin(_HUMAN), "coder"]))
        if len(known) != _TWO:
            listed = ", ".join(known) or "nobody"
            msg = f"two coders are compared, and {len(known)} have coded ({listed}); say which: "
            raise CodingError(f'{msg}between=("SN", "BP")').in_shell(f"{msg}--between SN BP")
        return known[0], known[1]
    if isinstance(between, str) or len(between) != _TWO or between[0] == between[1]:
        msg = "two different coders are compared, such as "
        shell = f"{msg}--between SN BP; not {' '.join(between)}"
        raise CodingError(f'{msg}("SN", "BP"); not {between!r}').in_shell(shell)
    return between[0], between[1]


def _given(rows: pd.DataFrame) -> list[Given]:
    columns = (rows.index, rows["start"], rows["end"], rows["code"], rows["valence"])
    return [
        Given(int(number), int(start), int(end), str(code), None if pd.isna(said) else str(said))
        for number, start, end, code, said in zip(*columns, strict=True)
    ]


Pair = tuple[str, Given | None, Given | None]


def _row(
    name: str, text: str, told: Mapping[Any, Any], coders: tuple[str, str], pair: Pair
) -> dict[str, Any]:
    kind, *sides = pair
    earliest = min((one for one in sides if one), key=lambda one: (one.start, one.end))
    row: dict[str, Any] = {"document": name, "kind": kind, **told[earliest.id]}
    for side, (coder, one) in enumerate(zip(coders, sides, strict=True), 1):
        said: tuple[Any, ...] = (coder, None, None, None, None, None, None)
        if one:
            words = text[one.start : one.end]
            said = (coder, one.id, one.code, one.valence, one.start, one.end, words)
        row |= {f"{name}_{side}": value for name, value in zip(_EACH, said, strict=True)}
    return row


# ---------------------------------------------------------------- decisions


def _keys(row: Mapping[Any, Any]) -> list[Key]:
    """Return document, stretch and code of the one or two codings of a row."""
    return [
        (row["document"], int(row[f"start_{i}"]), int(row[f"end_{i}"]), str(row[f"code_{i}"]))
        for i in (1, 2)
        if not pd.isna(row[f"coding_{i}"])
    ]


def _chosen(row: Mapping[Any, Any], choice: str, valence: str | None) -> dict[Key, str | None]:
    """Return the codings that a choice accepts, with their valence."""
    sides = [i for i in (1, 2) if not pd.isna(row[f"coding_{i}"])]
    keys = dict(zip(sides, _keys(row), strict=True))
    said = {i: None if pd.isna(row[f"valence_{i}"]) else str(row[f"valence_{i}"]) for i in sides}
    if not choice and row["kind"] != "same":
        msg = "these codings differ; say whose holds: a coder's name, both, neither or a code"
        raise CodingError(msg)
    if choice == "neither":
        return {}
    if choice in ("", "both") or choice in (row["coder_1"], row["coder_2"]):
        holds = [i for i in sides if choice in ("", "both", row[f"coder_{i}"])]
        return {keys[i]: said[i] if valence == "as given" else valence for i in holds}
    whole = (min(key[1] for key in keys.values()), max(key[2] for key in keys.values()))
    shared = said[sides[0]] if len(set(said.values())) == 1 else None
    rated = shared if valence == "as given" else valence
    return {(row["document"], *whole, choice): rated}


def _others(keys: Iterable[Key], agreed: Mapping[Key, Agreed]) -> list[Key]:
    """Return what stands accepted on the words of a row, and is none of its own codings."""
    keys = list(keys)
    places = {key[:3] for key in keys}
    places.add((keys[0][0], min(key[1] for key in keys), max(key[2] for key in keys)))
    return [
        key
        for key, one in agreed.items()
        if one.status == "accepted" and key[:3] in places and key not in keys
    ]


def _decided(
    name: str, coders: tuple[str, str], pair: Pair, agreed: Mapping[Key, Agreed]
) -> dict[str, str]:
    """Say what was agreed on about a row; nothing where it is open."""
    sides = {c: one for c, one in zip(coders, pair[1:], strict=True) if one is not None}
    keys = {c: (name, one.start, one.end, one.code) for c, one in sides.items()}
    found = {coder: agreed.get(key) for coder, key in keys.items()}
    if any(one is None or not one.sure for one in found.values()):
        return {"decision": "", "reason": ""}
    reasons = dict.fromkeys(one.reason for one in found.values() if one and one.reason)
    return {"decision": _choice(coders, sides, keys, agreed), "reason": "; ".join(reasons)}


def _choice(
    coders: tuple[str, str],
    sides: Mapping[str, Given],
    keys: Mapping[str, Key],
    agreed: Mapping[Key, Agreed],
) -> str:
    hold = [coder for coder, key in keys.items() if agreed[key].status == "accepted"]
    if not hold:
        if other := _others(keys.values(), agreed):
            return other[0][3]
        silent = [coder for coder in coders if coder not in sides]
        return silent[0] if silent else "neither"
    if len(set(keys.values())) == 1:  # one code on the same words: only the valence can differ
        said = agreed[keys[hold[0]]].valence
        hold = [coder for coder, one in sides.items() if one.valence == said]
        if not hold:
            return said or "unrated"
    return "both" if len(hold) == _TWO else hold[0]


def _fresh(project: Project, differences: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return rows of differences, once it is sure that they still say what holds."""
    known = isinstance(differences, pd.DataFrame) and differences.index.name == "difference"
    if not known or not {"document", "kind", *_NEEDS} <= set(differences.columns):
        msg = "agree_on needs a selection of the frame that project.differences() returns"
        raise FrameError(msg)
    rows = differences.to_dict("records")
    now = project.codings()
    there = {one.id: one for one in _given(now)}
    names = now["document"].astype(str).to_dict()
    for row in rows:
        ids = [int(row[f"coding_{i}"]) for i in (1, 2) if not pd.isna(row[f"coding_{i}"])]
        for number, key in zip(ids, _keys(row), strict=True):
            one = there.get(number)
            if one is None or (names[number], one.start, one.end, one.code) != key:
                msg = "a coding was changed since; make project.differences() anew"
                raise FrameError(msg)
    return rows


def _own(project: Project, people: Iterable[str]) -> set[Key]:
    """Return document, stretch and code of every coding of these coders."""
    frame = project.codings(coder=sorted(people)) if people else project.codings()
    columns = (frame["document"], frame["start"], frame["end"], frame["code"])
    return {(str(d), int(a), int(b), str(c)) for d, a, b, c in zip(*columns, strict=True)}
