"""The report: one truth in every form, with its warnings, and every number traced to words."""

from __future__ import annotations

import hashlib
import html
import json
import re
import zipfile
from pathlib import Path
from typing import NamedTuple

import docx
import pytest
from bs4 import BeautifulSoup
from python_calamine import CalamineWorkbook

from bantar_qual import CueCoder, Project, report, stats
from bantar_qual.errors import LanguageError, UnknownPart
from bantar_qual.languages import language
from bantar_qual.reports import Findings

FILES = {
    "findings.docx", "findings.xlsx", "findings.html", "manifest.json",
    "figures/frequency.png", "figures/frequency.svg", "figures/barriers.png",
    "figures/barriers.svg", "tables/informants.csv", "tables/frequency.csv",
    "tables/barriers.csv", "tables/notes.txt",
}  # fmt: skip


class Read(NamedTuple):
    """A report, read back."""

    findings: Findings
    project: Project
    soup: BeautifulSoup
    document: docx.document.Document
    sheets: dict[str, list[list[object]]]
    manifest: dict[str, object]

    @property
    def paragraphs(self) -> list[str]:
        """Return the paragraphs of the Word file."""
        return [p.text for p in self.document.paragraphs]


def read(project: Project, findings: Findings) -> Read:
    """Read a report back with independent readers."""
    folder = findings.folder
    book = CalamineWorkbook.from_path(str(folder / "findings.xlsx"))
    return Read(
        findings,
        project,
        BeautifulSoup((folder / "findings.html").read_text("utf-8"), "html.parser"),
        docx.Document(str(folder / "findings.docx")),
        {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names},
        json.loads((folder / "manifest.json").read_text("utf-8")),
    )


@pytest.fixture(scope="module")
def suggested(shipped_study: Project, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Report the shipped study, of which nothing is accepted."""
    return read(shipped_study, report(shipped_study, tmp_path_factory.mktemp("r") / "findings"))


@pytest.fixture
def coded(small: Project) -> Project:
    """Return the small study with codings that a person made."""
    small.code("satu", "Dananya tidak ada.", "resources.budget", valence="barrier")
    small.code("satu", "Pegawainya cuma dua.", "resources.staff", valence="barrier")
    small.code("dua", "Anggaran lancar, tidak ada kendala.", "resources.budget", valence="enabler")
    small.code("dua", "Hujan terus dari pagi.", "resources", valence="barrier")
    return small


def test_files(suggested: Read) -> None:
    """Everything that is promised is written, and nothing else."""
    folder = suggested.findings.folder
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == FILES
    assert {p.relative_to(folder).as_posix() for p in suggested.findings.files} == FILES
    assert Path(suggested.findings) == folder


def test_manifest(suggested: Read) -> None:
    """The manifest names the codebook, the texts and the files, by checksums that are right."""
    manifest, folder = suggested.manifest, suggested.findings.folder
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    for name, checksum in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == checksum
    for name, checksum in manifest["documents"].items():
        text = suggested.project.document(name).text
        assert hashlib.sha256(text.encode()).hexdigest() == checksum
    assert len(manifest["documents"]) == 19
    assert manifest["codebook"]["name"] == suggested.project.codebook.name
    assert manifest["counted"] == "suggested"
    assert manifest["warnings"] == list(suggested.findings.warnings)


def test_suggestions_are_never_findings(suggested: Read) -> None:
    """Where nothing is accepted, every form says first that no one has reviewed the numbers."""
    warnings = suggested.findings.warnings
    assert suggested.findings.counted == "suggested"
    assert len(warnings) == 2
    assert "SINTETIS" in warnings[0]
    assert "belum ada koding yang diterima" in warnings[1]
    assert suggested.paragraphs[1:3] == list(warnings)
    assert [p.get_text() for p in suggested.soup.select(".notice p")] == list(warnings)
    assert [row[0] for row in suggested.sheets["Catatan"]][1:3] == list(warnings)
    notes = (suggested.findings.folder / "tables" / "notes.txt").read_text("utf-8")
    assert notes.splitlines()[:2] == list(warnings)


def test_what_is_cut_out_keeps_the_warning(suggested: Read) -> None:
    """Each table and each figure carries the warning itself."""
    mark = language("id").caption("mark_suggested")
    assert suggested.paragraphs.count(mark) == 3
    assert [p.get_text() for p in suggested.soup.select(".under")].count(mark) == 3
    plain = [html.unescape(t) for t in re.findall(r"<!-- (.*?) -->", svg(suggested, "barriers"))]
    assert any(mark in line for line in plain)


def svg(read_: Read, noun: str) -> str:
    """Return a figure of a report; matplotlib writes each text as a comment before its shapes."""
    return (read_.findings.folder / "figures" / f"{noun}.svg").read_text("utf-8")


def test_every_quote_is_its_slice(suggested: Read) -> None:
    """Every quote on the page, in the workbook and in the Word file is its document's words."""
    frame = suggested.project.codings(status="suggested")
    texts = {d.name: d.text for d in suggested.project.texts()}
    slices = {texts[r.document][r.start : r.end] for r in frame.itertuples()}
    page = [p.get_text() for p in suggested.soup.select("blockquote p")]
    assert len(page) == len(frame)
    assert set(page) == slices
    rows = suggested.sheets["Kutipan"]
    head = {name: place for place, name in enumerate(rows[0])}
    assert len(rows) == 1 + len(frame)
    for row in rows[1:]:
        text = texts[row[head["Dokumen"]]]
        assert row[head["Kutipan"]] == text[int(row[head["Awal"]]) : int(row[head["Akhir"]])]
    blocks = [p for p in suggested.document.paragraphs if p.style.name == "Block quote"]
    assert len(blocks) > 10
    for block in blocks:
        assert block.runs[0].text[1:-1] in slices


def test_every_number_leads_to_its_quotes(suggested: Read) -> None:
    """On the page each count of codings leads to exactly so many quotes."""
    counts = 0
    for table, columns in (("t-frequency", (0,)), ("t-barriers", (0, 1, 2, 3, 4))):
        for row in suggested.soup.select(f"#{table} tbody tr"):
            for place, cell in enumerate(row.select("td.n")):
                if not cell.a:
                    assert cell.get_text() == "0"
                    continue
                target = suggested.soup.find(id=cell.a["href"][1:])
                assert target is not None
                if place in columns:
                    assert len(target.find_all("blockquote")) == int(cell.get_text())
                    counts += 1
    assert counts > 30


def test_names_and_links_of_the_page(suggested: Read) -> None:
    """Names are unique, links lead somewhere, nothing is loaded and nothing runs."""
    soup = suggested.soup
    names = [element["id"] for element in soup.find_all(id=True)]
    assert len(names) == len(set(names))
    assert {a["href"][1:] for a in soup.find_all("a")} <= set(names)
    assert not soup.find_all(["script", "link", "iframe", "object", "embed", "form"])
    assert all(i["src"].startswith("data:image/svg+xml;base64,") and i["alt"] for i in soup("img"))
    without = re.sub(r'src="data:[^"]*"', "", str(soup))
    assert not re.search(r"https?://|url\(|@import", without)
    assert len(soup.find_all("h1")) == 1


def test_the_forms_agree(suggested: Read) -> None:
    """Word file, page, workbook and CSV tell the same numbers as the statistic."""
    frame = suggested.project.codings(level="indicator", status="suggested")
    ranked = stats.barriers(frame)
    word = [[c.text for c in r.cells] for r in suggested.document.tables[2].rows][1:]
    rows = suggested.soup.select("#t-barriers tbody tr")
    page = [[c.get_text() for c in row.select("td.n")] for row in rows]
    book = suggested.sheets["Tabel 3"][1:]
    for number, row in enumerate(ranked.itertuples()):
        said = [row.barrier, row.enabler, row.mixed, row.neutral]
        assert [int(text) for text in word[number][2:6]] == said
        assert [int(text) for text in page[number][:4]] == said
        assert book[number][2:6] == said
        cases = f"{row.barrier_cases} ({row.barrier_share * 100:.1f}%)".replace(".", ",")
        assert word[number][6] == (cases if row.barrier_cases else "0")
    assert len(word) == len(page) == len(book) == len(ranked)


def test_one_language(shipped_study: Project, suggested: Read, tmp_path: Path) -> None:
    """An Indonesian report has no English left, an English one no Indonesian."""
    english = read(shipped_study, report(shipped_study, tmp_path, language="en"))
    captions = {name: language(name).captions for name in ("id", "en")}
    differ = [k for k in captions["id"] if captions["id"][k] != captions["en"].get(k)]
    for made, other in ((suggested, "en"), (english, "id")):
        foreign = {captions[other][key] for key in differ if "{" not in captions[other][key]}
        foreign -= set(captions["id" if other == "en" else "en"].values())
        heads = [c for sheet in made.sheets.values() for c in sheet[0]]
        heads += [e.get_text() for e in made.soup.find_all(["h1", "h2", "caption", "th"])]
        heads += [e.get_text() for e in made.soup.select(".valence, .under, .back, figcaption")]
        heads += [p.text for p in made.document.paragraphs if p.style.name.startswith("Head")]
        heads += [c.text for t in made.document.tables for c in t.rows[0].cells]
        assert not foreign & {str(head) for head in heads}
    assert english.soup.html["lang"] == "en"
    assert "turn" in english.soup.select("blockquote footer")[0].get_text()
    assert "giliran" in suggested.soup.select("blockquote footer")[0].get_text()


def test_codebook_is_told(suggested: Read) -> None:
    """The report ends with the labels and definitions of the codebook that was used."""
    text = "\n".join(suggested.paragraphs)
    for code in suggested.project.codebook:
        assert f"{code.label['id']}. {code.definition['id']}" in text
    assert len(suggested.soup.select("#codebook dt")) == len(suggested.project.codebook)
    assert len(suggested.sheets["Buku kode yang dipakai"]) == 1 + len(suggested.project.codebook)


def test_informants(suggested: Read) -> None:
    """Every document is a row of the first table, interviews first."""
    rows = [[c.text for c in r.cells] for r in suggested.document.tables[0].rows]
    assert rows[0][:4] == ["No.", "Informan atau dokumen", "Jabatan", "Jenis"]
    assert [r[3] for r in rows[1:]] == ["Wawancara"] * 14 + ["Observasi"] * 3 + ["Dokumen"] * 2
    assert "KRT-07" in [r[1] for r in rows]


def test_accepted_codings_count_by_default(coded: Project, tmp_path: Path) -> None:
    """As soon as something is accepted, only that counts, and nothing needs a warning."""
    coded.code_with(CueCoder())
    made = read(coded, report(coded, tmp_path / "f"))
    assert (made.findings.counted, made.findings.warnings) == ("accepted", ())
    assert made.sheets["Tabel 2"][1] == ["Sumber daya", 4.0, 4.0, 2.0, 2.0, 1.0]
    assert not made.soup.select(".notice")
    text = "\n".join(made.paragraphs)
    assert "Hanya koding yang sudah diterima yang dihitung: 4 koding." in text
    assert "“Dananya tidak ada.” (A, 3 Maret 2019, giliran 2)" in text


def test_code_on_its_parent(coded: Project, tmp_path: Path) -> None:
    """A coding on a variable itself is unspecified, and has quotes of its own."""
    made = read(coded, report(coded, tmp_path / "f"))
    assert "Sumber daya (tidak dirinci)" in [r[1] for r in made.sheets["Tabel 3"]]
    own = made.soup.find(id="q-resources-barrier")
    assert [p.get_text() for p in own.select("blockquote p")] == ["Hujan terus dari pagi."]
    assert len(made.soup.find(id="q-resources").find_all("blockquote")) == 4


def test_what_counts_can_be_chosen(coded: Project, tmp_path: Path) -> None:
    """Suggestions, or both, are counted where that is asked for, and are warned of."""
    coded.code_with(CueCoder())
    open_ = len(coded.codings(status="suggested"))
    coded.reject(coded.codings(status="suggested").head(1))
    for count, codings in (("accepted", 4), ("suggested", open_ - 1), ("all", 4 + open_ - 1)):
        made = read(coded, report(coded, tmp_path / count, count=count))
        assert sum(row[1] for row in made.sheets["Tabel 2"][1:]) == codings
        assert made.findings.counted == count
        assert bool(made.findings.warnings) is (count != "accepted")
    with pytest.raises(UnknownPart, match="accepted, suggested, all"):
        report(coded, tmp_path / "x", count="everything")
    assert not (tmp_path / "x").exists()


def test_bulk_acceptance_is_told(small: Project, tmp_path: Path) -> None:
    """What was accepted unread is said, with the confidence; what was read since is not."""
    small.code_with(CueCoder())
    small.accept_above(0.1)
    everything = report(small, tmp_path / "a")
    assert "diterima sekaligus tanpa dibaca" in everything.warnings[0]
    assert "0,1" in everything.warnings[0]
    assert "Temuan ini belum ditinjau" in everything.warnings[0]
    small.rate(small.codings().head(1), "mixed")
    some = report(small, tmp_path / "b")
    assert "Bagian itu belum ditinjau" in some.warnings[0]
    for place in range(len(small.codings())):
        frame = small.codings().iloc[place : place + 1]
        small.rate(frame, None)
        small.rate(frame, "neutral")
    assert report(small, tmp_path / "c").warnings == ()


def test_nothing_coded(fresh: Project, tmp_path: Path) -> None:
    """A study without documents or codings has a report that says so."""
    made = read(fresh, report(fresh, tmp_path / "f"))
    assert language("id").caption("nothing_coded") in made.paragraphs
    assert language("id").caption("nothing_coded") in made.soup.get_text()
    assert not list((tmp_path / "f").glob("figures/*"))


def test_nothing_rated(small: Project, tmp_path: Path) -> None:
    """Codings without valence are counted, and the missing valence is said."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    made = read(small, report(small, tmp_path / "f"))
    assert language("id").caption("nothing_rated") in made.paragraphs
    assert "Tabel 3" not in made.sheets
    assert (tmp_path / "f" / "figures" / "frequency.png").is_file()


def test_hostile_study(tmp_path: Path) -> None:
    """Hostile titles, labels, names and texts are shown as they are, and make nothing."""
    bad = "<script>alert(1)</script>{{7*7}}$x$=1+1"
    book = tmp_path / "b.yaml"
    quoted = json.dumps(bad)
    book.write_text(
        "name: b\nlevels:\n  - {key: theme, label: {id: Tema}}\ncodes:\n"
        f"  - {{key: a, label: {{id: {quoted}}}, definition: {{id: {quoted}}}}}\n",
        encoding="utf-8",
    )
    folder = tmp_path / "talks"
    folder.mkdir()
    text = f"Judul: {bad}\nKode informan: {bad}\n\nPewawancara: Ya?\nInforman: =1+1 {bad} 🙂.\n"
    (folder / "x.txt").write_text(text, encoding="utf-8")
    project = Project.create(tmp_path / "s.bantar", codebook=book, coder=bad, title=bad)
    project.import_documents(folder)
    project.code("x", f"=1+1 {bad} 🙂.", "a", valence="barrier")
    made = read(project, report(project, tmp_path / "f"))
    assert not made.soup.find_all("script")
    assert bad in made.soup.h1.get_text()
    assert [p.get_text() for p in made.soup.select("blockquote p")] == [f"=1+1 {bad} 🙂."]
    assert f"“=1+1 {bad} 🙂.”" in "\n".join(made.paragraphs)
    with zipfile.ZipFile(tmp_path / "f" / "findings.xlsx") as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        assert not [n for n in sheets if b"<f>" in archive.read(n)]
    assert f"=1+1 {bad} 🙂." in [c for row in made.sheets["Kutipan"] for c in row]


def test_nothing_leaks(coded: Project, tmp_path: Path) -> None:
    """No path of this machine, and in the Word file and page no coder, is written anywhere."""
    folder = tmp_path / "rahasia-folder" / "f"
    findings = report(coded, folder)
    for path in findings.files:
        parts = [path.read_bytes()]
        if path.suffix in {".docx", ".xlsx"}:
            with zipfile.ZipFile(path) as archive:
                parts = [archive.read(name) for name in archive.namelist()]
        for part in parts:
            assert b"rahasia-folder" not in part
            assert str(tmp_path).encode() not in part
            assert b"python-docx" not in part


def test_again_is_the_same(coded: Project, tmp_path: Path) -> None:
    """A report of the same study has the same page, tables and figures, byte for byte."""
    one, two = (report(coded, tmp_path / name) for name in "ab")
    for first, second in zip(one.files, two.files, strict=True):
        if first.suffix not in {".docx", ".xlsx", ".json"}:
            assert first.read_bytes() == second.read_bytes(), first.name


def test_replaces_an_earlier_report(coded: Project, tmp_path: Path) -> None:
    """A second report into the same folder replaces the first."""
    report(coded, tmp_path / "f")
    coded.code("satu", "Kriterianya kami tidak paham.", "communication.clarity", valence="barrier")
    made = read(coded, report(coded, tmp_path / "f"))
    assert "Kriterianya kami tidak paham." in made.soup.get_text()


def test_unknown_language(coded: Project, tmp_path: Path) -> None:
    """An unknown language is told before anything is written."""
    with pytest.raises(LanguageError):
        report(coded, tmp_path / "f", language="xx")
    assert not (tmp_path / "f").exists()
