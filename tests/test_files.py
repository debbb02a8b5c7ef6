"""Reading YAML with places, and writing files whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bantar_qual.files import YamlFault, read_yaml, replacing


@pytest.mark.parametrize("word", ["no", "yes", "012", "1:30", "~", "null", "1e3", "2019-03-12"])
def test_scalars_stay_words(word: str) -> None:
    """A scalar stays what the author wrote, whatever YAML would make of it."""
    assert read_yaml(f"key: {word}")[0] == {"key": word}


def test_places() -> None:
    """Every part knows the line on which it begins."""
    _, lines = read_yaml("a:\n  - b: 1\n  - b: 2\n")
    assert lines[("a", 1, "b")] == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3", "line 3: 'a' stands twice"),
        ("a: &x [1]\nb: *x", "aliases"),
        ("a: [1, 2", "line"),
        ("a: " + "x" * 4_000_001, "larger"),
    ],
)
def test_faults(text: str, said: str) -> None:
    """What cannot be trusted is refused with its place."""
    with pytest.raises(YamlFault, match=said):
        read_yaml(text)


def test_replacing_keeps_the_old_file(tmp_path: Path) -> None:
    """A failed write leaves the old file and no other."""
    target = tmp_path / "t.csv"
    target.write_text("old")

    def fail() -> None:
        with replacing(target) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
