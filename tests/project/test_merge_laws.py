"""The laws of merging, over any acts of two people: the same from both sides, and nothing is lost."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bantar_qual import Project
from bantar_qual.codebook import Codebook
from bantar_qual.project.care import check
from bantar_qual.project.merging import merge
from bantar_qual.records import Coding, Document
from tests.conftest import BOOK, TALK
from tests.project.test_merging import content, copied

TRIALS = float(os.environ.get("BANTAR_TRIALS", "1"))
SPEECH = ["Dananya tidak ada.", "Pegawainya dua.", "Kriterianya kami tidak paham."]


class Rules:
    """A coder that codes every turn by one rule, as the cues do, in no time."""

    name, origin = "rules", "cue"

    def code(self, document: Document, codebook: Codebook) -> Iterable[Coding]:
        """Give each turn the code of its number."""
        paths = [path for path in codebook.paths if "." in path]
        for turn in document.turns:
            yield Coding(
                document=document.name, start=turn.start, end=turn.end, coder=self.name,
                code=paths[turn.number % 2], origin="cue", status="suggested", confidence=0.5,
            )  # fmt: skip


def work(project: Project, folder: Path, kind: str, number: int, side: str) -> None:
    """Do one act on one side of a pair, which never touches what the other side changes."""
    names = list(project.documents().index)
    if kind == "import":
        name = f"{side}{number}" if number % 2 else f"both{number}"  # the same text on both sides
        text = TALK.format(case=f"C{number % 3}", first=SPEECH[number % 3], second=f"N {name}.")
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        project.import_documents(folder / f"{name}.txt")
    elif kind == "undo":
        project.undo()
    elif kind == "describe" and len(project.cases()):
        known = pd.DataFrame({"case": project.cases().index, f"role_{side}": f"r{number}"})
        project.describe_cases(known)
    elif kind == "code" and names:
        name = names[number % len(names)]
        turn = project.document(name).turns[number % 4]
        given = [code.path for code in project.codebook if code.parent and code.codable]
        project.code(name, (turn.start, turn.end), given[number % len(given)])
    elif kind == "suggest":
        project.code_with(Rules())
    elif kind == "add code" and f"resources.{side}{number}" not in project.codebook:
        project.add_code(f"resources.{side}{number}", f"{side} {number}")
    elif kind in BOOKWORK:
        path = next((c.path for c in project.codebook if OWN[side] in (c.path, *c.formerly)), "")
        if path:
            rework(project, kind, number, path)
    else:
        decide(project, kind, number, side)


OWN = {"a": "resources.staff", "b": "resources.budget"}  # which code each side works at
BOOKWORK = ["define", "rename", "move", "merge", "split", "retire"]


def rework(project: Project, kind: str, number: int, path: str) -> None:
    """Do one act on the codebook, about one code."""
    key = path.rpartition(".")[2]
    if kind == "define":
        project.define_code(path, definition=f"d{number}")
    elif kind == "rename" and f"resources.{key}{number}" not in project.codebook:
        project.move_code(path, f"resources.{key}{number}")
    elif kind == "move" and f"communication.{key}" not in project.codebook:
        project.move_code(path, f"communication.{key}")
    elif kind == "merge" and path != project.codebook.paths[-1]:
        project.merge_codes([path], into=project.codebook.paths[-1])
    elif kind == "split" and f"resources.part_of_{key}" not in project.codebook:
        project.add_code(f"resources.part_of_{key}", f"{key} {number}")
        codings = project.codings(status=None)
        mine = codings[codings["code"] == path].head(number)
        if len(mine):
            project.recode(mine, f"resources.part_of_{key}")
    elif kind == "retire":
        project.retire_code(path)


def decide(project: Project, kind: str, number: int, side: str) -> None:
    """Do something with the codings that belong to this side."""
    codings = project.codings(status=None)
    inside = codings[codings["start"] % 2 == (0 if side == "a" else 1)]
    if not len(inside):
        return
    if kind == "decide":
        project.accept(inside.head(number + 1))
    elif kind == "rate":
        project.rate(inside.head(number + 1), ("barrier", "enabler")[number % 2])
    elif kind == "recode":
        project.recode(inside.head(1), [c.path for c in project.codebook if c.codable][-1])
    elif kind == "memo":
        project.memo(f"{side} {number}", about="coding", key=inside.index[0])
        project.memo(f"{side} {number}", about="document", key=inside["document"].iloc[0])


KINDS = [
    "import", "describe", "code", "suggest", "decide", "rate", "recode", "memo", "add code",
    *BOOKWORK, "undo",
]  # fmt: skip
ACTS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 5)), max_size=6)


def diverged(folder: Path, shared: list, a: list, b: list) -> tuple[Project, Project]:
    """Make a pair of copies that have gone their own ways."""
    (folder / "book.yaml").write_text(BOOK, encoding="utf-8")
    ours = Project.create(folder / "a.bantar", codebook=folder / "book.yaml", coder="SN")
    work(ours, folder, "import", 1, "a")
    for kind, number in shared:
        work(ours, folder, kind, number, "a")
    theirs = copied(ours)
    for kind, number in a:
        work(ours, folder, kind, number, "a")
    for kind, number in b:
        work(theirs, folder, kind, number, "b")
    return ours, theirs


def coded(told: dict[str, object]) -> set[tuple[str, ...]]:
    """Return every stretch that somebody coded, and who; codes may be merged, twins with them."""
    return {(row[0], row[1], row[2], row[4]) for row in told["codings"]}


QUIET = settings(
    max_examples=max(int(25 * TRIALS), 10),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.generate),
)


@QUIET
@given(ACTS, ACTS, ACTS)
def test_merging_is_the_same_from_both_sides(shared: list, a: list, b: list) -> None:
    """Without conflicts a with b and b with a say the same; a second time nothing changes."""
    with TemporaryDirectory() as name:
        ours, theirs = diverged(Path(name), shared, a, b)
        left, right = copied(ours, "left", "SN"), copied(theirs, "right")
        report = merge(left, theirs)
        back = merge(right, ours)
        if "conflict" not in {*report["state"], *back["state"]}:
            assert content(left) == content(right)
        for project, other in ((left, theirs), (right, ours)):
            before, acts = content(project), len(project.history())
            again = merge(project, other)
            assert set(again["state"]) <= {"equal", "kept", "skipped", "conflict"}
            assert content(project) == before
            assert len(project.history()) == acts
            assert check(project).empty


@QUIET
@given(ACTS, ACTS, ACTS)
def test_nothing_of_ours_is_lost_and_undo_restores(shared: list, a: list, b: list) -> None:
    """What we made since stays; one undo gives our state, redo the merged; theirs never changes."""
    with TemporaryDirectory() as name:
        ours, theirs = diverged(Path(name), shared, a, [k for k in b if k[0] != "undo"])
        base = copied(ours, "base", "SN")
        raw = theirs.path.read_bytes()
        before = content(ours)
        merge(ours, theirs)
        after = content(ours)
        assert theirs.path.read_bytes() == raw
        assert coded(before) <= coded(after)
        assert set(before["documents"]) <= set(after["documents"])
        assert set(before["codes"]) <= {
            name for path, code in after["codes"].items() for name in (path, *code.formerly)
        }
        assert {memo[2] for memo in before["memos"]} <= {memo[2] for memo in after["memos"]}
        if after != before:
            assert ours.undo().startswith("merge")
            assert content(ours) == before == content(base)
            assert ours.redo()
            assert content(ours) == after
