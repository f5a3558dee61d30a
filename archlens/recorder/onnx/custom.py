"""Rules that users give for operators of ONNX: see `archlens.rule`."""

from onnx import NodeProto

from archlens.cost import Cost
from archlens.errors import ArchlensError, OperatorError
from archlens.recorder.custom import custom_rules
from archlens.recorder.onnx.call import Call
from archlens.recorder.onnx.trouble import OnnxError
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Ruled, Viewed

__all__ = ["name_of", "ruled"]


def name_of(node: NodeProto) -> str:
    """An operator's domain and name, as `archlens.rule` takes them: ai.onnx::TopK."""
    return f"{node.domain or 'ai.onnx'}::{node.op_type}"


def ruled(call: Call, node: NodeProto) -> list[Value] | None:
    """The outputs of an operator that the user gave a rule for; None where there is none, or no known shape.

    Stored tensors that it reads are its own weights where the rule counts parameters.
    """
    name = name_of(node)
    rule = custom_rules.get(name)
    shapes = tuple(shape for shape in call.shapes if shape is not None)
    if rule is None or len(shapes) != len(call.shapes) or not shapes:
        return None
    inputs = tuple(value.shape for value in call.inputs if value.shape is not None)
    if len(inputs) != len(call.inputs):
        raise OperatorError("the shape of an input is only known in a run")
    try:
        cost: object = rule(inputs, shapes, call.attributes)
    except ArchlensError:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise OnnxError(f"the rule of {name} fails on {call.path}: {said}") from error
    if not isinstance(cost, Cost):
        raise OnnxError(f"the rule of {name} gives {type(cost).__name__}, not an archlens.Cost")
    own = tuple(value for value in call.inputs if value.fixed and value.weight) if cost.params else ()
    others = [value for value in call.inputs if all(value is not each for each in own)]
    y = call.add(Ruled(name, shapes[0], cost), *others, weights=own)
    return [y, *(call.add(Viewed("output", shape), y) for shape in shapes[1:])]
