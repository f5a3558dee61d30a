"""Networks of timm and transformers, recorded once each: whether they are what they were."""

import gc
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from itertools import zip_longest
from math import prod
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
from archlens.errors import ArchlensError
from archlens.report import Column, Table
from benchmarks.stand_in import stand_in
from benchmarks.transformers_networks import TRANSFORMERS
from tests.unharmed import described, random_states

__all__ = ["Tried", "unharmed"]

FIRST = ("levit", "tiny_vit", "efficientformer", "efficientformer_v2", "efficientvit_msra")
"""Model files of timm whose networks were harmed once."""

TRANSFORMED = "transformers"

DRAWN = ("normal_", "uniform_")

LARGE = 1 << 15
"""Elements from which weights are drawn in one stroke, not as the network's constructor does."""

RUN = 1
"""How many networks of each model file are run, the first ones by name: it would take hours for all."""

SLOW = 100_000_000
"""Parameters above which a network is not run."""

HUGE = 400_000_000
"""Parameters above which a network of timm is not tried: its weights would fill the memory of a laptop."""

COLUMNS = (
    Column("file", "model file", right=False),
    Column("names", "names"),
    Column("networks", "tried"),
    Column("recorded", "recorded"),
    Column("unharmed", "unharmed"),
    Column("same", "same output"),
    Column("params", "parameters"),
    Column("said", "otherwise", right=False),
)
NOTES = (
    "Each network is made with random weights and recorded in evaluation mode at its own input; some are "
    "run before and after, those that were harmed once among them. Unharmed: every object that can "
    "be reached from it holds what it held before the recording: attributes, containers, hooks, flags, "
    "closures, the memory, version and strides of each tensor; and PyTorch, Python and NumPy draw the same "
    "random numbers. Same output: the second run gave what the first gave, to the last bit; of so many. "
    "Parameters: those counted and those that no operator read are together those of the module. Networks of "
    f"more than {HUGE // 10**6} million parameters are not tried.",
)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one network.

    error     why there is no graph, or ""
    unharmed  whether all that can be reached from it is as it was
    same      whether its outputs are the same afterwards; None where it was not run or does not run
    params    how many parameters more were counted or said to be unread than it has
    """

    file: str
    name: str
    error: str
    unharmed: bool
    same: bool | None
    params: int | None


class Undrawn(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While this lasts, large tensors are zeros: what a constructor draws takes minutes for some.

    They are not left as the memory was: who draws again what lies too far out would never end.
    """

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        name = func._overloadpacket.__name__
        if name.endswith("_") and args[0].is_floating_point() and args[0].numel() >= LARGE:
            return args[0].zero_() if name in DRAWN else args[0]
        return func(*args, **(kwargs or {}))


def unharmed(cache: Path, seconds: float) -> Table:
    """A row a model file, of what there was time for; another call goes on from there.

    cache  a file with a line for each network that was tried
    """
    done = read(cache)
    until = monotonic() + seconds
    with stand_in("torchvision"):  # which transformers would take for the real one
        timm: Any = import_module("timm")
    with catch_warnings(action="ignore"):
        listed = in_turn({file: timm.list_models(module=file) for file in timm.list_modules()})
        for place, (file, name) in enumerate(listed):
            if name in done or monotonic() > until or (file != TRANSFORMED and size(timm, name) > HUGE):
                continue
            print(f"{place + 1} of {len(listed)}: {name} …", file=sys.stderr, flush=True)
            first = [each for each in listed if each[0] == file].index((file, name)) < RUN
            run = first or file in (*FIRST, TRANSFORMED)
            done[name] = tried(file, name, TRANSFORMERS.get(name) or timm_network(timm, name), run=run)
            with cache.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(done[name])) + "\n")
        versions = f"timm {timm.__version__}, transformers {import_module('transformers').__version__}"
    names = Counter(file for file, _ in listed)
    return table([done[name] for _, name in listed if name in done], names, versions)


def read(cache: Path) -> dict[str, Tried]:
    """What was tried so far, by name."""
    lines = cache.read_text(encoding="utf-8").splitlines() if cache.exists() else []
    return {each.name: each for each in (Tried(**json.loads(line)) for line in lines)}


def in_turn(files: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Every network with its file: those first that were harmed once, then one of each file in turn."""
    found = [(file, name) for file in FIRST for name in files[file]]
    found += [(TRANSFORMED, name) for name in TRANSFORMERS]
    others = [[(file, name) for name in files[file]] for file in sorted(files) if file not in FIRST]
    return found + [each for row in zip_longest(*others) for each in row if each]


def size(timm: Any, name: str) -> int:
    """How many parameters a network of timm has, none of which are allocated."""
    with torch.device("meta"):
        module: nn.Module = timm.create_model(name)
    return sum(x.numel() for x in module.parameters())


def timm_network(timm: Any, name: str) -> Callable[[], tuple[nn.Module, dict[str, Any]]]:
    """What makes a network of timm, and an image for it."""

    def make() -> tuple[nn.Module, dict[str, Any]]:
        with Undrawn():  # type: ignore[no-untyped-call]
            module: nn.Module = timm.create_model(name)
        draw(module)
        config = getattr(module, "pretrained_cfg", None) or {}
        return module, {"": torch.randn(1, *config.get("input_size", (3, 224, 224)))}

    return make


def draw(module: nn.Module) -> None:
    """Fill large weights with one block of normal numbers over and over, scaled by what feeds them."""
    block = torch.randn(LARGE)
    with torch.no_grad():
        for x in module.parameters():
            if x.numel() < LARGE:
                continue
            flat, fan_in = x.view(-1), prod(x.shape[1:]) or 1
            scaled = block * fan_in**-0.5
            whole = flat[: flat.numel() // LARGE * LARGE]
            whole.view(-1, LARGE).copy_(scaled)
            flat[whole.numel() :] = scaled[: flat.numel() - whole.numel()]


def tried(
    file: str, name: str, make: Callable[[], tuple[nn.Module, Mapping[str, Any]]], *, run: bool
) -> Tried:
    """One network, made, recorded, and if it is to be run, run before and after."""
    torch.manual_seed(0)
    module, named = make()
    module.eval()
    inputs = [x for key, x in named.items() if not key]
    keywords = {key: x for key, x in named.items() if key}
    own = sum(x.numel() for x in module.parameters())
    before = output(module, inputs, keywords) if run and own <= SLOW else None
    reached, drawn = described(module, inputs, keywords), random_states()
    error, params = "", None
    try:
        graph = archlens.record(module, *inputs, **keywords)
        params = archlens.profile(graph).totals.params + graph.unread - own
    except ArchlensError as raised:
        error = str(raised)
    as_it_was = {**described(module, inputs, keywords), 0: ()} == {**reached, 0: ()}
    as_it_was = as_it_was and random_states() == drawn
    same = None if before is None else equal(before, output(module, inputs, keywords))
    if own > SLOW:
        gc.collect()
    return Tried(file, name, error, as_it_was, same, params)


def output(module: nn.Module, inputs: Sequence[Any], keywords: Mapping[str, Any]) -> list[Tensor] | None:
    """The tensors that a module gives back, random numbers being the same; None where it raises."""
    torch.manual_seed(1)
    try:
        with torch.no_grad():
            made = module(*inputs, **keywords)
    except Exception as raised:
        print(f"  {type(raised).__name__}: {raised}", file=sys.stderr)
        return None
    return [
        x for x in tree_leaves(dict(made) if isinstance(made, Mapping) else made) if isinstance(x, Tensor)
    ]


def equal(before: list[Tensor], after: list[Tensor] | None) -> bool:
    """Whether outputs are the same to the last bit, numbers that are none among them."""
    return (
        after is not None
        and len(before) == len(after)
        and all(torch.equal(a.nan_to_num(7.0), b.nan_to_num(7.0)) for a, b in zip(before, after, strict=True))
    )


def table(found: Sequence[Tried], names: Mapping[str, int], versions: str) -> Table:
    """A row a model file, and a row in the end."""
    by_file: dict[str, list[Tried]] = {}
    for each in found:
        by_file.setdefault(each.file, []).append(each)
    order = sorted(by_file, key=lambda file: (file == TRANSFORMED, file))
    rows = [(file, str(names[file]), *cells(by_file[file])) for file in order]
    rows.append(("all", str(sum(names.values())), *cells(found)))
    versions = f"archlens {__version__}, {versions}, PyTorch {torch.__version__}."
    return Table(
        COLUMNS, tuple(rows), title="Networks before and after a recording", footer=(*NOTES, versions)
    )


def cells(found: Sequence[Tried]) -> tuple[str, ...]:
    """How many networks, how many of them were recorded, were left as they were, and what was otherwise."""
    counted = Counter[str]()
    for each in found:
        counted["recorded"] += not each.error
        counted["unharmed"] += each.unharmed
        counted["same"] += each.same is True
        counted["run"] += each.same is not None
        counted["params"] += each.params == 0
    said = "" if len({each.file for each in found}) > 1 else "; ".join(otherwise(found))
    same = f"{counted['same']} of {counted['run']}"
    return (
        str(len(found)),
        str(counted["recorded"]),
        str(counted["unharmed"]),
        same,
        str(counted["params"]),
        said,
    )


def otherwise(found: Sequence[Tried]) -> Iterator[str]:
    """What is not as it should be, a network at a time."""
    for each in found:
        if each.error:
            yield each.error
        if not each.unharmed:
            yield f"{each.name} is changed"
        if each.same is False:
            yield f"{each.name} gives something else"
        if each.params:
            yield f"{each.name} has {-each.params:+,} parameters"
