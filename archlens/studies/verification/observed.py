"""One run of a module, as PyTorch itself sees it: shapes, its own count, and which weights were read."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any
from warnings import catch_warnings

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from archlens.recorder.arguments import on_meta, tensors_in, tensors_of
from archlens.recorder.loading import Loaded
from archlens.recorder.running import slow_paths
from archlens.studies.verification.counters import TORCH_PASSES_OVER, Counted
from archlens.studies.verification.repeated import Repeated

__all__ = ["Observed", "observe"]

FUSED = (nn.MultiheadAttention, nn.TransformerEncoderLayer)

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Observed:
    """What a real run of a module showed: shapes, counts, parameters.

    shapes   of what each module gave back, by its path, where it ran once and gave back one tensor; parts of
             PyTorch's attention are left out, which may run as one operator elsewhere
    outputs  shapes of the tensors that the network gave back
    counted  PyTorch's own count
    unread   elements of the parameters that no operator read, by name
    """

    shapes: Mapping[str, Shape]
    outputs: tuple[Shape, ...]
    counted: Counted
    unread: Mapping[str, int]


def observe(loaded: Loaded, *, inside: bool) -> Observed:
    """Run a module on the meta device, or in earnest where it insists on values.

    inside  also look into operators that are not PyTorch's, which takes a run in earnest
    """
    module = loaded.module
    if inside:
        return run(module, {}, lambda: module(*loaded.arguments, **loaded.named))
    tensors = chain(module.named_parameters(), module.named_buffers())
    weights = {name: on_meta(x) for name, x in tensors}
    arguments, named = tuple(on_meta(loaded.arguments)), {k: on_meta(v) for k, v in loaded.named.items()}
    try:
        with Repeated():
            return run(module, weights, lambda: functional_call(module, weights, arguments, named))
    except Exception:  # whatever a module makes of tensors without values
        return run(module, {}, lambda: module(*loaded.arguments, **loaded.named))


def run(module: nn.Module, weights: Mapping[str, Tensor], call: Callable[[], Any]) -> Observed:
    """One run in the plainest operators that PyTorch has for it.

    weights  what stands in for the module's own, by name
    """
    shapes: dict[str, list[Shape | None]] = {}

    def note(name: str) -> Callable[[Any, Any, Any], None]:
        def seen(module: Any, inputs: Any, output: Any) -> None:
            shapes.setdefault(name, []).append(tuple(output.shape) if isinstance(output, Tensor) else None)

        return seen

    parameters = dict(module.named_parameters())
    with ExitStack() as stack:
        fused = tuple(
            f"{name}." if name else "" for name, child in module.named_modules() if isinstance(child, FUSED)
        )
        for name, child in module.named_modules():
            if not name.startswith(fused) and not isinstance(child, torch.jit.ScriptModule):  # takes no hooks
                stack.callback(child.register_forward_hook(note(name)).remove)
        stack.enter_context(torch.no_grad())
        stack.enter_context(plainly())
        counter = stack.enter_context(FlopCounterMode(display=False))
        watch = stack.enter_context(Watch(counter.get_total_flops))
        output = call()
    return Observed(
        {name: found[0] for name, found in shapes.items() if len(found) == 1 and found[0] is not None},
        tuple(tuple(x.shape) for x in tensors_of(output)),
        Counted(int(counter.get_total_flops()) // 2, tuple(sorted(watch.passed_over))),
        {name: x.numel() for name, x in parameters.items() if id(weights.get(name, x)) not in watch.read},
    )


@contextmanager
def plainly() -> Iterator[None]:
    """While the block of `with` runs, attention, transformers and recurrent layers run as plain products.

    PyTorch's counter sees products, and not what a fused kernel does.
    """
    with (
        catch_warnings(action="ignore"),
        slow_paths(),
        sdpa_kernel(SDPBackend.MATH),
        torch.backends.mkldnn.flags(enabled=False),
    ):
        yield


class Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Sees every operator before the counter does, and what operators of others than PyTorch do inside.

    counted      what the counter has come to
    read         ids of the tensors that operators were given
    passed_over  operators that ran and that the counter has no formula for, or found nothing in
    """

    def __init__(self, counted: Callable[[], int]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.counted = counted
        self.read: set[int] = set()
        self.passed_over: set[str] = set()

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """False, so that entering the mode does not import the compiler."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        self.read.update(map(id, tensors_in((args, kwargs))))
        namespace, _, name = func._schema.name.partition("::") if hasattr(func, "_schema") else ("", "", "")
        if namespace in ("aten", "prim", "prims", ""):
            if name in TORCH_PASSES_OVER:
                self.passed_over.add(name)
            return func(*args, **kwargs)
        return self.inside(func, args, kwargs)

    def inside(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run an operator of someone else's by its kernel, whose own operators are seen here, too."""
        before = self.counted()
        keys = torch._C.DispatchKey
        key = keys.Meta if any(x.is_meta for x in tensors_in(args)) else keys.CPU
        try:
            with self:
                made = func.redispatch(torch._C.DispatchKeySet(key), *args, **kwargs)
        except NotImplementedError:  # its kernel is of another kind
            made = func(*args, **kwargs)
        if self.counted() == before:
            self.passed_over.add(func._schema.name)
        return made
