"""The parts of the coding page that need no browser, in Python and in JavaScript."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bantar_qual.errors import PageError
from bantar_qual.languages import language, languages
from bantar_qual.widgets.protocol import check_quote, path_for, pieces, read_command
from bantar_qual.widgets.segments import lanes, segments

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STATIC = ROOT / "bantar_qual" / "widgets" / "static"
EXAMPLES = json.loads((HERE / "segments.json").read_text("utf-8"))
NODE = shutil.which("node")
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=12).map(
    lambda found: [(n, a, a + long) for n, (a, long) in enumerate(found, 1)]
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e["name"])
def test_segments_as_in_javascript(example: dict) -> None:
    """Python cuts and stacks codings exactly as the page does; both read the same examples."""
    spans = [tuple(span) for span in example["spans"]]
    found = segments(spans, example["start"], example["end"])
    assert [[s.start, s.end, list(s.ids)] for s in found] == example["segments"]
    assert {str(k): v for k, v in lanes(spans).items()} == example["lanes"]


@given(SPANS)
def test_segments_cover_all_and_lanes_are_free(spans: list[tuple[int, int, int]]) -> None:
    """Segments lie end to end, each knows what covers it, and no lane is used twice at a place."""
    found = segments(spans, 0, 100)
    assert [s.start for s in found] == [0, *(s.end for s in found[:-1])]
    assert found[-1].end == 100
    for piece in found:
        covering = {n for n, a, b in spans if a <= piece.start < b}
        assert set(piece.ids) == covering
        given_lanes = [lanes(spans)[n] for n in piece.ids]
        assert len(set(given_lanes)) == len(given_lanes)


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
def test_javascript() -> None:
    """The page's own pure functions hold what they promise."""
    done = subprocess.run(
        [str(NODE), "--test", "js/tests/pure.test.mjs"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]


def test_the_joined_script_is_fresh() -> None:
    """The one file that notebooks load is what the modules say."""
    done = subprocess.run([sys.executable, "js/build.py", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, "run: python js/build.py"


def test_the_page_asks_for_nothing() -> None:
    """Script and style name no address, and turn no text into markup or code."""
    for path in STATIC.iterdir():
        text = path.read_text("utf-8")
        urls = set(re.findall(r"https?://[^\s\"']+", text))
        assert urls <= {"http://www.w3.org/2000/svg"}, path
        for danger in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "eval(",
            "Function(",
            "fetch(",
            "XMLHttpRequest",
            "localStorage",
            "sessionStorage",
            "@import",
            "url(",
        ):
            assert danger not in text, (path, danger)


def test_style_touches_only_the_page() -> None:
    """Every rule of the style sheet stands below the page's own class."""
    text = re.sub(r"/\*.*?\*/", "", (STATIC / "widget.css").read_text("utf-8"), flags=re.DOTALL)
    for selectors in re.findall(r"([^{}]+)\{", text):
        for selector in selectors.split(","):
            name = selector.strip()
            assert (
                name.startswith((".bq", "::highlight(bq-", "@container", "@media")) or "(" in name
            ), name


def test_words_of_the_page_in_every_language() -> None:
    """Every language has every word of the page, with the same blanks; and the page uses them all."""
    files = {name: language(name).interface for name in languages()}
    for name, words in files.items():
        assert words.keys() == files["en"].keys(), name
        for key, text in words.items():
            assert set(re.findall(r"\{\w+\}", text)) == set(
                re.findall(r"\{\w+\}", files["en"][key])
            ), key
    script = (STATIC / "widget.js").read_text("utf-8")
    known = {*files["en"], "barrier", "enabler", "neutral", "mixed"}
    for key in re.findall(r"\bt\(\"(\w+)\"", script) + re.findall(r"say\(\"(\w+)\"", script):
        assert key in known, key


GOOD = {
    "id": "12345678",
    "op": "rate",
    "document": "a",
    "args": {"codings": [1], "valence": "barrier"},
}


def test_commands_are_read() -> None:
    """A command of the page is read as it was sent."""
    command = read_command(GOOD)
    assert (command.op, command.document, command.args["codings"]) == ("rate", "a", [1])


@pytest.mark.parametrize(
    "change",
    [
        {"id": "short"}, {"id": None}, {"id": "1234567890; drop"}, {"op": "drop"}, {"op": None}, {"document": ""},
        {"args": {}}, {"args": None}, {"args": {"codings": [], "valence": None}},
        {"args": {"codings": ["1"], "valence": None}}, {"args": {"codings": [True], "valence": None}},
        {"args": {"codings": [1], "valence": "good"}}, {"args": {"codings": [1], "valence": None, "more": 1}},
    ],
)  # fmt: skip
def test_strange_commands_are_refused(change: dict) -> None:
    """What is no command is refused in a sentence, and nothing is done."""
    with pytest.raises(PageError):
        read_command({**GOOD, **change})


@given(st.text(min_size=1), st.text(min_size=1))
def test_quote_must_be_the_words(there: str, quote: str) -> None:
    """A span is taken only with the very words that stand there, no more and no less of them."""
    check_quote(there, len(there), there)
    for words, length, said in (
        (there, len(there), there + quote),
        (there, len(there) + 1, there),
        ("", 0, ""),
        (there[:-1], len(there), there),
    ):
        with pytest.raises(PageError):
            check_quote(words, length, said)


@given(st.text(max_size=50), st.integers(1, 9))
def test_pieces_join_to_the_whole(body: str, size: int) -> None:
    """A long message in pieces is the message."""
    parts = pieces(body, size)
    assert "".join(parts) == body
    assert all(len(part) <= size for part in parts)


@given(st.text(min_size=1))
def test_paths_of_new_codes_fit(label: str) -> None:
    """Any label gives a path that a codebook takes, and never one that is taken."""
    path = path_for(label, "resources", {"resources.code"})
    assert re.fullmatch(r"resources\.[a-z][a-z0-9_]*", path)
    assert path != "resources.code"
