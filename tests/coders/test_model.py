"""The coder that learns: decisions, calibration, learning from a study, caching, honest held-back scores."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bantar_qual import Codebook, ModelCoder, Project
from bantar_qual.codebook.examples import Example, examples_for, read_examples
from bantar_qual.coders import fitting, lessons, scoring
from bantar_qual.coders.embedding import Kept
from bantar_qual.coders.features import Passage
from bantar_qual.coders.kernel import Machine
from bantar_qual.coders.passages import tag
from bantar_qual.errors import CodebookError, ModelError
from bantar_qual.languages import language
from bantar_qual.records import Document, Turn

SOME = 700  # examples that teach the tests' model: enough to be right, few enough to be quick


@pytest.fixture(scope="module")
def book() -> Codebook:
    """Return the shipped codebook."""
    return Codebook.load("edwards-iii")


@pytest.fixture(scope="module")
def model(book: Codebook, tmp_path_factory: pytest.TempPathFactory) -> ModelCoder:
    """Fit a model to every sixth example."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANTAR_CACHE", str(tmp_path_factory.mktemp("cache")))
        told = examples_for(book)
        coder = ModelCoder(embed="none", examples=told[:: max(1, len(told) // SOME)])
        coder.fitted(book)
    return coder


def document(*turns: str, language: str = "id") -> Document:
    """Make an interview of an informant's turns."""
    text, found = "", []
    for number, turn in enumerate(turns, 1):
        found.append(
            Turn(number=number, start=len(text), end=len(text) + len(turn), role="informant")
        )
        text += f"{turn}\n"
    return Document(name="d", text=text, language=language, turns=tuple(found))


def test_codes_without_a_cue_word(model: ModelCoder, book: Codebook) -> None:
    """It finds what no cue word tells."""
    text = "Yang jaga cuma dua orang, kalau satu sakit ya tutup."
    told = model.judge([text], book, languages=["id"])[0]
    assert "resources" in told.variables
    assert told.valence == "barrier"


def test_off_topic(model: ModelCoder, book: Codebook) -> None:
    """What speaks of nothing in the codebook has no code, and is neutral."""
    for text in ("Resep ikan bakar ibu saya pakai kecap manis.", "", "?!", "12 13 14"):
        told = model.judge([text], book, languages=["id"])[0]
        assert told.codes == (), text
        assert told.valence == "neutral"


def test_codes_hold_up_the_tree(model: ModelCoder, book: Codebook) -> None:
    """The variables of a passage are those of its codes, and every code stands in the codebook."""
    texts = [e.text for e in examples_for(book)[:40]]
    for told in model.judge(texts, book):
        assert all(code in book for code in told.codes)
        assert list(told.codes) == [path for path in book.paths if path in told.codes]
        assert all(0 <= sure <= 1 for sure in told.confidences.values())


def test_threshold(model: ModelCoder, book: Codebook) -> None:
    """A higher threshold never gives a variable that a lower one did not."""
    texts = [e.text for e in examples_for(book)[:30]]
    low = model.judge(texts, book, threshold=0.2)
    high = model.judge(texts, book, threshold=0.9)
    for a, b in zip(low, high, strict=True):
        assert set(b.variables) <= set(a.variables)


def test_suggestions_lie_in_the_text(model: ModelCoder, book: Codebook) -> None:
    """Suggestions cover whole sentences, in order, each once, with the words that spoke for them."""
    talk = document(
        "Dananya tidak ada. Petugasnya cuma dua.", "Hujan terus. Kami tidak pernah diberi tahu."
    )
    found = list(model.code(talk, book))
    assert found
    assert [c.start for c in found] == sorted(c.start for c in found)
    assert len({(c.start, c.code) for c in found}) == len(found)
    for coding in found:
        assert coding.origin == "model"
        assert coding.status == "suggested"
        assert talk.text[coding.start : coding.end].strip() == talk.text[coding.start : coding.end]
        for word in filter(None, coding.because.split("; ")):
            assert word in talk.text


def test_the_interviewer_is_left_out(model: ModelCoder, book: Codebook) -> None:
    """The interviewer's words are no evidence."""
    text = "Apakah dananya tidak ada?"
    asked = Document(name="d", text=text, language="id",
                     turns=(Turn(number=1, start=0, end=len(text), role="interviewer"),))  # fmt: skip
    assert list(model.code(asked, book)) == []


def test_the_same_twice(book: Codebook) -> None:
    """Two fits of the same examples judge alike, to the last digit."""
    told = examples_for(book)[::40]
    texts = [e.text for e in told[:20]]
    one, other = (
        ModelCoder(embed="none", examples=told, cache=False).judge(texts, book) for _ in range(2)
    )
    assert one == other


def test_a_model_comes_back_from_disk(
    book: Codebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept judges as what was fitted; a spoiled file is fitted anew; no file holds objects."""
    monkeypatch.setenv("BANTAR_CACHE", str(tmp_path))
    told = examples_for(book)[::40]
    texts = [e.text for e in told[:20]]
    first = ModelCoder(embed="none", examples=told).judge(texts, book)
    (kept,) = (tmp_path / "models").glob("*.npz")
    with np.load(kept, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)
    monkeypatch.setattr(fitting, "fit", None)  # it must not be fitted again
    assert ModelCoder(embed="none", examples=told).judge(texts, book) == first
    monkeypatch.undo()
    monkeypatch.setenv("BANTAR_CACHE", str(tmp_path))
    kept.write_bytes(b"PK\x03\x04 not a model")
    assert ModelCoder(embed="none", examples=told).judge(texts, book) == first


def test_a_cache_that_cannot_be_written(
    book: Codebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be kept, the model is fitted each time, and that is all."""
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("BANTAR_CACHE", str(tmp_path / "file"))
    told = examples_for(book)[::60]
    assert ModelCoder(embed="none", examples=told).judge(["Dananya habis."], book)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(6, 20))
def test_held_back_scores_are_exact(seed: int, size: int) -> None:
    """The scores of a held-back group are those of a machine that never had the group."""
    from scipy import sparse

    chance = np.random.default_rng(seed)
    rows = sparse.csr_array(chance.random((size, 7)).astype(np.float32))
    targets = chance.integers(0, 2, (size, 3)).astype(np.float32)
    weights = chance.uniform(0.5, 2, size).astype(np.float32)
    groups = chance.integers(0, 3, size)
    whole = Machine(rows, targets, weights=weights, groups=groups.tolist())
    for group in set(groups.tolist()):
        out = groups != group
        if not out.any():
            continue
        part = Machine(rows[out], targets[out], weights=weights[out], groups=range(int(out.sum())))
        part.size, part.mean = whole.size, whole.mean
        refit = _refit(part, targets[out] - whole.mean, weights[out])
        expected = part.likeness(rows[~out]) @ refit + whole.mean
        assert np.allclose(whole.held[~out], expected, atol=2e-2)


def _refit(machine: Machine, centred: np.ndarray, weights: np.ndarray) -> np.ndarray:
    from bantar_qual.coders.kernel import RIDGE

    system = machine.likeness(machine.rows).astype(float)
    system[np.diag_indices_from(system)] += RIDGE / weights
    return np.linalg.solve(system, centred)


def test_function_words_are_no_reason(model: ModelCoder, book: Codebook) -> None:
    """A word that says little by itself is named only where no other word spoke for the code."""
    text = "Yang jaga cuma dua orang itu, kalau ada yang sakit ya tutup."
    (told,) = tag([{"id": 1, "text": text, "lang": "id"}], book, model=model, cues=False)
    little = set(language("id").words["stop_words"])
    assert told["suggestions"]
    for suggestion in told["suggestions"]:
        words = suggestion["because"].lower().split("; ")
        assert words[0]
        assert not {word for word in words if word in little}, words


def test_shipped_vectors_are_used_for_their_model_alone(tmp_path: Path) -> None:
    """A shipped vector spares the encoding of its text, unless another model made it."""
    asked: list[str] = []

    def encode(texts: list[str]) -> np.ndarray:
        asked.extend(texts)
        return np.ones((len(texts), 2), np.float32)

    key = np.frombuffer(hashlib.sha256(b"dana").digest(), np.uint8).reshape(1, -1)
    path = tmp_path / "taught.npz"
    np.savez(path, keys=key, vectors=np.array([[3, 4]], np.int8), scale=np.ones(2, np.float32),
             name=np.array("one"))  # fmt: skip
    one = Kept("one", encode, folder=tmp_path, taught=path)
    assert np.allclose(one.encode(["dana"]), [[0.6, 0.8]])
    assert asked == []
    Kept("other", encode, folder=tmp_path, taught=path).encode(["dana"])
    assert asked == ["dana"]


def test_what_ships_is_never_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is encoded in between, a text that ships with its vector keeps that one."""
    monkeypatch.setattr("bantar_qual.coders.embedding._KEPT", 4)
    key = np.frombuffer(hashlib.sha256(b"dana").digest(), np.uint8).reshape(1, -1)
    path = tmp_path / "told.npz"
    np.savez(path, keys=key, vectors=np.array([[3, 4]], np.int8), scale=np.ones(2, np.float32),
             name=np.array("one"))  # fmt: skip
    one = Kept("one", lambda texts: np.zeros((len(texts), 2)), folder=tmp_path, taught=path,
               unit=False)  # fmt: skip
    for number in range(20):
        one.encode([f"text {number}"])
    assert one.encode(["dana"]).tolist() == [[3, 4]]


def test_valence_without_examples_is_that_of_the_rules(fresh: Project) -> None:
    """A model that has learned no valence rates by the rules, not always alike."""
    coder = ModelCoder(embed="none", examples=[], cache=False)
    bad, good = coder.judge(
        ["Dananya belum turun sama sekali.", "Dananya cukup dan lancar."], fresh.codebook,
        languages=["id", "id"],
    )  # fmt: skip
    assert (bad.leaning, good.leaning) == ("barrier", "enabler")


def test_learns_from_a_study(small: Project) -> None:
    """What a researcher accepts teaches, what is rejected is unlearned."""
    text = small.document("dua").text
    sentence = "Hujan terus dari pagi."
    before = ModelCoder(embed="none", examples=[], cache=False).judge([sentence], small.codebook)[0]
    start = text.index(sentence)
    small.code("dua", (start, start + len(sentence)), "resources.staff", valence="barrier")
    after = (
        ModelCoder(embed="none", examples=[], cache=False)
        .fit(small)
        .judge([sentence], small.codebook)[0]
    )
    assert after.confidences["resources.staff"] > before.confidences["resources.staff"]
    small.reject(small.codings())
    again = (
        ModelCoder(embed="none", examples=[], cache=False)
        .fit(small)
        .judge([sentence], small.codebook)[0]
    )
    assert again.confidences["resources.staff"] < after.confidences["resources.staff"]


def test_examples_fade() -> None:
    """The more a study has decided, the less an example counts beside its sentences."""
    book = Codebook.load("edwards-iii")
    one = Example(text="Dananya habis.", codes=("resources.budget",), valence="barrier")
    own = lessons.Lesson(
        Passage("x"), frozenset(), None, lessons.DECIDED, "document a", origin="study"
    )

    def weight(count: int) -> float:
        return lessons.lessons(book, [one], [own] * count)[0].weight

    assert weight(0) == 1
    assert weight(0) > weight(10) > weight(1000)


def test_any_codebook(fresh: Project) -> None:
    """A codebook without examples suggests by its cues and definitions."""
    coder = ModelCoder(embed="none", cache=False)
    found = [
        c.code for c in coder.code(document("Dananya belum turun sama sekali."), fresh.codebook)
    ]
    assert "resources.budget" in found


def test_nothing_to_learn_from() -> None:
    """Without a single lesson nothing can be fitted, and a sentence says so."""
    with pytest.raises(ModelError, match="nothing to learn from"):
        fitting.fit(Codebook.load("edwards-iii"), [])


def test_examples_of_a_codebook_that_extends() -> None:
    """A codebook that extends another learns from its examples, each code where it stands there."""
    told = examples_for(Codebook.load("kampung-bantar"))
    assert len(told) > 1000


def test_faults_in_examples(tmp_path: Path) -> None:
    """Every line that is no example is told with its number."""
    path = tmp_path / "mine.examples.jsonl"
    path.write_text('{"text": "a", "codes": []}\nnonsense\n{"codes": []}\n', encoding="utf-8")
    with pytest.raises(CodebookError) as told:
        read_examples(path)
    assert [problem.partition(":")[0] for problem in told.value.problems] == [
        "mine.examples.jsonl, line 2", "mine.examples.jsonl, line 3",
    ]  # fmt: skip


def test_calibration_is_monotone(book: Codebook) -> None:
    """A higher score is never a lower probability."""
    tree = scoring.Tree.of(book)
    chance = np.random.default_rng(0)
    truth = chance.random((200, len(tree.paths))) < 0.3
    held = truth * 0.4 + chance.random(truth.shape) * 0.6
    line = scoring.scale(tree, held, truth)
    grid = np.linspace(0, 1, 20)[:, None] * np.ones(len(tree.paths))
    assert (np.diff(line.probabilities(grid), axis=0) >= 0).all()
    assert ((line.thresholds > 0) & (line.thresholds < 1)).all()


def test_a_lower_threshold_suggests_more(model: ModelCoder, book: Codebook) -> None:
    """What is suggested from a higher confidence on is among what a lower one suggests."""
    talk = document("Dananya belum turun.", "Petugasnya cuma dua, ya kewalahan.", "Hujan terus.")
    found = [
        {(c.start, c.code) for c in model.suggest(talk, book, threshold=limit)}
        for limit in (0.1, 0.3, 0.6)
    ]
    assert found[0] >= found[1] >= found[2]
    assert len(found[0]) > len(found[2])


def test_reads_with_the_neighbours(model: ModelCoder, book: Codebook) -> None:
    """A sentence that says little by itself is heard with the one before it in the same turn."""
    plain = "Dua orang saja. Sisanya sudah pensiun dan belum diganti."
    apart = document("Dua orang saja.", "Sisanya sudah pensiun dan belum diganti.")
    staff = "resources.staff"

    def sure(talk: Document) -> float:
        first = [c for c in model.suggest(talk, book, threshold=0.0) if c.start == 0]
        return max((c.confidence or 0.0 for c in first if c.code == staff), default=0.0)

    assert sure(document(plain)) > sure(apart)
