"""What PyTorch calls for every operator that it runs while a module is recorded."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from archlens.ops import Shape
from archlens.recorder.call import Call
from archlens.recorder.ghost import Ghost
from archlens.recorder.operators import Constant, Parameter
from archlens.recorder.tape import Tape
from archlens.recorder.value import Learnable, Storage, Value, Weight

__all__ = ["Recorder"]

MOST_KNOWN = 1 << 20
"""Tensors with more elements than this are ghosts, whatever they were made from."""


class Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Turns every operator that PyTorch runs into nodes of a tape.

    Operators on ghosts are not run; those on small tensors that depend on no input and no
    parameter are, as a network may look into them. With `real` everything is run.
    """

    supports_higher_order_operators = True

    def __init__(self, owned: Mapping[int, tuple[Tensor, str, str]], *, real: bool = False) -> None:
        """owned: parameters and buffers by their ids, each with its module's path and its name there."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.tape = Tape()
        self.real = real
        self.owned = owned
        self.outside: dict[int, tuple[Tensor, Value]] = {}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Not even to be told to stay away: that would import it, which takes more than a second."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        return Call(self, func, args, kwargs or {}).record()

    def value(self, x: Tensor) -> Value:
        """What a tensor stands for; one from outside becomes a parameter or a constant."""
        if type(x) is Ghost:
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
        """A tensor that was there before the recording, or that it has not seen being made."""
        _, scope, name = self.owned.get(id(x), (x, self.tape.scope, ""))
        shape: Shape = tuple(x.shape)
        storage = Storage(outside=True)
        if isinstance(x, torch.nn.Parameter):
            learnable = Learnable(scope, name or f"weight{id(x)}", x.numel())
            source = (Parameter, name or "weight")
            return Value(
                shape, scope, storage, source=source, weight=Weight(learnable, 0, learnable.elements)
            )
        return Value(shape, scope, storage, source=(Constant, name or "constant"))

    def attach(self, x: Tensor, value: Value) -> None:
        """Note what a tensor that was just made stands for."""
        if type(x) is Ghost:
            x.value, x.tape = value, self.tape
        else:
            x.__dict__["_recorded"] = (self.tape, value)

    def known(self, x: Tensor) -> bool:
        """Whether the elements of a tensor may be looked at, and cost little to compute with."""
        if type(x) is Ghost or x.device.type == "meta" or isinstance(x, torch.nn.Parameter):
            return False
        return x.numel() <= MOST_KNOWN and not self.value(x).storage.unknown
