"""Recall and precision of the anonymiser, for each kind, on the labelled sentences.

    python benchmarks/anonymising.py [--errors]

The sentences in ``tests/privacy/labelled.jsonl`` are synthetic, and all by one hand. The first part
was written before the finder; the second and third later, and what they showed was mended too; the
fourth was written last and is held out: nothing that it showed was mended. A
find counts where start, end and kind are exactly those of the label; "in part" are labels that only
a part of a find, or a find of another kind, lies on. Names without a title that no list holds stand
in a row of their own: the finder is not made to find them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bantar_qual.privacy import KINDS, Known, Names, find
from bantar_qual.privacy.lexicon import lexicon

LABELLED = Path(__file__).parents[1] / "tests" / "privacy" / "labelled.jsonl"
Mark = tuple[int, int, str]


def sentences() -> list[dict[str, Any]]:
    """Read the labelled sentences."""
    lines = LABELLED.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[1:]]


def found(sentence: dict[str, Any], *, sure: bool = False) -> set[Mark]:
    """Return what the finder finds in a sentence."""
    words = lexicon(sentence["language"])
    told = (name.partition("=")[::2] for name in sentence["known"])
    names = Names([Known(name=name, kind=kind or "name") for name, kind in told], words)
    finds = find(sentence["text"], language=sentence["language"], names=names, kinds=KINDS)
    return {(one.start, one.end, one.kind) for one in finds if one.sure or not sure}


def score(chosen: Sequence[dict[str, Any]], *, sure: bool = False) -> dict[str, Counter[str]]:
    """Count, for each kind, what was right, missed and wrong."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in (*KINDS, "bare")}
    for sentence in chosen:
        labels = {(a, b, kind) for a, b, kind, _ in sentence["finds"]}
        marks = found(sentence, sure=sure)
        wanted = {(a, b, "name" if kind == "bare" else kind): kind for a, b, kind in labels}
        for mark in marks - set(wanted):
            counts[mark[2]]["wrong"] += 1
        for mark, kind in wanted.items():
            counts[kind]["right" if mark in marks else "missed"] += 1
            counts[kind]["touched"] += any(a < mark[1] and mark[0] < b for a, b, _ in marks)
    return counts


def show(title: str, counts: dict[str, Counter[str]]) -> None:
    """Print one table."""
    print(f"\n{title}\n| kind | labelled | found | in part | wrong | recall | precision |")
    print("|---|---|---|---|---|---|---|")
    total: Counter[str] = Counter()
    for kind, count in counts.items():
        labelled = count["right"] + count["missed"]
        if not labelled and not count["wrong"]:
            continue
        if kind != "bare":
            total += count
        name = "name, without title or list" if kind == "bare" else kind
        print(f"| {name} | {_line(count)}")
    print(f"| **all but the last** | {_line(total)}")


def _line(count: Counter[str]) -> str:
    right, labelled = count["right"], count["right"] + count["missed"]
    recall = f"{right / labelled:.2f}" if labelled else "–"
    given = right + count["wrong"]
    precision = f"{right / given:.2f}" if given else "–"
    part = count["touched"] - right
    return f"{labelled} | {right} | {part} | {count['wrong']} | {recall} | {precision} |"


def errors(chosen: Sequence[dict[str, Any]]) -> None:
    """Print every sentence in which something is missed or wrong."""
    for sentence in chosen:
        wanted = {(a, b, "name" if k == "bare" else k) for a, b, k, _ in sentence["finds"]}
        bare = {(a, b, "name") for a, b, k, _ in sentence["finds"] if k == "bare"}
        marks, text = found(sentence), sentence["text"]
        missed, wrong = wanted - marks - bare, marks - wanted
        if missed or wrong:
            said = [f"missed {k} '{text[a:b]}'" for a, b, k in sorted(missed)]
            said += [f"wrong {k} '{text[a:b]}'" for a, b, k in sorted(wrong)]
            print(f"part {sentence['part']}: {text}\n    {'; '.join(said)}")


def main() -> None:
    """Print recall and precision of every part, of all finds and of the sure ones."""
    everything = sentences()
    if "--errors" in sys.argv[1:]:
        errors(everything)
        return
    titles = (
        "First part, written before the finder",
        "Second part, mended after",
        "Third part, mended after",
        "Fourth part, held out",
    )
    for part, title in enumerate(titles, 1):
        chosen = [sentence for sentence in everything if sentence["part"] == part]
        empty = sum(not sentence["finds"] for sentence in chosen)
        quiet = sum(not sentence["finds"] and not found(sentence) for sentence in chosen)
        show(f"{title}: {len(chosen)} sentences", score(chosen))
        print(f"\nSentences that hold nothing: {empty}; of these left alone: {quiet}.")
        show(f"{title}: only what is sure", score(chosen, sure=True))


if __name__ == "__main__":
    main()
