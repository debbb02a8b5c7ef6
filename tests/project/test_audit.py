"""The audit trail: every act in words, and what each coder did in numbers."""

from __future__ import annotations

import string
from pathlib import Path

import docx
import pandas as pd
import pytest

from bantar_qual import CueCoder, Project, table
from bantar_qual.errors import CodingError
from bantar_qual.languages import language
from tests.project.test_past import backdate


@pytest.fixture
def worked(small: Project) -> Project:
    """Suggest, accept, reject, change, accept in bulk, and take one thing back; by two people."""
    small.code_with(CueCoder())
    waiting = small.codings(status="suggested")
    small.accept(waiting.iloc[:1], reason="dibaca bersama")
    small.reject(waiting.iloc[1:2])
    small.undo()
    small.accept_above(0.01)
    bp = Project.open(small.path, coder="BP")
    bp.code("dua", "Hujan terus dari pagi.", "resources.staff")
    bp.rate(bp.codings().iloc[:2], "mixed")
    bp.recode(bp.codings().iloc[:1], "communication.clarity", reason="lebih tepat")
    bp.memo("Ingat.", about="code", key="resources.staff")
    backdate(small, "2026-03-03")
    return small


def test_every_act_in_words(worked: Project) -> None:
    """Each act is told in the study's language, with its number, time, author and reason."""
    told = worked.audit_trail(zone="Asia/Jakarta")
    assert told.index.equals(worked.history().index.rename("number"))
    assert told["when"].tolist()[0] == "3 Maret 2026, 16.00"
    assert told["what"].tolist() == [
        "Memulai studi",
        "Memasukkan 2 dokumen",
        "Meminta usulan kode dari mesin “cues”",
        "Menerima usulan",
        "Menolak usulan",
        "Membatalkan tindakan no. 5",
        "Menerima sekaligus, tanpa dibaca, usulan dengan keyakinan sekurang-kurangnya 0,01",
        "Memberi kode “Staf” pada “dua”",
        "Menilai sifat koding: campuran",
        "Mengganti kode menjadi “Kejelasan”",
        "Menulis memo tentang kode “Staf”",
    ]
    assert told["codings"].fillna(0).tolist() == [0, 0, 4, 1, 1, 1, 3, 1, 2, 1, 0]
    assert told["state"].tolist()[4] == "dibatalkan"
    assert (told["state"] != "").sum() == 1
    assert told.loc[[4, 7, 10], "reason"].tolist() == ["dibaca bersama", "", "lebih tepat"]


def test_acts_are_chosen(worked: Project) -> None:
    """Coder, kind of act and time narrow the trail; numbers stay those of the whole history."""
    assert worked.audit_trail(coder="BP").index.tolist() == [8, 9, 10, 11]
    assert worked.audit_trail(verb=["accept", "reject"]).index.tolist() == [4, 5, 7]
    assert len(worked.audit_trail(since="2026-03-03", until="2026-03-03")) == 11
    assert worked.audit_trail(since="2026-03-03T10:00").empty
    with pytest.raises(CodingError, match=r"nobody did anything as 'BPP'. Did you mean 'BP'"):
        worked.audit_trail(coder="BPP")
    with pytest.raises(CodingError, match=r"no act 'acept'. Did you mean 'accept'"):
        worked.audit_trail(verb="acept")
    with pytest.raises(CodingError, match="no time zone 'Jakarta'"):
        worked.audit_trail(zone="Jakarta")


def test_what_each_coder_did(worked: Project) -> None:
    """Suggestions read, accepted in bulk and changed are counted apart; what was undone is not."""
    told = worked.audit_summary()
    assert told.loc["cues", "suggested"] == 4
    assert told.loc["SN"].to_dict() == {
        "made": 0, "suggested": 0, "imported": 0,
        "read_accepted": 1, "bulk_accepted": 3, "rejected": 0, "changed": 0,
    }  # fmt: skip
    assert told.loc["BP", ["made", "changed"]].tolist() == [1, 1]
    assert worked.audit_summary(coder="BP").index.tolist() == ["BP"]
    assert worked.audit_summary(since="2026-03-04").to_numpy().sum() == 0


def test_redone_counts_once(worked: Project) -> None:
    """What was taken back and done again counts as done, once."""
    before = worked.audit_summary()
    for _ in range(4):
        worked.undo()
    for _ in range(4):
        worked.redo()
    pd.testing.assert_frame_equal(worked.audit_summary(), before)


def test_every_act_has_words_in_every_language(worked: Project) -> None:
    """No act falls back on its English verb; both languages have the same words to fill in."""
    worked.describe_cases(pd.DataFrame({"case": ["A"], "role": ["Lurah"]}))
    worked.add_code("resources.tools", {"id": "Alat", "en": "Tools"})
    worked.define_code("resources.tools", definition="Alat kerja.")
    worked.move_code("resources.tools", "communication.tools")
    worked.merge_codes(["communication.tools"], into="resources.budget")
    staff = worked.codings()[worked.codings()["code"] == "resources.staff"]
    worked.split_code("resources.staff", {"resources.budget": staff.head(1)}, preview=False)
    worked.retire_code("communication.clarity")
    worked.revise("satu", worked.document("satu").text.replace("cuma", "hanya"))
    if len(worked.unsettled()):
        worked.settle(worked.unsettled(), drop=True)
    worked.undo()
    worked.redo()
    for name in ("id", "en"):
        worked.language = name
        told = worked.audit_trail()["what"]
        verbs = set(worked.history()["verb"])
        assert not [what for what in told if what.split(":")[0] in verbs or "{" in what]
    one, other = language("id").captions, language("en").captions
    for key in one:
        if key.startswith(("act_", "change_")):
            assert _fields(one[key]) == _fields(other[key]), key


def _fields(caption: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(caption) if field}


def test_an_appendix(worked: Project, tmp_path: Path) -> None:
    """The trail makes a Word table with headers and cells in the study's language."""
    path = table(worked.audit_trail(), title="Jejak audit", number="L.1").save(tmp_path / "a.docx")
    cells = [[cell.text for cell in row.cells] for row in docx.Document(str(path)).tables[0].rows]
    assert cells[0] == [
        "No.", "Tanggal dan waktu", "Pengode", "Tindakan", "Koding", "Alasan", "Keterangan",
    ]  # fmt: skip
    assert cells[5][3:] == ["Menolak usulan", "1", "", "dibatalkan"]
    assert len(cells) == 12
    summary = table(worked.audit_summary()).grid(whole=False)
    assert summary.columns[5].header == "Usulan diterima sekaligus tanpa dibaca"
