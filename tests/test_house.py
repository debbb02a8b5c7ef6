"""The house rules: layers, style, types, sizes, docstrings, light imports."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import bantar_qual

ROOT = Path(bantar_qual.__file__).parents[1]
CHECKOUT = Path(__file__).parents[1]
PACKAGE = CHECKOUT / "bantar_qual"
SOURCES = sorted(PACKAGE.rglob("*.py"))
MODULES = sorted(
    m.name
    for m in pkgutil.walk_packages(bantar_qual.__path__, "bantar_qual.")
    if "__main__" not in m.name
)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of this environment in the checkout."""
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("importlinter.cli", "lint"),
    ],
    ids=" ".join,
)
def test_tool(command: tuple[str, ...]) -> None:
    """Style, types and the layers hold in the whole tree."""
    if command[0] == "importlinter.cli":
        code = "from importlinter.cli import lint_imports_command as c; c()"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
    else:
        done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_sizes(path: Path) -> None:
    """No file has more than 400 lines, no function more than 45 with its docstring taken off."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            doc = ast.get_docstring(node, clean=False) or ""
            assert (node.end_lineno or 0) - node.lineno - doc.count("\n") <= 45, node.name


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example in a docstring runs and prints what it says."""
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    result = doctest.testmod(
        module, extraglobs={"tmp": tmp_path}, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert result.failed == 0


@pytest.mark.parametrize("name", bantar_qual.__all__)
def test_public_names(name: str) -> None:
    """Every public name is there and says in a sentence what it is."""
    thing = getattr(bantar_qual, name)
    assert name == "__version__" or inspect.getdoc(thing)


def test_public_methods() -> None:
    """Every public method of the study says in a sentence what it does."""
    for name, method in inspect.getmembers(bantar_qual.Project, inspect.isroutine):
        if not name.startswith("_"):
            assert inspect.getdoc(method), name


@pytest.mark.parametrize("code", ["import bantar_qual", "import bantar_qual.cli"])
def test_light_import(code: str) -> None:
    """Importing the package, or its command line, loads no heavy library."""
    heavy = ["spacy", "sklearn", "matplotlib", "pandas", "numpy", "sqlalchemy"]
    program = (
        f"{code}; import sys, json; print(json.dumps([m for m in {heavy} if m in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []


def test_light_help() -> None:
    """``bantar --help`` loads no heavy library either."""
    program = (
        "import sys\nfrom bantar_qual.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('spacy', 'sklearn', 'matplotlib', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert "demo" in done.stdout
    assert "barriers" in done.stdout


def test_nothing_leaves_the_machine() -> None:
    """No module of the package can open a connection: none imports a network library."""
    network = {"socket", "urllib", "http", "requests", "ftplib", "smtplib", "httpx", "aiohttp"}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names.append(node.module)
            reached = {name.partition(".")[0] for name in names if name != "urllib.parse"}
            assert not reached & network, path


def test_no_pickle() -> None:
    """Nothing in the package reads a pickle, which could run a stranger's commands."""
    for path in SOURCES:
        text = path.read_text(encoding="utf-8").replace("allow_pickle=False", "")
        assert "pickle" not in text, path
        assert "joblib" not in text, path
