"""Which rule a node has, and whether what the rule made of it agrees with what ONNX infers."""

from dataclasses import replace

from onnx import NodeProto

from archlens.ops import Shape, Unknown
from archlens.recorder.onnx import contributed
from archlens.recorder.onnx.call import Call, Rule
from archlens.recorder.onnx.constants import STANDARD
from archlens.recorder.onnx.standard import RULES
from archlens.recorder.onnx.trouble import quoted
from archlens.recorder.onnx.values import Value
from archlens.recorder.operators import Viewed

__all__ = ["agree", "rule_for", "typed", "unknown"]


def rule_for(node: NodeProto) -> Rule | None:
    """What an operator of the standard, or of onnxruntime's, is. Its files call some of its own standard."""
    if node.domain in STANDARD:
        return RULES.get(node.op_type) or contributed.MISPLACED.get(node.op_type)
    return contributed.RULES.get(node.op_type) if node.domain in contributed.DOMAINS else None


def typed(values: list[Value], dtypes: list[int]) -> list[Value]:
    """Outputs with the types that ONNX infers for them, where it does."""
    known = [*dtypes, *(0 for _ in values)]
    return [
        replace(value, dtype=dtype) if dtype else value for value, dtype in zip(values, known, strict=False)
    ]


def agree(values: list[Value], shapes: list[Shape | None], names: list[str]) -> bool:
    """Whether outputs have the shapes that ONNX infers, and none that is read is missing."""
    if len(values) < len(names) and any(names[len(values) :]):
        return False
    return all(shape is None or value.shape == shape for value, shape in zip(values, shapes, strict=False))


def unknown(call: Call, node: NodeProto) -> list[Value]:
    """An operator without a rule: it is named, and whoever adds up says that a total is a lower bound."""
    domain = "" if node.domain in STANDARD else f"{node.domain}::"
    name = quoted(f"{domain}{node.op_type}")
    first, *others = call.shapes or (None,)
    made = call.add(Unknown(name, first or ()), *call.inputs)
    outputs = [Value(first, call.dtypes[0] if call.dtypes else 0, at=made.at)]
    for shape, dtype in zip(others, call.dtypes[1:], strict=True):
        part = call.add(Viewed("output", shape or ()), Value(first or (), 0, at=made.at))
        outputs.append(Value(shape, dtype, at=part.at))
    return outputs[: len(node.output)]
