"""Random transcripts and random corrections of them, for the tests of revisions."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

_SENTENCES = [
    "Dananya tdk ada.",
    "Tidak ada.",
    "Ya.",
    "Warga patungan sendiri, tiap bulan, sepuluh ribu.",
    "Pegawainya dua 👩🏽‍🌾 satu sakit.",
    "Cafe\u0301 di ujung gang 🙂 tutup.",
    "Kriterianya kami tidak paham, Pak.",
    "Anggaran lancar; tidak ada kendala.",
    "Nggak tau, Bu …",
    "ᬩᬮᬶ naïve ﷺ.",
]
_SPEAKERS = ["Pewawancara: ", "Informan: ", ""]

line = st.builds(
    lambda who, said: who + " ".join(said),
    st.sampled_from(_SPEAKERS),
    st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=4),
)
texts = st.lists(line, min_size=1, max_size=10).map("\n".join)


@st.composite
def edits(draw: Any, text: str) -> str:
    """Correct a text a few times: insert, delete, replace, move a paragraph, mend a spelling."""
    for kind in draw(st.lists(st.sampled_from(["in", "out", "swap", "move", "mend"]), max_size=5)):
        at = draw(st.integers(0, len(text)))
        until = min(len(text), at + draw(st.integers(0, 40)))
        fresh = draw(st.sampled_from([*_SENTENCES, " ", "x", "\n", "🙂", "\u0301", "Ya. Ya. "]))
        if kind == "in":
            text = text[:at] + fresh + text[at:]
        elif kind == "out":
            text = text[:at] + text[until:]
        elif kind == "swap":
            text = text[:at] + fresh + text[until:]
        elif kind == "move":
            lines = text.split("\n")
            moved = lines.pop(at % len(lines))
            lines.insert(until % (len(lines) + 1), moved)
            text = "\n".join(lines)
        else:
            wrong, right = draw(st.sampled_from([("tdk", "tidak"), ("Ya", "Iya"), ("Bu", "Ibu")]))
            text = text.replace(wrong, right, draw(st.sampled_from([1, -1])))
    return text if text.strip() else "Kosong."


@st.composite
def spans(draw: Any, text: str, *, most: int = 8) -> list[tuple[int, int]]:
    """Choose stretches of a text, long and short, whole sentences and any others."""
    chosen = []
    for _ in range(draw(st.integers(1, most))):
        sentence = draw(st.sampled_from(_SENTENCES))
        start = text.find(sentence)
        if start < 0 or draw(st.booleans()):
            start = draw(st.integers(0, len(text) - 1))
            chosen.append((start, draw(st.integers(start + 1, min(len(text), start + 60)))))
        else:
            chosen.append((start, start + len(sentence)))
    return chosen
