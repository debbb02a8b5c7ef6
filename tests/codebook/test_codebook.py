"""Codebooks: read with every fault at once, written back equal, complete where they ship."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bantar_qual.codebook import Codebook, codebooks
from bantar_qual.errors import CodebookError, UnknownCode, UnknownLevel

HEAD = "name: t\nlevels: [{key: theme}, {key: code}]\ncodes:\n"
INDICATORS = {
    "communication": ("transmission", "clarity", "consistency"),
    "resources": ("staff", "information", "authority", "facilities", "budget", "participation"),
    "disposition": ("commitment", "appointment", "incentives"),
    "bureaucratic_structure": ("sop", "fragmentation"),
}


def problems(text: str) -> tuple[str, ...]:
    """Return what is said of a faulty codebook."""
    with pytest.raises(CodebookError) as caught:
        Codebook.parse(text)
    return caught.value.problems


def test_every_fault_at_once() -> None:
    """Three faults in three codes are three sentences, each with line and code."""
    text = (
        HEAD
        + "  - key: a\n    lable: A\n"
        + "  - key: b\n    label: B\n    codes:\n      - {key: c, label: C, source: nowhere}\n"
        + "  - key: b\n    label: again\n"
    )
    said = problems(text)
    assert any("line 4, a" in s and "'label' is missing" in s for s in said)
    assert any("line 4, a" in s and "Did you mean 'label'" in s for s in said)
    assert any("line 9, b.c" in s and "'nowhere'" in s for s in said)
    assert any("line 10, b" in s and "twice" in s for s in said)


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ("  - {key: A b, label: A}", "small letters"),
        ("  - {key: a, label: ''}", "label is empty"),
        ("  - {key: a, label: A, color: red}", "should look like"),
        ("  - {key: a, label: [A]}", "one text per language"),
        ("  - {key: a, label: A, cues: [{cue: x, neer: [y]}]}", "a cue is a text"),
        ("  - {key: a, label: A, codable: maybe}", "true or false"),
        ("  - {key: a, label: A, leans: bad}", "barrier, enabler"),
        ("  - {key: a, label: A, include: {id: {x: y}}}", "list of texts"),
        (
            "  - key: a\n    label: A\n    codes: [{key: b, label: B, codes: [{key: c, label: C}]}]",
            "deeper",
        ),
        ("  []", "no code"),
    ],
)
def test_faults(codes: str, said: str) -> None:
    """Each kind of fault has its own sentence."""
    assert any(said in sentence for sentence in problems(HEAD + codes))


@pytest.mark.parametrize("text", ["", "just words", "[1, 2]", "a: [", "\t- x"])
def test_not_a_codebook(text: str) -> None:
    """What is no codebook at all is refused in one sentence."""
    assert len(problems(text)) >= 1


def test_unknown_name() -> None:
    """A shipped codebook's misspelled name leads to the right one."""
    with pytest.raises(CodebookError, match="Did you mean 'edwards-iii'"):
        Codebook.load("edward-iii")


def test_unknown_code_and_level() -> None:
    """An unknown code or level names the nearest there is."""
    book = Codebook.load("edwards-iii")
    with pytest.raises(UnknownCode, match=r"Did you mean 'bureaucratic_structure.sop'"):
        book.code("bureaucratic_structure.sops")
    with pytest.raises(UnknownLevel, match="'indicator'"):
        book.at("indicators")


def test_extends(tmp_path: Path) -> None:
    """A codebook that extends another adds codes, appends lists and replaces texts."""
    (tmp_path / "base.yaml").write_text(HEAD + "  - {key: a, label: A, cues: {id: [x]}}\n")
    text = "name: more\nextends: base\ncodes:\n  - {key: a, label: B, cues: {id: [y]}}\n  - {key: b, label: C}\n"
    book = Codebook.parse(text, folder=tmp_path)
    assert book.paths == ("a", "b")
    assert book.code("a").label[""] == "B"
    assert [cue.text for cue in book.code("a").cues["id"]] == ["x", "y"]


def test_extends_itself(tmp_path: Path) -> None:
    """Two codebooks that extend each other are refused, not followed for ever."""
    (tmp_path / "one.yaml").write_text("name: one\nextends: two\n")
    (tmp_path / "two.yaml").write_text("name: two\nextends: one\n")
    with pytest.raises(CodebookError, match="extends itself"):
        Codebook.load(tmp_path / "one.yaml")


@pytest.mark.parametrize("name", codebooks())
def test_round_trip(name: str) -> None:
    """A shipped codebook, written and read again, is equal."""
    book = Codebook.load(name)
    assert Codebook.parse(book.to_yaml()) == book


@pytest.mark.parametrize(
    ("cue", "said"),
    [
        ('"..."', "holds no word"),
        ('"= "', "holds no word"),
        ('"belum ..."', "between words"),
        ('"... cair"', "between words"),
        ("belum ...30 cair", "wider than 20"),
        ("{cue: kas, not: [kas]}", "never counts"),
        ("{cue: kas, near: [...]}", "holds no word"),
        ("{cue: kas, nera: [uang]}", "a cue is a text"),
        ("{cue: kas, near: {a: b}}", "a cue is a text"),
        ("{cue: kas, near: [[a]]}", "should be a text"),
        ("[kas]", "a cue is a text"),
    ],
)
def test_cue_faults_have_their_line(cue: str, said: str) -> None:
    """A cue that could never be found is named with its own line, in any list of any language."""
    text = f"{HEAD}  - key: a\n    label: A\n    cues:\n      en: [fund]\n      id:\n        - dana\n        - {cue}\n"
    (problem,) = problems(text)
    line = 1 + next(i for i, held in enumerate(text.splitlines()) if held.endswith(f"- {cue}"))
    assert problem.startswith(f"line {line}, a, cues id: ")
    assert said in problem


keys = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda text: text.strip().strip("=. ")
)


@given(st.dictionaries(keys, st.tuples(words, st.lists(words, max_size=3)), min_size=1, max_size=5))
def test_any_words_survive(codes: dict[str, tuple[str, list[str]]]) -> None:
    """Labels and cues of any letters survive being written and read."""
    import yaml

    raw = [
        {"key": key, "label": {"id": label}, "cues": {"id": cues}}
        for key, (label, cues) in codes.items()
    ]
    data = {"name": "t", "levels": [{"key": "theme"}], "codes": raw}
    book = Codebook.parse(yaml.safe_dump(data, allow_unicode=True))
    assert Codebook.parse(book.to_yaml()) == book
    assert book.code(next(iter(codes))).label["id"] == codes[next(iter(codes))][0]


def test_roll_up_is_an_ancestor() -> None:
    """Rolling up an indicator gives its variable; a variable stays itself."""
    book = Codebook.load("edwards-iii")
    for code in book:
        top = book.roll_up(code.path, "variable")
        assert code.path == top or code.path.startswith(f"{top}.")
        assert book.roll_up(top, "variable") == top


def test_edwards_is_complete() -> None:
    """Four variables and fourteen indicators, in the order of the textbooks."""
    book = Codebook.load("edwards-iii")
    assert {
        v.key: tuple(c.key for c in book.children(v.path)) for v in book.at("variable")
    } == INDICATORS


@pytest.mark.parametrize("name", codebooks())
def test_shipped_codebooks_say_everything(name: str) -> None:
    """Every shipped code has label, definition, rules, example and source in both languages."""
    book = Codebook.load(name)
    lowest = {code.path for code in book} - {code.parent for code in book}
    for code in book:
        for part in (code.label, code.definition, code.include, code.exclude, code.example):
            assert {"id", "en"} <= set(part), f"{name}: {code.path}"
            assert all(part.values()), f"{name}: {code.path}"
        assert code.source, f"{name}: {code.path}"
        if code.path in lowest:
            assert min(len(code.cues.get(lang, ())) for lang in ("id", "en")) >= 8, code.path


def test_four_frameworks_ship() -> None:
    """Edwards III, Kampung Bantar, Van Meter and Van Horn, and Grindle come with the package."""
    assert set(codebooks()) >= {"edwards-iii", "kampung-bantar", "van-meter-van-horn", "grindle"}


def test_kampung_bantar_extends_edwards() -> None:
    """The programme's codebook holds all of Edwards III and its own themes."""
    book = Codebook.load("kampung-bantar")
    assert set(Codebook.load("edwards-iii").paths) < set(book.paths)
    for path in ("bantar.bersih", "bantar.aman", "bantar.pintar", "efforts.awareness",
                 "efforts.awards", "efforts.coaching", "sustainability.judging_only"):  # fmt: skip
        assert path in book
