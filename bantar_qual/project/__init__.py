"""The study: the one object with state.

``Project`` is one face, not one file: its verbs are plain functions in the modules beside this
one, and are bound to it in one short list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from bantar_qual.codebook import Codebook
from bantar_qual.languages import language as load_language
from bantar_qual.project import anonymising as _privacy_verbs
from bantar_qual.project import audit as _audit_verbs
from bantar_qual.project import care as _care_verbs
from bantar_qual.project import cases as _case_verbs
from bantar_qual.project import codebook as _codebook_verbs
from bantar_qual.project import coding as _coding_verbs
from bantar_qual.project import comparing as _compare_verbs
from bantar_qual.project import definitions as _definition_verbs
from bantar_qual.project import documents as _document_verbs
from bantar_qual.project import evaluating as _evaluate_verbs
from bantar_qual.project import history as _history_verbs
from bantar_qual.project import importing as _import_verbs
from bantar_qual.project import learning as _learning_verbs
from bantar_qual.project import memos as _memo_verbs
from bantar_qual.project import merging as _merge_verbs
from bantar_qual.project import passages as _passage_verbs
from bantar_qual.project import publishing as _publish_verbs
from bantar_qual.project import retrieval as _retrieval_verbs
from bantar_qual.project import reviewing as _review_verbs
from bantar_qual.project import revising as _revise_verbs
from bantar_qual.project import speaker_names as _speaker_name_verbs
from bantar_qual.project import speakers as _speaker_verbs
from bantar_qual.project import textform as _text_verbs
from bantar_qual.records import STATUSES
from bantar_qual.store import Store, store_class
from bantar_qual.store import documents as _documents
from bantar_qual.store import reading as _reading
from bantar_qual.store import settings as _settings

Progress = Callable[[Iterable[Any]], Iterable[Any]]


class Project:
    """A study in one file: documents, cases, codebook, codings, and every decision about them.

    Make one with ``Project.create``, come back to it with ``Project.open``. A plural method
    returns a frame, a singular one a record, a verb changes the study and is kept at once.
    """

    def __init__(self, store: Store, *, coder: str = "") -> None:
        self.store = store
        self._yaml = ""
        self._codebook: Codebook
        settings = _settings.settings(store)
        self.path = store.path
        self.language = settings.get("language", "id")
        self.coder = coder or settings.get("coder", "")

    @property
    def codebook(self) -> Codebook:
        """The study's codebook as it is now."""
        yaml = _settings.codebook(self.store)
        if yaml != self._yaml:
            # In this order: a coding page may ask from another thread at the same moment.
            self._codebook = Codebook.parse(yaml, name="the study's codebook")
            self._yaml = yaml
        return self._codebook

    @property
    def title(self) -> str:
        """What the study is called in reports."""
        return _settings.settings(self.store).get("title", "")

    # ------------------------------------------------------------ making and opening

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        codebook: str | Path | Codebook,
        coder: str = "researcher",
        language: str = "id",
        title: str = "",
    ) -> Project:
        """Make a new study.

        Parameters
        ----------
        path
            The study's file; by custom it ends in ``.bantar``. Or the address of an empty
            database for a team, such as ``"postgresql+psycopg://host/eka_jaya"``.
        codebook
            A shipped codebook's name, a YAML file, or a codebook.
        coder
            Your name or initials, kept with everything that you code and decide.
        language
            The language of tables, charts and reports.
        title
            What the study is called in reports.

        Raises
        ------
        ProjectError
            If there is already a file of that name.
        CodebookError, LanguageError
            If the codebook holds faults, or the language is not known.

        Examples
        --------
        >>> project = Project.create(tmp / "s.bantar", codebook="edwards-iii", coder="SN")
        >>> len(project.codebook.at("indicator"))
        14
        """
        book = codebook if isinstance(codebook, Codebook) else Codebook.load(codebook)
        load_language(language)
        begin = partial(
            _settings.begin,
            codebook=book.to_yaml(),
            coder=coder,
            settings={"coder": coder, "language": language, "title": title},
        )
        return cls(store_class(path).create(path, begin=begin))

    @classmethod
    def open(cls, path: str | Path, *, coder: str = "", backup: bool = True) -> Project:
        """Open a study.

        Parameters
        ----------
        path
            The study's file, or the address of its database.
        coder
            Who works on it now, if not its maker.
        backup
            False to leave out the backup that the first opening of a day makes.

        Raises
        ------
        ProjectError
            If there is no such study, or it cannot be used; the sentence says why.
        """
        return cls(store_class(path).open(path, backup=backup), coder=coder)

    def __repr__(self) -> str:
        counts = _reading.counts(self.store)
        listed = ", ".join(f"{counts.get(status, 0)} {status}" for status in STATUSES)
        documents = len(_documents.document_names(self.store))
        return f"<Project {self.path.name}: {documents} documents; codings: {listed}>"

    # ------------------------------------------------------------ the verbs

    import_documents = _import_verbs.import_documents
    correct_document = _document_verbs.correct_document
    speakers = _speaker_verbs.speakers
    name_speakers = _speaker_name_verbs.name_speakers
    describe_cases = _case_verbs.describe_cases
    assign_case = _case_verbs.assign_case
    documents = _document_verbs.documents
    document = _document_verbs.document
    texts = _document_verbs.texts
    cases = _case_verbs.cases

    code = _coding_verbs.code
    code_with = _coding_verbs.code_with
    codings = _coding_verbs.codings
    accept = _coding_verbs.accept
    accept_above = _coding_verbs.accept_above
    reject = _coding_verbs.reject
    rate = _coding_verbs.rate
    recode = _coding_verbs.recode
    uncode = _coding_verbs.uncode
    resize = _coding_verbs.resize
    decisions = _coding_verbs.decisions
    quotes = _coding_verbs.quotes

    differences = _compare_verbs.differences
    agree_on = _compare_verbs.agree_on
    consensus = _compare_verbs.consensus

    to_review = _review_verbs.to_review
    learning = _learning_verbs.learning
    evaluate = _evaluate_verbs.evaluate

    retrieve = _retrieval_verbs.retrieve
    near = _passage_verbs.near
    passages = _passage_verbs.passages

    revise = _revise_verbs.revise
    settle = _revise_verbs.settle
    unsettled = _revise_verbs.unsettled
    revisions = _revise_verbs.revisions

    add_code = _codebook_verbs.add_code
    define_code = _codebook_verbs.define_code
    move_code = _codebook_verbs.move_code
    merge_codes = _codebook_verbs.merge_codes
    split_code = _codebook_verbs.split_code
    retire_code = _codebook_verbs.retire_code
    lint = _codebook_verbs.lint

    memo = _memo_verbs.memo
    rewrite_memo = _memo_verbs.rewrite_memo
    memos = _memo_verbs.memos

    undo = _history_verbs.undo
    redo = _history_verbs.redo
    history = _history_verbs.history
    audit_trail = _audit_verbs.audit_trail
    audit_summary = _audit_verbs.audit_summary

    codebook_at = _history_verbs.codebook_at
    definitions = _definition_verbs.definitions
    codebook_history = _definition_verbs.codebook_history
    codebook_changes = _definition_verbs.codebook_changes

    check = _care_verbs.check
    backup = _care_verbs.backup

    anonymise = _privacy_verbs.anonymise
    export_anonymised = _publish_verbs.export_anonymised
    leaks = _publish_verbs.leaks

    merge = _merge_verbs.merge
    dump = _text_verbs.dump
    load = staticmethod(_text_verbs.load)
