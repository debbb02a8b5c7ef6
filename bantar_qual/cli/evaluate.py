"""``bantar evaluate``: how good the suggestions of a study are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

_PARTS = ("scores", "calibration", "learning", "bias")
_TITLES = {
    "scores": "Scores, on documents that the coder had not seen",
    "calibration": "Calibration: what the coder said, and how often it was right",
    "learning": "Learning curve",
    "bias": "Errors by what informants are like (shares of judged codings; p by permutation)",
}


@click.command()
@click.argument("study", type=click.Path())
@click.option(
    "--coder", "kind", type=click.Choice(["cues", "model"]), default="model", show_default=True,
    help="Whose suggestions are measured.",
)  # fmt: skip
@click.option("--level", help="Level of the codebook; its lowest if left out.")
@click.option("--no-embed", is_flag=True, help="Do without the sentence encoder of the extra.")
@click.option("--quick", is_flag=True, help="Do without any encoder: much faster, less sure.")
@click.option("--no-learning", is_flag=True, help="Leave out the learning curve: much faster.")
@click.option("--save", "folder", type=click.Path(path_type=Path), help="Write .csv files here.")
def evaluate(
    study: str, kind: str, level: str | None, no_embed: bool, quick: bool, no_learning: bool,
    folder: Path | None,
) -> None:  # fmt: skip
    """Measure suggestions against what people decided, document by document."""
    from bantar_qual.coders import CueCoder, ModelCoder
    from bantar_qual.project import Project

    model = ModelCoder(embed="none" if no_embed else "auto", quick=quick)
    coder = CueCoder() if kind == "cues" else model
    found = Project.open(study).evaluate(coder, level=level, learning=not no_learning)
    for part in _PARTS:
        frame: pd.DataFrame = getattr(found, part)
        if frame.empty:
            continue
        click.secho(f"\n{_TITLES[part]}", bold=True)
        index = frame.index.name is not None
        click.echo(frame.to_string(index=index, na_rep="–", float_format=lambda x: f"{x:.2f}"))
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            frame.to_csv(folder / f"{part}.csv", index=index)
    for note in found.notes:
        click.echo(f"\n{note}")


COMMANDS = (evaluate,)
