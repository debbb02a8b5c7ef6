"""Recall and precision of the anonymiser, for each kind, on the labelled sentences.

    python benchmarks/anonymising.py [--errors]

The sentences in ``tests/privacy/labelled.jsonl`` are synthetic, and all by one hand. The first part
was written before the finder; the second to fourth later, and what they showed was mended too; the
fifth was written last, before it was scored, and is held out: nothing that it showed was mended. A
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
_PARTS = (
    "First, written before the finder",
    "Second, mended after",
    "Third, mended after",
    "Fourth, mended after",
    "Fifth, held out",
)


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
    for kind, count in counts.items():
        if not count["right"] + count["missed"] + count["wrong"]:
            continue
        name = "name, without title or list" if kind == "bare" else kind
        print(f"| {name} | {_line(count)}")
    print(f"| **all but the last** | {_line(_total(counts))}")


def _total(counts: dict[str, Counter[str]]) -> Counter[str]:
    """Add up all kinds but the names that the finder is not made to find."""
    return sum((count for kind, count in counts.items() if kind != "bare"), Counter[str]())


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
    parts = {
        title: [sentence for sentence in everything if sentence["part"] == part]
        for part, title in enumerate(_PARTS, 1)
    }
    for title, chosen in parts.items():
        show(f"{title}: {len(chosen)} sentences", score(chosen))
        print(f"\nSentences that hold nothing: {_nothing(chosen)}.")
        show(f"{title}: only what is sure", score(chosen, sure=True))
    print(
        "\nAll but names without title or list\n| part | sentences | of these hold nothing |",
        end="",
    )
    print(" labelled | found | in part | wrong | recall | precision |")
    print("|---|---|---|---|---|---|---|---|---|")
    for title, chosen in parts.items():
        print(f"| {title} | {len(chosen)} | {_nothing(chosen)} | {_line(_total(score(chosen)))}")


def _nothing(chosen: Sequence[dict[str, Any]]) -> str:
    empty = [sentence for sentence in chosen if not sentence["finds"]]
    return f"{len(empty)}; left alone {sum(not found(sentence) for sentence in empty)}"


if __name__ == "__main__":
    main()
