"""Modules made without allocating their weights."""

from collections.abc import Callable
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from archlens.recorder.arguments import META, as_fakes, on_meta, tensors_in
from archlens.recorder.fake_tensor import FakeTensor, ValuesNeededError, contiguous

__all__ = ["Unallocated", "unallocated"]

LARGE = 1 << 15
"""Elements from which a tensor of real numbers is made without any."""

SIZED = {"empty", "zeros", "ones", "full", "rand", "randn"}


class Unallocated(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While the block of `with` runs, large tensors are fake, and operators on them are not computed.

    Small ones are there, as constructors like to look into them: how many blocks, how much dropout.
    """

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """As in `Recorder`."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        name = func._overloadpacket.__name__
        if name in SIZED and isinstance(args[0], list | tuple) and prod(args[0]) >= LARGE:
            dtype = kwargs.get("dtype") or torch.get_default_dtype()
            if dtype.is_floating_point:
                device = kwargs.get("device") or torch.device("cpu")
                return FakeTensor(args[0], contiguous(args[0]), dtype, device)
        fakes = [x for x in tensors_in((args, kwargs)) if type(x) is FakeTensor]
        if not fakes:
            return func(*args, **kwargs)
        if name.endswith("_") and isinstance(args[0], Tensor):
            return args[0]  # an initialisation
        if "device" in kwargs:
            kwargs = {**kwargs, "device": META}
        try:
            made = func(*map(on_meta, args), **{key: on_meta(value) for key, value in kwargs.items()})
        except (NotImplementedError, RuntimeError) as error:
            raise ValuesNeededError(f"{name} needs the elements of a tensor") from error
        return as_fakes(made, fakes[0].device)


def unallocated(make: Callable[[], Any]) -> nn.Module:
    """What a function makes, its large weights without elements. Raises whatever the function raises."""
    with Unallocated():  # type: ignore[no-untyped-call]
        made: nn.Module = make()
        return made
