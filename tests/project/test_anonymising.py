"""Anonymising: one act that loses no place, is remembered, and is taken back whole."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bantar_qual import CueCoder, Project
from bantar_qual.errors import BantarError, FrameError, ProjectError, UnknownPart
from tests.conftest import BOOK
from tests.project.test_history import state
from tests.text.editing import spans

SPEECH = [
    "Pak Budi yang pegang dana, bukan saya.",
    "Kata Budi Santoso pegawai cuma dua.",
    "Budinya tidak ada, tanya Bu Sari di Jl. Merdeka No. 10.",
    "NIK saya 1571024505780003, HP 0812-7455-3310.",
    "Anggarannya Rp 3.204.112.505, itu kata Lurah Hendra.",
    "Sari pati jahe dan budi pekerti, itu saja.",
    "Kelurahan Eka Jaya luas. Orang Eka Jaya banyak.",
    "Dananya tidak ada 🙂, kriterianya kami tidak paham.",
]
LABELS = ["Pewawancara", "Pak Budi", "Informan", "Bu Sari"]
CODES = ["resources.budget", "resources.staff"]


def whole(project: Project) -> dict[str, object]:
    """Return all that a study holds, with its texts and what was told about labels."""
    return state(project) | {
        "texts": [(d.name, d.text, d.turns, dict(d.attributes)) for d in project.texts()],
        "title": project.title,
    }


def study(folder: Path, texts: list[str], **more: str) -> Project:
    """Make a study with a document for each text."""
    (folder / "book.yaml").write_text(BOOK, encoding="utf-8")
    project = Project.create(folder / "s.bantar", codebook=folder / "book.yaml", coder="SN", **more)
    (folder / "texts").mkdir()
    for number, text in enumerate(texts):
        (folder / "texts" / f"t{number}.txt").write_text(text, encoding="utf-8")
    project.import_documents(folder / "texts", strict=True)
    return project


@pytest.fixture
def talk(tmp_path: Path) -> Project:
    """Make a study whose one interview is full of names."""
    text = (
        "Judul: Wawancara dengan Pak Budi\nKode informan: KRT-07\nNama informan: Budi Santoso\n\n"
        "Pewawancara: Bagaimana, Pak Budi?\nPak Budi: " + " ".join(SPEECH) + "\n"
        "Pewawancara: Ada lagi?\nPak Budi: Sudah, tanya Bu Sari saja.\n"
    )
    return study(tmp_path, [text], title="Studi Pak Budi")


def quotes(project: Project) -> dict[int, str]:
    """Return the words of each coding."""
    texts = {document.name: document.text for document in project.texts()}
    frame = project.codings(status=None)
    rows = zip(frame.index, frame["document"], frame["start"], frame["end"], strict=True)
    return {coding: texts[document][start:end] for coding, document, start, end in rows}


turns = st.lists(
    st.tuples(st.sampled_from(LABELS), st.sampled_from(SPEECH)), min_size=3, max_size=8
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(turns, turns, st.data())
def test_laws(
    first: list[tuple[str, str]], second: list[tuple[str, str]], data: st.DataObject
) -> None:
    """Codings keep their words, the rest stays, one name has one pseudonym, undo is whole."""
    said = ["\n".join(f"{who}: {what}" for who, what in talk) for talk in (first, second)]
    said[1] += "\nPewawancara: Terima kasih."
    with TemporaryDirectory() as name:
        project = study(Path(name), said)
        names = list(project.documents().index)
        old = {n: project.document(n).text for n in names}
        for number, document in enumerate(names):
            for place, span in enumerate(data.draw(spans(old[document]))):
                project.coder = ("SN", "BP")[place % 2]
                project.code(document, span, CODES[number], valence="barrier")
        before, had = whole(project), project.codings(status=None)
        finds = project.anonymise()
        kept = finds[finds["state"] == "ask"]
        chosen = finds.drop(kept.index)
        report = project.anonymise(chosen, keep=kept, key=Path(name, "key.csv"))
        assert_words(project, had, old, chosen)
        assert set(report["state"]) <= {"reworded", "stretched", "joined"}
        people = chosen[chosen["kind"] == "name"]
        told = people.groupby(people["words"].str.casefold())["pseudonym"]
        assert (told.agg(lambda p: len({w.strip("[]") for w in p})) == 1).all()
        assert project.check().empty
        assert project.anonymise(key=Path(name, "key.csv")).empty, "found again"
        done = whole(project)
        if len(chosen):
            assert project.undo()
            assert whole(project) == before
            project.redo()
        assert whole(project) == done


def assert_words(
    project: Project, had: pd.DataFrame, old: dict[str, str], chosen: pd.DataFrame
) -> None:
    """See that each coding has its old words, with the replacements that touch it."""
    new = quotes(project)
    finds = chosen[chosen["place"] == "texts"]
    for coding, row in had.iterrows():
        mine = finds[finds["document"] == row["document"]]
        touched = mine[(mine["start"] < row["end"]) & (row["start"] < mine["end"])]
        at = min([row["start"], *touched["start"]])
        end = max([row["end"], *touched["end"]])
        expected, text = "", old[row["document"]]
        for find in touched.sort_values("start").to_dict("records"):
            expected += text[at : find["start"]] + find["pseudonym"]
            at = find["end"]
        expected += text[at:end]
        assert coding not in new or new[coding] == expected
        if coding not in new:  # it became one with a twin, which has these words
            assert expected in new.values()


def test_previewing_changes_nothing(talk: Project) -> None:
    """Looking is no act, and shows each find where it stands."""
    before, acts = whole(talk), len(talk.history())
    finds = talk.anonymise()
    assert whole(talk) == before
    assert len(talk.history()) == acts
    text = talk.document("t0").text
    for row in finds[finds["place"] == "texts"].to_dict("records"):
        assert text[row["start"] : row["end"]] == row["words"]
        assert row["before"].split()[-1:] == text[: row["start"]].split()[-1:]
        assert row["after"].split()[:1] == text[row["end"] :][:48].split()[:1]
    assert set(finds["place"]) == {"texts", "speakers", "documents", "title"}
    assert not finds["words"].isin(["3.204.112.505", "pekerti"]).any()


def test_everything_follows(talk: Project, tmp_path: Path) -> None:
    """Labels, header, title, memos and turns go with the text, in one act."""
    talk.memo("Budi Santoso ragu.", about="document", key="t0")
    talk.code("t0", "Sudah, tanya Bu Sari saja.", "resources.staff")
    finds = talk.anonymise()
    talk.anonymise(finds, key=tmp_path / "key.csv")
    document = talk.document("t0")
    everything = f"{document} {talk.memos()} {talk.title} {quotes(talk)}"
    assert not re.search(r"Budi|Santoso|Sari\b(?! pati)|1571024505780003|Merdeka", everything)
    assert document.speakers == ("Pewawancara", "Pak Informan 1")
    assert all(document.quote(t.start, t.end).strip() for t in document.turns)
    assert talk.title == "Studi Pak Informan 1"
    assert talk.codings()["speaker"].tolist() == ["Pak Informan 1"]
    assert quotes(talk) == {1: "Sudah, tanya Bu [Warga A] saja."}
    again = "\n".join(talk.document("t0").text.splitlines())
    assert talk.revise("t0", again.replace("luas", "sempit")).loc[1, "state"] != "lost"
    assert talk.document("t0").speakers == ("Pewawancara", "Pak Informan 1")


def test_what_is_kept_is_not_asked_again(talk: Project, tmp_path: Path) -> None:
    """A find that tells nobody is remembered where it stands, also when its neighbours change."""
    finds = talk.anonymise()
    asked = finds[finds["state"] == "ask"]
    assert len(asked)
    talk.anonymise(keep=asked)
    left = talk.anonymise()
    assert len(left) == len(finds) - len(asked)
    talk.anonymise(left, key=tmp_path / "key.csv")
    assert talk.anonymise(key=tmp_path / "key.csv").empty
    talk.undo()
    talk.undo()
    assert len(talk.anonymise()) == len(finds)


def test_what_is_kept_is_known_among_new_neighbours(tmp_path: Path) -> None:
    """A find that was kept is known again when the names around it are replaced later."""
    text = "Informan: Sari pati Pak Budi. Bu Sari, Sari pati.\nPewawancara: Ya?\n"
    project = study(tmp_path, [text])
    finds = project.anonymise()
    keep = finds[finds["state"] == "ask"]
    assert keep["words"].tolist() == ["Sari"]
    project.anonymise(keep=keep)
    project.anonymise(project.anonymise(), key=tmp_path / "key.csv")
    assert project.document("t0").text.startswith("Informan: Sari pati Pak [Warga A]. Bu [Warga B]")
    assert project.anonymise(key=tmp_path / "key.csv").empty


def test_a_coding_inside_a_name_is_stretched(talk: Project, tmp_path: Path) -> None:
    """A coding of a part of a name covers the whole pseudonym, and it is told."""
    at = talk.document("t0").text.index("Merdeka")
    talk.code("t0", (at, at + 4), "resources.budget")
    finds = talk.anonymise(places=["texts"])
    report = talk.anonymise(finds, key=tmp_path / "key.csv")
    assert report["state"].tolist() == ["stretched"]
    assert report["old_quote"].tolist() == ["Merd"]
    assert quotes(talk) == {1: "[alamat]"}


def test_twins_become_one(talk: Project, tmp_path: Path) -> None:
    """Two codings of one coder and code inside one name become one, and it is told; undo parts."""
    at = talk.document("t0").text.index("Merdeka")
    for start in (at, at + 2):
        talk.code("t0", (start, start + 3), "resources.budget")
    report = talk.anonymise(talk.anonymise(places=["texts"]), key=tmp_path / "key.csv")
    assert sorted(report["state"]) == ["joined", "stretched"]
    assert list(quotes(talk).values()) == ["[alamat]"]
    talk.undo()
    assert sorted(quotes(talk).values()) == ["Mer", "rde"]


def test_the_researchers_table(talk: Project, tmp_path: Path) -> None:
    """A table unites the names of one person, gives own pseudonyms, and finds names untitled."""
    table = tmp_path / "nama.csv"
    table.write_text(
        "nama;samaran;ejaan lain;jenis\nBudi Santoso;Darmo;Pak Bud, Boedi;\n"
        "Eka Jaya;Mekar Sari;;kelurahan\nSari;;;orang\nKoperasi Sari Makmur;;;lembaga\n"
        "Pos Ronda 3;Pos Ronda;;lainnya\n".replace("Bud, ", "Bud|"),
        encoding="utf-8",
    )
    talk.memo("Koperasi Sari Makmur dan Pos Ronda 3; orangnya makmur.")
    finds = talk.anonymise(names=table)
    talk.anonymise(finds[finds["words"] != "Hendra"], key=tmp_path / "key.csv")
    assert talk.memos()["text"].tolist() == ["[Nama A] dan Pos Ronda; orangnya makmur."]
    text = talk.document("t0").text
    assert "Pak Darmo yang pegang dana" in text
    assert "Darmonya tidak ada" in text
    assert "Kelurahan Mekar Sari luas. Orang Mekar Sari banyak." in text
    assert "Bu [Warga A]" in text
    assert talk.document("t0").speakers == ("Pewawancara", "Pak Darmo")
    left = talk.anonymise(key=tmp_path / "key.csv")
    assert left["words"].tolist() == ["Hendra"]


def test_pseudonyms_last_with_the_key(talk: Project, tmp_path: Path) -> None:
    """A text that comes later gets the pseudonyms of the key, and no one else's."""
    key = tmp_path / "keys" / "key.csv"
    talk.anonymise(talk.anonymise(), key=key)
    assert key.stat().st_mode & 0o077 == 0
    later = tmp_path / "later.txt"
    later.write_text("Informan: Bu Sari dan Bu Lasmi. Sarinya pulang. Budi juga.", encoding="utf-8")
    talk.import_documents(later)
    finds = talk.anonymise(key=key)
    given = dict(zip(finds["words"], finds["pseudonym"], strict=True))
    assert given["Sari"] == "[Warga A]"
    assert given["Budi"] == "[Informan 1]"
    assert given["Lasmi"] not in {"[Warga A]", "[Warga B]"}
    without = talk.anonymise()  # the key was lost: nobody gets a pseudonym that is taken
    used = {w.strip("[]") for w in pd.read_csv(key)["pseudonym"]}
    fresh = without[(without["kind"] == "name") & (without["document"] == "later")]
    assert not set(fresh["pseudonym"].str.strip("[]")) & used


def test_speakers_that_were_named_stay_named(talk: Project, tmp_path: Path) -> None:
    """What was told about labels holds for their new forms."""
    talk.name_speakers({"Pak Budi": "Budi Santoso"})
    assert "Budi Santoso" in talk.document("t0").speakers
    talk.anonymise(talk.anonymise(), key=tmp_path / "key.csv")
    assert talk.document("t0").speakers == ("Pewawancara", "Informan 1")
    assert "Budi" not in str(talk.speakers())
    talk.undo()
    assert "Budi Santoso" in talk.document("t0").speakers


def test_cases_and_codebook_follow(talk: Project, tmp_path: Path) -> None:
    """Names of cases, their attributes, memos on them and anchor examples are replaced."""
    talk.assign_case("Budi Santoso", document="t0")
    table = pd.DataFrame({"case": ["Budi Santoso"], "alamat": ["Jl. Merdeka No. 10"], "rt": ["07"]})
    talk.describe_cases(table)
    talk.memo("ragu", about="case", key="Budi Santoso")
    talk.define_code("resources.budget", example="Budi Santoso bilang tidak ada.")
    talk.code("t0", "Sudah, tanya Bu Sari saja.", "resources.budget")
    talk.anonymise(talk.anonymise(), key=tmp_path / "key.csv")
    assert talk.cases().loc["Informan 1"].to_dict() == {"alamat": "alamat", "rt": "07"}
    assert talk.memos()["key"].tolist() == ["Informan 1"]
    assert talk.codings()["case"].tolist() == ["Informan 1"]
    assert set(talk.codebook.code("resources.budget").example.values()) == {
        "[Informan 1] bilang tidak ada."
    }
    talk.undo()
    assert list(talk.cases().index) == ["Budi Santoso"]


def test_what_is_wrong_is_refused(talk: Project, tmp_path: Path) -> None:
    """A frame that does not fit, twins, an old preview or a missing key change nothing."""
    before, key = whole(talk), tmp_path / "key.csv"
    finds = talk.anonymise()
    empty = finds.assign(pseudonym="")
    twice = pd.concat([finds, finds.iloc[[0]].assign(end=finds["end"].iloc[0] + 2)])
    far = finds.assign(end=10**6)
    wrong: list[tuple[object, object, type[BantarError], str]] = [
        (finds, None, ProjectError, "say where the key goes"),
        (finds, talk.path, ProjectError, "CSV file of its own"),
        (finds, tmp_path / "book.csv", ProjectError, "no key"),
        (talk.documents(), key, FrameError, "hand back"),
        (empty, key, FrameError, "pseudonym is empty"),
        (twice, key, FrameError, "overlap"),
        (far, key, FrameError, "outside its text"),
    ]
    (tmp_path / "book.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    for frame, place, error, said in wrong:
        with pytest.raises(error, match=said):
            talk.anonymise(frame, key=place)  # type: ignore[arg-type]
    for more in ({"kinds": ["shoe size"]}, {"places": ["attic"]}):
        with pytest.raises(UnknownPart):
            talk.anonymise(**more)  # type: ignore[arg-type]
    with pytest.raises(FrameError, match="kind 'planet'"):
        talk.anonymise(names=pd.DataFrame({"name": ["Mars"], "kind": ["planet"]}))
    with pytest.raises(FrameError, match="needs a column"):
        talk.anonymise(names=pd.DataFrame({"x": ["Mars"]}))
    assert whole(talk) == before
    talk.revise("t0", talk.document("t0").text.replace("luas", "sempit"))
    with pytest.raises(FrameError, match="changed since"):
        talk.anonymise(finds, key=key)
    assert not key.exists()


def test_two_cases_never_become_one(talk: Project, tmp_path: Path) -> None:
    """Two cases to whom one pseudonym is given are refused, with their names."""
    (tmp_path / "dua.txt").write_text("Warga: Hujan.", encoding="utf-8")
    talk.import_documents(tmp_path / "dua.txt")
    talk.assign_case("Budi Santoso", document="t0")
    talk.assign_case("Tini Lestari", document="dua")
    table = pd.DataFrame({"name": ["Budi Santoso", "Tini Lestari"], "pseudonym": ["Adi", "Adi"]})
    with pytest.raises(FrameError, match="both be called 'Adi'"):
        talk.anonymise(talk.anonymise(names=table), key=tmp_path / "key.csv")


def test_machine_codings_and_waiting_ones_go_along(talk: Project, tmp_path: Path) -> None:
    """Suggestions keep their words, and what waits after a correction still waits."""
    talk.code_with(CueCoder())
    talk.code("t0", "Sudah, tanya Bu Sari saja.", "resources.staff")
    talk.revise("t0", talk.document("t0").text.replace("Sudah, tanya Bu Sari saja", "Sudah dulu"))
    waiting = talk.unsettled()
    assert len(waiting) == 1
    before = quotes(talk)
    report = talk.anonymise(talk.anonymise(), key=tmp_path / "key.csv")
    assert talk.unsettled()["new_quote"].tolist() == waiting["new_quote"].tolist()
    after = quotes(talk)
    changed = {c for c in before if before[c] != after[c]}
    assert changed == set(report.index)
    assert changed
    assert not any("Budi " in quote and "budi pekerti" not in quote for quote in after.values())


def test_the_page_about_it_runs(
    talk: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The five steps on the page about anonymising do what they say."""
    page = Path(__file__).parents[2] / "docs" / "anonymising.md"
    script = page.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    (tmp_path / "names.csv").write_text("name,pseudonym\nBudi Santoso,Darmo\n", encoding="utf-8")
    talk.path.rename(tmp_path / "mine.bantar")
    monkeypatch.chdir(tmp_path)
    told: dict[str, object] = {}
    exec(compile(script, page.name, "exec"), told)  # noqa: S102 - our own page
    assert "Darmo" in Project.open("public/study.bantar").document("t0").text


def test_a_role_of_another_language_is_no_name(tmp_path: Path) -> None:
    """In an English talk of an Indonesian study "Interviewer" is a role, and Mary is a name."""
    said = "What hinders the programme in this village, and who should have paid for it?"
    talk = f"Interviewer: {said}\nMary Jones: The money came late.\n" * 2
    finds = study(tmp_path, [talk], language="id").anonymise()
    assert set(finds["words"]) == {"Mary Jones"}
