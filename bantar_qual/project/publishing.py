"""Give a study away: a new file without originals, and a look for what survived."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from bantar_qual.errors import BantarWarning, ProjectError
from bantar_qual.languages import language as load_language
from bantar_qual.privacy import USUAL
from bantar_qual.privacy.leaks import scan
from bantar_qual.privacy.lexicon import lexicon
from bantar_qual.privacy.pseudonyms import bare
from bantar_qual.project import looking
from bantar_qual.project.keyfile import read_key, table_of_names, warn_beside
from bantar_qual.records import CONSENSUS, EVERYONE
from bantar_qual.store import publishing as _publishing

if TYPE_CHECKING:
    from bantar_qual.project import Project

Table = str | Path | pd.DataFrame
COLUMNS = ("file", "where", "words", "original", "context")
_COLLEAGUE = 3  # letters; shorter initials stand in too many words


def export_anonymised(
    project: Project,
    path: str | Path,
    *,
    key: str | Path | None = None,
    names: Table | Sequence[str] | None = None,
    coders: Literal["number", "keep"] = "number",
    memos: bool = True,
    strict: bool = False,
) -> pd.DataFrame:
    """Write the study, as it is now, as a new file that holds nothing of its past.

    No earlier text, no history, no names of files, no authors or times of memos; one act, new
    GUIDs, so that no row can be matched with another copy. Replace the finds first, with
    ``anonymise``: what was not replaced goes along, and is listed.

    Parameters
    ----------
    path
        The new study's file.
    key
        The key: every word in it is looked for in the new file.
    names
        Further names to look for: a table of names, or a list of words.
    coders
        ``number``: people who coded become "Coder 1" and so on; machines keep their names.
        ``keep``: they keep their names too.
    memos
        False to leave the memos out.
    strict
        True to make no file where a name survives.

    Returns
    -------
    pandas.DataFrame
        A row for each place where a name still stands, or where something was found that nobody
        has decided on: ``file``, ``where``, ``words``, ``original``, ``context``. No row: nothing
        that is known survived. What nobody knows cannot be looked for.

    Raises
    ------
    ProjectError
        If there is already a file of that name, or a name survives and ``strict`` is True.

    Warns
    -----
    BantarWarning
        If something survived, or the key lies in the folder of the new file.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "own.bantar", codebook="edwards-iii", coder="Sri")
    >>> len(project.export_anonymised(tmp / "public.bantar", names=["Pak Budi"]))
    0
    >>> list(Project.open(tmp / "public.bantar").history()["coder"])
    ['Pengode 1']
    """
    path = Path(path)
    if path.exists():
        raise ProjectError(path, "there is already a file of that name; choose another")
    renamed = _coders(project, keep=coders == "keep")
    gone = [name for name, new in renamed.items() if name != new and len(name) >= _COLLEAGUE]
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
        made = Path(folder, path.name)
        _publishing.publish(
            project.store, made, coder=renamed[project.coder], coders=renamed, memos=memos
        )
        people, others = _originals(key, names)
        scanned = _scanned(project, [made], [*people, *gone], others)
        found = pd.concat([scanned, _undecided(project, path, key, memos=memos)])
        if strict and len(found):
            reason = f"{len(found)} names or finds survive, so it was not made; {_first(found)}"
            raise ProjectError(path, reason)
        made.replace(path)
    if len(found):
        said = f"{path.name}: {len(found)} names or finds survive; {_first(found)}"
        warnings.warn(said, BantarWarning, stacklevel=2)
    if key:
        warn_beside(Path(key), path.parent)
    return found.reset_index(drop=True)


def leaks(
    project: Project,
    *paths: str | Path,
    key: str | Path | None = None,
    names: Table | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Look through files and folders for names that should be gone.

    Word files, workbooks, web pages, notebooks, pictures' properties, PDF and study files are
    unpacked; the raw bytes are read too. Words drawn as points of a picture are not read.

    Parameters
    ----------
    paths
        Files or folders, such as the findings folder or a dump.
    key, names
        What to look for: the words of the key, a table of names, or a list of words. A name is
        found in any case, with what hangs on it, and by its parts.

    Returns
    -------
    pandas.DataFrame
        A row for each place: ``file``, ``where``, ``words``, ``original``, ``context``.

    Raises
    ------
    ProjectError
        If there is no such file.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "seen.bantar", codebook="edwards-iii")
    >>> _ = (tmp / "memo.txt").write_text("Kata BUDINYA begitu.")
    >>> project.leaks(tmp / "memo.txt", names=["Budi"])["words"].tolist()
    ['BUDINYA']
    """
    for path in map(Path, paths):
        if not path.exists():
            raise ProjectError(path, "there is no such file or folder to look through")
    return _scanned(project, map(Path, paths), *_originals(key, names))


def _scanned(
    project: Project, paths: Iterable[Path], people: Iterable[str], others: Iterable[str]
) -> pd.DataFrame:
    found = scan(
        paths, people, whole=others, words=lexicon(project.language), cells=_publishing.cells
    )
    rows = [{name: getattr(leak, name) for name in COLUMNS} for leak in found]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _originals(
    key: str | Path | None, names: Table | Sequence[str] | None
) -> tuple[list[str], list[str]]:
    """Return the people, and all else, that are to be gone; no word that is a pseudonym itself."""
    if isinstance(names, Sequence) and not isinstance(names, str):
        plain, told = list(names), []
    else:
        plain, told = [], table_of_names(names) if names is not None else []
    known = [*read_key(key), *told]
    pseudonyms = {bare(one.pseudonym).casefold() for one in known}
    people: list[str] = list(plain)
    others: list[str] = []
    for one in known:
        listed = people if one.kind == "name" else others
        listed += [w for w in (one.name, *one.spellings) if w.casefold() not in pseudonyms]
    return people, others


def _undecided(
    project: Project, path: Path, key: str | Path | None, *, memos: bool
) -> pd.DataFrame:
    """Return the finds that go along because nobody has decided on them."""
    finds = looking.look(project, names=None, key=key, kinds=USUAL, places=looking.WHERE)
    dropped = finds["address"].astype(str).str.startswith("document.source/")
    dropped |= (finds["place"] == "memos") & (not memos)
    rows = [
        {
            "file": path.name, "where": f"{row['place']}, {row['document']}",
            "words": row["words"], "original": f"not decided on ({row['state']}: {row['kind']})",
            "context": f"{row['before']}{row['words']}{row['after']}",
        }
        for row in finds[~dropped].to_dict("records")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _first(found: pd.DataFrame) -> str:
    row = found.iloc[0]
    return f"the first is '{row['words']}' in {row['where']}"


def _coders(project: Project, *, keep: bool) -> dict[str, str]:
    """Return what each coder is called in the new file; machines keep their names."""
    frame = project.codings(status=None, coder=EVERYONE)
    waiting = project.codings(status=None, unsettled=True)
    rows = pd.concat([frame[["coder", "origin"]], waiting[["coder", "origin"]]]).astype(object)
    machines = {
        c
        for c, o in zip(rows["coder"], rows["origin"], strict=True)
        if o in {"cue", "model"} or c == CONSENSUS
    }
    people = list(dict.fromkeys([*rows["coder"], project.coder]))
    word = load_language(project.language).caption("coder")
    renamed: dict[str, str] = {}
    for name in people:
        machine = name in machines
        number = 1 + sum(n not in machines for n in renamed)
        renamed[name] = name if keep or machine else f"{word} {number}"
    return renamed
