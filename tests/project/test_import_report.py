"""The import report: every file told, nothing twice, and what a document is can be corrected."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from bantar_qual import Project
from bantar_qual.errors import LanguageError, UnknownDocument, UnknownKind

NOTE = "Hujan dari subuh.\n\nPos kamling kosong sampai siang, tidak ada yang datang."
TALK = "Pewawancara: Apa kendalanya?\nInforman: Dananya tidak ada, warga juga sibuk sendiri dari pagi sampai malam setiap hari. Tiap malam begitu terus sejak dulu."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a folder as researchers have them."""
    path = tmp_path / "data"
    (path / "sub").mkdir(parents=True)
    (path / "satu.txt").write_text(TALK, encoding="utf-8")
    (path / "tembusan.md").write_text(TALK, encoding="utf-8")
    (path / "pagi.txt").write_bytes(f"{NOTE} “Sepi”.".encode("cp1252"))
    (path / "sub/satu.txt").write_text(TALK.replace("Dananya", "Orangnya"), encoding="utf-8")
    (path / "rapat.vtt").write_text(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Sari>Mulai?\n\n00:02.000 --> 00:09.000\n<v Budi>Ya.\n",
        encoding="utf-8",
    )
    (path / "foto.jpg").write_bytes(b"\xff\xd8")
    (path / "kosong.txt").write_bytes(b"")
    (path / "informants.csv").write_text("case,role\nsatu,Lurah\n", encoding="utf-8")
    (path / ".DS_Store").write_bytes(b"x")
    return path


def test_report(fresh: Project, folder: Path) -> None:
    """Each file has a row that says what became of it."""
    frame = fresh.import_documents(folder)
    assert list(frame.columns) == [
        "document", "state", "kind", "language", "case", "turns", "words", "speakers", "encoding",
        "note", "warnings", "problem",
    ]  # fmt: skip
    told = frame.reset_index().set_index("document")
    assert told.loc["rapat", ["file", "state", "kind", "turns", "words", "speakers"]].tolist() == [
        "rapat.vtt", "new", "interview", 2, 2, "Sari, Budi",
    ]  # fmt: skip
    assert told.loc["satu", ["turns", "words", "encoding", "warnings", "problem"]].tolist() == [
        2,
        21,
        "utf-8",
        "",
        "",
    ]
    assert told.loc["pagi", "kind"] == "document"
    assert "1252" in told.loc["pagi", "encoding"]
    assert told.loc["pagi", "note"]
    assert "only 2 words" in told.loc["rapat", "warnings"]
    states = frame["state"].value_counts().to_dict()
    assert states == {"new": 4, "twin": 1, "unread": 2}
    assert "satu (2)" in told.index
    left = frame[frame["problem"] != ""]["problem"]
    assert "already there as 'satu'" in left["tembusan.md"]
    assert left["foto.jpg"]


def test_importing_again_does_nothing_and_says_so(fresh: Project, folder: Path) -> None:
    """The same folder again: no act, no document, every known file told as unchanged."""
    fresh.import_documents(folder)
    acts, names = len(fresh.history()), list(fresh.documents().index)
    again = fresh.import_documents(folder)
    assert again["state"].value_counts().to_dict() == {"unchanged": 4, "twin": 1, "unread": 2}
    assert (again[again["state"] == "unchanged"]["problem"].str.startswith("unchanged: ")).all()
    assert (len(fresh.history()), list(fresh.documents().index)) == (acts, names)
    fresh.import_documents(folder / "satu.txt", strict=True)


def test_new_files_of_a_known_folder_come_in(fresh: Project, folder: Path) -> None:
    """A folder to which a file was added is imported once more, and one undo takes only that back."""
    fresh.import_documents(folder)
    (folder / "dua.txt").write_text(TALK.replace("Dananya", "Waktunya"), encoding="utf-8")
    assert fresh.import_documents(folder)["state"].tolist().count("new") == 1
    fresh.undo()
    assert len(fresh.documents()) == 4


def test_a_changed_file(fresh: Project, folder: Path) -> None:
    """A file whose text was changed does not come in beside itself: revise is named."""
    fresh.import_documents(folder / "satu.txt")
    (folder / "satu.txt").write_text(TALK + " Ya.", encoding="utf-8")
    row = fresh.import_documents(folder / "satu.txt").loc["satu.txt"]
    assert row["state"] == "changed"
    assert "project.revise('satu'" in row["problem"]
    fresh.revise("satu", folder / "satu.txt")
    assert fresh.import_documents(folder / "satu.txt")["state"].item() == "unchanged"
    (folder / "satu.txt").write_text(TALK, encoding="utf-8")
    row = fresh.import_documents(folder / "satu.txt").loc["satu.txt"]
    assert row["state"] == "unchanged"
    assert "corrected in the study since" in row["problem"]


def test_drifting_labels_are_told(fresh: Project, tmp_path: Path) -> None:
    """A label that is another one, typed otherwise, is a warning."""
    (tmp_path / "a.txt").write_text(
        "Interviewer1: Ya?\nP1: Ya.\nInterviewer1: Lalu?\nP1: Ya.\nInterviewer 1: Oh.",
        encoding="utf-8",
    )
    report = fresh.import_documents(tmp_path / "a.txt")
    assert "'Interviewer 1' is perhaps 'Interviewer1'" in report["warnings"].item()


def test_comments_become_memos(fresh: Project, tmp_path: Path) -> None:
    """A comment in a file is a memo on the document that says where it stood, within the import."""
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Sari>Apa kendalanya?\n\nNOTE suara truk\n"
    (tmp_path / "a.vtt").write_text(text, encoding="utf-8")
    fresh.import_documents(tmp_path / "a.vtt")
    memo = fresh.memos().iloc[0]
    assert (memo["about"], memo["key"]) == ("document", "a")
    assert memo["text"] == "Komentar, giliran 1, “[00:00:01] Sari: Apa kendalanya?”: suara truk"
    fresh.undo()
    assert fresh.memos().empty
    assert fresh.documents().empty


def test_kind_is_told(fresh: Project, tmp_path: Path) -> None:
    """A kind that is told holds for all files, and turns follow it."""
    (tmp_path / "a.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "b.txt").write_text(NOTE, encoding="utf-8")
    frame = fresh.import_documents(tmp_path / "a.txt", kind="observation")
    assert frame[["kind", "case", "turns", "speakers"]].iloc[0].tolist() == [
        "observation",
        "",
        2,
        "",
    ]
    assert (
        fresh.import_documents(tmp_path / "b.txt", kind="observation")["kind"].item()
        == "observation"
    )
    assert list(fresh.cases().index) == []
    with pytest.raises(UnknownKind, match="Did you mean 'interview'"):
        fresh.import_documents(tmp_path / "a.txt", kind="interviu")  # type: ignore[arg-type]


def test_correcting_a_document(fresh: Project, tmp_path: Path) -> None:
    """Kind, language and case can be corrected afterwards; codings stay, and undo takes it back."""
    (tmp_path / "a.txt").write_text(TALK, encoding="utf-8")
    fresh.import_documents(tmp_path / "a.txt")
    fresh.code("a", "Dananya tidak ada", "resources.budget")
    before = fresh.document("a")
    fresh.correct_document("a", kind="observation", case="", reason="it is my note")
    now = fresh.document("a")
    assert (now.kind, now.case, now.speakers, now.text) == ("observation", "", (), before.text)
    assert len(fresh.codings()) == 1
    assert fresh.history().iloc[-1][["verb", "note", "reason"]].tolist() == [
        "correct",
        "a",
        "it is my note",
    ]
    fresh.correct_document("a", kind="interview", case="RT-1", language="en")
    assert fresh.document("a").speakers == before.speakers
    assert fresh.codings()["case"].tolist() == ["RT-1"]
    fresh.undo()
    fresh.undo()
    assert fresh.document("a").turns == before.turns
    acts = len(fresh.history())
    fresh.correct_document("a", kind="interview")
    assert len(fresh.history()) == acts


def test_wrong_corrections(small: Project) -> None:
    """What cannot be is told."""
    with pytest.raises(UnknownDocument, match="satu"):
        small.correct_document("stau", kind="observation")
    with pytest.raises(UnknownKind, match="interview, observation, document"):
        small.correct_document("satu", kind="catatan")  # type: ignore[arg-type]
    with pytest.raises(LanguageError):
        small.correct_document("satu", language="xx")


def test_header_fields_are_attributes(fresh: Project, tmp_path: Path) -> None:
    """Title, code, date, place and duration of the header become attributes, above a title too."""
    file = docx.Document()
    for line in (
        "TRANSKRIP WAWANCARA", "Kode Informan : KRT-07", "Hari/Tanggal : Senin, 4 Maret 2019", "Tempat : Pos kamling",
        "Durasi : 32 menit", "", "Pewawancara : Apa kendalanya, Pak?", "Informan : Dananya tidak ada.",
    ):  # fmt: skip
        file.add_paragraph(line)
    file.save(tmp_path / "a.docx")
    fresh.import_documents(tmp_path / "a.docx")
    document = fresh.document("a")
    assert document.case == "KRT-07"
    assert dict(document.attributes) == {
        "date": "Senin, 4 Maret 2019", "place": "Pos kamling", "duration": "32 menit",
    }  # fmt: skip
    assert document.speakers == ("Pewawancara", "Informan")
