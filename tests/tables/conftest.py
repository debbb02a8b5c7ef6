"""A small coded study for the tests of tables, and texts that have hurt other programs."""

from __future__ import annotations

import pandas as pd
import pytest

from bantar_qual import frames
from bantar_qual.codebook import Codebook
from bantar_qual.stats import barriers

BOOK = """
name: small
levels:
  - {key: variable, label: {id: Variabel, en: Variable}}
  - {key: indicator, label: {id: Indikator, en: Indicator}}
codes:
  - key: resources
    label: {id: Sumber daya, en: Resources}
    codes:
      - {key: staff, label: {id: Staf, en: Staff}}
      - {key: budget, label: {id: Anggaran, en: Budget}}
      - {key: unused, label: {id: Fasilitas, en: Facilities}}
  - key: communication
    label: {id: Komunikasi, en: Communication}
    codes:
      - {key: clarity, label: {id: Kejelasan, en: Clarity}}
"""

HOSTILE = (
    "=1+1", "+62 811", "-1", "@SUM(A1:A9)", "\tcell", "\rcell", "\nline", "＝1+1",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</style><b>", "{{7*7}}",
    "{% raw %}", "$x$ harga $\\frac{ b$", "javascript:alert(1)", "&lt;amp&amp;", "_x0041_",
    "bel\x07 nul\x00 tab\x0b", "half \ud83d pair", "مرحبا بكم", "🙂👩‍🏫 guru", "\u202etxt.exe",
    "http://example.org/" + "a" * 2100, "kata" * 10_000, "🙂" * 20_000, "'quoted", '"x",y;z',
)  # fmt: skip

ROWS = (  # code, valence, case
    ("resources.budget", "barrier", "A"),
    ("resources.budget", "barrier", "A"),
    ("resources.budget", "barrier", "B"),
    ("resources.budget", "enabler", "B"),
    ("resources.staff", "barrier", "C"),
    ("resources.staff", None, "C"),
    ("communication.clarity", "enabler", "A"),
    ("communication.clarity", "mixed", None),
    ("resources", "barrier", "D"),
)


def frame_of(rows: object, *, level: str | None = "indicator") -> pd.DataFrame:
    """Make a codings frame of (code, valence, case)."""
    listed = list(rows)
    plain = pd.DataFrame(
        {
            "document": [f"talk-{case}" for _, _, case in listed],
            "case": [case for _, _, case in listed],
            "kind": "interview",
            "code": [code for code, _, _ in listed],
            "coder": "SN",
            "origin": "hand",
            "status": "accepted",
            "valence": [valence for _, valence, _ in listed],
            "confidence": float("nan"),
            "start": range(0, 10 * len(listed), 10),
            "end": range(5, 10 * len(listed) + 5, 10),
            "turn": 2,
            "speaker": "Informan",
            "because": "",
            "memo": "",
            "time": "2019-03-12T00:00:00+00:00",
        },
        index=pd.Index(range(1, len(listed) + 1), name="coding"),
    )
    cases = pd.DataFrame({"role": ["Lurah", "Warga", "Warga", "Kader"]}, index=list("ABCD"))
    return frames.codings(
        plain,
        codebook=Codebook.parse(BOOK),
        level=level,
        language="id",
        documents=sorted({f"talk-{case}" for _, _, case in listed}),
        cases=cases,
    )


def quoted(codings: pd.DataFrame, texts: object = None) -> pd.DataFrame:
    """Add quotes and attributions, as project.quotes does."""
    words = list(texts) if texts is not None else [f"Kata ke-{i}." for i in codings.index]
    said = [f"{name}, giliran 2" for name in codings["document"]]
    return frames.inherit(codings.assign(quote=words, attribution=said), codings)


@pytest.fixture
def codings() -> pd.DataFrame:
    """Return nine codings by four informants and one note."""
    return frame_of(ROWS)


@pytest.fixture
def broad() -> pd.DataFrame:
    """Return the nine codings rolled up to their variables."""
    return frame_of(ROWS, level="variable")


@pytest.fixture
def ranked(codings: pd.DataFrame) -> pd.DataFrame:
    """Return barriers and enablers of the nine codings."""
    return barriers(codings)


@pytest.fixture
def quotes(codings: pd.DataFrame) -> pd.DataFrame:
    """Return the quotes of the nine codings."""
    return quoted(codings)


@pytest.fixture
def hostile() -> pd.DataFrame:
    """Return quotes whose words are the hostile texts, all of one code."""
    codings = frame_of([("resources.budget", "barrier", "A")] * len(HOSTILE))
    return quoted(codings, HOSTILE)


@pytest.fixture
def hostile_texts() -> tuple[str, ...]:
    """Return the hostile texts."""
    return HOSTILE
