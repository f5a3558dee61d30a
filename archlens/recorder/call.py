"""One operator that PyTorch ran: what it was given, which node it becomes, what it gives back."""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor

from archlens.ops import Op, Reshape, Shape
from archlens.recorder.arguments import META, as_fakes, on_meta, tensors_in
from archlens.recorder.fake_tensor import FakeTensor, ValuesNeededError
from archlens.recorder.mode import Recorder
from archlens.recorder.operators import Viewed
from archlens.recorder.rules.table import rule_for
from archlens.recorder.strides import Layout, elementwise
from archlens.recorder.value import Value, Weight

__all__ = ["Call", "recorded_call"]


class Call:
    """One call of an operator, and what its rule needs.

    name   of the operator: `aten::add`, whatever the overload, with no underscore for in place
    real   whether it is to be run on the tensors that it was given
    place  the tensor that is overwritten, for an operator in place or one with `out=`
    """

    def __init__(self, recorder: Recorder, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.recorder = recorder
        self.tape = recorder.tape
        self.func = func
        self.args = args
        self.kwargs = kwargs
        self.place: Tensor | None = None
        self._ran: Any = None
        self._has_run = False

    def record(self) -> Any:
        """Find the rule of the operator, let it emit its nodes, and give back what PyTorch expects."""
        self.name, rule, in_place = rule_for(self.func)
        kwargs = self.kwargs
        if in_place:
            out = kwargs.get("out")
            self.place = self.args[0] if out is None else out
            if out is not None:
                kwargs = {name: value for name, value in kwargs.items() if name != "out"}
            if self.value(self.place).storage.outside:
                self.recorder.save(self.place)
        self.real = self.recorder.real or self.runs_anyway()
        return rule(self, *self.args, **kwargs)

    def runs_anyway(self) -> bool:
        """Whether the operator is computed even in a pass on shapes.

        It is where no input and no parameter takes part: a table of positions, for example, has known
        elements.
        """
        for x in self.args:
            if type(x) is FakeTensor:
                return False
        return all(self.recorder.known(x) for x in tensors_in((self.args, self.kwargs)))

    def value(self, x: Tensor) -> Value:
        """What the recording knows of a tensor: which node made it, or which parameter it is."""
        return self.recorder.value(x)

    def weight(self, x: Tensor | None) -> Weight | None:
        """The parameter, or part of one, that a tensor is."""
        return None if x is None else self.recorder.value(x).weight

    def emit(self, op: Op, inputs: Iterable[Tensor], weights: Iterable[Weight | None] = ()) -> int:
        """Append a node to the tape, and give its position there."""
        return self.tape.emit(
            op, [self.value(x) for x in inputs], [weight for weight in weights if weight is not None]
        )

    def result(self) -> Any:
        """What the operator gives back to the module: computed, or fake tensors of the right shape."""
        if not self._has_run:
            self._ran, self._has_run = self.run() if self.real else self.pretend(), True
        return self._ran

    def run(self) -> Any:
        """Compute the operator as PyTorch would, but never write into a tensor that belongs to the user's
        module.
        """
        if self.place is not None and self.value(self.place).storage.outside and not self.recorder.real:
            return self.place
        return self.func(*self.args, **self.kwargs)

    def pretend(self) -> Any:
        """Compute the shapes of the output on PyTorch's meta device, and give back fake tensors of
        these shapes.
        """
        kwargs = {name: on_meta(value) for name, value in self.kwargs.items()}
        device = self.device()
        if "device" in kwargs:
            kwargs["device"] = META
        try:
            made = self.func(*map(on_meta, self.args), **kwargs)
        except (NotImplementedError, RuntimeError) as error:
            raise ValuesNeededError(f"{self.name} does not run on shapes alone{reason(error)}") from error
        return as_fakes(made, device)

    def device(self) -> torch.device:
        """The device that the operator's outputs are on."""
        given = self.kwargs.get("device")
        if given is not None:
            return torch.device(given)
        return next((x.device for x in tensors_in((self.args, self.kwargs)) if x.dim()), torch.device("cpu"))

    def tensor(
        self,
        node: int,
        like: Tensor | None = None,
        layout: Layout = elementwise,
        *,
        dtype: torch.dtype | None = None,
        operands: Sequence[Tensor] = (),
    ) -> Tensor:
        """The tensor that stands for a node's output; for an operator in place, the tensor that it overwrote.

        like      has its type and its device; without it, PyTorch is asked
        layout    tells its strides, from the operands
        dtype     where that is another than `like` has
        operands  `like` alone unless given
        """
        shape = self.tape.entries[node].shape
        if self.place is not None:
            return self.overwritten(node)
        if self.real or like is None:
            made: Tensor = self.result()
            if tuple(made.shape) != shape:
                return self.reshaped(node, made)
        else:
            made = FakeTensor(shape, layout(shape, operands or (like,)), dtype or like.dtype, like.device)
        self.recorder.attach(made, self.tape.value(node))
        return made

    def reshaped(self, node: int, made: Tensor) -> Tensor:
        """A tensor that stands for a node of another shape.

        A rule may keep axes that PyTorch folded into one, as a matrix product does with the batch.
        """
        shape = tuple(made.shape)
        self.recorder.attach(made, self.tape.view(self.tape.value(node), Reshape(shape), shape))
        return made

    def overwritten(self, node: int) -> Tensor:
        """What an operator in place gives back: the tensor that it was given, written by the node."""
        place = self.place
        assert place is not None
        if self.real:
            self.result()
        known = self.real and not self.value(place).storage.unknown
        outside = self.value(place).storage.outside
        self.tape.write(self.value(place), node)
        self.value(place).storage.unknown = not known or outside
        return place

    def tensors(self, node: int, made: Sequence[Any]) -> Sequence[Any]:
        """Several tensors that stand for one node: the first is the node's own, the others are
        views of it.
        """
        whole = self.tape.value(node)
        for position, x in enumerate(made):
            if not isinstance(x, Tensor):
                continue
            shape: Shape = tuple(x.shape)
            if position == 0 and shape == whole.shape:
                self.recorder.attach(x, whole)
            else:
                self.recorder.attach(x, self.tape.view(whole, Viewed("output", shape), shape))
        return made


def recorded_call(recorder: Recorder, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Record one operator, and give back what PyTorch expects of it."""
    return Call(recorder, func, args, kwargs).record()


def reason(error: Exception) -> str:
    """The text in brackets that tells why an operator has no cost; empty where it just has no rule."""
    if isinstance(error, NotImplementedError):
        return ""
    return f" ({next(iter(str(error).strip().splitlines()), 'no reason given')})"
