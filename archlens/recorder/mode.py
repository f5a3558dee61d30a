"""What PyTorch calls for every operator that it runs while a module is recorded."""

from collections.abc import Callable, Container, Mapping
from threading import RLock
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from archlens.ops import Shape
from archlens.recorder.fake_tensor import FakeTensor
from archlens.recorder.operators import Constant, Parameter
from archlens.recorder.tape import Tape
from archlens.recorder.tensors import MOST_KNOWN
from archlens.recorder.value import Learnable, Storage, Value, Weight
from archlens.recorder.wrappers import decides

__all__ = ["Owned", "Recorder"]

Owned = tuple[Tensor, str, str, bool]
"""A parameter or a buffer: itself, the path of its module, its name there, and whether it is learnt."""


class Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Turns every operator that PyTorch runs into nodes of a tape.

    Operators on fake tensors are not run; those on small tensors that depend on no input and no
    parameter are, as a network may look into them. With `real` everything is run.

    copies_of  the copies by the ids of their originals, which a function may read that could not be copied
    outside    what tensors stand for that the recording did not see being made
    written    tensors that belong to nobody's copy and that a real run wrote into, with their elements before
    """

    supports_higher_order_operators = True

    def __init__(
        self,
        owned: Mapping[int, Owned],
        copies: Container[int],
        handle: Callable[["Recorder", Any, tuple[Any, ...], dict[str, Any]], Any],
        *,
        real: bool = False,
    ) -> None:
        """owned   parameters and buffers by their ids
        copies  ids of tensors that were made for the recording, which may be written into
        handle  records one operator and gives back what PyTorch expects of it
        """
        super().__init__()  # type: ignore[no-untyped-call]
        self.tape = Tape()
        self.real = real
        self.owned = owned
        self.copies = copies
        self.handle = handle
        self.copies_of: Mapping[int, Any] = {}
        self.outside: dict[int, tuple[Tensor, Value]] = {}
        self.memories: dict[int, Storage] = {}
        self.written: dict[int, tuple[Tensor, Tensor | None, int]] = {}
        self._lock = RLock()
        self.tape.record = self.record

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Tell PyTorch not to import its compiler for this mode, which would take more than a second."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if any(cls is not FakeTensor and decides(cls) for cls in types):
            return NotImplemented  # a class takes the operator apart, and PyTorch asks here again
        return self.record(func, args, kwargs or {})

    def record(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Record one operator, whichever thread runs it."""
        with self._lock:
            return self.handle(self, func, args, kwargs)

    def value(self, x: Tensor) -> Value:
        """What a tensor stands for; one from outside becomes a parameter or a constant."""
        if type(x) is FakeTensor:
            if x.value is not None and x.tape is self.tape:
                return x.value
        elif (noted := x.__dict__.get("_recorded")) is not None and noted[0] is self.tape:
            seen: Value = noted[1]
            return seen
        found = self.outside.get(id(x))
        if found is None:
            found = self.outside[id(x)] = (x, self.foreign(x))
        return found[1]

    def foreign(self, x: Tensor) -> Value:
        """What to know of a tensor that the recording has not seen being made, such as a parameter."""
        found = self.owned.get(id(x)) or self.owned.get(id(self.copies_of.get(id(x))))
        owner, scope, name, learnt = found or (x, self.tape.scope, "", False)
        shape: Shape = tuple(x.shape)
        storage = self.storage(x)
        if learnt or isinstance(x, torch.nn.Parameter):
            learnable = Learnable(scope, name or f"weight{id(x)}", owner.numel())
            source = (Parameter, name or "weight")
            return Value(
                shape, scope, storage, source=source, weight=Weight(learnable, 0, learnable.elements)
            )
        return Value(shape, scope, storage, source=(Constant, name or "constant"))

    def storage(self, x: Tensor) -> Storage:
        """The memory of a tensor that comes from outside, which other tensors may share."""
        if type(x) is FakeTensor:
            return self.memories.setdefault(x.memory, Storage()) if x.memory else Storage()
        return Storage(outside=id(x) not in self.copies)

    def attach(self, x: Tensor, value: Value) -> None:
        """Note which node a tensor stands for that was just made."""
        if type(x) is FakeTensor:
            x.value, x.tape = value, self.tape
        else:
            x.__dict__["_recorded"] = (self.tape, value)

    def known(self, x: Tensor) -> bool:
        """Whether a tensor has elements that a network may look at, and few enough to compute with them."""
        if type(x) is FakeTensor or x.device.type == "meta" or isinstance(x, torch.nn.Parameter):
            return False
        if x.numel() > MOST_KNOWN or self.value(x).storage.unknown:
            return False
        return not hollow(x)

    def save(self, x: Tensor) -> None:
        """Keep a copy of a tensor that belongs to the user and that a real run is about to write into."""
        if id(x) not in self.written and not x.is_inference():
            with torch._C._DisableTorchDispatch():
                self.written[id(x)] = (x, x.detach().clone() if self.real else None, x._version)

    def restore(self) -> None:
        """Write the old elements back into the user's tensors that a real run has written into."""
        with torch.no_grad():
            for x, elements, version in self.written.values():
                if elements is not None:
                    x.copy_(elements)
                torch._C._autograd._unsafe_set_version_counter((x,), (version,))


def hollow(x: Tensor) -> bool:
    """Whether a tensor with elements lost its memory to `x.data = …`."""
    return bool(x.layout is torch.strided and not x.const_data_ptr() and x.numel())  # type: ignore[attr-defined]
