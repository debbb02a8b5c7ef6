"""The reference coding of the synthetic study is what it says it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bantar_qual.codebook import Codebook
from bantar_qual.files import shipped
from bantar_qual.importers import read_document
from bantar_qual.records import VALENCES

REFERENCE = Path(__file__).parents[1] / "data" / "reference" / "edwards-iii.jsonl"
ROWS = [json.loads(line) for line in REFERENCE.read_text(encoding="utf-8").splitlines()]
DOCUMENTS = {
    path.stem: read_document(path)
    for path in sorted(shipped("interviews").iterdir())
    if path.stem in {row["document"] for row in ROWS}
}


def test_every_quote_of_the_reference_is_its_slice() -> None:
    """A reference coding stands in the text that the importer makes of the interview."""
    for row in ROWS:
        text = DOCUMENTS[row["document"]].text
        assert row["quote"] == text[row["start"] : row["end"]]


def test_the_reference_codes_informants_only() -> None:
    """A reference coding lies within one turn, and not within the interviewer's."""
    for row in ROWS:
        turns = DOCUMENTS[row["document"]].turns
        home = [t for t in turns if t.start <= row["start"] and row["end"] <= t.end]
        assert [t.role for t in home] == ["informant"], row


def test_the_reference_uses_the_codebook() -> None:
    """Every code of the reference is an indicator of Edwards III, given once to a stretch."""
    indicators = {code.path for code in Codebook.load("edwards-iii").at("indicator")}
    assert {row["code"] for row in ROWS} <= indicators
    assert {row["valence"] for row in ROWS} <= set(VALENCES)
    keys = [(row["document"], row["start"], row["end"], row["code"]) for row in ROWS]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_whole_interview_was_coded(name: str) -> None:
    """A coded interview is coded from its first quarter to its last."""
    starts = [row["start"] for row in ROWS if row["document"] == name]
    size = len(DOCUMENTS[name].text)
    assert min(starts) < size / 4
    assert max(starts) > size * 3 / 4
