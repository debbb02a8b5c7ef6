"""Code loose passages, each as a whole, without a study around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bantar_qual.codebook import Codebook
from bantar_qual.coders import valence as _valence
from bantar_qual.coders.cues import CueCoder
from bantar_qual.coders.features import Passage, document_of, split
from bantar_qual.coders.model import Judgement, ModelCoder, passages_of
from bantar_qual.records import Coding, Valence

_LONG = 120  # words; a longer text is coded sentence by sentence, as a document is
_PIECE = 60  # words of a piece where a sentence runs on without an end


def tag(
    told: Sequence[Mapping[str, Any]], codebook: Codebook, *, model: ModelCoder | None,
    cues: bool = True, threshold: float | None = None,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield the codes, variables, valence and suggestions of each passage.

    Parameters
    ----------
    told
        Passages with ``id``, ``text`` and ``lang`` (empty: found out).
    codebook
        The codes to choose from.
    model
        The model that judges each passage as a whole; None for the cues alone.
    cues
        Whether the cues' own suggestions are listed too, where they agree with the passage's
        codes. What the cues find is heard by the model in any case.
    threshold
        The confidence from which a code is given.
    """
    passages = passages_of([one["text"] for one in told], [one.get("lang", "") for one in told])
    coder = CueCoder()
    found = [list(coder.code(document_of(passage), codebook)) for passage in passages]
    if model is None:
        for one, passage, codings in zip(told, passages, found, strict=True):
            kept = [c for c in codings if (c.confidence or 0.0) >= (threshold or 0.0)]
            yield _answer(one["id"], _by_cues(passage, kept, codebook), kept)
        return
    short = [len(passage.text.split()) <= _LONG for passage in passages]
    judged = iter(
        model.judge_passages(
            [p for p, s in zip(passages, short, strict=True) if s], codebook, threshold=threshold
        )
    )
    for one, passage, codings, is_short in zip(told, passages, found, short, strict=True):
        if is_short:
            judgement = next(judged)
            places = list(_places(passage, judgement, model, codebook, coder))
        else:
            places = list(_long(passage, model, codebook, threshold))
            judgement = _joined(places, codebook)
        if cues:
            places += [c for c in codings if c.code in judgement.codes]
        yield _answer(one["id"], judgement, places)


def _answer(name: Any, judgement: Judgement, places: Sequence[Coding]) -> dict[str, Any]:
    return {
        "id": name,
        "codes": list(judgement.codes),
        "variables": list(judgement.variables),
        "valence": judgement.valence,
        "suggestions": [
            {
                "code": c.code, "start": c.start, "end": c.end, "valence": c.valence or "neutral",
                "confidence": c.confidence, "origin": c.origin, "because": c.because,
            }
            for c in sorted(places, key=lambda c: (c.start, c.end, c.code, c.origin))
        ],
    }  # fmt: skip


def _by_cues(passage: Passage, codings: Sequence[Coding], codebook: Codebook) -> Judgement:
    """Return what cues and valence rules make of a passage."""
    codes = {coding.code for coding in codings}
    sure = {c.code: c.confidence or 0.0 for c in codings}
    read = _valence.of_passage(
        [passage.text[a:b] for a, b in split(passage)], passage.language
    ).valence
    rated = [coding.valence for coding in codings if coding.valence]
    valence: Valence = "neutral"
    if codes:
        valence = read if read != "neutral" or not rated else rated[-1]
    return Judgement(tuple(p for p in codebook.paths if p in codes), valence, valence, sure)


def _places(
    passage: Passage, judgement: Judgement, model: ModelCoder, codebook: Codebook, cues: CueCoder
) -> Iterator[Coding]:
    """Yield, for each code of a passage, the sentence that carries it most."""
    from bantar_qual.coders.reasons import because

    if not judgement.codes:
        return
    fitted = model.fitted(codebook)
    spans = split(passage)
    pieces = [Passage(passage.text[a:b], passage.language) for a, b in spans]
    single = len(spans) < 2  # noqa: PLR2004 - one sentence carries everything
    each = [] if single else model.judge_passages(pieces, codebook)
    for path in judgement.codes:
        best = 0 if single else max(range(len(spans)), key=lambda n: each[n].confidences[path])
        rated = judgement.valence if single else each[best].leaning
        found = {c.code: c.because for c in cues.code(document_of(pieces[best]), codebook)}
        yield Coding(
            document="passage", start=spans[best][0], end=spans[best][1], code=path,
            coder=model.name, origin="model", status="suggested",
            valence=judgement.valence if rated == "neutral" else rated,
            confidence=judgement.confidences[path],
            because=because(fitted, pieces[best], path, cues=found.get(path, "")),
        )  # fmt: skip


def _long(
    passage: Passage, model: ModelCoder, codebook: Codebook, threshold: float | None
) -> Iterator[Coding]:
    """Yield the suggestions of a text that is longer than a passage, piece by piece."""
    from dataclasses import replace

    from bantar_qual.records import Turn

    pieces = [piece for a, b in split(passage) for piece in _cut(passage.text, a, b)]
    turns = tuple(Turn(number=n, start=a, end=b) for n, (a, b) in enumerate(pieces, 1))
    document = replace(document_of(passage), turns=turns)
    yield from model.suggest(document, codebook, threshold=threshold)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield pieces of a stretch, none longer than a passage may be; most are one whole sentence."""
    import re

    words = list(re.finditer(r"\S+", text[start:end]))
    size = _PIECE if len(words) > _LONG else max(1, len(words))
    for first in range(0, len(words), size):
        last = words[min(first + size, len(words)) - 1]
        yield start + words[first].start(), start + last.end()


def _joined(places: Sequence[Coding], codebook: Codebook) -> Judgement:
    """Return what the suggestions of a long text say together."""
    sure: dict[str, float] = {}
    for coding in places:
        sure[coding.code] = max(sure.get(coding.code, 0.0), coding.confidence or 0.0)
    rates = sorted({c.valence for c in places if c.valence and c.valence != "neutral"})
    valence: Valence = "neutral"
    if rates:
        valence = rates[0] if len(rates) == 1 else "mixed"
    return Judgement(tuple(p for p in codebook.paths if p in sure), valence, valence, sure)
