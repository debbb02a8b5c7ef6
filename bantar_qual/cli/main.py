"""``bantar …``: the commands, and the one place where an error becomes a sentence."""

from __future__ import annotations

import ast
import os
import sys
import warnings
from pathlib import Path
from typing import Any

import click

from bantar_qual import __version__
from bantar_qual.errors import BantarError, BantarWarning

_STATISTICS = Path(__file__).parents[1] / "stats"


class Bantar(click.Group):
    """A group that says errors in one red sentence, and makes a command of every statistic.

    Statistics are found as files and imported only when they run, so that ``bantar --help``
    loads none of pandas, spaCy or matplotlib.
    """

    def list_commands(self, _: click.Context) -> list[str]:
        """Name the commands in the order of the work, the statistics last."""
        return [*self.commands, *_statistics()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, made on the spot where it is that of a statistic."""
        known = super().get_command(ctx, cmd_name)
        if known is None and cmd_name in _statistics():
            return _statistic_command(cmd_name)
        return known

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant, and offer the nearest where there is none."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from bantar_qual.errors import did_you_mean

            hint = did_you_mean(args[0], self.list_commands(ctx))
            raise click.UsageError(f"no command '{args[0]}'.{hint}", ctx) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what goes wrong becomes one red sentence and exit code 1."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("always", BantarWarning)
                warnings.showwarning = _warn
                return super().invoke(ctx)
        except BantarError as error:
            _fail(error.shell or str(error))
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            _fail(f"{error.strerror or error}{where}")


def _warn(message: Warning | str, *_: Any, **__: Any) -> None:
    """Say a warning in one yellow line, without the place in the code that Python adds."""
    click.secho(f"bantar: {message}", fg="yellow", err=True)


def _fail(sentence: str) -> None:
    click.secho(f"bantar: {sentence}", fg="red", err=True)
    sys.exit(1)


@click.group(
    cls=Bantar,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `bantar demo`: a whole study, from transcripts to findings.",
)
@click.version_option(__version__, "--version", message="bantar_qual %(version)s")
def main() -> None:
    """Code interviews, and turn the codings into findings that can be checked."""


def _statistics() -> list[str]:
    """Name the statistics by their files, as the registry would, without importing them."""
    stems = (path.stem for path in _STATISTICS.glob("*.py"))
    return sorted(stem for stem in stems if not stem.startswith("_") and stem != "registry")


def _statistic_command(name: str) -> click.Command:
    """Make the command of one statistic; its help is the first line of its file."""
    source = (_STATISTICS / f"{name}.py").read_text(encoding="utf-8")
    about = (ast.get_docstring(ast.parse(source)) or name).splitlines()[0]

    def run(**options: Any) -> None:
        from bantar_qual.cli.showing import show_statistic

        show_statistic(name, **options)

    return click.Command(
        name,
        callback=run,
        help=about,
        short_help=about,
        params=[
            click.Argument(["study"], type=click.Path()),
            click.Option(["--level"], help="Level of the codebook; its lowest if left out."),
            click.Option(["--by"], help="Compare by a column, such as role or kind."),
            click.Option(["--suggested"], is_flag=True, help="Count suggestions, not decisions."),
            click.Option(["--language"], help="Labels in this language, such as id or en."),
            click.Option(["--save"], type=click.Path(), help="Write .csv, .xlsx, .docx or .html."),
            click.Option(["--chart"], type=click.Path(), help="Draw the chart: .png, .svg, .pdf."),
        ],
    )


from bantar_qual.cli import (  # noqa: E402 - their commands hang on `main`
    anonymise,
    care,
    commands,
    evaluate,
    history,
    lab,
    page,
    speakers,
    study,
    tag,
)

for module in (commands, tag, evaluate, speakers, study, history, care, anonymise, lab, page):
    for command in module.COMMANDS:
        main.add_command(command)
