"""Names for nodes: the module paths that exporters leave in a file, made unique."""

import re
from collections import Counter
from collections.abc import Sequence

from onnx import NodeProto

from archlens.ops import Shape

__all__ = ["dotted", "path_of", "staged", "unique"]

MAX_PATH = 160
MAX_STAGES = 24
"""Rows of a table that people still read."""

SCOPES = "pkg.torch.onnx.name_scopes"
QUOTED = re.compile(r"'([^']*)'")


def path_of(node: NodeProto, weight: str) -> str:
    """Where a node stands in the network, as far as the file tells; its operator's name otherwise.

    weight  the name of its weight, if it has one: `layer1.0.conv1.weight` stands in `layer1.0.conv1`
    """
    owner, dot, last = weight.rpartition(".")
    if dot and last.lower() in ("weight", "bias", "kernel", "gamma", "scale", "weight_quantized"):
        return dotted(owner)
    for entry in node.metadata_props:
        if entry.key == SCOPES:
            scopes = [scope for scope in QUOTED.findall(entry.value[: 4 * MAX_PATH]) if scope]
            return dotted(scopes[-2] if len(scopes) > 1 else scopes[-1] if scopes else node.op_type)
    return dotted(nested(node)) or dotted(node.op_type)


def nested(node: NodeProto) -> str:
    """`/layer1/layer1.0/conv1/Conv` is the convolution of `layer1.0.conv1`."""
    if not node.name.startswith("/"):
        return node.name.replace("/", ".")
    scopes = [scope for scope in node.name[: 4 * MAX_PATH].split("/") if scope]
    if len(scopes) > 1 and re.fullmatch(rf"{re.escape(node.op_type)}(_\d+)?", scopes[-1]):
        scopes.pop()
    path: list[str] = []
    for scope in scopes:
        parts = scope.split(".")
        path += parts[1:] if path and len(parts) > 1 and parts[0] == path[-1] else parts
    return ".".join(path)


def dotted(text: str) -> str:
    """A text as a dotted path: letters, digits and _ between the dots."""
    parts = (re.sub(r"\W", "_", part, flags=re.ASCII) for part in text[:MAX_PATH].split("."))
    return ".".join(part for part in parts if part)


def unique(wanted: Sequence[tuple[str, str]]) -> list[str]:
    """A name for each (path, kind): the path where it is one node's, the path and the kind otherwise.

    No name is the parent of another, so that each can be a module's.

    >>> unique([("stem", "conv"), ("stem", "relu"), ("head", "linear")])
    ['stem.conv', 'stem.relu', 'head']
    """
    paths = Counter(path for path, _ in wanted)
    names = [path if paths[path] == 1 else f"{path}.{kind}" for path, kind in wanted]
    while True:
        parents = {name[: dot.start()] for name in names for dot in re.finditer(r"\.", name)}
        if parents.isdisjoint(names):
            break
        names = [
            f"{name}.{kind}" if name in parents else name
            for name, (_, kind) in zip(names, wanted, strict=True)
        ]
    return numbered(names)


def staged(names: Sequence[str], shapes: Sequence[Shape]) -> list[str]:
    """Names without structure, each under the size of the map that it stands at: size_56x56.Conv_12.

    A table has a row for each first part of a name. Where that would be one for most nodes, as in files of
    converters that number their nodes, the size of the map says where in the network a node is: nodes
    without a map go with those before them, and what comes after the last map is the head.
    """
    stages = {name.partition(".")[0] for name in names}
    if len(stages) <= MAX_STAGES or 2 * len(stages) < len(names):
        return list(names)
    maps = [shape[2:] if len(shape) == 4 and max(shape[2:]) > 1 else None for shape in shapes]
    if len(set(maps)) < 3:
        return list(names)
    last = max(at for at, size in enumerate(maps) if size is not None)
    stage, found = "", []
    for at, (name, size) in enumerate(zip(names, maps, strict=True)):
        if size is not None:
            stage = "size_" + "x".join(map(str, size))
        elif at > last:
            stage = "head"
        found.append(f"{stage}.{name}" if stage else name)
    return found


def numbered(names: list[str]) -> list[str]:
    """Names that stand several times get a number: relu, relu_2, relu_3."""
    taken = {name[: dot.start()] for name in names for dot in re.finditer(r"\.", name)}.union(names)
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        fresh = name
        seen[name] += 1
        if seen[name] > 1:
            while (fresh := f"{name}_{seen[name]}") in taken:
                seen[name] += 1
        taken.add(fresh)
        result.append(fresh)
    return result
