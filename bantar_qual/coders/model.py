"""A coder that learns: from example passages on the first day, from the study's decisions after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bantar_qual.codebook import Codebook
from bantar_qual.codebook.examples import Example, examples_for, read_examples
from bantar_qual.coders.cues import CueCoder
from bantar_qual.coders.lessons import Lesson, Study, decided_in, lessons, units
from bantar_qual.records import Coding, Document, Valence

if TYPE_CHECKING:
    from bantar_qual.coders.embedding import Embedder
    from bantar_qual.coders.features import Passage
    from bantar_qual.coders.fitting import Fitted

LEARNED = 60  # lessons from which a code is left to the model: before, its cues are heard too
HEARD = 8  # lessons that a code needs before the model is heard without a cue
CUE_ALONE = 0.6  # how sure the cues of a code must be that the model has not learned
UNHEARD = 0.1  # a passage whose every variable is less likely than this is not rated
_BATCH = 256

Sense = Literal["auto", "none"]
Hearing = Literal["cues", "cues and model", "model"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a model makes of one passage."""

    codes: tuple[str, ...]
    valence: Valence  # of the passage, given a code or not; neutral where none is likely
    leaning: Valence  # what the passage says either way, whether or not a code is given
    confidences: dict[str, float]  # of every code, given or not

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the top-level codes."""
        return tuple(dict.fromkeys(code.partition(".")[0] for code in self.codes))


class ModelCoder:
    """Suggest codes for sentences by what they resemble, also where no cue word stands.

    It starts from the codebook's example passages, so that it suggests on the first day. After
    ``fit(project)`` it has learned from what was accepted and rejected too, and the study's own
    codings weigh more the more of them there are. A code with hardly any example is suggested by
    its cues. Nothing is downloaded, and nothing that could run is ever read: a model is fitted
    again from its data, or read back as plain arrays.

    Parameters
    ----------
    name
        The coder's name in the study.
    interviewer
        True to read the interviewer's turns too.
    embed
        A general sentence encoder beside the one that ships: ``"auto"`` to use that of the extra
        ``[embed]``, if it is installed, for codebooks that bring no example passages (for the
        others it adds nothing); ``"none"`` to do without; the path of a local folder of
        sentence-transformers or model2vec; or any object with ``name`` and ``encode(texts)``.
    examples
        A file of example passages to learn from instead of those that ship with the codebook.
    cache
        False to fit anew each time.
    quick
        True to do without any encoder, also the one that ships and reads each sentence whole:
        many times quicker, and less sure.
    threshold
        The confidence from which ``code`` suggests; each code's own if left out, which weighs
        what is missed like what is wrong. Lower it, say to 0.3, to miss less.
    blocks
        The kinds of features to use, of those in ``bantar_qual.coders.features.BLOCKS``; all of
        them if left out. Fewer show what each brings.

    Notes
    -----
    ``confidence`` is a probability, calibrated on passages that were held back with all that was
    written together with them. It holds for texts like those that were learned from.

    Examples
    --------
    >>> book = Codebook.load("edwards-iii")
    >>> coder = ModelCoder(embed="none")
    >>> told = coder.judge(["Kantongnya kosong, jadi lampu jalan tidak bisa dibeli."], book)
    >>> told[0].valence
    'barrier'
    """

    origin: Literal["model"] = "model"

    def __init__(
        self, *, name: str = "model", interviewer: bool = False,
        embed: Sense | str | Path | Embedder = "auto",
        examples: str | Path | Sequence[Example] | None = None, cache: bool = True,
        quick: bool = False, threshold: float | None = None, blocks: Sequence[str] | None = None,
    ) -> None:  # fmt: skip
        self.name, self.interviewer, self._cache = name, interviewer, cache
        self._embed = "none" if quick else embed
        self._examples = examples
        self.blocks, self.threshold = _blocks(blocks, quick=quick), threshold
        self._decided: tuple[Lesson, ...] = ()
        self._sense: Any = _UNREAD
        self._fitted: dict[int, tuple[Codebook, Fitted]] = {}
        self._cues = CueCoder(interviewer=interviewer)

    # ------------------------------------------------------------ learning

    def fit(self, project: Study) -> ModelCoder:
        """Learn from what people accepted and rejected in a study, and return the coder."""
        self._decided = tuple(decided_in(project))
        self._fitted.clear()
        self.fitted(project.codebook)
        return self

    def fitted(self, codebook: Codebook) -> Fitted:
        """Return the fitted model for a codebook; it is fitted when it is first asked for."""
        known = self._fitted.get(id(codebook))
        if known is None:
            from bantar_qual.coders import fitting

            taught = lessons(codebook, self.taught(codebook), self._decided)
            sense = self.sense(codebook)
            named = sense.name if sense else "none"
            key = fitting.key_of(codebook, taught, sense=named, blocks=self.blocks)
            found = (
                fitting.load(codebook, key, sense=sense, blocks=self.blocks)
                if self._cache
                else None
            )
            if found is None:
                found = fitting.fit(codebook, taught, sense=sense, blocks=self.blocks)[0]
                if self._cache:
                    fitting.save(found, key)
            self.save()
            known = self._fitted[id(codebook)] = codebook, found
        return known[1]

    def taught(self, codebook: Codebook) -> Sequence[Example]:
        """Return the example passages that the coder starts from."""
        if self._examples is None:
            return examples_for(codebook)
        if isinstance(self._examples, (str, Path)):
            return read_examples(self._examples)
        return self._examples

    def sense(self, codebook: Codebook) -> Embedder | None:
        """Return the general sentence encoder that is used for a codebook, or None."""
        if self._embed == "auto" and examples_for(codebook):
            return None
        if self._sense is _UNREAD:
            from bantar_qual.coders import embedding

            if self._embed == "none":
                self._sense = None
            elif self._embed == "auto":
                self._sense = embedding.nano_e5()
            elif isinstance(self._embed, (str, Path)):
                self._sense = embedding.local_encoder(self._embed)
            else:
                self._sense = self._embed
        found: Embedder | None = self._sense
        return found

    def save(self) -> None:
        """Keep what encoders made of texts on disk, so that no text is encoded twice."""
        from bantar_qual.coders import embedding

        if not self._cache:
            return
        if "reading" in self.blocks:
            embedding.readings().save()
        keep = getattr(self._sense, "save", None)
        if keep is not None:
            keep()

    # ------------------------------------------------------------ judging

    def judge(
        self, texts: Sequence[str], codebook: Codebook, *, languages: Sequence[str] = (),
        threshold: float | None = None,
    ) -> list[Judgement]:  # fmt: skip
        """Judge passages, each as a whole.

        Parameters
        ----------
        texts
            The passages.
        codebook
            The codes to choose from.
        languages
            The language of each passage; found out where it is left out or empty.
        threshold
            The confidence from which a code is given; each code's own if left out.
        """
        passages = passages_of(texts, languages)
        return self.judge_passages(passages, codebook, threshold=threshold)

    def judge_passages(
        self, passages: Sequence[Passage], codebook: Codebook, *, threshold: float | None = None
    ) -> list[Judgement]:
        """Judge passages whose language is known."""
        fitted = self.fitted(codebook)
        found: list[Judgement] = []
        for start in range(0, len(passages), _BATCH):
            batch = [_with_cues(p, fitted) for p in passages[start : start + _BATCH]]
            codes, rates, _ = fitted.scores(batch)
            found += [
                _judged(fitted, passage, row, rate, threshold)
                for passage, row, rate in zip(batch, codes, rates, strict=True)
            ]
        return found

    def code(self, document: Document, codebook: Codebook) -> Iterator[Coding]:
        """Yield the suggestions for one document, sentence by sentence, in reading order."""
        yield from self.suggest(document, codebook, threshold=self.threshold)

    def suggest(
        self, document: Document, codebook: Codebook, *, threshold: float | None = None
    ) -> Iterator[Coding]:
        """Yield the suggestions for one document from a confidence on."""
        from bantar_qual.coders.company import scores_in_company
        from bantar_qual.coders.features import Passage, spoken
        from bantar_qual.coders.reasons import because

        fitted = self.fitted(codebook)
        cued = self._cued(document, codebook)
        name = spoken(document.language)
        spans = units(document, interviewer=self.interviewer)
        passages = [
            Passage(document.text[a:b], name, {c: x[0] for c, x in cued.get((a, b), {}).items()})
            for a, b, _ in spans
        ]
        for start in range(0, len(spans), _BATCH):
            # A batch sees one sentence more on each side, so that no neighbour is lost.
            first, last = max(0, start - 1), min(len(spans), start + _BATCH + 1)
            codes, rates, rows = scores_in_company(
                fitted, document.text, passages[first:last], spans[first:last]
            )
            for number in range(start, min(start + _BATCH, len(spans))):
                passage, (a, b, _) = passages[number], spans[number]
                row, rate = codes[number - first], rates[number - first]
                told = _judged(fitted, passage, row, rate, threshold)
                here = rows[[number - first]] if told.codes else None
                for path in told.codes:
                    words = cued.get((a, b), {}).get(path, (0.0, ""))[1]
                    yield Coding(
                        document=document.name, start=a, end=b, code=path, coder=self.name,
                        origin=self.origin, status="suggested", valence=told.valence,
                        confidence=told.confidences[path],
                        because=because(fitted, passage, path, cues=words, row=here),
                    )  # fmt: skip

    def _cued(
        self, document: Document, codebook: Codebook
    ) -> dict[tuple[int, int], dict[str, tuple[float, str]]]:
        """Return what the cues say of each sentence: how sure, and by which words."""
        found: dict[tuple[int, int], dict[str, tuple[float, str]]] = {}
        for coding in self._cues.code(document, codebook):
            here = found.setdefault((coding.start, coding.end), {})
            here[coding.code] = (coding.confidence or 0.0, coding.because)
        return found


def hearing(lessons: int) -> tuple[Hearing, int]:
    """Return who is heard on a code with so many lessons, and how many more change that.

    Examples
    --------
    >>> hearing(5), hearing(8), hearing(60)
    (('cues', 3), ('cues and model', 52), ('model', 0))
    """
    if lessons < HEARD:
        return "cues", HEARD - lessons
    if lessons < LEARNED:
        return "cues and model", LEARNED - lessons
    return "model", 0


_UNREAD = object()


def _blocks(chosen: Sequence[str] | None, *, quick: bool) -> tuple[str, ...]:
    from bantar_qual.coders.features import BLOCKS

    chosen = BLOCKS if chosen is None else chosen
    return tuple(
        block for block in BLOCKS if block in chosen and not (quick and block == "reading")
    )


def passages_of(texts: Sequence[str], languages: Sequence[str] = ()) -> list[Passage]:
    """Return texts as passages; a language that is not told is found out."""
    from bantar_qual.coders.features import Passage, spoken
    from bantar_qual.text.detect import detect

    told = list(languages) or [""] * len(texts)
    return [
        Passage(text, spoken(name or detect(text))) for text, name in zip(texts, told, strict=True)
    ]


def _with_cues(passage: Passage, fitted: Fitted) -> Passage:
    from dataclasses import replace

    return (
        passage
        if passage.cues is not None
        else replace(passage, cues=fitted.features.cues_of(passage))
    )


def _judged(
    fitted: Fitted, passage: Passage, row: Any, rates: Any, threshold: float | None
) -> Judgement:
    """Decide one passage by its scores; codes that were not learned, by their cues."""
    import numpy as np

    from bantar_qual.coders import fitting, scoring

    tree = fitted.tree
    sure = fitted.scale.probabilities(row)
    if not any(letter.isalnum() for letter in passage.text):
        sure = sure * 0
    limits = fitted.scale.thresholds if threshold is None else sure * 0 + threshold
    limits = np.where(fitted.learned < HEARD, np.inf, limits)
    for path, cue in (passage.cues or {}).items():
        column = tree.paths.index(path)
        enough = CUE_ALONE if threshold is None else threshold
        if fitted.learned[column] < LEARNED and cue >= enough:
            steps = path.split(".")
            for depth in range(len(steps)):  # the codes above hold as well
                above = tree.paths.index(".".join(steps[: depth + 1]))
                sure[above] = max(float(sure[above]), cue)
                limits[above] = min(float(limits[above]), cue)
    columns = scoring.decide(tree, sure, limits, stops=fitted.stops)
    confidences = {path: round(float(p), 3) for path, p in zip(tree.paths, sure, strict=True)}
    leaning = fitting.rated(rates) if len(fitted.rater) else _by_rules(passage)
    codes = tuple(tree.paths[c] for c in columns)
    heard = bool(codes) or float(sure[list(tree.tops)].max(initial=0)) >= UNHEARD
    return Judgement(codes, leaning if heard else "neutral", leaning, confidences)


def _by_rules(passage: Passage) -> Valence:
    """Return what the rules of valence say, for a model that has not learned any."""
    from bantar_qual.coders import valence
    from bantar_qual.coders.features import split

    told = [passage.text[a:b] for a, b in split(passage)]
    return valence.of_passage(told, passage.language).valence
