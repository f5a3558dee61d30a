"""The tensors of a structural copy: without elements for a pass on shapes, with elements for a real run."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from archlens.errors import RecordError
from archlens.recorder.copying import Copy
from archlens.recorder.fake_tensor import FakeTensor, fake_of
from archlens.recorder.wrappers import inner_tensors, with_others

__all__ = ["MOST_KNOWN", "NESTED", "CopiedTensors", "FakeTensors", "filled"]

MOST_KNOWN = 1 << 20
"""Tensors with more elements than this are fake in a pass on shapes, whatever they were made from."""

READ = 64
"""Parameters with at most so many elements keep them in a pass on shapes, as a forward may look at them."""

SMALL = 1 << 16
"""Bytes of memory that are copied at once; larger memory is copied when something writes into it."""

NESTED = "nested tensors have no shape that a graph could hold: pad them"


PLAIN = frozenset({Tensor, nn.Parameter, FakeTensor})
"""Classes whose tensors hold no others, and have their shapes."""


class CopiedTensors:
    """Copies with elements: those of tensors that share memory share the memory of the copies.

    made  ids of the copies, which may be written into
    """

    def __init__(self) -> None:
        self.made: set[int] = set()
        self.memories: dict[int, torch.UntypedStorage] = {}
        self.kept: list[Tensor] = []

    def __call__(self, copy: Copy, x: Tensor) -> Tensor:
        """The copy of a tensor; one without elements gets random numbers, or zeros if it holds integers."""
        inner = None if type(x) in PLAIN else inner_tensors(x)
        made = self.copied(x) if inner is None else with_others(x, copy.copied(inner))
        self.made.add(id(made))
        self.kept.append(made)
        return made

    def copied(self, x: Tensor) -> Tensor:
        if is_lazy(x):
            blank: Any = type(x)
            named = {"requires_grad": x.requires_grad} if isinstance(x, nn.Parameter) else {}
            lazy: Tensor = blank(device=x.device, dtype=x.dtype, **named)
            return lazy
        if x.is_nested:
            raise RecordError(NESTED)
        parameter = isinstance(x, nn.Parameter)
        made = filled(x) if absent(x) else self.with_elements(x)
        return as_parameter(x, made) if parameter else made

    def with_elements(self, x: Tensor) -> Tensor:
        """A copy in memory of its own, or in that of the copy whose original shares memory with this one."""
        plain = x.layout is torch.strided and not x.is_quantized and not x.is_conj() and not x.is_neg()
        if not plain or type(x) not in (Tensor, nn.Parameter):
            return x.detach().clone()
        storage = x.untyped_storage()
        memory = self.memories.get(storage._cdata)
        if memory is None:
            self.kept.append(x)
            if storage.nbytes() == x.numel() * x.element_size() <= SMALL:
                alone = x.detach().clone()
                self.memories[storage._cdata] = alone.untyped_storage()
                return alone
            memory = self.memories[storage._cdata] = duplicate(storage)
        made = torch.empty(0, dtype=x.dtype, device=x.device)
        return made.set_(memory, x.storage_offset(), x.shape, x.stride())


def duplicate(storage: torch.UntypedStorage) -> torch.UntypedStorage:
    """A copy of a piece of memory.

    Large memory is copied when it is first written to, where PyTorch can do that.
    """
    every = torch.empty(0, dtype=torch.uint8, device=storage.device).set_(storage)
    if storage.nbytes() > SMALL:
        try:
            return torch._lazy_clone(every).untyped_storage()
        except RuntimeError:  # memory that is not PyTorch's own, such as NumPy's
            pass
    return every.clone().untyped_storage()


def absent(x: Tensor) -> bool:
    """Whether a tensor has only a shape and no elements."""
    return type(x) is FakeTensor or x.device.type == "meta"


def filled(x: Tensor) -> Tensor:
    """Elements for a tensor that has none: random numbers, or zeros where it holds integers."""
    if x.dtype.is_floating_point:
        return torch.rand(x.shape, dtype=x.dtype, device="cpu")
    return torch.zeros(x.shape, dtype=x.dtype, device="cpu")


def as_parameter(x: Tensor, made: Tensor) -> Tensor:
    """A copy as a parameter of the original's class."""
    if type(x) is nn.Parameter or not hasattr(type(x), "__mro__") or nn.Parameter not in type(x).__mro__:
        return nn.Parameter(made, x.requires_grad)
    try:
        return torch.Tensor._make_subclass(type(x), made, x.requires_grad)
    except Exception:
        return nn.Parameter(made, x.requires_grad)


class FakeTensors(CopiedTensors):
    """Copies for a pass on shapes: parameters and large tensors are fake, others keep their elements."""

    def copied(self, x: Tensor) -> Tensor:
        cls = type(x)
        if cls is not FakeTensor:
            parameter = cls is nn.Parameter or isinstance(x, nn.Parameter)
            if (cls not in PLAIN and is_lazy(x)) or x.layout is not torch.strided or x.is_quantized:
                return super().copied(x)
            if x.device.type != "meta" and x.numel() <= (READ if parameter else MOST_KNOWN):
                return super().copied(x)
            if x.is_nested:
                raise RecordError(NESTED)
        else:
            parameter = "_is_param" in x.__dict__
        made = fake_of(x)
        if cls is not FakeTensor:
            made.memory = x.untyped_storage()._cdata
            self.kept.append(x)
        if parameter:
            made._is_param = True
            if x.requires_grad:
                made.requires_grad_()
        return made
