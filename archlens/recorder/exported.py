"""Programs that `torch.export` saved."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.export import ExportedProgram
from torch.utils._python_dispatch import _get_current_dispatch_mode

from archlens.errors import RecordError, UsageError
from archlens.graph import Graph
from archlens.recorder.arguments import tensors_in
from archlens.recorder.mode import Recorder
from archlens.recorder.naming import path
from archlens.recorder.recording import record
from archlens.recorder.tensor_type import Inputs, TensorType

__all__ = ["example_inputs", "opened", "record_exported"]


def record_exported(model: str, inputs: Inputs, batch: int) -> Graph:
    """The graph of a saved program, on the inputs that it was exported with unless others are given."""
    program, module = opened(model)
    arguments, named = example_inputs(model, program, inputs, batch)
    module.__dict__["forward"] = Followed(module).run_with
    try:
        return record(module, arguments, named, model=Path(model).stem)
    except RecordError as error:
        if arguments is (program.example_inputs or ((),))[0]:
            raise
        raise RecordError(f"{error}; export it with dynamic_shapes for other shapes than its own") from error


def opened(model: str) -> tuple[ExportedProgram, nn.Module]:
    """A saved program, and as a module. Raises a RecordError for a file that is not there, or is none."""
    if not Path(model).is_file():
        raise RecordError(f"{model}: {'is not a file' if Path(model).exists() else 'no such file'}")
    try:
        with unlogged():
            program = torch.export.load(model)
        module: nn.Module = program.module()
    except Exception as error:
        said = next(iter(str(error).strip().splitlines()), "no reason given")
        raise RecordError(f"{model} is no exported program: {type(error).__name__}: {said}") from error
    return program, module


@contextmanager
def unlogged() -> Iterator[None]:
    """Keep PyTorch from printing the traceback of an error that it raises as well."""
    log = logging.getLogger("torch.export")
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before


def example_inputs(
    model: str, program: ExportedProgram, inputs: Inputs, batch: int
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What a program is run on, by position and by name: what it was exported with, unless told otherwise.

    inputs  what a program takes that takes one tensor, under ""
    batch   above 1, the first axis of every tensor instead of the one that it was exported with

    Tensors of other shapes are on the device "meta", and of the types that the program was exported with.
    Raises a UsageError where there is nothing to run it on.
    """
    arguments, named = program.example_inputs or ((), {})
    examples = [*tensors_in((arguments, named))]
    if inputs:
        if any(inputs):
            raise UsageError(
                f"--input {next(iter(inputs))}: an exported program takes one shape, such as 3x224x224"
            )
        given = inputs[""]
        if not isinstance(given, TensorType) or given.elements is not None:
            raise UsageError("--input: an exported program takes a shape, such as 3x224x224")
        known = examples[0].dtype if examples else torch.float32
        dtype = getattr(torch, given.dtype) if given.dtype else known
        return (torch.empty(given.sized(batch), dtype=dtype, device="meta"),), {}
    if not arguments and not named:
        raise UsageError(f"{model} was saved without its inputs: give --input, such as --input 3x224x224")
    if batch == 1 or all(x.shape[:1] == (batch,) for x in examples):
        return arguments, named
    return tuple(batched(x, batch) for x in arguments), {name: batched(x, batch) for name, x in named.items()}


def batched(x: Any, batch: int) -> Any:
    """A fake input whose first axis is the given batch, whatever the program was exported with."""
    if isinstance(x, Tensor):
        return torch.empty((batch, *x.shape[1:]), dtype=x.dtype, device="meta") if x.dim() else x
    return x


class Followed(fx.Interpreter):
    """Runs a saved program node by node, and tells the recorder from which module each node was traced."""

    def run_with(self, *args: Any, **kwargs: Any) -> Any:
        """The function that is called in the place of the program's own forward."""
        flat = torch.utils._pytree.tree_leaves((args, kwargs))
        return self.run(*flat, enable_io_processing=False)

    def run_node(self, node: fx.Node) -> Any:
        """Run one node of the program."""
        recorder = _get_current_dispatch_mode()
        if isinstance(recorder, Recorder) and (stack := node.meta.get("nn_module_stack")):
            above = list(stack.values())[-1][0]
            recorder.tape.scope = path(str(above).split("@")[0].removeprefix("L['self']").strip("."))
        if node.op == "call_module" and node.target == "_guards_fn":
            return None  # which compares the shapes with those of the export
        return super().run_node(node)
