"""Tensors made from nothing, and elements taken out of tensors."""

from math import prod
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from archlens.ops import Shape
from archlens.recorder.arguments import tensors_in
from archlens.recorder.fake_tensor import FakeTensor, ValuesNeededError
from archlens.recorder.operators import Computed, Made
from archlens.recorder.rules.table import aten
from archlens.recorder.value import Value

if TYPE_CHECKING:
    from archlens.recorder.call import Call

__all__: list[str] = []

DRAWN = {
    "rand", "randn", "randint", "randperm", "rand_like", "randn_like", "randint_like", "bernoulli", "normal",
    "uniform", "multinomial", "exponential", "random", "log_normal", "geometric", "cauchy",
    "normal_functional",
}  # fmt: skip
NOT_WRITTEN = {"empty", "empty_like", "new_empty", "empty_strided", "new_empty_strided", "empty_permuted"}
LARGE = 1 << 20


@aten(
    *DRAWN, *NOT_WRITTEN, "zeros", "ones", "full", "arange", "linspace", "logspace", "eye", "zeros_like",
    "ones_like", "full_like", "new_zeros", "new_ones", "new_full", "scalar_tensor", "zero", "fill",
    "tril_indices", "triu_indices", "hann_window", "hamming_window", "blackman_window", "bartlett_window",
    "kaiser_window", "fft_fftfreq", "fft_rfftfreq",
)  # fmt: skip
def made(call: "Call", *args: Any, **kwargs: Any) -> Any:
    """A tensor that is filled, or overwritten, with what depends on no other tensor: zeros, a range, random
    numbers.
    """
    if args and isinstance(args[0], list | tuple) and prod(args[0]) > LARGE and not call.recorder.real:
        call.real = False
    place = call.place
    shape: Shape = tuple((call.result() if place is None else place).shape)
    if call.place is None and (call.name in NOT_WRITTEN or 0 in shape):
        empty: Tensor = call.result()
        call.recorder.attach(empty, Value(shape, call.tape.scope, source=(unwritten, call.name)))
        return empty
    return call.tensor(call.tape.emit(Made(call.name, shape, call.name in DRAWN), ()))


def unwritten(name: str, shape: Shape) -> Made:
    """A tensor as `torch.empty` makes it, whose memory nobody has written yet."""
    return Made(name, shape, unwritten=True)


@aten(
    "_local_scalar_dense",
    "item",
    "is_nonzero",
    "equal",
    "nonzero",
    "nonzero_static",
    "masked_select",
    "_unique2",
    "unique_dim",
    "unique_consecutive",
)
def element(call: "Call", *args: Any, **kwargs: Any) -> Any:
    """Reading elements as Python numbers.

    They are known where no input takes part in them; otherwise only a real run can tell them.
    """
    if not call.real and not readable(call, args):
        asked = "item()" if call.name == "_local_scalar_dense" else call.name
        raise ValuesNeededError(f"{asked} needs the elements of a tensor")
    with torch.no_grad():
        found = call.func(*call.args, **call.kwargs)
    made = list(tensors_in(found))
    if made:
        others = sum(x.numel() for x in made[1:])
        op = Computed(call.name.strip("_"), tuple(made[0].shape), others)
        call.tensors(call.emit(op, [x for x in args if isinstance(x, Tensor)]), made)
    return found


def readable(call: "Call", args: Any) -> bool:
    """Whether the elements of all of these tensors can be read; those of parameters can, in a pass on shapes,
    too.
    """
    return all(
        type(x) is not FakeTensor and x.device.type != "meta" and not call.value(x).storage.unknown
        for x in args
        if isinstance(x, Tensor)
    )
