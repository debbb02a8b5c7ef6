"""Giving a study away: no canary in any format, and a test that can fail."""

from __future__ import annotations

import json
import warnings
import zipfile
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbconvert.preprocessors import ExecutePreprocessor

from bantar_qual import CueCoder, Project, report, stats, table
from bantar_qual.errors import BantarWarning, ProjectError
from bantar_qual.store.publishing import cells
from tests.conftest import BOOK

PERSON, FRIEND, OLD = "Kanariwati Suryakencana", "Tukiyem", "Walangsungsang"
PLACE, PHONE, STREET, CODER = (
    "Padmanagara",
    "0812-7455-3310",
    "Jl. Cendrawasih No. 77",
    "Zulfikarman",
)
CANARIES = (PERSON, "Kanariwati", "Suryakencana", FRIEND, OLD, PLACE, PHONE, "Cendrawasih", CODER)
TALK = f"""Judul: Wawancara dengan Bu {PERSON}
Kode informan: {PERSON}
Nama informan: {PERSON}
Tempat: Kelurahan {PLACE}

Pewawancara: Bagaimana dananya, Bu Kanariwati?
Bu Kanariwati: Dananya tidak ada, kata {FRIEND} begitu. Telepon saya {PHONE}.
Pewawancara: Pegawainya?
Bu Kanariwati: Pegawainya cuma dua, di {STREET}. Orang {PLACE} tahu. KANARIWATInya diam.
Pewawancara: Ada lagi?
Bu Kanariwati: Dulu ada Pak {OLD}, sudah pindah.
"""


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Make a study full of canaries, also in its past, and code it."""
    folder = tmp_path_factory.mktemp("canaries")
    (folder / "book.yaml").write_text(BOOK, encoding="utf-8")
    (folder / f"wawancara-{PERSON}.txt").write_text(TALK, encoding="utf-8")
    path = folder / "own.bantar"
    title = f"Studi di Kelurahan {PLACE}"
    project = Project.create(path, codebook=folder / "book.yaml", coder=CODER, title=title)
    project.import_documents(folder / f"wawancara-{PERSON}.txt", strict=True)
    (name,) = project.documents().index
    told = {"case": [PERSON], "alamat": [STREET], "role": [f"Tetangga {FRIEND}"]}
    project.describe_cases(pd.DataFrame(told))
    project.code_with(CueCoder())
    project.accept(project.codings(status="suggested"), reason=f"kata {FRIEND}")
    project.code(name, "Pegawainya cuma dua", "resources.staff", memo=f"{FRIEND} ikut")
    project.rate(project.codings(), "barrier")
    project.memo(f"Bu {PERSON} ragu", about="case", key=PERSON)
    project.memo(f"Tanya {FRIEND} lagi", about="document", key=name)
    project.define_code("resources.staff", example=f"Kata {FRIEND}: cuma dua.")
    text = project.document(name).text
    project.revise(name, text.replace(f"Pak {OLD}", "orang"), reason=f"{OLD} minta dihapus")
    return project


NAMES = pd.DataFrame({"name": [FRIEND, PERSON]})


def outputs(project: Project, folder: Path) -> dict[str, Path]:
    """Write everything that a study can be written as."""
    folder.mkdir(parents=True)
    report(project, folder / "findings")
    project.dump(folder / "dump")
    codings = project.codings(level="indicator")
    for ending in ("docx", "xlsx", "html", "csv"):
        made = table(stats.barriers(codings), title=project.title)
        made.quote(project.quotes(codings)).save(folder / f"t.{ending}")
    project.memos().to_csv(folder / "memos.csv")
    book = nbformat.v4.new_notebook()
    code = (
        "from bantar_qual import Project, plot, stats, table\n"
        f"p = Project.open({str(project.path.name)!r}, backup=False)\n"
        "display(p, p.documents(), p.cases(), p.memos(), p.history())\n"
        "c = p.codings(level='indicator')\n"
        "display(p.quotes(c), table(stats.barriers(c), title=p.title), plot.barriers(stats.barriers(c)).figure)\n"
        "[print(d.text) for d in p.texts()]\n"
    )
    book.cells.append(nbformat.v4.new_code_cell(code))
    where = {"metadata": {"path": str(project.path.parent)}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ExecutePreprocessor(timeout=120, kernel_name="python3").preprocess(book, where)
    nbformat.write(book, folder / "seen.ipynb")
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in [*found]}


def bytes_of(path: Path) -> bytes:
    """Return all bytes of a file and of the parts that it packs, as this test reads them."""
    data = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            data += b"".join(packed.read(name) for name in packed.namelist())
    if path.suffix == ".ipynb":
        data += json.dumps(json.loads(data), ensure_ascii=False).encode()
    if data.startswith(b"SQLite format 3"):
        data += " ".join(value for _, value in cells(path)).encode()
    return data + path.name.encode()


def canaries_in(data: bytes) -> set[str]:
    """Return the canaries in bytes, in any case, as UTF-8 and UTF-16."""
    folded = data.decode("latin-1").casefold()
    wide = folded.replace("\x00", "")
    return {c for c in CANARIES if c.casefold() in folded or c.casefold() in wide}


@pytest.fixture(scope="module")
def public(
    canaries: Project, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, dict[str, Path], Path]:
    """Anonymise the study, export it, and write the export as everything."""
    folder = tmp_path_factory.mktemp("public")
    key = tmp_path_factory.mktemp("keys") / "key.csv"
    finds = canaries.anonymise(names=NAMES)
    canaries.anonymise(finds, key=key)
    (folder / "work").mkdir()
    found = canaries.export_anonymised(folder / "work" / "public.bantar", key=key, names=[OLD])
    assert found.empty, found.to_dict("records")
    project = Project.open(folder / "work" / "public.bantar")
    files = outputs(project, folder / "out")
    return project, files | {"public.bantar": project.path}, key


FORMATS = {
    "findings/findings.docx", "findings/findings.xlsx", "findings/findings.html",
    "findings/figures/barriers.svg", "findings/figures/barriers.png", "findings/tables/barriers.csv",
    "findings/manifest.json", "findings/tables/notes.txt", "dump/study.yaml", "dump/cases.yaml",
    "dump/codebook.yaml", "t.docx", "t.xlsx", "t.html", "t.csv", "memos.csv", "seen.ipynb",
    "public.bantar",
}  # fmt: skip


def test_no_canary_in_any_format(public: tuple[Project, dict[str, Path], Path]) -> None:
    """No name, number, place, coder or deleted word is in any file that can be given away."""
    project, files, key = public
    assert set(files) >= FORMATS
    assert any(name.startswith("dump/codings/") for name in files)
    for name, path in files.items():
        assert canaries_in(bytes_of(path)) == set(), name
    found = project.leaks(*files.values(), key=key, names=None)
    assert found.empty, found.to_dict("records")
    assert project.leaks(*files.values(), names=list(CANARIES)).empty


def test_what_is_public_is_whole(
    canaries: Project, public: tuple[Project, dict[str, Path], Path]
) -> None:
    """The public study has the codings with their words, one act, new GUIDs, and no fault."""
    project, files, _ = public
    assert project.check().empty
    assert len(project.history()) == 1
    assert project.undo() == ""
    mine, theirs = canaries.codings(status=None), project.codings(status=None)
    columns = ["code", "status", "valence", "start", "end", "speaker", "memo"]
    order = ["start", "end", "code"]
    one, other = (f.sort_values(order)[columns].astype(str) for f in (mine, theirs))
    assert one.to_numpy().tolist() == other.to_numpy().tolist()
    assert [d.text for d in project.texts()] == [d.text for d in canaries.texts()]
    assert [d.source for d in project.texts()] == [""]
    assert set(theirs["coder"]) == {"Pengode 1", "cues"}
    assert len(project.memos()) == len(canaries.memos())
    guids = {v for where, v in cells(project.path) if where.endswith("guid")}
    assert guids
    assert not guids & {v for where, v in cells(canaries.path) if where.endswith("guid")}
    assert not [name for name in files if "anonymise" in name]


@pytest.mark.usefixtures("public")
def test_the_canary_test_can_fail(canaries: Project, tmp_path: Path) -> None:
    """The same look at the study as it was finds canaries in every format that can hold them."""
    assert canaries.undo().startswith("anonymise")
    files = outputs(canaries, tmp_path / "out") | {"public.bantar": canaries.path}
    silent = {"findings/figures/barriers.svg", "findings/figures/barriers.png"}
    silent |= {"findings/tables/barriers.csv", "findings/tables/notes.txt", "t.csv"}
    silent |= {n for n in files if n.startswith(("dump/", "findings/tables/", "findings/figures/"))}
    silent -= {"dump/study.yaml", "dump/cases.yaml", "dump/codebook.yaml"}
    for name in FORMATS - silent:
        assert canaries_in(bytes_of(files[name])), name
    seen = set(canaries.leaks(*files.values(), names=list(CANARIES))["file"])
    assert {files[name].name for name in FORMATS - silent} <= seen
    assert canaries_in(canaries.path.read_bytes()) == set(CANARIES)
    canaries.redo()
    assert canaries_in(canaries.path.read_bytes()) == set(CANARIES), "the past is in the own study"


def test_what_survives_is_told(small: Project, tmp_path: Path) -> None:
    """What was not replaced is listed, warned of, and refused where that is asked for."""
    small.memo("Kata Pak Burhanudin begitu")
    target = tmp_path / "out" / "public.bantar"
    with pytest.raises(ProjectError, match="survive"):
        small.export_anonymised(target, names=["Burhanudin"], strict=True)
    assert not target.exists()
    assert list(target.parent.iterdir()) == []
    with pytest.warns(BantarWarning, match="survive"):
        found = small.export_anonymised(target, names=["Burhanudin"])
    assert set(found["words"]) == {"Burhanudin"}
    assert any(where.startswith("table memo") for where in found["where"])
    assert any(original.startswith("not decided") for original in found["original"])
    with pytest.raises(ProjectError, match="already a file"):
        small.export_anonymised(target)
    bare = tmp_path / "bare.bantar"
    assert small.export_anonymised(bare, memos=False, names=["Burhanudin"]).empty


def test_the_key_beside_the_public_file_is_told(small: Project, tmp_path: Path) -> None:
    """A key in the folder that is given away is warned of."""
    small.memo("Kata Pak Burhanudin begitu")
    key = tmp_path / "out" / "key.csv"
    small.anonymise(small.anonymise(), key=key)
    with pytest.warns(BantarWarning, match="move it"):
        small.export_anonymised(tmp_path / "out" / "public.bantar", key=key)


def test_coders_may_stay(small: Project, tmp_path: Path) -> None:
    """Whoever wants to be named stays named."""
    small.code("satu", "Dananya tidak ada.", "resources.budget")
    small.export_anonymised(tmp_path / "p.bantar", coders="keep")
    assert set(Project.open(tmp_path / "p.bantar").codings()["coder"]) == {"SN"}
