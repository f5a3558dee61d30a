"""A recorded module is the module that it was, whatever its forward does, and also when that raises."""

import copy
import functools
import random
import threading
import weakref
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import prune

import archlens
from archlens.errors import ArchlensError, RecordError
from tests.recorder.networks import Applied
from tests.recorder.recordings import costs
from tests.unharmed import described, random_states

pytestmark = pytest.mark.filterwarnings("ignore")  # that modules are run in earnest, and PyTorch's

GLOBAL: dict[str, Any] = {"calls": 0, "kept": []}


class Made(OrderedDict[str, Any]):
    """A table that makes what it is asked for, as transformers has one of activations."""

    def __getitem__(self, key: str) -> Any:
        return super().__getitem__(key)()


TABLE = Made(relu=nn.ReLU, linear=lambda: nn.Linear(None, None))  # type: ignore[arg-type]
SEEN: dict[str, Any] = {"shape": (0,), "ready": False}
SHAPES: list[Any] = []


@functools.cache
def remembered(count: int) -> Tensor:
    """A table that a function keeps for the process."""
    return torch.arange(count).float()


class Harmful(nn.Module):
    """Two layers, and a hook for whatever a forward might do to itself and others."""

    count = 0
    table: dict[str, Any] = {}  # noqa: RUF012  # a class's, on purpose
    seen: Tensor

    def __init__(self, harm: Callable[["Harmful", Tensor], Any] | None = None) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)
        self.norm = nn.BatchNorm1d(4)
        self.plain = nn.Linear(4, 4)
        self.register_buffer("seen", torch.zeros(4))
        self.harm = harm
        self.calls = 0
        self.list: list[Any] = []
        self.queue: deque[Any] = deque(maxlen=3)
        self.nested: dict[str, Any] = {"a": {"b": []}, "set": set()}
        self.memory: defaultdict[str, list[Any]] = defaultdict(list)
        self.box = SimpleNamespace(value=None, inner=SimpleNamespace(values=[]))
        self.generator = torch.Generator().manual_seed(3)
        self.dice = random.Random(5)
        self.numbers = numpy.zeros(3)
        self.lock = threading.Lock()
        self.optimizer = torch.optim.SGD(self.layer.parameters(), lr=0.1, momentum=0.9)
        self.other = weakref.ref(self.layer)
        self.extra: nn.Module | None = None
        self.layer.register_forward_hook(lambda module, args, y: self.memory["hook"].append(y))
        self.layer.register_forward_pre_hook(self.before)
        self.norm.register_forward_hook(functools.partial(appended, self.list))

    def before(self, module: nn.Module, args: Any) -> None:
        self.calls += 1

    def forward(self, x: Tensor) -> Tensor:
        if self.harm is not None:
            found = self.harm(self, x)
            x = found if isinstance(found, Tensor) else x
        made: Tensor = self.norm(self.layer(x))
        return made


def appended(values: list[Any], module: nn.Module, args: Any, y: Tensor) -> None:
    values.append(y)


def replace_data(m: Harmful, x: Tensor) -> None:
    m.layer.weight.data = torch.renorm(m.layer.weight.data, 2, 0, 1.0)
    m.seen.data = m.seen * 0.9 + x.mean(0) * 0.1


def install_hooks(m: Harmful, x: Tensor) -> None:
    m.layer.register_forward_hook(lambda module, args, y: y * 2)
    m.norm._forward_hooks.clear()


def share_and_prune(m: Harmful, x: Tensor) -> None:
    m.layer.requires_grad_(requires_grad=False)
    del m.layer.bias
    m.layer.register_parameter("bias", None)
    prune.l1_unstructured(m.layer, "weight", 0.5)  # type: ignore[no-untyped-call]


def draw(m: Harmful, x: Tensor) -> Tensor:
    noise = torch.rand(4, generator=m.generator) * m.dice.random() * random.random()
    return x + torch.rand_like(x) * noise * numpy.random.rand()


def keep_everywhere(m: Harmful, x: Tensor) -> None:
    m.list.append(x)
    m.queue.append(x * 2)
    m.nested["a"]["b"].append(x)
    m.nested["set"].add("used")
    m.box.value = x.sum()
    m.box.inner.values.append(x)
    m.numbers += 1
    m.optimizer.state[m.layer.weight]["momentum"] = x
    m.layer.weight.grad = torch.zeros_like(m.layer.weight)


def change_classes(m: Harmful, x: Tensor) -> Tensor:
    type(m).count += 1
    type(m).table["last"] = x
    GLOBAL["calls"] += 1
    GLOBAL["kept"].append(x)
    return x + remembered(4)


def change_modes(m: Harmful, x: Tensor) -> None:
    m.eval()
    m.layer.__dict__["training"] = "neither"
    m.extra = nn.Linear(4, 4)
    m.layer.__class__ = nn.Identity  # type: ignore[assignment]
    m.layer.__class__ = nn.Linear
    torch.set_grad_enabled(True)


def write_in_place(m: Harmful, x: Tensor) -> Tensor:
    with torch.no_grad():
        m.layer.weight.clamp_(-0.01, 0.01)
        m.layer.weight.data.mul_(2)
        m.seen += x.sum(0)
        nn.init.ones_(m.layer.bias)
    return x


def run_in_earnest(m: Harmful, x: Tensor) -> Tensor:
    write_in_place(m, x)
    keep_everywhere(m, x)
    return draw(m, x) if x.sum().item() < 1e9 else x


def copy_parts(m: Harmful, x: Tensor) -> None:
    m.extra = copy.deepcopy(m.plain)
    m.box.value = copy.copy(m.plain)


def lock_and_thread(m: Harmful, x: Tensor) -> None:
    with m.lock:
        thread = threading.Thread(target=lambda: m.list.append(m.layer(x)))
        thread.start()
        thread.join()


def raise_late(m: Harmful, x: Tensor) -> None:
    keep_everywhere(m, x)
    change_classes(m, x)
    m.layer(x)
    raise ValueError("on purpose")


HARMS: dict[str, Callable[[Harmful, Tensor], Any]] = {
    each.__name__: each
    for each in (
        replace_data, install_hooks, share_and_prune, draw, keep_everywhere, change_classes, change_modes,
        write_in_place, run_in_earnest, copy_parts, lock_and_thread, raise_late,
    )
}  # fmt: skip


def before_and_after(module: nn.Module, *inputs: Any) -> Exception | None:
    """Record a module, and hold all that it reaches against what that was; what was raised, if anything."""
    world = (Harmful.__dict__["table"], GLOBAL)
    before, drawn = described(module, inputs, *world), random_states()
    count, cached = Harmful.count, remembered.cache_info()
    raised = None
    try:
        archlens.record(module, *inputs)
    except ArchlensError as error:
        raised = error
    after = described(module, inputs, *world)
    assert {**after, 0: ()} == {**before, 0: ()}
    assert random_states() == drawn
    assert (Harmful.count, remembered.cache_info().currsize) == (count, cached.currsize)
    assert torch.is_grad_enabled()
    return raised


@pytest.mark.parametrize("harm", HARMS)
def test_whatever_a_forward_does_the_module_is_what_it_was(harm: str) -> None:
    torch.manual_seed(0)
    module, x = Harmful(HARMS[harm]), torch.randn(3, 4)
    twin = copy.deepcopy(module.state_dict())
    raised = before_and_after(module, x)
    assert (raised is not None) == (harm == "raise_late")
    if harm == "raise_late":
        assert str(raised).endswith("ValueError: on purpose")
    assert all(torch.equal(a, b) for a, b in zip(twin.values(), module.state_dict().values(), strict=True))


@pytest.mark.parametrize("seed", range(20))
def test_a_fuzz_of_harms(seed: int) -> None:
    """Several at once, in an order that the seed draws, recorded twice."""
    dice = random.Random(seed)
    chosen = dice.sample([name for name in HARMS if name != "share_and_prune"], 4)

    def all_of_them(m: Harmful, x: Tensor) -> Tensor:
        for name in chosen:
            found = HARMS[name](m, x)
            x = found if isinstance(found, Tensor) else x
        return x

    torch.manual_seed(seed)
    module, x = Harmful(all_of_them), torch.randn(3, 4)
    before_and_after(module, x)
    before_and_after(module, x)


def test_the_output_is_the_same_afterwards() -> None:
    for harm in ("keep_everywhere", "write_in_place", "replace_data", "install_hooks", "draw"):
        torch.manual_seed(0)
        first, x = Harmful(HARMS[harm]), torch.randn(3, 4)
        torch.manual_seed(0)
        second = Harmful(HARMS[harm])
        archlens.record(second, x)
        outputs = []
        for module in (first, second):
            torch.manual_seed(1)
            random.seed(1)
            numpy.random.seed(1)
            outputs.append(module(x))
        assert torch.equal(*outputs), harm


def test_the_module_still_trains() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True)).eval()
    x = torch.randn(1, 3, 8, 8)
    before = module(x)
    archlens.record(module, x)
    assert torch.equal(module(x), before)
    module(x).sum().backward()
    assert all(weight.grad is not None for weight in module.parameters())


def test_hooks_are_installed_once() -> None:
    class Once(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer, self.ready = nn.Linear(4, 4), False

        def forward(self, x: Tensor) -> Any:
            if not self.ready:
                self.layer.register_forward_hook(lambda module, args, y: y * 2)
                self.ready = True
            return self.layer(x)

    torch.manual_seed(0)
    first = Once()
    torch.manual_seed(0)
    second = Once()
    x = torch.ones(1, 4)
    archlens.record(second, x)
    assert torch.equal(first(x), second(x))


def test_under_autocast_the_second_recording_is_the_first() -> None:
    module, x = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 8)), torch.randn(2, 16)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = [costs(archlens.record(module, x)).params for _ in range(2)]
        assert module(x).dtype is torch.bfloat16
    assert found == [408, 408]


def test_a_layer_that_replaces_its_weights() -> None:
    """36 parameters of a convolution of 1 to 4 channels by 1×8, at 8·25 places of two images."""

    class MaxNorm(nn.Conv2d):
        def forward(self, x: Tensor) -> Tensor:
            self.weight.data = torch.renorm(self.weight.data, 2, 0, 1.0)
            return super().forward(x)

    module, x = MaxNorm(1, 4, (1, 8)), torch.randn(2, 1, 8, 32)
    cost = costs(archlens.record(module, x))
    assert (cost.params, cost.multiply_adds) == (36, 2 * 200 * 32)
    assert module(x).shape == (2, 4, 8, 25)


def test_lists_hold_nothing_of_a_recording() -> None:
    class Keeping(nn.Module):
        def __init__(self, *, asks: bool) -> None:
            super().__init__()
            self.layer, self.kept, self.asks = nn.Linear(16, 16), list[Tensor](), asks

        def forward(self, x: Tensor) -> Tensor:
            self.kept.append(self.layer(x))
            y = torch.cat(self.kept)
            return -y if self.asks and y.sum().item() > 0 else y

    for asks in (False, True):
        module = Keeping(asks=asks)
        archlens.record(module, torch.randn(2, 16))
        assert module.kept == []


def test_weights_of_layers_in_closures_and_globals_stay() -> None:
    layer = nn.Linear(4, 4)

    def run(x: Tensor) -> Any:
        layer.weight.data.mul_(2)
        layer.calls = getattr(layer, "calls", 0) + 1  # type: ignore[assignment]
        return layer(x) if x.sum().item() < 1e9 else x

    module, x = Applied(run), torch.randn(2, 4)
    before = described(module, layer)
    archlens.record(module, x)
    assert {**described(module, layer), 0: ()} == {**before, 0: ()}


def test_tables_that_answer_otherwise_than_they_hold() -> None:
    """`TABLE["linear"]` raises: a recording looks at what such a global holds, and does not ask it."""
    module = Applied(lambda x: TABLE["relu"](x))
    TABLE.kept = None  # type: ignore[attr-defined]
    archlens.record(module, torch.ones(2, 3))
    assert list(TABLE) == ["relu", "linear"]


def test_shapes_that_a_forward_notes_are_there_afterwards() -> None:
    """In globals and in variables of functions; flags and tensors are not."""
    strides: list[Any] = []

    class Noting(nn.Module):
        def forward(self, x: Tensor) -> Any:
            y = torch.relu(x.T)
            strides.append(y.stride())
            SHAPES.append(y.shape)
            SEEN.update({"shape": tuple(y.shape), "ready": True, "dtype": y.dtype, "y": y})
            return y

    for length in (2, 5):
        archlens.record(Noting(), torch.ones(length, 3))
    assert strides == [(1, 3), (1, 3)]
    assert SHAPES == [(3, 2), (3, 5)]
    assert {"shape": (3, 5), "ready": False, "dtype": torch.float32} == SEEN


def test_every_error_is_one_of_ours() -> None:
    class Odd(nn.Module):
        def forward(self, x: Tensor) -> Any:
            raise RecursionError

    for module in (
        Odd(),
        Applied(lambda x: x + object()),
        Applied(lambda x: torch.nested.nested_tensor([x, x])),
    ):
        with pytest.raises(RecordError):
            archlens.record(module, torch.zeros(2, 3))
