"""How good the suggestions are, on passages that no model has learned from.

    python benchmarks/suggestions.py                          # held-back programmes
    python benchmarks/suggestions.py --passages FILE.jsonl    # labelled passages of your own
    python benchmarks/suggestions.py --ablations              # what each part brings
    python benchmarks/suggestions.py --review                 # what the order of review saves
    python benchmarks/suggestions.py --reference              # beside interviews coded by hand

A file of passages has on each line ``id``, ``lang``, ``text``, ``variables`` (top-level keys),
``sub`` (keys of indicators), ``polarity``, ``register`` and ``difficulty``. It is only read.
Micro F1; "var" is the level of variables, "ind" that of indicators.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import reference
from held_back import held_back, is_held_back

from bantar_qual import Codebook, CueCoder, ModelCoder
from bantar_qual.codebook.examples import Example, examples_for
from bantar_qual.coders.embedding import WordTable, nano_e5
from bantar_qual.coders.features import BLOCKS, Features, Passage
from bantar_qual.coders.passages import tag
from bantar_qual.project.reviewing import doubts, most_useful

BOOK = Codebook.load("edwards-iii")
WAITING = 300  # passages among which the order of review chooses
FEW = 300  # examples of a codebook of one's own, on which the encoder that ships knows nothing


@dataclass(frozen=True)
class Told:
    """A labelled passage."""

    text: str
    lang: str
    variables: frozenset[str]
    codes: frozenset[str]
    valence: str
    register: str
    difficulty: str


@dataclass(frozen=True)
class Said:
    """What a coder said of it."""

    variables: frozenset[str]
    codes: frozenset[str]
    valence: str


def read(path: Path) -> list[Told]:
    """Read a file of labelled passages."""
    keys = {code.key: code.path for code in BOOK}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [
        Told(r["text"], r["lang"], frozenset(r["variables"]), frozenset(keys[s] for s in r["sub"]),
             r["polarity"], r["register"], r["difficulty"])
        for r in rows
    ]  # fmt: skip


def of_example(example: Example) -> Told:
    """Return an example passage as a labelled one."""
    variables = frozenset(code.partition(".")[0] for code in example.codes)
    return Told(example.text, example.language, variables, frozenset(example.codes),
                example.valence, example.register, example.difficulty)  # fmt: skip


def said(passages: Sequence[Told], model: ModelCoder | None) -> list[Said]:
    """Return what a coder says; the cues alone where there is no model."""
    lines = [{"id": n, "text": p.text, "lang": p.lang} for n, p in enumerate(passages)]
    return [
        Said(frozenset(a["variables"]), frozenset(a["codes"]), a["valence"])
        for a in tag(lines, BOOK, model=model)
    ]


def judged(passages: Sequence[Passage], model: ModelCoder) -> list[Said]:
    """Return what a model says of passages: as ``said`` does, without the places and reasons."""
    return [
        Said(frozenset(j.variables), frozenset(j.codes), j.valence)
        for j in model.judge_passages(passages, BOOK)
    ]


def with_cues(passages: Iterable[Told | Example]) -> list[Passage]:
    """Return passages whose cues are read, once for all models that will judge them."""
    features = Features(BOOK, sense=None)
    bare = [Passage(p.text, p.lang if isinstance(p, Told) else p.language) for p in passages]
    return [replace(p, cues=features.cues_of(p)) for p in bare]


def f1(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> float:
    """Return the micro F1 of pairs of what holds and what was said."""
    pairs = list(pairs)
    both = sum(len(a & b) for a, b in pairs)
    return 2 * both / max(1, sum(len(a) + len(b) for a, b in pairs))


def show(name: str, passages: Sequence[Told], answers: Sequence[Said]) -> None:
    """Print scores overall and by difficulty, language and register."""
    parts: dict[str, Callable[[Told], bool]] = {"all": lambda _: True}
    for key in ("difficulty", "lang", "register"):
        for value in sorted({getattr(p, key) for p in passages}):
            parts[value] = lambda p, key=key, value=value: getattr(p, key) == value
    print(f"\n{name}")
    print(f"{'':<12} {'n':>5} {'var':>6} {'ind':>6} {'valence':>8} {'on topic':>9}")
    for part, is_in in parts.items():
        both = [(p, a) for p, a in zip(passages, answers, strict=True) if is_in(p)]
        right = [p.valence == a.valence for p, a in both]
        topical = [p.valence == a.valence for p, a in both if p.variables]
        print(
            f"{part:<12} {len(both):>5} {f1((p.variables, a.variables) for p, a in both):>6.3f} "
            f"{f1((p.codes, a.codes) for p, a in both):>6.3f} {np.mean(right):>8.3f} "
            f"{np.mean(topical) if topical else float('nan'):>9.3f}"
        )


def coders(*, passages_seen: bool) -> dict[str, Callable[[], ModelCoder | None]]:
    """Return the coders: those of an installation, or with the held-back programmes left out."""
    taught = None
    if not passages_seen:
        taught = [e for e in examples_for(BOOK) if not is_held_back(e.group)]
    made: dict[str, Callable[[], ModelCoder | None]] = {
        "cues alone": lambda: None,
        "quick": lambda: ModelCoder(quick=True, examples=taught),
        "default installation": lambda: ModelCoder(examples=taught),
    }
    return made


def ablations(passages: Sequence[Told], taught: Sequence[Example]) -> None:
    """Print what each part brings: taken away from all, and with fewer examples."""
    blocks = [block for block in BLOCKS if block != "sense"]
    kinds: dict[str, ModelCoder] = {"default": ModelCoder(examples=taught)}
    for block in blocks:
        left = [b for b in blocks if b != block]
        kinds[f"without {block}"] = ModelCoder(examples=taught, blocks=left)
    kinds["the reading alone"] = ModelCoder(examples=taught, blocks=["reading"])
    order = np.random.default_rng(0).permutation(len(taught))
    for share in (10, 25, 50):
        some = [taught[n] for n in sorted(order[: len(taught) * share // 100])]
        kinds[f"{share} % of the examples"] = ModelCoder(examples=some)
        kinds[f"{share} %, quick"] = ModelCoder(examples=some, quick=True)
    few = [taught[n] for n in sorted(order[:FEW])]
    kinds[f"{FEW}, quick"] = ModelCoder(examples=few, quick=True)
    if (sense := nano_e5()) is not None:
        kinds["default, [embed] too"] = ModelCoder(examples=taught, embed=sense)
        others = [block for block in BLOCKS if block != "reading"]
        kinds[f"{FEW}, quick, [embed]"] = ModelCoder(examples=few, blocks=others, embed=sense)
    read = with_cues(passages)
    print(f"\n{'':<24} {'var':>6} {'paraphrase':>11} {'ind':>6} {'valence':>8}")
    for name, model in kinds.items():
        answers = judged(read, model)
        both = list(zip(passages, answers, strict=True))
        hard = [(p, a) for p, a in both if p.difficulty == "paraphrase"]
        print(
            f"{name:<24} {f1((p.variables, a.variables) for p, a in both):>6.3f} "
            f"{f1((p.variables, a.variables) for p, a in hard):>11.3f} "
            f"{f1((p.codes, a.codes) for p, a in both):>6.3f} "
            f"{np.mean([p.valence == a.valence for p, a in both]):>8.3f}",
            flush=True,
        )


def review(rounds: int = 5, step: int = 50, runs: int = 2) -> None:
    """Print how fast a model learns when it chooses what is read next."""
    examples = examples_for(BOOK)
    pool = [e for e in examples if not is_held_back(e.group)]
    test = [of_example(e) for e in examples if is_held_back(e.group)]
    read, waiting = with_cues(test), with_cues(pool)
    table = {name: WordTable(name) for name in ("id", "en")}
    vectors = np.vstack([table[e.language].encode([e.text]) for e in pool])
    print(
        f"\n{'read':>6} {'any order':>10} {'least sure':>11} {'most useful':>12}"
        f"   var F1, mean of {runs} runs"
    )
    curves = {order: np.zeros(rounds) for order in ("any", "sure", "useful")}
    for seed in range(runs):
        for order, curve in curves.items():
            chance = np.random.default_rng(seed)
            shuffled = chance.permutation(len(pool)).tolist()
            known = shuffled[:step]
            for number in range(rounds):
                model = ModelCoder(quick=True, examples=[pool[n] for n in known], cache=False)
                answers = judged(read, model)
                curve[number] += f1((p.variables, a.variables)
                                    for p, a in zip(test, answers, strict=True)) / runs  # fmt: skip
                left = [n for n in shuffled if n not in set(known)][:WAITING]
                known += chosen(order, model, waiting, vectors, left)[:step]
    for number in range(rounds):
        values = [curves[order][number] for order in ("any", "sure", "useful")]
        print(f"{step * (number + 1):>6} {values[0]:>10.3f} {values[1]:>11.3f} {values[2]:>12.3f}")


def chosen(
    order: str, model: ModelCoder, pool: Sequence[Passage], vectors: np.ndarray, left: list[int]
) -> list[int]:
    """Return what is left in the order in which it would be read."""
    if order == "any":
        return left
    told = model.judge_passages([pool[n] for n in left], BOOK)
    tops = [code.path for code in BOOK.children()]
    doubt = np.array([max(doubts([j.confidences[t] for t in tops])) for j in told])
    if order == "sure":
        return [left[n] for n in np.argsort(-doubt, kind="stable")]
    return [left[n] for n in most_useful(doubt, vectors[left])]


def main() -> None:
    """Read the arguments and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=Path)
    parser.add_argument("--ablations", action="store_true")
    parser.add_argument("--review", action="store_true")
    parser.add_argument("--reference", action="store_true")
    given = parser.parse_args()
    if given.reference:
        made = {name: make() or CueCoder() for name, make in coders(passages_seen=True).items()}
        reference.show(made, BOOK)
        return
    if given.review:
        review()
        return
    examples = examples_for(BOOK)
    if given.passages:
        passages, taught = read(given.passages), list(examples)
        print(
            f"{len(passages)} passages of {given.passages.name}; {len(taught):,} examples learned"
        )
    else:
        passages = [of_example(e) for e in examples if is_held_back(e.group)]
        taught = [e for e in examples if not is_held_back(e.group)]
        print(f"held back: {', '.join(held_back())}; {len(taught):,} examples learned")
    if given.ablations:
        ablations(passages, taught)
        return
    for name, make in coders(passages_seen=given.passages is not None).items():
        show(name, passages, said(passages, make()))


if __name__ == "__main__":
    main()
