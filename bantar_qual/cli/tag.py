"""``bantar tag``: passages in, codes out, one JSON object a line, without a study."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bantar_qual.codebook import Codebook
    from bantar_qual.coders import ModelCoder

_BATCH = 64  # passages read before the first answer
_INTERACTIVE = 1  # where a person or a program waits for each line


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--codebook", default="edwards-iii", show_default=True, help="A name or a YAML file.")
@click.option(
    "--coder", "kind", type=click.Choice(["cues", "model", "both"]), default="both",
    show_default=True, help="Who suggests: the codebook's cues, the model, or both.",
)  # fmt: skip
@click.option(
    "--threshold", type=click.FloatRange(0, 1),
    help="Give codes from this confidence on; each code's own threshold if left out.",
)  # fmt: skip
@click.option(
    "--embed", metavar="FOLDER",
    help="A local sentence-transformers or model2vec folder; else the extra, if installed.",
)  # fmt: skip
@click.option("--no-embed", is_flag=True, help="Do without the sentence encoder of the extra.")
@click.option("--quick", is_flag=True, help="Do without any encoder: much faster, less sure.")
@click.option("--line-by-line", is_flag=True, help="Answer each line before the next is read.")
def tag(
    file: IO[bytes], codebook: str, kind: str, threshold: float | None, embed: str | None,
    no_embed: bool, quick: bool, line_by_line: bool,
) -> None:  # fmt: skip
    """Code passages: JSON Lines in, JSON Lines out.

    Each line of FILE (or of standard input) is an object with "id" and "text", and may name its
    language in "lang". A line that is no such object is told on standard error, and the rest goes
    on.
    """
    from bantar_qual.codebook import Codebook
    from bantar_qual.coders import ModelCoder

    sense = "none" if no_embed else embed or "auto"
    model = None if kind == "cues" else ModelCoder(embed=sense, quick=quick)
    tagger = _Tagger(Codebook.load(codebook), kind, threshold, model)
    size = _INTERACTIVE if line_by_line else _BATCH
    told = 0
    for batch in _batched(_read(file), size):
        for line in tagger.tag(batch):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
            told += 1
        sys.stdout.flush()
    if not told:
        click.secho("bantar: no passage to code", fg="yellow", err=True)


def _read(file: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the passages of a file; say which lines are none."""
    from bantar_qual.languages import languages

    for number, raw in enumerate(file, 1):
        if not raw.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        try:
            passage = json.loads(raw.decode("utf-8-sig"))
            problem = _problem(passage)
        except RecursionError:
            problem = "nested too deeply"
        except ValueError as error:
            problem = f"no JSON in UTF-8: {error}"
        if problem:
            click.secho(f"line {number}: {problem}", fg="yellow", err=True)
            continue
        lang = str(passage.get("lang") or "")
        if lang and lang not in languages():
            known = ", ".join(languages())
            click.secho(
                f"line {number}: there are no words for language '{lang}', only for {known}; "
                "read as the likeliest of these", fg="yellow", err=True,
            )  # fmt: skip
            lang = ""
        yield {"id": passage["id"], "text": passage["text"], "lang": lang}


def _problem(passage: object) -> str:
    if not isinstance(passage, dict):
        return 'not an object such as {"id": "1", "text": "…"}'
    if "id" not in passage:
        return "no id"
    if not isinstance(passage.get("text"), str):
        return "no text"
    return ""


def _batched(items: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for item in items:
        batch.append(item)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


class _Tagger:
    """Codes passages as wholes, and shows the sentences that carry each code."""

    def __init__(
        self, codebook: Codebook, kind: str, threshold: float | None, model: ModelCoder | None
    ) -> None:
        self.codebook, self.kind, self.threshold = codebook, kind, threshold
        self._model = model

    def tag(self, batch: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield an answer for each passage of a batch."""
        from bantar_qual.coders.passages import tag

        yield from tag(
            batch, self.codebook, model=self._model, cues=self.kind != "model",
            threshold=self.threshold,
        )  # fmt: skip


COMMANDS = (tag,)
