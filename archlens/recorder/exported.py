"""Programs that `torch.export` saved."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import fx
from torch.utils._python_dispatch import _get_current_dispatch_mode

from archlens.errors import RecordError, UsageError
from archlens.graph import Graph
from archlens.ops import Shape
from archlens.recorder.mode import Recorder
from archlens.recorder.naming import path
from archlens.recorder.recording import record

__all__ = ["record_exported"]


def record_exported(model: str, inputs: Mapping[str, Shape], batch: int) -> Graph:
    """The graph of a saved program, on the inputs that it was exported with unless others are given."""
    if not Path(model).is_file():
        raise RecordError(f"{model}: no such file")
    try:
        program = torch.export.load(model)
        module: Any = program.module()
    except Exception as error:
        said = next(iter(str(error).strip().splitlines()), "no reason given")
        raise RecordError(f"{model} is no exported program: {type(error).__name__}: {said}") from error
    arguments, named = program.example_inputs or ((), {})
    if inputs:
        if any(inputs):
            raise UsageError(
                f"--input {next(iter(inputs))}: an exported program takes one shape, such as 3x224x224"
            )
        arguments = (torch.empty((batch, *inputs[""]), device="meta"),)
    if not arguments and not named:
        raise UsageError(f"{model} was saved without its inputs: give --input, such as --input 3x224x224")
    module.__dict__["forward"] = Followed(module).run_with
    return record(module, arguments, named, model=Path(model).stem)


class Followed(fx.Interpreter):
    """A program run node by node, each under the path of the module that it was traced from."""

    def run_with(self, *args: Any, **kwargs: Any) -> Any:
        """The forward of the program."""
        flat = torch.utils._pytree.tree_leaves((args, kwargs))
        return self.run(*flat, enable_io_processing=False)

    def run_node(self, node: fx.Node) -> Any:
        """One operator."""
        recorder = _get_current_dispatch_mode()
        if isinstance(recorder, Recorder) and (stack := node.meta.get("nn_module_stack")):
            above = list(stack.values())[-1][0]
            recorder.tape.scope = path(str(above).split("@")[0].removeprefix("L['self']").strip("."))
        if node.op == "call_module" and node.target == "_guards_fn":
            return None  # which compares the shapes with those of the export
        return super().run_node(node)
