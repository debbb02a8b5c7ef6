"""``bantar tag``: the contract of its lines, and what it says of lines that are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bantar_qual.cli.main import main

KEYS = ["id", "codes", "variables", "valence", "suggestions"]
PARTS = ["code", "start", "end", "valence", "confidence", "origin", "because"]


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Keep the fitted model for all tests of this file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANTAR_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def tag(*options: str, told: bytes | str) -> Result:
    """Run the command on lines from standard input."""
    return CliRunner().invoke(main, ["tag", "--no-embed", *options], input=told)


def lines(result: Result) -> list[dict[str, Any]]:
    """Return the answers."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def line(text: str, **more: object) -> str:
    """Return a passage as a line."""
    return json.dumps({"id": "a", "text": text, **more}) + "\n"


def test_contract() -> None:
    """Each line has the promised keys; codes lie in the codebook, variables are their tops, spans in the text."""
    text = "Orangnya ramah. Tapi komputernya rusak semua, mau ngetik harus numpang ke kecamatan."
    result = tag(told=line(text, lang="id"))
    assert result.exit_code == 0, result.output
    (answer,) = lines(result)
    assert list(answer) == KEYS
    assert "resources.facilities" in answer["codes"]
    assert set(answer["variables"]) == {code.partition(".")[0] for code in answer["codes"]}
    assert answer["valence"] == "barrier"
    for found in answer["suggestions"]:
        assert list(found) == PARTS
        assert 0 <= found["start"] < found["end"] <= len(text)
        assert found["code"] in answer["codes"]
        assert found["origin"] in {"cue", "model"}
        assert 0 <= found["confidence"] <= 1
    assert {found["code"] for found in answer["suggestions"]} == set(answer["codes"])


@pytest.mark.parametrize("kind", ["cues", "model", "both"])
def test_coders(kind: str) -> None:
    """Every choice of coder finds plain words, and names only itself as the origin."""
    (answer,) = lines(tag("--coder", kind, told=line("Dananya tidak ada sama sekali.")))
    assert "resources" in answer["variables"]
    origins = {found["origin"] for found in answer["suggestions"]}
    assert origins <= {"cues": {"cue"}, "model": {"model"}, "both": {"cue", "model"}}[kind]


def test_bad_lines() -> None:
    """A line that is no passage is told with its number on standard error, and the rest goes on."""
    told = 'nonsense\n{"id": 1}\n[]\n{"text": "a"}\n\n{"id": 7, "text": "Dananya habis."}'
    result = tag("--coder", "cues", told=told.encode() + b"\n\xff\xfe\n")
    assert result.exit_code == 0
    assert [answer["id"] for answer in lines(result)] == [7]
    for number in (1, 2, 3, 4, 7):
        assert f"line {number}:" in result.stderr


def test_odd_texts() -> None:
    """An empty text has no code; a text in another language is answered, too."""
    texts = ["", "  \n ", "…?!", "Der Bus hat heute wieder Verspätung gehabt."]
    result = tag(told="".join(map(line, texts)))
    assert result.exit_code == 0
    answers = lines(result)
    assert len(answers) == len(texts)
    assert all(answer["codes"] == [] for answer in answers[:3])


def test_unknown_language() -> None:
    """A language without word files is told, and the passage is answered all the same."""
    result = tag("--coder", "cues", told=line("Dananya habis.", lang="xx"))
    assert "no words for language 'xx'" in result.stderr
    assert len(lines(result)) == 1


def test_endless_sentence() -> None:
    """A text of very many words without punctuation is read in pieces."""
    text = "kami tidak punya uang untuk membeli lampu jalan dan " * 1500
    result = tag("--coder", "both", told=line(text))
    assert result.exit_code == 0, result.output
    (answer,) = lines(result)
    assert "resources" in answer["variables"]
    assert all(0 <= s["start"] < s["end"] <= len(text) for s in answer["suggestions"])


def test_unknown_codebook() -> None:
    """An unknown codebook is one sentence and exit code 1."""
    result = tag("--codebook", "edwards-iv", told=line("a"))
    assert result.exit_code == 1
    assert "edwards-iv" in result.stderr
    assert "Traceback" not in result.output


def test_own_codebook(book: Path) -> None:
    """A codebook of one's own, without an example, is tagged by its cues."""
    (answer,) = lines(tag("--codebook", str(book), told=line("Dananya tidak ada.")))
    assert answer["codes"] == ["resources.budget"]


def test_threshold() -> None:
    """Nothing is given above the threshold that nothing reaches."""
    (answer,) = lines(tag("--threshold", "1", told=line("Hujan turun sejak pagi di sini.")))
    assert answer["codes"] == []


def test_streams() -> None:
    """An answer does not change with what stands around its line."""
    texts = ["Dananya habis.", "Petugasnya cuma dua.", "Hujan terus.", "Orangnya ramah sekali."]
    whole = lines(tag(told="".join(map(line, texts))))
    one = [lines(tag("--line-by-line", told=line(text)))[0] for text in texts[:1]]
    assert whole[:1] == one
