"""The turns of a text at hand are those in the file."""

from __future__ import annotations

from bantar_qual import Project
from bantar_qual.store import turns as kept


def test_what_is_at_hand_is_what_the_file_holds(small: Project) -> None:
    """Reading again, after a change and after taking it back, gives what a fresh reader finds."""

    def same() -> bool:
        fresh = Project.open(small.path, backup=False)
        return all(
            small.document(n).turns == fresh.document(n).turns for n in fresh.documents().index
        )

    assert same()
    before = small.document("satu").turns
    small.correct_document("satu", kind="observation")
    assert small.document("satu").turns != before
    assert same()
    small.undo()
    assert small.document("satu").turns == before
    assert same()


def test_nothing_unfinished_is_kept(small: Project) -> None:
    """What a transaction reads that is not over, and may be taken back, is not kept at hand."""
    with small.store.writing() as connection:
        found = kept.turns(connection, 1)
        assert connection.engine not in kept.at_hand or 1 not in kept.at_hand[connection.engine]
    with small.store.reading() as connection:
        assert kept.turns(connection, 1) == found
        assert 1 in kept.at_hand[connection.engine]
        for number in range(2, 12):
            kept.turns(connection, number)
        assert len(kept.at_hand[connection.engine]) <= kept.MOST
