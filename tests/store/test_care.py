"""Care: a study is checked, backed up and repaired, and its place is looked at."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from bantar_qual import CueCoder, Project
from bantar_qual.cli.care import backup as backup_command
from bantar_qual.cli.care import check as check_command
from bantar_qual.cli.care import repair as repair_command
from bantar_qual.errors import BantarWarning, ProjectError
from bantar_qual.project.care import backup, check, repair
from bantar_qual.store import Store, backups, places, schema

DAY = timedelta(days=1)


def clock(monkeypatch: pytest.MonkeyPatch, ahead: timedelta = timedelta()) -> None:
    """Set the clock by which backups are named ahead."""
    monkeypatch.setattr(backups, "_now", lambda: datetime.now().astimezone() + ahead)


def sql(path: Path, *statements: str) -> None:
    """Do to a study what no part of bantar_qual would."""
    with closing(sqlite3.connect(path)) as file, file:
        for statement in statements:
            file.execute(statement)


@pytest.fixture
def coded(small: Project) -> Project:
    """Make a study with codings, decisions, a memo and something taken back."""
    small.code_with(CueCoder())
    small.accept(small.codings(status="suggested"))
    small.rate(small.codings().head(2), "barrier")
    small.memo("hujan", about="document", key="dua")
    small.code("satu", "Dananya tidak ada.", "resources.staff")
    small.undo()
    return small


# ---------------------------------------------------------------- check


def test_a_whole_study_has_no_findings(coded: Project) -> None:
    """A study that only bantar_qual has touched is whole, open or closed."""
    assert check(coded).empty
    assert list(check(coded.path).columns) == ["what", "where", "problem"]


FAULTS = {
    "text": ("UPDATE revision SET text = replace(text, 'hujan', 'bujan')", "altered", "text"),
    "text, two letters": ("UPDATE revision SET text = replace(text, 'Hujan', 'uHjan')", "altered", "text"),
    "coding outside": ("UPDATE coding SET end = 99999 WHERE to_act IS NULL AND id = 1", "outside", "coding"),
    "coding empty": ("UPDATE coding SET end = start WHERE to_act IS NULL AND id = 1", "outside", "coding"),
    "document gone": ("UPDATE document SET to_act = 5 WHERE id = 2", "document is gone", "coding"),
    "turn outside": ("UPDATE turn SET end = 99999 WHERE number = 2", "outside", "turn"),
    "turns crossed": ("UPDATE turn SET start = 0 WHERE number = 3", "before the turn", "turn"),
    "unknown status": ("UPDATE coding SET status = 'acdepted' WHERE to_act IS NULL AND id = 1", "cannot be 'acdepted'", "coding"),
    "unknown code": ("UPDATE coding SET code = 'money' WHERE to_act IS NULL AND id = 1", "not in the codebook", "code"),
    "no codebook": ("DELETE FROM codebook", "no codebook", "codebook"),
    "broken codebook": ("UPDATE codebook SET yaml = 'a: ['", "codebook", "codebook"),
    "act gone": ("DELETE FROM act WHERE id = 3", "lost", "act"),
    "reference": ("DELETE FROM act WHERE id = 3", "gone", "file"),
    "undo of nothing": ("UPDATE act SET target = 77 WHERE verb = 'undo'", "did not hold", "act"),
    "version order": ("UPDATE coding SET from_act = 99 WHERE to_act IS NOT NULL AND id = 1", "out of order", "version"),
    "id twice": ("UPDATE counter SET value = 1 WHERE name = 'coding'", "never given", "version"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_found(coded: Project, fault: str) -> None:
    """What cannot be right is found, with its kind and its place."""
    statement, problem, what = FAULTS[fault]
    if "Hujan" in statement or "hujan" in statement:
        statement = statement.replace("hujan", "Hujan").replace("bujan", "Bujan")
    sql(coded.path, statement)
    found = check(coded.path)
    assert ((found["what"] == what) & found["problem"].str.contains(problem)).any(), found


def test_two_valid_versions_are_found(coded: Project) -> None:
    """A coding that is valid twice is found, whatever let it in."""
    columns = ", ".join(c.name for c in schema.coding.c if c.name != "version")
    sql(
        coded.path,
        "DROP INDEX coding_now",
        "DROP INDEX coding_once",
        f"INSERT INTO coding ({columns}) SELECT {columns} FROM coding WHERE id = 2 AND to_act IS NULL",  # noqa: S608
    )
    assert check(coded.path)["problem"].str.contains("twice").any()


def test_check_refuses_what_is_no_study(tmp_path: Path) -> None:
    """Only a study is checked."""
    (tmp_path / "a.bantar").write_text("Pewawancara: halo")
    with pytest.raises(ProjectError, match="not a bantar_qual study"):
        check(tmp_path / "a.bantar")


def test_a_reference_that_is_gone_is_refused_at_open(coded: Project) -> None:
    """A study whose parts point to others that are gone is not opened, and says so."""
    sql(coded.path, "DELETE FROM turn", "DELETE FROM revision WHERE id = 1")
    with pytest.raises(ProjectError, match="point to others that are gone"):
        Project.open(coded.path)


# ---------------------------------------------------------------- backup


def test_a_backup_is_the_study(coded: Project) -> None:
    """A backup opens as the study does, says that it is one, and leaves nothing else behind."""
    made = backup(coded)
    assert check(made).empty
    with pytest.warns(BantarWarning, match="this is a backup"):
        other = Project.open(made)
    pd.testing.assert_frame_equal(other.history(), coded.history())
    pd.testing.assert_frame_equal(other.codings(status=None), coded.codings(status=None))
    beside = sorted(p.name for p in coded.path.parent.iterdir() if "fresh" in p.name)
    assert beside == sorted([coded.path.name, made.name])


def test_the_oldest_backups_make_room(coded: Project) -> None:
    """As many backups stay as were asked for, the newest; files of other names stay."""
    other = coded.path.with_name("fresh.backup-mine.bantar")
    other.write_bytes(b"x")
    made = [backup(coded, keep=3) for _ in range(5)]
    assert backups.backups(coded.path) == made[:1:-1]
    assert other.exists()
    with pytest.raises(ProjectError, match="at least one"):
        backup(coded, keep=0)


def test_a_backup_of_a_damaged_study_is_not_made(coded: Project) -> None:
    """A damaged study does not push its good backups out."""
    good = [backup(coded, keep=2) for _ in range(2)]
    size = coded.path.stat().st_size
    with coded.path.open("r+b") as file:
        file.seek(size // 4096 // 2 * 4096)
        file.write(b"\x00" * 4096)
    with pytest.raises(ProjectError, match="damaged"):
        backup(coded, keep=2)
    assert sorted(backups.backups(coded.path)) == sorted(good)


def test_the_first_opening_of_a_day_makes_a_backup(
    coded: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One backup a day, only if something is new, never on the first day, and not if unwanted."""
    Project.open(coded.path)
    assert not backups.backups(coded.path)
    clock(monkeypatch, DAY)
    Store.open(coded.path, backup=False)
    assert not backups.backups(coded.path)
    Project.open(coded.path)
    Project.open(coded.path)
    assert len(backups.backups(coded.path)) == 1
    clock(monkeypatch, 2 * DAY)
    Project.open(coded.path)
    assert len(backups.backups(coded.path)) == 1
    sql(coded.path, "UPDATE act SET time = '2999-01-01T00:00:00.000+00:00' WHERE id = 8")
    Project.open(coded.path)
    assert len(backups.backups(coded.path)) == 2


def test_a_backup_that_fails_does_not_stop_the_work(
    coded: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A study opens although today's backup could not be made, and says so."""
    clock(monkeypatch, DAY)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.warns(BantarWarning, match=r"no backup was made today: .*disk"):
        assert len(Project.open(coded.path).documents()) == 2


# ---------------------------------------------------------------- repair


def test_repair_of_a_whole_study_is_the_study(coded: Project, tmp_path: Path) -> None:
    """Nothing is lost where nothing is damaged, and the old file keeps its bytes."""
    before = coded.path.read_bytes()
    report = repair(coded.path, tmp_path / "new.bantar")
    assert not report["lost"].any()
    assert not report["from_backup"].any()
    new = Project.open(tmp_path / "new.bantar")
    pd.testing.assert_frame_equal(new.history(), coded.history())
    pd.testing.assert_frame_equal(new.codings(status=None), coded.codings(status=None))
    assert check(new).empty
    assert coded.path.read_bytes() == before
    new.code("satu", "Dananya tidak ada.", "resources.staff")
    assert new.undo()


def test_repair_heals_from_a_backup(coded: Project, tmp_path: Path) -> None:
    """An altered text and lost acts come back from a backup; what came later stays."""
    backup(coded)
    coded.memo("after the backup")
    sql(
        coded.path,
        "UPDATE revision SET text = replace(text, 'Dananya', 'Dananyo')",
        "DELETE FROM act WHERE id = 3",
    )
    report = repair(coded.path, tmp_path / "new.bantar")
    assert report.loc["revision", "from_backup"] == 1
    assert report.loc["act", "from_backup"] == 1
    new = Project.open(tmp_path / "new.bantar")
    assert check(new).empty
    assert "Dananya tidak ada." in new.document("satu").text
    assert "after the backup" in list(new.memos()["text"])
    assert len(new.codings()) == len(coded.codings())


def test_repair_without_a_backup_says_what_is_altered(coded: Project, tmp_path: Path) -> None:
    """An altered text is never passed off as genuine: its document says that it was altered."""
    sql(
        coded.path,
        "UPDATE revision SET text = replace(text, 'Dananya', 'Dananyo')",
        "DELETE FROM act WHERE id = 3",
    )
    report = repair(coded.path, tmp_path / "new.bantar")
    assert report.loc["act", "lost"] == 1
    new = Project.open(tmp_path / "new.bantar")
    damage = new.documents()["damage"]
    assert damage.notna().to_dict() == {"satu": True, "dua": False}
    assert len(new.codings()) == len(coded.codings())
    assert "repair" in new.history()["verb"].tolist()


def test_repair_needs_something_to_read(tmp_path: Path, coded: Project) -> None:
    """A file of which nothing can be read is said to be so; no file is made."""
    coded.path.write_bytes(b"\x00" * 8192)
    with pytest.raises(ProjectError, match="nothing can be read"):
        repair(coded.path, tmp_path / "new.bantar")
    assert not (tmp_path / "new.bantar").exists()
    with pytest.raises(ProjectError, match="already"):
        repair(coded.path, coded.path)


# ---------------------------------------------------------------- the place


def test_cloud_folders_are_named_once(
    coded: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A study in a cloud folder opens with one warning, and only the first time."""
    monkeypatch.setattr(places, "_told", set())
    folder = tmp_path / "OneDrive - Universitas" / "tesis"
    folder.mkdir(parents=True)
    path = coded.path.rename(folder / "eka.bantar")
    with pytest.warns(BantarWarning, match="OneDrive"):
        Project.open(path)
    Project.open(path)


@pytest.mark.parametrize(
    ("place", "cloud"),
    [
        ("/home/sn/Dropbox/a.bantar", "Dropbox"),
        ("/Users/sn/Library/Mobile Documents/com~apple~CloudDocs/a.bantar", "iCloud"),
        ("/Users/sn/Library/CloudStorage/GoogleDrive-sn@ub.ac.id/My Drive/a.bantar", "Google"),
        ("//server/share/a.bantar", "network"),
    ],
)
def test_places(place: str, cloud: str) -> None:
    """Cloud folders and network drives are known by their names."""
    assert any(cloud in said for said in places.said_about(Path(place)))


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "ext4"])
def test_network_file_systems(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network file system is known by its kind; a local one is not mentioned."""
    monkeypatch.setattr(places, "_file_system", lambda _: kind)
    assert bool(places.said_about(Path("/data/a.bantar"))) == (kind != "ext4")


def test_copies_in_conflict_are_told(tmp_path: Path) -> None:
    """A copy in conflict is named anywhere; a numbered twin only in a cloud folder."""
    cloud = tmp_path / "Dropbox"
    cloud.mkdir()
    names = ["eka (SN's conflicted copy 2026-03-01).bantar", "eka (1).bantar", "eka-LAPTOP7.bantar"]
    for folder in (tmp_path, cloud):
        for name in [*names, "eka.bantar", "eka-jaya.bantar", "eka.backup-20260301-101010.bantar"]:
            (folder / name).touch()
    (said,) = places.said_about(tmp_path / "eka.bantar")
    assert names[0] in said
    assert names[1] not in said
    said = " ".join(places.said_about(cloud / "eka.bantar"))
    assert all(name in said for name in names)
    assert "eka-jaya" not in said


def test_awkward_names(tmp_path: Path, book: Path) -> None:
    """A study may lie under any name that the system allows."""
    folder = tmp_path / "50% siap? #1 & 'é'"
    folder.mkdir()
    path = folder / "eka?mode=ro jaya%20.bantar"
    project = Project.create(path, codebook=book)
    assert path.exists()
    assert check(project).empty
    made = backup(project)
    assert backups.backups(path) == [made]


# ---------------------------------------------------------------- the commands


def test_the_commands(coded: Project, tmp_path: Path) -> None:
    """`check`, `backup` and `repair` say what they did, and check fails where something is wrong."""
    run = CliRunner().invoke
    path, new = str(coded.path), str(tmp_path / "new.bantar")
    assert "whole" in run(check_command, [path]).output
    assert "read back" in run(backup_command, [path]).output
    sql(coded.path, "UPDATE revision SET text = replace(text, 'Dananya', 'Dananyo')")
    found = run(check_command, [path])
    assert found.exit_code == 1
    assert "satu: the text was altered" in found.output
    said = run(repair_command, [path, "--to", new]).output
    assert "1 of them from a backup" in said
    assert run(check_command, [new]).exit_code == 0
