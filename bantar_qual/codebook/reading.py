"""From YAML text to the parts of a codebook, with every fault and its place."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any

import cattrs
import cattrs.v

from bantar_qual.codebook.faults import Faults, check, malformed_cue
from bantar_qual.errors import CodebookError, did_you_mean
from bantar_qual.files import YamlFault, plain_name, read_yaml, shipped
from bantar_qual.records import VALENCES, Code, Cue, Level, Texts, Valence


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One code as it stands in the file, with its children."""

    key: str
    label: Texts
    definition: Texts = field(default_factory=dict)
    include: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    example: Texts = field(default_factory=dict)
    cues: Mapping[str, tuple[Cue, ...]] = field(default_factory=dict)
    source: tuple[str, ...] = ()
    color: str = ""
    leans: Valence | None = None
    codable: bool = True
    formerly: tuple[str, ...] = ()
    codes: tuple[Entry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class File:
    """A codebook file as it stands."""

    name: str
    levels: tuple[Level, ...]
    codes: tuple[Entry, ...]
    version: str = ""
    title: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


def find(name: str, *, beside: Path | None = None) -> Path:
    """Return the file of a codebook that is named or pointed to.

    Raises
    ------
    CodebookError
        If there is neither such a file nor a shipped codebook of that name.
    """
    file = name if name.endswith((".yaml", ".yml")) else f"{name}.yaml"
    for path in (beside / file if beside else Path(file), shipped("codebooks") / file):
        if path.is_file():
            return path
    known = sorted(path.stem for path in shipped("codebooks").glob("*.yaml"))
    missing = f"there is no such file or shipped codebook.{did_you_mean(name, known)}"
    raise CodebookError(name, [missing])


def text_of(path: Path) -> str:
    """Read a codebook's file as UTF-8.

    Raises
    ------
    CodebookError
        If it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        fault = f"{path.name} is not UTF-8 text; save it as UTF-8"
    except OSError as error:
        fault = f"{path.name} cannot be read: {error.strerror}"
    raise CodebookError(path.stem, [fault])


def parse(text: str, name: str, folder: Path | None) -> dict[str, Any]:
    """Read the parts of a codebook from YAML text.

    Raises
    ------
    CodebookError
        With every problem of the text.
    """
    data, faults = _resolve(text, name, folder, seen=())
    check(data, faults)
    try:
        file = _converter().structure(data, File)
    except cattrs.BaseValidationError as error:
        for message in cattrs.transform_error(error, format_exception=_plainly):
            faults.at_path(message)
    if faults.listed:
        raise CodebookError(name, faults.listed)
    parts = {f.name: getattr(file, f.name) for f in fields(File)}
    return {**parts, "codes": tuple(_flatten(file.codes, "", file.levels))}


def _resolve(
    text: str, name: str, folder: Path | None, seen: tuple[str, ...]
) -> tuple[dict[str, Any], Faults]:
    """Read a text and lay it over the codebook that it extends."""
    try:
        data, lines = read_yaml(text)
    except YamlFault as fault:
        raise CodebookError(name, [str(fault)]) from None
    if not isinstance(data, dict):
        raise CodebookError(name, ["it holds no 'name:', 'levels:' and 'codes:'"])
    base_name = data.pop("extends", "")
    if not base_name:
        return data, Faults(data, lines)
    if base_name in (*seen, name):
        raise CodebookError(name, [f"it extends itself by way of '{base_name}'"])
    path = find(base_name, beside=folder)
    base, _ = _resolve(text_of(path), base_name, path.parent, (*seen, name))
    whole = _over(base, data)
    return whole, Faults(whole, {})  # a merged tree has no lines of its own


def _over(base: Any, own: Any) -> Any:
    """Lay one part over another: mappings merge, lists of codes by key, lists append."""
    if isinstance(base, dict) and isinstance(own, dict):
        return {**base, **{k: _over(base[k], v) if k in base else v for k, v in own.items()}}
    if not (isinstance(base, list) and isinstance(own, list)):
        return own
    if not all(isinstance(item, dict) and "key" in item for item in base + own):
        return base + [item for item in own if item not in base]
    merged = {item["key"]: item for item in base}
    for item in own:
        key = item["key"]
        merged[key] = _over(merged[key], item) if key in merged else item
    return list(merged.values())


def _flatten(entries: tuple[Entry, ...], parent: str, levels: tuple[Level, ...]) -> Iterator[Code]:
    """Yield the codes depth first."""
    for entry in entries:
        path = f"{parent}.{entry.key}" if parent else entry.key
        own = {f.name: getattr(entry, f.name) for f in fields(Entry)}
        own = {key: value for key, value in own.items() if key not in {"key", "codes"}}
        own["label"] = {name: plain_name(text) for name, text in own["label"].items()}
        yield Code(path=path, level=levels[path.count(".")].key, **own)
        yield from _flatten(entry.codes, path, levels)


# ---------------------------------------------------------------- what a field may hold


def _string(value: Any, _: Any) -> str:
    if not isinstance(value, str):
        msg = "should be one text"
        raise TypeError(msg)
    return value


def _truth(value: Any, _: Any) -> bool:
    if str(value).lower() not in {"true", "false"}:
        msg = "should be true or false"
        raise TypeError(msg)
    return str(value).lower() == "true"


def _leaning(value: Any, _: Any) -> Any:
    if value not in VALENCES:
        msg = f"should be one of {', '.join(VALENCES)}"
        raise TypeError(msg)
    return value


def _strings(value: Any, _: Any) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        msg = "should be a list of texts"
        raise TypeError(msg)
    return tuple(items)


def _texts(value: Any, _: Any) -> dict[str, str]:
    if isinstance(value, str):
        return {"": value}
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        msg = "should be a text, or one text per language ({id: …, en: …})"
        raise TypeError(msg)
    return value


def _lists(value: Any, _: Any) -> dict[str, tuple[str, ...]]:
    by_language = value if isinstance(value, dict) else {"": value}
    return {lang: _strings(items, None) for lang, items in by_language.items() if items}


def _cues(value: Any, _: Any) -> dict[str, tuple[Cue, ...]]:
    by_language = value if isinstance(value, dict) else {"": value}
    return {
        lang: tuple(map(_cue, items if isinstance(items, list) else [items]))
        for lang, items in by_language.items()
        if items
    }


def _cue(item: Any) -> Cue:
    """Read a cue; a malformed one was noted with its line before, and nobody will use this."""
    if malformed_cue(item) or isinstance(item, str):
        return Cue(text=str(item))
    near, unless = (_strings(item.get(key, []), None) for key in ("near", "not"))
    return Cue(text=item["cue"], near=near, unless=unless)


def _converter() -> cattrs.Converter:
    """Make the converter that knows what each field may hold."""
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_structure_hook(str, _string)
    converter.register_structure_hook(bool, _truth)
    hooks: tuple[tuple[Any, Any], ...] = (
        (Texts, _texts),
        (Valence | None, _leaning),
        (tuple[str, ...], _strings),
        (Mapping[str, tuple[str, ...]], _lists),
        (Mapping[str, tuple[Cue, ...]], _cues),
    )
    for kind, hook in hooks:
        converter.register_structure_hook_func(partial(operator.eq, kind), hook)
    return converter


def _plainly(error: BaseException, _: type | None) -> str:
    """Say a structural fault in plain words."""
    if isinstance(error, cattrs.ForbiddenExtraKeysError):
        known = [f.name for f in fields(error.cl)]
        extra = sorted(error.extra_fields)
        return "; ".join(f"unknown field '{key}'.{did_you_mean(key, known)}" for key in extra)
    if isinstance(error, KeyError):
        return f"the field '{error.args[0]}' is missing"
    if isinstance(error, TypeError) and "NoneType" not in str(error):
        return str(error)
    return str(cattrs.v.format_exception(error, None))
