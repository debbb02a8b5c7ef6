"""Cue coding in words per second, beside spaCy's own PhraseMatcher on the same text.

    python benchmarks/cue_coding.py

The peer tokenises the same documents with the same blank pipeline and looks for the same cues as
plain lower-case phrases: no word families, sentences, valence or reasons. The ratio is the price
of those.
"""

from __future__ import annotations

import spacy
from bench import compare
from spacy.matcher import PhraseMatcher

from bantar_qual import Codebook, CueCoder
from bantar_qual.files import shipped
from bantar_qual.importers import read_document


def main() -> None:
    """Print words per second and ratios."""
    files = sorted(p for p in shipped("interviews").iterdir() if p.suffix in {".txt", ".docx"})
    documents = [read_document(path) for path in files]
    words = sum(len(document.text.split()) for document in documents)
    book = Codebook.load("edwards-iii")
    coder = CueCoder()

    nlp = spacy.blank("id")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    cues = {cue.text.strip("=") for code in book for cue in code.cues.get("id", ())}
    matcher.add("cue", [nlp.make_doc(cue) for cue in sorted(cues)])

    def tokenised() -> int:
        return sum(len(nlp.make_doc(document.text)) for document in documents)

    def matched() -> int:
        return sum(len(matcher(nlp.make_doc(document.text))) for document in documents)

    def coded() -> int:
        return sum(1 for document in documents for _ in coder.code(document, book))

    found = compare(
        {"spaCy PhraseMatcher": matched, "spaCy tokens alone": tokenised, "CueCoder": coded}
    )
    print(f"{len(documents)} documents, {words:,} words, {len(cues):,} cues")
    print(f"hits of the PhraseMatcher: {matched()}, suggestions of the CueCoder: {coded()}")
    for name, (seconds, ratio) in found.items():
        print(f"{name:<22} {words / seconds:>12,.0f} words/s   {ratio:5.2f} x PhraseMatcher's time")


if __name__ == "__main__":
    main()
