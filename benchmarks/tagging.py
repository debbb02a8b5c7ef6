"""Suggesting in words per second, beside bare spaCy tokenising of the same texts in the same run.

    python benchmarks/tagging.py                      # 20 transcripts of 6,000 words
    python benchmarks/tagging.py --transcripts 5000   # the whole: hours with the model
    python benchmarks/tagging.py --encoder            # the encoder too, on one transcript

Transcripts are made of the turns of the shipped interviews, drawn anew for each, so that sentences
come back but never in the same order. Memory is read after every quarter: it should stay flat. The
encoder keeps what it has read, so it is timed on one transcript, whose sentences are new to it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import spacy

from bantar_qual import Codebook, CueCoder, ModelCoder
from bantar_qual.files import shipped
from bantar_qual.importers import read_document
from bantar_qual.records import Document, Turn

WORDS = 6_000
FIRST = Document(
    name="first", text="Dananya habis.", language="id", turns=(Turn(number=1, start=0, end=14),)
)


def transcripts(count: int) -> Iterator[Document]:
    """Yield transcripts of about 6,000 words."""
    chance = random.Random(0)
    files = sorted(p for p in shipped("interviews").iterdir() if p.suffix in {".txt", ".docx"})
    said = [
        (document.text[turn.start : turn.end], turn.role)
        for document in map(read_document, files)
        for turn in document.turns
    ]
    for number in range(count):
        text, turns, words = [], [], 0
        place = 0
        while words < WORDS:
            part, role = chance.choice(said)
            turns.append(Turn(number=len(turns) + 1, start=place, end=place + len(part), role=role))
            text.append(part)
            place += len(part) + 1
            words += len(part.split())
        yield Document(name=f"t{number}", text="\n".join(text), language="id", turns=tuple(turns))


def memory() -> float:
    """Return how much memory the process holds now, in MB; 0 where the system does not say."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 / 1e6 if status.exists() else 0.0


def main() -> None:
    """Read the texts with each coder, and print its speed and memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transcripts", type=int, default=20)
    parser.add_argument("--encoder", action="store_true", help="with the encoder too")
    given = parser.parse_args()
    book = Codebook.load("edwards-iii")
    nlp = spacy.blank("id")
    cues, model = CueCoder(), ModelCoder(quick=True)
    model.fitted(book)
    readers: dict[str, Callable[[Document], int]] = {
        "spaCy tokens alone": lambda d: len(nlp.make_doc(d.text)),
        "CueCoder": lambda d: sum(1 for _ in cues.code(d, book)),
        "ModelCoder, quick": lambda d: sum(1 for _ in model.code(d, book)),
    }
    base = 0.0
    print(f"{given.transcripts} transcripts of {WORDS:,} words, CPU time of one process")
    for name, read in readers.items():
        read(FIRST)  # rules are compiled once, whatever follows
        words, spent, held = 0, 0.0, []
        for number, document in enumerate(transcripts(given.transcripts)):
            began = time.process_time()
            read(document)
            spent += time.process_time() - began
            words += len(document.text.split())
            if number % max(1, given.transcripts // 4) == 0:
                held.append(memory())
        base = base or spent
        told = " ".join(f"{amount:.0f}" for amount in held)
        speed = f"{words / spent:>10,.0f} words/s {spent / base:>7.1f} x"
        print(f"{name:<20} {speed}   MB: {told}", flush=True)
    if given.encoder:
        whole = ModelCoder(cache=False)
        list(whole.code(FIRST, book))
        document = next(transcripts(1))
        words, began = len(document.text.split()), time.process_time()
        found = sum(1 for _ in whole.code(document, book))
        spent = time.process_time() - began
        print(
            f"{'ModelCoder':<20} {words / spent:>10,.0f} words/s, {found} suggestions with reasons"
        )


if __name__ == "__main__":
    main()
