"""The audit trail: who did what, when and why, in words that a thesis appendix can show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from bantar_qual import frames
from bantar_qual.errors import CodingError, did_you_mean
from bantar_qual.languages import Language
from bantar_qual.languages import language as load_language
from bantar_qual.project.history import parsed
from bantar_qual.project.moments import When, between, worded, zone_of
from bantar_qual.store import audit as _audit
from bantar_qual.store import settings, versions

if TYPE_CHECKING:
    from bantar_qual.project import Project

BULK = "bulk:"  # how the reason of an acceptance begins that nobody read
_BULK = re.compile(r"bulk: confidence >= (?P<above>[\d.]+)")
_MACHINES = ("cue", "model")
_NOTES: Mapping[str, Sequence[tuple[str, str]]] = {  # what a note of each verb can look like
    "import": [(r"(?P<n>\d+) documents", "act_import_many"), (r"(?P<document>.+)", "act_import")],
    "describe cases": [(r"(?P<n>\d+) cases", "act_describe_cases")],
    "code": [
        (r"with (?P<coder>.+)", "act_code_with"),
        (r"new code (?P<code>\S+) in (?P<document>.+)", "act_code_new"),
        (r"(?P<code>\S+) in (?P<document>.+)", "act_code_one"),
    ],
    "accept": [(r"\d+ codings as (?P<code>\S+)", "act_accept_as")],
    "recode": [(r"\d+ codings to (?P<code>\S+)", "act_recode")],
    "rate": [
        (r"\d+ codings to None", "act_unrate"),
        (r"\d+ codings to (?P<valence>\w+)", "act_rate"),
    ],
    "memo": [
        (r"memo \d+", "act_memo_again"),
        (r"project", "act_memo_project"),
        (r"code (?P<code>\S+)", "act_memo_code"),
        (r"(?P<about>document|case) (?P<name>.+)", "act_memo_about"),
    ],
    "add code": [(r"(?P<code>\S+)", "act_add_code")],
    "define code": [(r"(?P<code>\S+)", "act_define_code")],
    "retire code": [(r"(?P<code>\S+)", "act_retire_code")],
    "move code": [(r"(?P<old>\S+) to (?P<code>\S+)", "act_move_code")],
    "merge codes": [(r"(?P<codes>.+) into (?P<to>\S+)", "act_merge_codes")],
    "split code": [(r"(?P<code>\S+) into (?P<codes>.+)", "act_split_code")],
    "revise": [(r"(?P<document>.+)", "act_revise")],
    "anonymise": [(r"(?P<replaced>\d+) replaced, (?P<kept>\d+) kept", "act_anonymise")],
    "name speakers": [(r"(?P<names>.+)", "act_name_speakers")],
    "correct": [(r"(?P<document>.+)", "act_correct")],
    "settle": [(r"\d+ codings dropped", "act_settle_dropped")],
    "merge": [(r"(?P<file>[^:;]+).*", "act_merge")],
}  # fmt: skip
_PLAIN = (  # verbs that need no more words
    "create", "load", "repair", "code", "accept", "reject", "reopen", "recode", "rate", "memo",
    "uncode", "resize", "settle", "agree", "merge", "set", "undo", "redo",
)  # fmt: skip

One = str | Sequence[str] | None


def audit_trail(
    project: Project,
    *,
    coder: One = None,
    verb: One = None,
    since: When | None = None,
    until: When | None = None,
    zone: str = "",
) -> pd.DataFrame:
    """Return a row for each act in words, for the appendix of a thesis.

    ``bq.table(project.audit_trail(), title="Jejak audit").save("lampiran.docx")`` prints it;
    ``project.history()`` has the same acts as plain data.

    Parameters
    ----------
    coder, verb
        Only acts of these people, or of these kinds, such as ``"accept"``; one or a list.
    since, until
        Only acts between these dates (whole days) or moments, in UTC.
    zone
        The time zone of dates, such as ``"Asia/Jakarta"``; this computer's own if left empty.

    Returns
    -------
    pandas.DataFrame
        In the study's language, by number of the act: ``when``, ``coder``, ``what``;
        ``codings``, how many the act touched; ``reason``; ``state``, "taken back" where the act
        was undone and does not hold.

    Raises
    ------
    CodingError
        If nobody of that name did anything, there was no such act, or a date is none.

    Examples
    --------
    >>> from bantar_qual import Project
    >>> project = Project.create(tmp / "a.bantar", codebook="edwards-iii", language="en")
    >>> project.retire_code("resources.budget")
    >>> audit_trail(project)["what"].tolist()
    ['Study begun', 'Code “Budget” retired']
    """
    acts = _chosen(versions.acts(project.store), coder=coder, verb=verb, since=since, until=until)
    words, where = load_language(project.language), zone_of(zone)
    counts, say = _audit.touched(project.store), _sayer(project, words)
    frame = pd.DataFrame(
        {
            "when": [worded(time, words, where) for time in acts["time"]],
            "coder": acts["coder"],
            "what": [say(act) for act in acts.to_dict("records")],
            "codings": pd.array([counts.get(number) for number in acts.index], dtype="Int64"),
            "reason": ["" if reason.startswith(BULK) else reason for reason in acts["reason"]],
            "state": [_state(act, words) for act in acts.to_dict("records")],
        },
        index=acts.index.rename("number"),
    )
    return frames.inherit(frame, frame, noun="audit_trail", language=project.language)


def audit_summary(
    project: Project,
    *,
    coder: One = None,
    since: When | None = None,
    until: When | None = None,
) -> pd.DataFrame:
    """Return what each coder did in numbers; what was taken back is left out.

    Parameters
    ----------
    coder, since, until
        As in ``audit_trail``.

    Returns
    -------
    pandas.DataFrame
        A row for each person or machine, the most active first: ``made`` (codings by hand),
        ``suggested`` (by a machine), ``imported``; of suggestions, ``read_accepted``,
        ``bulk_accepted`` (unread, all above a confidence), ``rejected`` and ``changed`` (given
        another code or valence), each coding counted once in each column.

    Raises
    ------
    CodingError
        If nobody of that name did anything, or a date is none.
    """
    acts = versions.acts(project.store)
    held = acts[acts["holds"]]
    if since is not None or until is not None:
        held = _chosen(held, coder=None, verb=None, since=since, until=until)
    came = _audit.begun(project.store)
    came = came[came["act"].isin(held.index)]
    kind = came["origin"].map({"hand": "made", "import": "imported"}).fillna("suggested")
    found = [came[["coder", "codings"]].assign(what=kind), _decisions(project, held)]
    names = [
        "made",
        "suggested",
        "imported",
        "read_accepted",
        "bulk_accepted",
        "rejected",
        "changed",
    ]
    told = pd.concat(found).pivot_table("codings", "coder", "what", "sum", fill_value=0)
    told = told.reindex(columns=names, fill_value=0).astype(int).rename_axis(columns=None)
    told = told.loc[told.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    wanted = _checked("coder", coder, {*told.index, *acts["coder"]})
    told = told if wanted is None else told[told.index.isin(wanted)]
    return frames.inherit(told, told, noun="audit_summary", language=project.language)


def _decisions(project: Project, held: pd.DataFrame) -> pd.DataFrame:
    """Count the suggestions on which each person decided, by what was decided."""
    told = _audit.decided(project.store)
    told = told[told["act"].isin(held.index) & told["origin"].isin(_MACHINES)]
    told = told.join(held[["coder", "reason", "verb"]], on="act")
    bulk = told["reason"].str.startswith(BULK)
    kinds = {
        "read_accepted": (told["status"] == "accepted") & ~bulk,
        "bulk_accepted": (told["status"] == "accepted") & bulk,
        "rejected": told["status"] == "rejected",
        "changed": told["changed"] & told["verb"].isin(("recode", "rate", "split code")),
    }
    counted = [
        told[rows]
        .groupby("coder")["coding"]
        .nunique()
        .rename("codings")
        .reset_index()
        .assign(what=what)
        for what, rows in kinds.items()
    ]
    return pd.concat(counted)


def _chosen(
    acts: pd.DataFrame, *, coder: One, verb: One, since: When | None, until: When | None
) -> pd.DataFrame:
    """Return the acts that are asked for."""
    keep = pd.Series(data=True, index=acts.index)
    for column, asked in (("coder", coder), ("verb", verb)):
        wanted = _checked(column, asked, acts[column])
        if wanted is not None:
            keep &= acts[column].isin(wanted)
    if since is not None or until is not None:
        keep &= acts["time"].map(lambda time: between(time, since, until)).astype(bool)
    return acts[keep]


def _checked(column: str, asked: One, known: Iterable[str]) -> list[str] | None:
    """Return what is asked for as a list; what the history does not know is told."""
    if asked is None:
        return None
    wanted, known = [asked] if isinstance(asked, str) else list(asked), sorted(set(known))
    for one in wanted:
        if one not in known:
            said = {"coder": f"nobody did anything as '{one}'", "verb": f"there was no act '{one}'"}
            msg = f"{said[column]}.{did_you_mean(one, known) or ' There are: ' + ', '.join(known)}"
            raise CodingError(msg)
    return wanted


def _state(act: Mapping[Any, Any], words: Language) -> str:
    undone = not act["holds"] and act["verb"] not in ("undo", "redo")
    return words.caption("taken_back") if undone else ""


def _sayer(project: Project, words: Language) -> Callable[[Mapping[Any, Any]], str]:
    """Return a function that says an act in words; it knows the labels of former codes too."""
    labels: dict[str, str] = {}
    for _, yaml in settings.codebooks(project.store):
        book = parsed(yaml)
        labels |= {path: book.label(path, words.name) for path in book.paths}

    def say(act: Mapping[Any, Any]) -> str:
        verb, note = str(act["verb"]), str(act["note"])
        if bulk := _BULK.fullmatch(str(act["reason"])):
            above = bulk["above"].replace(".", words.caption("mark_decimal"))
            return words.caption("act_accept_bulk", above=above)
        if verb in ("undo", "redo"):
            return words.caption(f"act_{verb}", number=act["target"])
        for pattern, key in _NOTES.get(verb, ()):
            if told := re.fullmatch(pattern, note):
                return words.caption(key, **_facts(told.groupdict(), labels, words))
        if verb in _PLAIN:
            return words.caption(f"act_{verb}")
        return f"{verb}: {note}" if note else verb  # an act of a later version, in its own words

    return say


def _facts(told: Mapping[str, str], labels: Mapping[str, str], words: Language) -> dict[str, str]:
    """Return what a note tells, in the words of the study's language."""
    facts = dict(told) | {"path": told.get("code", "")}
    for name in ("code", "to"):
        if name in facts:
            facts[name] = labels.get(facts[name], facts[name])
    if "codes" in facts:
        paths = facts["codes"].split(", ")
        facts["codes"] = ", ".join(f"“{labels.get(path, path)}”" for path in paths)
    for name in ("valence", "about"):
        if name in facts:
            facts[name] = words.caption(facts[name]).lower()
    return facts
