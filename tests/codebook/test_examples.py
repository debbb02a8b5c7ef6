"""The example passages of edwards-iii: well formed, balanced, each said once, apart from the test set."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from bantar_qual.codebook import Codebook
from bantar_qual.files import shipped

FILE = shipped("codebooks") / "edwards-iii.examples.jsonl"
CARD = shipped("codebooks") / "edwards-iii.examples.md"
KEYS = ["id", "lang", "text", "codes", "valence", "register", "difficulty", "programme"]
VALUES = {
    "lang": {"id", "en"},
    "valence": {"barrier", "enabler", "neutral"},
    "register": {"spoken", "formal", "field_note"},
    "difficulty": {"cue", "paraphrase", "tricky"},
}
SHARES = {  # the mix that is aimed at, in per cent, give or take four
    "lang": {"id": 80, "en": 20},
    "register": {"spoken": 56, "formal": 31, "field_note": 13},
    "difficulty": {"cue": 30, "paraphrase": 46, "tricky": 24},
}

Passage = dict[str, Any]


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Return the lines of the file."""
    return FILE.read_bytes().decode("utf-8").removesuffix("\n").split("\n")


@pytest.fixture(scope="module")
def passages(lines: list[str]) -> list[Passage]:
    """Return the passages."""
    return [json.loads(line) for line in lines]


def shingles(text: str) -> frozenset[str]:
    """Return the runs of five letters of a text, its case and punctuation taken off."""
    plain = re.sub(r"\W+", " ", text.lower()).strip()
    return frozenset(plain[i : i + 5] for i in range(max(1, len(plain) - 4)))


def content(text: str) -> frozenset[str]:
    """Return the words of a text that are long enough to carry its content."""
    return frozenset(re.findall(r"\w{4,}", text.lower()))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Jaccard index of two sets."""
    return len(one & other) / max(1, len(one | other))


def alike(sets: list[frozenset[str]], bound: float) -> list[tuple[int, int]]:
    """Return the pairs above the bound; two such sets share one of their rarest members."""
    common = Counter(member for one in sets for member in one)
    holders: dict[str, list[int]] = defaultdict(list)
    pairs = []
    for i, one in enumerate(sets):
        rarest = sorted(one, key=lambda member: (common[member], member))
        prefix = rarest[: len(one) - math.ceil(bound * len(one)) + 1]
        near = {j for member in prefix for j in holders[member]}
        pairs += [(j, i) for j in sorted(near) if likeness(one, sets[j]) > bound]
        for member in prefix:
            holders[member].append(i)
    return pairs


def test_lines(lines: list[str]) -> None:
    """Every line is one object in the one way of writing it, with the same keys in the same order."""
    for line in lines:
        passage = json.loads(line)
        assert list(passage) == KEYS
        assert json.dumps(passage, ensure_ascii=False) == line


def test_texts(passages: list[Passage]) -> None:
    """A text is 6 to 45 words, single spaces between them and no invisible character."""
    for passage in passages:
        text = passage["text"]
        assert text == " ".join(text.split())
        assert text.isprintable()
        assert 6 <= len(text.split()) <= 45, text


def test_values(passages: list[Passage]) -> None:
    """Language, valence, register and difficulty come from their short lists."""
    for passage in passages:
        for key, allowed in VALUES.items():
            assert passage[key] in allowed, passage["id"]
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", passage["programme"]), passage["id"]


def test_codes(passages: list[Passage]) -> None:
    """The codes are indicators of the codebook, at most three, once each, in its order."""
    known = [code.path for code in Codebook.load("edwards-iii").at("indicator")]
    for passage in passages:
        codes = passage["codes"]
        assert codes == [path for path in known if path in codes], passage["id"]
        assert len(codes) <= 3, passage["id"]


def test_off_topic_is_neutral(passages: list[Passage]) -> None:
    """What has no code is neutral and holds no cue of the right code."""
    for passage in passages:
        if not passage["codes"]:
            assert passage["valence"] == "neutral", passage["id"]
            assert passage["difficulty"] != "cue", passage["id"]


def test_order(passages: list[Passage]) -> None:
    """The ids count up from one, and programmes stand together in the alphabet's order."""
    assert [p["id"] for p in passages] == [f"seed-{i:04}" for i in range(1, len(passages) + 1)]
    programmes = [p["programme"] for p in passages]
    assert programmes == sorted(programmes)


def test_size(passages: list[Passage]) -> None:
    """There are at least 3,000 passages from at least 25 programmes, each in both languages."""
    assert len(passages) >= 3000
    cells = Counter((p["programme"], p["lang"]) for p in passages)
    assert len({programme for programme, _ in cells}) >= 25
    assert all(cells[programme, lang] >= 15 for programme, _ in cells for lang in ("id", "en"))


@pytest.mark.parametrize("key", SHARES)
def test_shares(passages: list[Passage], key: str) -> None:
    """Languages, registers and difficulties keep their share, within four points of a hundred."""
    counts = Counter(p[key] for p in passages)
    for value, share in SHARES[key].items():
        assert abs(100 * counts[value] / len(passages) - share) <= 4, value


def test_indicators(passages: list[Passage]) -> None:
    """Every indicator is coded at least 120 times, and at least 30 times in English."""
    counts = Counter(path for p in passages for path in p["codes"])
    english = Counter(path for p in passages if p["lang"] == "en" for path in p["codes"])
    for code in Codebook.load("edwards-iii").at("indicator"):
        assert counts[code.path] >= 120, code.path
        assert english[code.path] >= 30, code.path


def test_off_topic(passages: list[Passage]) -> None:
    """At least 15 in a hundred passages belong to no code."""
    assert sum(not p["codes"] for p in passages) >= 0.15 * len(passages)


def test_said_once(passages: list[Passage]) -> None:
    """No two passages are alike beyond one half of their runs of five letters."""
    pairs = alike([shingles(p["text"]) for p in passages], 0.5)
    assert [(passages[i]["text"], passages[j]["text"]) for i, j in pairs] == []


def test_alike_finds_them() -> None:
    """The search for likeness finds what comparing all pairs finds."""
    texts = ["dana belum cair", "dana belum cair juga", "hujan lagi", "Dana, belum cair!"]
    sets = [shingles(text) for text in texts]
    whole = [(i, j) for j in range(4) for i in range(j) if likeness(sets[i], sets[j]) > 0.5]
    assert alike(sets, 0.5) == whole
    assert len(whole) == 3


def test_apart_from_the_development_set(passages: list[Passage]) -> None:
    """No passage is one of the development set or a rewording of one (BANTAR_DEV_SET)."""
    name = os.environ.get("BANTAR_DEV_SET", "")
    if not Path(name).is_file():
        pytest.skip("BANTAR_DEV_SET does not name the file of the development set")
    told = Path(name).read_text(encoding="utf-8").splitlines()
    held = [json.loads(line)["text"] for line in told]
    apart = [(shingles(text), content(text)) for text in held]
    for passage in passages:
        runs, words = shingles(passage["text"]), content(passage["text"])
        for other_runs, other_words in apart:
            assert likeness(runs, other_runs) <= 0.35, passage["text"]
            assert likeness(words, other_words) <= 0.6, passage["text"]


def test_card() -> None:
    """The tables in the data card are what the card's own snippet prints."""
    card = CARD.read_text(encoding="utf-8")
    snippet, printed = re.findall(r"```(?:python|text)\n(.*?)```", card, flags=re.DOTALL)
    program = snippet.replace("codebooks/edwards-iii.examples.jsonl", FILE.as_posix())
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == printed
