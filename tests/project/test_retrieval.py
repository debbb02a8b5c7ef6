"""Retrieval in a study: what is asked is found, and is read as it stands in the text."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bantar_qual import CueCoder, Project
from bantar_qual.errors import (
    BantarError,
    CodingError,
    FrameError,
    SpanError,
    UnknownCase,
    UnknownCode,
    UnknownDocument,
)
from bantar_qual.project.passages import near, passages
from bantar_qual.project.retrieval import retrieve
from bantar_qual.records import Coding
from bantar_qual.retrieval import both, either, without
from bantar_qual.store import codings as store_codings
from tests.conftest import BOOK, TALK


@pytest.fixture
def coded(small: Project) -> Project:
    """Code the small study by two hands and a machine, and describe its cases."""
    small.describe_cases(
        pd.DataFrame({"case": ["A", "B"], "role": ["Lurah", "Ketua RT"], "age": ["40", None]})
    )
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier")
    small.code("satu", "Pegawainya cuma dua.", "resources.staff", valence="barrier")
    small.code("dua", "Anggaran lancar, tidak ada kendala.", "resources.budget", valence="enabler")
    Project.open(small.path, coder="BP").code("dua", "Hujan terus", "resources")
    small.code_with(CueCoder())
    return small


def words(project: Project, frame: pd.DataFrame) -> list[str]:
    """Return the quotes of a selection."""
    return passages(project, frame)["quote"].tolist()


def test_nothing_asked(coded: Project) -> None:
    """Without a question every accepted coding is found, exactly as project.codings gives it."""
    pd.testing.assert_frame_equal(retrieve(coded), coded.codings())
    pd.testing.assert_frame_equal(retrieve(coded, status=None), coded.codings(status=None))
    assert retrieve(coded).attrs == coded.codings().attrs


QUESTIONS: list[tuple[dict[str, object], Callable[[pd.DataFrame], pd.Series]]] = [
    ({"code": "resources"}, lambda f: f["code"].astype(str).str.startswith("resources")),
    ({"code": "resources", "below": False}, lambda f: f["code"] == "resources"),
    ({"code": ["resources.staff", "communication"]}, lambda f: ~f["code"].isin(["resources", "resources.budget"])),
    ({"valence": "barrier"}, lambda f: f["valence"] == "barrier"),
    ({"valence": [None]}, lambda f: f["valence"].isna()),
    ({"valence": ["enabler", None]}, lambda f: f["valence"].isna() | (f["valence"] == "enabler")),
    ({"coder": "BP"}, lambda f: f["coder"] == "BP"),
    ({"coder": ["SN", "cues"]}, lambda f: f["coder"] != "BP"),
    ({"origin": "cue"}, lambda f: f["origin"] == "cue"),
    ({"status": "suggested"}, lambda f: f["status"] == "suggested"),
    ({"status": ["accepted", "rejected"]}, lambda f: f["status"] != "suggested"),
    ({"status": []}, lambda f: f["code"].isna()),
    ({"kind": "interview"}, lambda f: f["code"].notna()),
    ({"kind": "observation"}, lambda f: f["code"].isna()),
    ({"document": "dua"}, lambda f: f["document"] == "dua"),
    ({"case": "A"}, lambda f: f["case"] == "A"),
    ({"case": ["A", "B"]}, lambda f: f["code"].notna()),
    ({"role": "Lurah"}, lambda f: f["role"] == "Lurah"),
    ({"role": ["Lurah", "Ketua RT"]}, lambda f: f["code"].notna()),
    ({"age": 40}, lambda f: f["case"] == "A"),
    ({"age": [None]}, lambda f: f["case"] == "B"),
    ({"since": "2020-01-01"}, lambda f: f["code"].notna()),
    ({"until": "2020-01-01"}, lambda f: f["code"].isna()),
    ({"code": "resources", "role": "Lurah", "valence": "barrier"}, lambda f: (f["case"] == "A") & (f["valence"] == "barrier") & f["code"].astype(str).str.startswith("resources")),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "mask"), QUESTIONS, ids=[str(q) for q, _ in QUESTIONS])
def test_each_question(
    coded: Project, asked: dict[str, object], mask: Callable[[pd.DataFrame], pd.Series]
) -> None:
    """A question finds what a filter by hand finds; together all must hold."""
    everything = coded.codings(status=None)
    expected = everything[mask(everything).astype(bool)].index.tolist()
    assert retrieve(coded, **{"status": None, **asked}).index.tolist() == expected


def test_words_asked(coded: Project) -> None:
    """Words are found in the quote, in capitals or not, and nowhere else."""
    assert words(coded, retrieve(coded, text="DANA")) == ["Dananya tidak ada."]
    assert len(retrieve(coded, text=["dana", "anggaran"])) == 2
    assert retrieve(coded, text="paham").empty
    assert retrieve(coded, text=[]).empty


def test_days_asked(coded: Project) -> None:
    """A date is the whole day, a moment is itself; what was changed later counts as later."""
    with sqlite3.connect(coded.path) as file:
        file.execute("UPDATE act SET time = '2026-03-01T09:00:00.000+00:00'")
    assert len(retrieve(coded, since="2026-03-01", until="2026-03-01")) == 4
    assert retrieve(coded, since="2026-03-01T09:30").empty
    assert len(retrieve(coded, until="2026-03-01T16:00+07:00")) == 4
    assert retrieve(coded, until="2026-02-28").empty
    coded.rate(retrieve(coded, document="dua", valence="enabler"), "mixed")
    assert retrieve(coded, since="2026-03-02")["valence"].tolist() == ["mixed"]


@pytest.mark.parametrize(
    ("asked", "error", "sentence"),
    [
        ({"code": "resources.bugdet"}, UnknownCode, "Did you mean 'resources.budget'"),
        ({"document": "sato"}, UnknownDocument, "Did you mean 'satu'"),
        ({"case": ["A", "C"]}, UnknownCase, "no case 'C'"),
        ({"valence": "barier"}, CodingError, "valence 'barier'. Did you mean 'barrier'"),
        ({"status": "acepted"}, CodingError, "Did you mean 'accepted'"),
        ({"origin": "hands"}, CodingError, "Did you mean 'hand'"),
        ({"kind": "interviews"}, CodingError, "no document can have the kind 'interviews'"),
        ({"coder": "BPP"}, CodingError, "nobody codes as 'BPP'.*Did you mean 'BP'"),
        ({"rol": "Lurah"}, FrameError, "no attribute 'rol'. Did you mean 'role'"),
        ({"role": "Lura"}, CodingError, "Did you mean 'Lurah'"),
        ({"age": 41}, CodingError, "no case tells '41' as age. Did you mean '40'"),
        ({"age": "tua"}, CodingError, "no case tells 'tua' as age"),
        ({"since": "1 Maret"}, CodingError, "'1 Maret' is no date"),
    ],
)
def test_unknown_values(
    coded: Project, asked: dict[str, object], error: type[BantarError], sentence: str
) -> None:
    """A value that nothing can have is told, with the nearest that there are."""
    with pytest.raises(error, match=sentence):
        retrieve(coded, **asked)


def test_an_answer_is_a_selection(coded: Project) -> None:
    """What is retrieved can be handed back, and goes back as one act."""
    found = retrieve(coded, status="suggested", document="satu")
    assert coded.accept(found) == len(found) > 0
    coded.undo()
    assert retrieve(coded, status="suggested", document="satu").index.equals(found.index)
    assert len(coded.quotes(retrieve(coded, valence="barrier"))) == 2


def test_a_silent_coder_is_known(coded: Project) -> None:
    """A coder of whom nothing was accepted finds nothing, and is no mistake."""
    assert retrieve(coded, coder="cues").empty


# ---------------------------------------------------------------- near


def test_near_by_the_text(coded: Project) -> None:
    """Turns and sentences are counted in the text, from the end of one coding to the other."""
    dana, staff = retrieve(coded, text="dananya"), retrieve(coded, text="pegawainya")
    assert near(coded, dana, staff, within=1).empty
    assert near(coded, dana, staff, within=2).index.equals(dana.index)
    assert near(coded, dana, staff, within=1, unit="sentences").empty
    assert near(coded, staff, dana, within=2, unit="sentences").index.equals(staff.index)
    turn = coded.document("satu").turns[3]
    coded.code("satu", "Kriterianya kami tidak paham.", "communication.clarity")
    clarity = retrieve(coded, code="communication")
    assert near(coded, clarity, staff, within=0).index.equals(clarity.index)
    assert near(coded, clarity, staff, within=0, unit="sentences").empty
    assert near(coded, clarity, staff, within=1, unit="sentences").index.equals(clarity.index)
    assert near(coded, clarity, staff, within=1, unit="characters").index.equals(clarity.index)
    start = coded.document("satu").turns[1].start
    coded.code("satu", (start, turn.start + 5), "communication")
    long = retrieve(coded, code="communication", below=False)
    assert near(coded, long, staff, within=0).index.equals(long.index)
    assert near(coded, clarity, long, within=1, unit="sentences").index.equals(clarity.index)
    pd.testing.assert_frame_equal(near(coded, clarity, long, within=0), clarity)


def test_near_itself_and_elsewhere(coded: Project) -> None:
    """A coding is not near itself, and nothing is near what lies in another document."""
    dana = retrieve(coded, text="dananya")
    for unit in ("turns", "sentences", "characters"):
        assert near(coded, dana, dana, within=9, unit=unit).empty
        assert near(coded, dana, retrieve(coded, document="dua"), within=999, unit=unit).empty
    with pytest.raises(FrameError, match="near needs selections"):
        near(coded, dana, None, within=1)  # type: ignore[arg-type]
    with pytest.raises(FrameError, match="Did you mean 'sentences'"):
        near(coded, dana, dana, within=1, unit="sentence")  # type: ignore[arg-type]


# ---------------------------------------------------------------- passages


def test_passages_of_codings(coded: Project) -> None:
    """A passage tells who says it, under which code, and what stands around it."""
    found = passages(coded, retrieve(coded, text="pegawainya"), before=1, after=1).iloc[0]
    assert found["quote"] == "Pegawainya cuma dua."
    assert found["code_label"] == "Sumber daya › Staf"
    assert found["case"] == "A"
    assert found["role"] == "Lurah"
    assert found["turn"] == 4
    assert found["speaker"] == "Informan"
    assert found["attribution"].startswith("A, Lurah")
    assert found["context_before"] == "Pewawancara: Ada lagi?\nInforman: "
    assert found["context_after"] == " Kriterianya kami tidak paham."


def test_passages_in_turns(coded: Project) -> None:
    """In turns, the context runs to the borders of turns, with the speakers' labels."""
    frame = retrieve(coded, text="pegawainya")
    found = passages(coded, frame, before=2, after=3, unit="turns").iloc[0]
    assert found["context_before"] == (
        "Informan: Dananya tidak ada.\nPewawancara: Ada lagi?\nInforman: "
    )
    assert found["context_after"] == " Kriterianya kami tidak paham."
    whole = passages(coded, frame, before=99).iloc[0]["context_before"]
    assert whole.startswith("Pewawancara: Bagaimana dananya, Pak?")


def test_no_context_unless_asked(coded: Project) -> None:
    """Without a number there is no context, and the codings stay as they are."""
    frame = retrieve(coded)
    found = passages(coded, frame)
    assert (found["context_before"] == "").all()
    assert (found["context_after"] == "").all()
    pd.testing.assert_frame_equal(found[list(frame.columns)], frame)
    assert passages(coded, frame[:0]).empty


def test_passages_of_stretches(coded: Project) -> None:
    """Stretches are read like codings: case, attributes, turn, and the labels of all codes."""
    coded.code("satu", "tidak ada", "communication.clarity")
    a, b = retrieve(coded, code="resources"), retrieve(coded, code="communication")
    found = passages(coded, both(a, b), before=1)
    assert found["quote"].tolist() == ["tidak ada"]
    row = found.iloc[0]
    assert row["code_label"] == "Sumber daya › Anggaran; Komunikasi › Kejelasan"
    assert (row["case"], row["role"], row["turn"], row["speaker"]) == ("A", "Lurah", 2, "Informan")
    assert row["context_before"].endswith("Informan: Dananya ")
    left = without(a, b)
    expected = ["Dananya ", ".", "Pegawainya cuma dua."]
    assert words(coded, left[left["document"] == "satu"]) == expected
    bare = both(a, b).drop(columns="case")
    assert passages(coded, bare)["role"].tolist() == ["Lurah"]


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda p, f: passages(p, f, before=-1), "whole number of sentences from 0; not -1"),
        (lambda p, f: passages(p, f, unit="turn"), "Did you mean 'turns'"),
        (lambda p, f: passages(p, f[["document"]]), "passages needs a selection"),
        (lambda p, _: passages(p, "satu"), "passages needs a selection"),
    ],
)
def test_wrong_passages(coded: Project, ask, sentence: str) -> None:
    """A wrong frame or number is told in a sentence."""
    with pytest.raises(FrameError, match=sentence):
        ask(coded, retrieve(coded))


def test_passages_outside_the_text(coded: Project) -> None:
    """A stretch that leaves its document is told, never cut."""
    frame = retrieve(coded).assign(end=10_000)
    with pytest.raises(SpanError, match="do not lie inside"):
        passages(coded, frame)


SPANS = st.lists(
    st.tuples(st.sampled_from(["satu", "dua"]), st.integers(0, 170), st.integers(1, 60)),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def law_study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Make a study of two talks to which each example adds codings and takes them back."""
    folder = tmp_path_factory.mktemp("law")
    (folder / "book.yaml").write_text(BOOK, encoding="utf-8")
    for name in ("satu", "dua"):
        text = TALK.format(
            case=name, first="Dananya 😀 tidak ada. Betul.", second=f"Ya, {name}. Itu…"
        )
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    project = Project.create(folder / "s.bantar", codebook=folder / "book.yaml")
    project.import_documents(folder)
    return project


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SPANS, st.integers(0, 4), st.integers(0, 4), st.sampled_from(["sentences", "turns"]))
def test_a_passage_is_its_slice(
    law_study: Project,
    spans: list[tuple[str, int, int]],
    before: int,
    after: int,
    unit: str,
) -> None:
    """Every quote is its slice, and with its context it stands in the document as it is."""
    codes = ["resources.budget", "resources.staff"]
    texts = {name: law_study.document(name).text for name in ("satu", "dua")}
    codings = [
        Coding(
            document=d, start=min(s, len(texts[d]) - 1), end=min(s + n, len(texts[d])),
            code=codes[i % 2], coder="SN",
        )
        for i, (d, s, n) in enumerate(spans)
    ]  # fmt: skip
    store_codings.add_codings(law_study.store, codings, coder="SN")
    try:
        a, b = (retrieve(law_study, code=code) for code in codes)
        for frame in (a, b, both(a, b), either(a, b), without(a, b)):
            found = passages(law_study, frame, before=before, after=after, unit=unit)
            assert len(found) == len(frame)
            for row in found.to_dict("records"):
                text = texts[row["document"]]
                left = row["start"] - len(row["context_before"])
                right = row["end"] + len(row["context_after"])
                assert row["quote"] == text[row["start"] : row["end"]]
                joined = row["context_before"] + row["quote"] + row["context_after"]
                assert joined == text[left:right]
                assert 0 <= left <= right <= len(text)
                assert before or not row["context_before"]
                assert after or not row["context_after"]
    finally:
        law_study.undo()
