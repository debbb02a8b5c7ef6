"""Awkward scripts and files: every quote is its slice of the text, wherever the study goes."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from bantar_qual import Project, table
from bantar_qual.project.care import check
from bantar_qual.project.textform import dump, load

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
SPEECH = {
    "emoji": f"Dananya tidak ada \U0001f62d\U0001f62d, kata {FAMILY} \U0001f44d\U0001f3fd di sini.",
    "marks": "Ba\u0308ndi\u0323\u0301 a\u0302\u0323 tidak ada dananya, kafe\u0301 tutup.",
    "devanagari": "\u0939\u092e\u093e\u0930\u0947 \u092a\u093e\u0938 \u092a\u0948\u0938\u093e \u0928\u0939\u0940\u0902 \u0939\u0948\u0964 \u0915\u094d\u0937\u0924\u094d\u0930\u093f\u092f\u0964",
    "arabic": "\u0644\u0627 \u062a\u0648\u062c\u062f \u0645\u064a\u0632\u0627\u0646\u064a\u0629 \u202bkata warga\u202c.",
    "separators": "Dananya\u2028tidak\u2029ada\u0085sama sekali.",
    "nul": "Dana\x00nya tidak \x07ada di sini.",
}
WRITTEN = {
    "utf-8": lambda text: text.encode(),
    "bom": lambda text: text.encode("utf-8-sig"),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "nfd": lambda text: unicodedata.normalize("NFD", text).encode(),
    "nfc": lambda text: unicodedata.normalize("NFC", text).encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16-be": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
}
TALK = "Kode informan: A\n\nPewawancara: Apa?\nInforman: {first}\nPewawancara: Lagi?\nInforman: {second}\n"


def shown(project: Project) -> list[str]:
    """Return every quote, once each was seen to be its slice of the text, and no half of a sign."""
    texts = {document.name: document.text for document in project.texts()}
    frame = project.quotes(project.codings())
    for row in frame.itertuples():
        text = texts[str(row.document)]
        assert (
            row.quote
            == text[row.start : row.end]
            == project.document(str(row.document)).quote(row.start, row.end)
        )
        row.quote.encode()
    for name, text in texts.items():
        assert "\r" not in text, name
        assert "\x00" not in text, name
        assert not text.startswith("\ufeff"), name
    return sorted(frame["quote"])


@pytest.mark.parametrize("written", WRITTEN)
def test_a_quote_is_its_slice(tmp_path: Path, book: Path, written: str) -> None:
    """After import, revision, dump, load, merge and export, a quote is what stands in the text."""
    folder = tmp_path / "talks"
    folder.mkdir()
    for name, speech in SPEECH.items():
        text = TALK.format(first=f"{speech} Ya.", second="Pegawainya dua \U0001f600 orang.")
        (folder / f"{name}.txt").write_bytes(WRITTEN[written](text))
    project = Project.create(tmp_path / "s.bantar", codebook=book, coder="SN")
    told = project.import_documents(folder)
    assert (told["problem"] == "").all()
    for name in SPEECH:
        turns = [turn for turn in project.document(name).turns if turn.role == "informant"]
        assert len(turns) == 2
        for turn in turns:
            project.code(name, (turn.start, turn.end), "resources.budget")
        words = project.document(name).quote(turns[1].start, turns[1].end)
        project.code(name, words[-16:-7], "resources.staff")
    first = shown(project)
    assert len(first) == 3 * len(SPEECH)
    assert sum(FAMILY in quote for quote in first) == 1

    for name in SPEECH:
        text = project.document(name).text
        revised = text.replace("Apa?", f"Apa {FAMILY} e\u0301?").replace("dua", "du\u00e1")
        project.revise(name, WRITTEN["crlf"](revised).decode())
    waiting = project.unsettled()
    project.settle(waiting[waiting["state"] == "unsure"])
    settled = shown(project)
    assert len(settled) == 3 * len(SPEECH)
    assert sum("du\u00e1" in quote for quote in settled) >= len(SPEECH)

    back = load(dump(project, tmp_path / "text"), tmp_path / "back.bantar", coder="BP")
    assert shown(back) == settled
    back.rate(back.codings().head(3), "barrier")
    project.merge(back.path)
    assert shown(project) == settled
    assert check(project).empty

    quotes = project.quotes(project.codings())[["document", "quote"]]
    for ending in ("html", "csv"):
        path = tmp_path / f"quotes.{ending}"
        table(quotes).save(path)
        raw = path.read_text(encoding="utf-8-sig")
        seen = BeautifulSoup(raw, "lxml").text if ending == "html" else raw.replace('""', '"')
        for quote in settled:
            assert " ".join(quote.split()) in " ".join(seen.split()), (ending, quote)
