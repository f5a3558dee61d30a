"""Where outputs lie in memory, recorded on shapes alone and in a real run: operator by operator.

The real run shares nothing with the recorder: PyTorch tells it each operator with its real outputs.
"""

import gc
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from importlib import import_module
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Any
from warnings import catch_warnings

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

import archlens
from archlens import __version__
from archlens.recorder import recording
from archlens.recorder.running import slow_paths
from archlens.report import Column, Table
from benchmarks.stand_in import stand_in
from benchmarks.unharmed import size, timm_network

__all__ = ["Compared", "compared", "strides"]

Ran = tuple[str, tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]
"""An operator that ran: its name, its outputs' shapes, and their strides where axes are longer than 1."""

COPIES = frozenset({"clone", "_to_copy", "copy_", "contiguous"})
"""Operators that write what is there already: where strides are wrong, some are missing or too many."""

QUIET = frozenset({"detach", "alias", "lift_fresh", "_unsafe_view", "view", "_reshape_alias"})
"""Views of all elements in their order, by whichever name: they cost nothing."""

WHOLE = frozenset({"attention", "lstm", "gru", "rnn_tanh", "rnn_relu", "avg_pool1d", "max_pool1d"})
"""What is recorded as one operator, as the cost model needs it, and runs as several on some machines."""

STATISTICS = frozenset({"native_layer_norm", "native_group_norm", "native_batch_norm"})
"""Operators that give statistics beside their output."""

SMALL = 60_000_000
"""Parameters above which a network is not run."""

LOOKED_AT = 5
"""Networks of a model file of which the smallest is taken: it would take minutes to size all."""

COLUMNS = (
    Column("source", "from", right=False),
    Column("network", "network", right=False),
    Column("operators", "operators"),
    Column("same", "strides the same"),
    Column("copies", "copies, recorded and run"),
    Column("different", "otherwise", right=False),
)
NOTES = (
    "Each network is recorded on shapes alone, and run once with real tensors, in evaluation mode at its own "
    "input; operators are compared where both have the same one with outputs of the same shapes. Copies: "
    "clones and casts, of which a wrong stride would make some too many, or lose some. Attention is recorded "
    "as one operator, and so are recurrent layers, whichever kernels run them: copies within are left out.",
)


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of one network.

    operators  that both have, with outputs of the same shapes
    same       of these, whose outputs have the same strides
    recorded, ran  copies in the recording, and in the run outside of what is recorded as one operator
    different  what is otherwise
    """

    source: str
    name: str
    operators: int
    same: int
    recorded: int
    ran: int
    different: tuple[str, ...]


class Running(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes every operator that PyTorch runs."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.ran: list[Ran] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        made = func(*args, **(kwargs or {}))
        self.ran.append(noted(func, made))
        return made


def noted(func: Any, made: Any) -> Ran:
    """An operator with the shapes and strides of what it made."""
    outputs = [x for x in tree_leaves(made) if isinstance(x, Tensor)]
    name = str(getattr(getattr(func, "overloadpacket", func), "__name__", func))
    if "scaled_dot_product" in name or name in STATISTICS:
        outputs = outputs[:1]  # what kernels keep for a gradient, no recording has
    name = "attention" if "scaled_dot_product" in name else name
    return (
        "view" if name in QUIET else name,
        tuple(tuple(x.shape) for x in outputs),
        tuple(
            tuple(stride for stride, length in zip(x.stride(), x.shape, strict=True) if length > 1)
            if x.numel() and x.layout is torch.strided
            else ()
            for x in outputs
        ),
    )


@contextmanager
def recording_noted() -> Iterator[list[Ran]]:
    """While this lasts, what is recorded is noted, too."""
    ran: list[Ran] = []
    real = vars(recording)["recorded_call"]

    def call(recorder: Any, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        made = real(recorder, func, args, kwargs)
        ran.append(noted(func, made))
        return made

    vars(recording)["recorded_call"] = call
    try:
        yield ran
    finally:
        vars(recording)["recorded_call"] = real


def compared(source: str, name: str, module: nn.Module, inputs: Sequence[Any]) -> Compared:
    """One network, recorded and run."""
    with recording_noted() as recorded, catch_warnings(action="ignore"):
        archlens.record(module, *inputs)
    with (
        torch.no_grad(),
        slow_paths(),
        Running() as running,
    ):  # afterwards, as it may fill caches of the module's
        module(*inputs)
    ours = [each for each in recorded if each[0] != "view"]
    theirs = [each for each in running.ran if each[0] != "view"]
    matcher = SequenceMatcher(
        None, [each[:2] for each in ours], [each[:2] for each in theirs], autojunk=False
    )
    both = same = 0
    found: Counter[str] = Counter()
    for block in matcher.get_matching_blocks():
        for at in range(block.size):
            one, other = ours[block.a + at], theirs[block.b + at]
            both += 1
            same += one[2] == other[2]
            if one[2] != other[2]:
                found[f"{one[0]} of {one[1]}: {one[2]}, not {other[2]}"] += 1
    wholes = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        names = ([each[0] for each in ours[a:b]], [each[0] for each in theirs[c:d]])
        if names[0] and WHOLE.issuperset(names[0]):
            wholes += theirs[c:d]
            found[f"{shown(names[0])} runs as several operators"] += 1
        else:
            found[f"recorded {shown(names[0])}, run {shown(names[1])}"] += 1
    different = tuple(f"{what}{f' ({many}×)' if many > 1 else ''}" for what, many in found.most_common())
    return Compared(source, name, both, same, copies(ours), copies(theirs) - copies(wholes), different)


def copies(ran: Iterable[Ran]) -> int:
    """How many of the operators copy."""
    return sum(name in COPIES for name, *_ in ran)


def shown(names: Sequence[str]) -> str:
    """Operators as a list."""
    return ", ".join(names) or "nothing"


def strides(cache: Path, seconds: float) -> Table:
    """A row a network, of what there was time for; another call goes on from there."""
    done = read(cache)
    until = monotonic() + seconds
    with stand_in("torchvision"):
        timm: Any = import_module("timm")
    with catch_warnings(action="ignore"):
        for source, name, make in chain(timm_networks(timm), catalogue()):
            if (source, name) in done:
                continue
            if monotonic() > until:
                break
            print(f"{name} …", file=sys.stderr, flush=True)
            torch.manual_seed(0)
            module, inputs = make()
            done[source, name] = compared(source, name, module.eval(), inputs)
            with cache.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(done[source, name])) + "\n")
            del module
            gc.collect()
    return table(list(done.values()), f"timm {timm.__version__}")


def read(cache: Path) -> dict[tuple[str, str], Compared]:
    """What was compared so far."""
    lines = cache.read_text(encoding="utf-8").splitlines() if cache.exists() else []
    rows = [json.loads(line) for line in lines]
    found = [Compared(**{**row, "different": tuple(row["different"])}) for row in rows]
    return {(each.source, each.name): each for each in found}


Made = Callable[[], tuple[nn.Module, Sequence[Any]]]


def timm_networks(timm: Any) -> Iterator[tuple[str, str, Made]]:
    """A small network of each model file of timm."""
    for file in timm.list_modules():
        names = [name for name in timm.list_models(module=file) if not name.startswith("test_")]
        if not names:
            continue
        some = names[:: -(-len(names) // LOOKED_AT)]
        many, name = min((size(timm, name), name) for name in some)
        if many <= SMALL:
            yield f"timm {file}", name, made(timm, name)


def made(timm: Any, name: str) -> Made:
    """What makes a network of timm, and an image for it."""

    def make() -> tuple[nn.Module, Sequence[Any]]:
        module, named = timm_network(timm, name)()
        return module, [named[""]]

    return make


def catalogue() -> Iterator[tuple[str, str, Made]]:
    """The smallest network of each family."""
    entries = sorted(archlens.list_models(), key=lambda entry: entry.params)
    for family, entry in {entry.family: entry for entry in reversed(entries)}.items():
        if entry.params <= SMALL:
            yield f"catalogue {family}", entry.model, built(entry.model)


def built(name: str) -> Made:
    """What builds a network of the catalogue, and its input."""

    def make() -> tuple[nn.Module, Sequence[Any]]:
        graph = archlens.load(name)
        module: nn.Module = archlens.build(graph)
        return module, [torch.randn(graph.nodes[at].shape) for at in graph.inputs]

    return make


def table(found: Sequence[Compared], versions: str) -> Table:
    """A row a network, and one in the end."""
    rows = [
        (
            each.source,
            each.name,
            f"{each.operators:,}",
            f"{each.same:,}",
            f"{each.recorded}, {each.ran}",
            "; ".join(each.different),
        )
        for each in sorted(found, key=lambda each: (each.source, each.name))
    ]
    equal = sum(each.recorded == each.ran and each.operators == each.same for each in found)
    rows.append(
        (
            "all",
            f"{equal} of {len(found)} the same",
            f"{sum(each.operators for each in found):,}",
            f"{sum(each.same for each in found):,}",
            f"{sum(each.recorded for each in found)}, {sum(each.ran for each in found)}",
            "",
        )
    )
    versions = f"archlens {__version__}, {versions}, PyTorch {torch.__version__}."
    return Table(
        COLUMNS, tuple(rows), title="Strides of recordings beside those of runs", footer=(*NOTES, versions)
    )
