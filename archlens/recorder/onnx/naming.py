"""Names for nodes: the module paths that exporters leave in a file, made unique."""

import re
from collections import Counter
from collections.abc import Sequence

from onnx import NodeProto

__all__ = ["dotted", "path_of", "unique"]

MAX_PATH = 160
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
