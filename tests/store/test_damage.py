"""Damage and hindrance: altered text is never shown as genuine, and every refusal has its sentence.

Each proof runs a small number of trials; ``BANTAR_TRIALS=5`` runs five times as many.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bantar_qual import CueCoder, Project
from bantar_qual.errors import BantarError, ProjectError
from bantar_qual.project.care import backup, check, repair
from bantar_qual.store import backups, engine
from tests.conftest import BOOK
from tests.project.test_history import state
from tests.store.trials import TRIALS, plain, posix

# ---------------------------------------------------------------- damage

PAGE = 4096


def zeroed(data: bytearray, chance: random.Random, _: list[str]) -> None:
    """Wipe one page."""
    at = chance.randrange(len(data) // PAGE) * PAGE
    data[at : at + PAGE] = bytes(PAGE)


def truncated(data: bytearray, chance: random.Random, _: list[str]) -> None:
    """Cut the file off somewhere."""
    del data[chance.randrange(1, len(data)) :]


def swapped(data: bytearray, chance: random.Random, _: list[str]) -> None:
    """Put two pages in each other's place."""
    one, two = (at * PAGE for at in chance.sample(range(len(data) // PAGE), 2))
    data[one : one + PAGE], data[two : two + PAGE] = data[two : two + PAGE], data[one : one + PAGE]


def letter(data: bytearray, chance: random.Random, texts: list[str]) -> None:
    """Change one letter of one text."""
    while True:
        raw = chance.choice(texts).encode()
        at = chance.randrange(len(raw) - 16)
        place = data.find(raw[at : at + 16])
        if place >= 0 and data.find(raw[at : at + 16], place + 1) < 0 and 97 <= raw[at + 8] < 122:
            data[place + 8] += 1
            return


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a study of some hundred pages: texts, codings, decisions, a few acts taken back."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "book.yaml").write_text(BOOK, encoding="utf-8")
    project = Project.create(folder / "study.bantar", codebook=folder / "book.yaml", coder="SN")
    chance = random.Random(3)  # noqa: S311
    words = [
        "dana",
        "pegawai",
        "kriteria",
        "hujan",
        "warga",
        "tidak",
        "belum",
        "paham",
        "anggaran",
        "rapat",
    ]
    (folder / "talks").mkdir()
    for number in range(8):
        turns = [
            f"{who}: {' '.join(chance.choices(words, k=chance.randint(4, 60))).capitalize()}."
            for _ in range(15)
            for who in ("Pewawancara", "Informan")
        ]
        text = f"Kode informan: C{number % 5}\n\n" + "\n".join(turns)
        (folder / "talks" / f"t{number}.txt").write_text(text, encoding="utf-8")
    project.import_documents(folder / "talks")
    project.code_with(CueCoder())
    codings = project.codings(status="suggested")
    project.accept(codings.iloc[::2])
    project.rate(project.codings().iloc[::3], "barrier")
    project.memo("hujan " * 800)
    project.reject(codings.iloc[1::4])
    project.undo()
    return project.path


@pytest.mark.parametrize("damage", [zeroed, truncated, swapped, letter])
def test_damage(
    large: Path, tmp_path: Path, damage: Callable[[bytearray, random.Random, list[str]], None]
) -> None:
    """Altered text is never shown as genuine, and every damage is refused, found, or harmless."""
    project = Project.open(large)
    texts = {document.name: document.text for document in project.texts()}
    before, clean = state(project), large.read_bytes()
    trials = max(int(20 * TRIALS), 8)
    refused = found = harmless = repaired = 0
    for seed in range(trials):
        path, data = tmp_path / f"{damage.__name__}-{seed}.bantar", bytearray(clean)
        damage(data, random.Random(seed), list(texts.values()))  # noqa: S311
        path.write_bytes(data)
        try:
            told = len(check(path))
        except ProjectError as error:
            plain(error)
            told = 1
        try:
            opened = Project.open(path)
        except ProjectError as error:
            plain(error)
            refused += 1
        else:
            wrong = shown_wrong(opened, texts)
            assert not wrong
            found += bool(told)
            if not told:
                assert state(opened) == before, (damage.__name__, seed)
                harmless += 1
        assert path.read_bytes() == data
        repaired += saved(path, texts)
    counts = f"{refused} refused, {found} found, {harmless} harmless, {repaired} repaired"
    print(f"\n{damage.__name__}: {trials} trials, {counts}")  # noqa: T201
    assert harmless == 0 or damage is not letter


def shown_wrong(project: Project, texts: dict[str, str]) -> list[str]:
    """Return the documents that are shown with another text than they were imported with."""
    wrong = []
    for name, genuine in texts.items():
        try:
            text = project.document(name).text
        except BantarError as error:
            plain(error)
        else:
            wrong += [name] if text != genuine else []
    return wrong


def saved(path: Path, texts: dict[str, str]) -> bool:
    """Repair a damaged study; tell whether there is a study, whose altered texts say so."""
    target = path.with_suffix(".new.bantar")
    before = path.read_bytes()
    try:
        repair(path, target)
    except ProjectError as error:
        plain(error)
        assert not target.exists()
        return False
    finally:
        assert path.read_bytes() == before
    project = Project.open(target)
    frame = project.documents()
    known = frame.index.intersection(list(texts))
    said = frame["damage"].notna() if "damage" in frame else frame["kind"] == ""
    assert not [n for n in shown_wrong(project, {k: texts[k] for k in known}) if not said[n]]
    return True


# ---------------------------------------------------------------- copies, rights, locks


def test_a_plain_copy_is_the_study(coded: Project, tmp_path: Path) -> None:
    """A study that nobody works on is copied whole by copying its one file."""
    (tmp_path / "elsewhere").mkdir()
    copied = shutil.copy(coded.path, tmp_path / "elsewhere" / "copy.bantar")
    assert state(Project.open(copied)) == state(coded)
    assert check(copied).empty
    assert [p.name for p in (tmp_path / "elsewhere").iterdir()] == ["copy.bantar"]
    assert str(tmp_path).encode() not in coded.path.read_bytes()


@contextlib.contextmanager
def nobody(folder: Path, rights: int) -> Iterator[None]:
    """Be a user who has only the rights that a file's or folder's others have."""
    folder.chmod(rights)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o777)


@posix
@pytest.mark.parametrize(
    ("file", "folder", "said"),
    [
        (0o444, 0o777, "the file is read-only"),
        (0o444, 0o555, "the file is read-only"),
        (0o666, 0o555, "the folder of the study is read-only"),
        (0o000, 0o777, "may not be read"),
    ],
)
def test_rights(coded: Project, file: int, folder: int, said: str) -> None:
    """Where a study may not be changed it can still be read, and the sentence says what to do."""
    before, bytes_before = state(coded), coded.path.read_bytes()
    with tempfile.TemporaryDirectory() as name:
        path = Path(shutil.copy(coded.path, Path(name) / "study.bantar"))
        path.chmod(file)
        with nobody(Path(name), folder):
            with pytest.raises(ProjectError, match=said) as caught:
                Project.open(path).memo("hujan")
            plain(caught.value)
            if file:
                assert state(Project.open(path)) == before
                assert check(path).empty
            if folder == 0o555:
                with pytest.raises(ProjectError, match="folder is read-only"):
                    backup(path)
        assert path.read_bytes() == bytes_before
        assert [p.name for p in Path(name).iterdir()] == ["study.bantar"]


def test_locked_for_too_long(coded: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening, reading, writing and backing up a locked study each say that another writes to it."""
    monkeypatch.setattr("bantar_qual.store.engine._BUSY_SECONDS", 0.05)
    monkeypatch.setattr(backups, "BUSY_SECONDS", 0.05)
    before, project = coded.path.read_bytes(), Project.open(coded.path)
    with contextlib.closing(sqlite3.connect(coded.path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for act in (
            lambda: Project.open(coded.path),
            project.codings,
            lambda: project.memo("hujan"),
            lambda: backup(project),
        ):
            with pytest.raises(ProjectError, match="another program is writing") as caught:
                act()
            plain(caught.value)
    assert coded.path.read_bytes() == before
    assert not list(coded.path.parent.glob("*.backup-*"))
    assert not list(coded.path.parent.glob(".*unfinished*"))
    project.memo("hujan")


def test_patience() -> None:
    """A program waits at least ten seconds for another one to finish."""
    assert min(engine._BUSY_SECONDS, backups.BUSY_SECONDS) >= 10  # noqa: SLF001
