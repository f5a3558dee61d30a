"""What a forward changes outside of its module: classes, globals, settings, what threads and others hold."""

import contextvars
import functools
import os
import queue
import sys
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import pytest
import torch
from torch import Tensor, nn

import archlens
from archlens.errors import RecordError
from tests.recorder.recordings import costs

X = torch.randn(3, 8)


FLASH: Any = torch.backends.cuda.flash_sdp_enabled


class Helper:
    """A class that is no module and that keeps something for all."""

    kept: ClassVar[dict[str, Any]] = {}
    count = 0
    one: ClassVar[Any] = None

    def __new__(cls) -> "Helper":
        """The same object each time."""
        cls.one = cls.one or super().__new__(cls)
        made: Helper = cls.one
        return made

    @staticmethod
    @functools.cache
    def table(count: int) -> Tensor:
        return torch.arange(count).float()


class Registered(type):
    """A class of classes that has one object of each."""

    made: ClassVar[dict[type, Any]] = {}

    def __call__(cls, *args: Any) -> Any:
        return Registered.made.setdefault(cls, super().__call__(*args))


class Alone(metaclass=Registered):
    """There is one object of this."""

    def __init__(self) -> None:
        self.values: list[Tensor] = []


CONTEXT: contextvars.ContextVar[Any] = contextvars.ContextVar("CONTEXT", default=None)
OF_THREAD = threading.local()
BY_OBJECT: Any = weakref.WeakKeyDictionary()


def appending(x: Tensor, values: list[Any] = []) -> Tensor:  # noqa: B006  # on purpose
    values.append(x)
    return x * len(values)


def counting(x: Tensor) -> Tensor:
    state: Any = counting
    state.calls = getattr(counting, "calls", 0) + 1
    state.last = x
    made: Tensor = x * state.calls
    return made


def in_a_class(m: Any, y: Tensor) -> Any:
    Helper.kept["last"] = y
    Helper.count += 1
    return y * Helper.count + len(Helper.kept)


def in_one_object(m: Any, y: Tensor) -> Any:
    box: Any = Helper()
    box.last = getattr(box, "last", 0) + y
    return box.last


def in_the_class_of_a_class(m: Any, y: Tensor) -> Any:
    Alone().values.append(y)
    return y * len(Alone().values)


def in_a_static_method(m: Any, y: Tensor) -> Any:
    return y + Helper.table(8)


def in_defaults(m: Any, y: Tensor) -> Any:
    return appending(y)


def in_a_function(m: Any, y: Tensor) -> Any:
    return counting(y)


def in_a_context(m: Any, y: Tensor) -> Any:
    before = CONTEXT.get()
    CONTEXT.set(y)
    return y if before is None else y + before


def in_a_thread(m: Any, y: Tensor) -> Any:
    before = getattr(OF_THREAD, "last", 0)
    OF_THREAD.last = y
    return y + before


def by_weak_references(m: Any, y: Tensor) -> Any:
    BY_OBJECT.setdefault(m, []).append(y)
    return y * len(BY_OBJECT[m])


KEPT: dict[str, Callable[[Any, Tensor], Any]] = {
    each.__name__: each
    for each in (
        in_a_class, in_one_object, in_the_class_of_a_class, in_a_static_method, in_defaults, in_a_function,
        in_a_context, in_a_thread, by_weak_references,
    )
}  # fmt: skip


class Net(nn.Module):
    """A layer of 8 features, 64 weights and 8 biases, and what is done with its output."""

    def __init__(self, after: Callable[[Any, Tensor], Any], **attributes: Any) -> None:
        super().__init__()
        self.layer = nn.Linear(8, 8)
        self.after = after
        for name, value in attributes.items():
            object.__setattr__(self, name, value)

    def forward(self, x: Tensor) -> Any:
        return self.after(self, self.layer(x))


@pytest.mark.parametrize("where", KEPT)
def test_what_others_keep_is_nothing_of_the_recording(where: str) -> None:
    """A first call after the recording is a first call."""
    torch.manual_seed(0)
    module = Net(KEPT[where])
    plain = module.layer(X)
    archlens.record(module, X)
    expected = {"in_a_class": plain + 1, "in_a_static_method": plain + torch.arange(8)}
    assert torch.equal(module(X), expected.get(where, plain))
    Helper.count = 0
    Helper.kept.clear()


def test_settings_are_as_they_were() -> None:
    def change(m: Any, y: Tensor) -> Tensor:
        torch.use_deterministic_algorithms(mode=True)
        torch.set_float32_matmul_precision("high")
        torch.autograd.set_detect_anomaly(mode=True)
        torch.set_default_device("meta")
        torch.set_default_dtype(torch.float64)
        torch.set_autocast_dtype("cpu", torch.float16)
        torch.backends.cudnn.benchmark = True
        torch.backends.cuda.enable_flash_sdp(enabled=False)
        torch.set_printoptions(precision=2)  # type: ignore[no-untyped-call]
        warnings.filterwarnings("ignore", "a filter of this test")
        os.environ["ARCHLENS_A_TEST"] = "1"
        sys.setrecursionlimit(5000)
        return y

    def settings() -> Any:
        return (
            torch.are_deterministic_algorithms_enabled(), torch.get_float32_matmul_precision(),
            torch.is_anomaly_enabled(), torch.get_default_device(), torch.get_default_dtype(),
            torch.get_autocast_dtype("cpu"), torch.backends.cudnn.benchmark, sys.getrecursionlimit(),
            FLASH(), torch._tensor_str.PRINT_OPTS.precision,
            list(warnings.filters), dict(os.environ),
        )  # fmt: skip

    before = settings()
    archlens.record(Net(change), X)
    assert settings() == before


def test_iterators_of_the_module_stay_where_they_are() -> None:
    waiting: Any = queue.SimpleQueue()
    waiting.put(2.0)

    def take(m: Any, y: Tensor) -> Tensor:
        made: Tensor = y * next(m.factors) + m.waiting.get()
        return made

    module = Net(take, factors=iter([3.0, 4.0]), waiting=waiting)
    archlens.record(module, X)
    assert waiting.qsize() == 1
    assert torch.equal(module(X), module.layer(X) * 3 + 2)


def test_a_generator_is_not_moved() -> None:
    def counts() -> Iterator[float]:
        yield from (1.0, 2.0)

    module = Net(lambda m, y: y * next(m.counts), counts=counts())
    with pytest.raises(RecordError, match=r"the generator .*counts can be read only once"):
        archlens.record(module, X)
    assert torch.equal(module(X), module.layer(X))


def test_threads_of_a_pool_that_is_there_already() -> None:
    """Two layers of 3·64 products, which the threads of the module's own pool run."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()  # so that its thread is there

        def submit(m: Any, y: Tensor) -> Any:
            return m.pool.submit(m.layer, y).result()

        module = Net(submit, pool=pool)
        assert costs(archlens.record(module, X)).multiply_adds == 2 * 3 * 64
        assert torch.equal(module(X), module.layer(module.layer(X)))


def test_weak_references_lead_to_the_copy() -> None:
    """72 parameters, and nothing that was not read: who is referred to is the layer itself."""

    def refer(m: Any, y: Tensor) -> Any:
        assert (m.layer in m.keys, m.layer in m.members, len(m.keys)) == (True, True, 1)
        m.proxy.last = y
        return m.values["layer"](m.method()(y))

    module: Any = Net(refer)
    layer = module.layer
    members: Any = weakref.WeakSet([layer])
    further = {
        "keys": weakref.WeakKeyDictionary({layer: 1}),
        "values": weakref.WeakValueDictionary({"layer": layer}),
        "members": members,
        "proxy": weakref.proxy(module),
        "method": weakref.WeakMethod(layer.forward),
    }
    vars(module).update(further)
    graph = archlens.record(module, X)
    assert (costs(graph).params, graph.unread, costs(graph).multiply_adds) == (72, 0, 3 * 3 * 64)
    assert not hasattr(module, "last")


def test_a_function_that_no_copy_is_made_of_reads_the_weights() -> None:
    graph = archlens.record(GLOBAL, X)
    assert (costs(graph).params, graph.unread) == (72, 0)


GLOBAL: Any = Net(lambda m, y: y)
GLOBAL.forward = lambda x: GLOBAL.layer(x)


def test_gradients_that_are_there_are_copied() -> None:
    def double(m: Any, y: Tensor) -> Any:
        m.layer.bias.grad.mul_(2)
        return y + m.layer.bias.grad

    module = Net(double)
    module.layer(X).sum().backward()
    before: Any = module.layer.bias.grad
    assert archlens.record(module, X).complete
    now: Any = module.layer.bias.grad
    assert now is before
    assert before.tolist() == [3.0] * 8


def test_a_module_that_holds_the_module_above_it() -> None:
    module: Any = Net(lambda m, y: m.child.after(m, y))
    module.child = Net(lambda m, y: m.child.layer(y))
    module.child.parent = module
    graph = archlens.record(module, X)
    assert (costs(graph).params, costs(graph).multiply_adds) == (2 * 72, 2 * 3 * 64)
