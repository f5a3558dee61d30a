"""`python -m benchmarks`: archlens beside its peers, in one run."""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from math import inf
from pathlib import Path

from archlens.report import Column, Table, render_markdown, render_text
from archlens.spec.timm import NAMES
from benchmarks.analyses import analyses_beside_totals
from benchmarks.architectures import architectures
from benchmarks.bakeoff import bakeoff
from benchmarks.cold import imports, profiles
from benchmarks.engine import engine
from benchmarks.machine import load, machine
from benchmarks.memory import peaks
from benchmarks.page import pages
from benchmarks.paired import paired
from benchmarks.peers import PEERS
from benchmarks.picture import picture
from benchmarks.predicted import predictions
from benchmarks.record import memory_of_recording, recordings
from benchmarks.row import Row
from benchmarks.timm_names import as_csv, timm_names
from benchmarks.variants import thousand
from benchmarks.warm import totals_again

SECTIONS: dict[str, Callable[[int], list[Row]]] = {
    "profile": profiles,
    "import": imports,
    "memory": peaks,
    "variants": thousand,
    "warm": totals_again,
    "record": recordings,
    "record-memory": memory_of_recording,
    "analyses": analyses_beside_totals,
    "engine": engine,
    "predict": predictions,
    "paired": paired,
    "page": pages,
}
BESIDE_PEERS = ("profile", "memory", "variants", "warm", "record", "record-memory", "paired")
"""Sections in which peers are run, which have to be installed."""
SLOW = ("paired",)
"""Sections that run only where they are named: half an hour."""
BAKEOFF = "bakeoff"
TIMM = "timm"
ONNX = "onnx"
TIMM_NAMES = "timm-names"
UNHARMED = "unharmed"
STRIDES = "strides"
ROUND_TRIP = "round-trip"
PREDICTION = "prediction"
PICTURE = "picture"
ROUNDS = 7
QUICK = 2
CACHE = Path("~/.cache/archlens-prediction/graphs").expanduser()
TRIED = "~/.cache/archlens-{}.jsonl"
COLUMNS = (
    Column("subject", "measured", right=False),
    Column("contestant", "contestant", right=False),
    Column("median", "median"),
    Column("range", "min–max", priority=1),
    Column("ratio", "ratio"),
    Column("multiply_adds", "multiply-adds", priority=2),
    Column("note", "target; note", right=False),
)
NOTES = (
    "The contestants took turns in random order, after one turn each that is not counted. All of them ran "
    "from compiled bytecode, PYTHONDONTWRITEBYTECODE unset.",
    "ratio: of medians, to the first row of the group; `too close` where the ranges overlap.",
    "A peer's process imports PyTorch and the peer, builds the same ResNet-50 in plain PyTorch, and counts "
    "it; it is shown on the device, meta or CPU, where its median was lower.",
    "multiply-adds: as each of them reports. fvcore, torchinfo, ptflops and thop add work of their own "
    "choice, such as batch normalization.",
)


def table(rows: Iterable[Row], footer: tuple[str, ...]) -> Table:
    """The rows as they are shown."""
    cells: list[tuple[str, ...]] = []
    first: Row | None = None
    for row in rows:
        opens = first is None or row.subject != first.subject
        first = row if first is None or opens else first
        cells.append((row.subject if opens else "", *shown(row, first)))
    return Table(COLUMNS, tuple(cells), title="archlens beside its peers", footer=footer)


def shown(row: Row, first: Row) -> tuple[str, ...]:
    """The cells of a row but its first."""
    note = "; ".join(part for part in (row.verdict(), row.note) if part)
    counted = f"{row.counted:,}" if row.counted else ""
    if (samples := row.samples) is None:
        return (row.contestant, "", "", "", counted, note)
    return (
        row.contestant,
        f"{figure(samples.median)} {row.unit}",
        f"{figure(samples.low)}–{figure(samples.high)}",
        row.ratio(first),
        counted,
        note,
    )


def figure(value: float) -> str:
    """Three significant digits, and all of those before the point."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    alone = "; ".join(
        f"or {name}"
        for name in (BAKEOFF, TIMM, ONNX, TIMM_NAMES, UNHARMED, STRIDES, ROUND_TRIP, PREDICTION, PICTURE)
    )
    named = f"of {', '.join(SECTIONS)}; all but {', '.join(SLOW)} unless given; {alone}"
    parser.add_argument("sections", nargs="*", help=named)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} rounds instead of {ROUNDS}")
    parser.add_argument("--output", type=Path, help="write the table here too, as Markdown")
    parser.add_argument("--tables", type=Path, help=f"folder of measured times, for {PREDICTION}")
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"folder of recordings, for {PREDICTION}")
    parser.add_argument("--profiles", type=Path, help=f"write the profiles that ship here, for {PREDICTION}")
    parser.add_argument(
        "--here", type=Path, help=f"`archlens measure -f json` of this machine, for {PREDICTION}"
    )
    parser.add_argument("--kept", action="store_true", help=f"no new fits of timm's tables, for {PREDICTION}")
    long = f"for {UNHARMED}, {STRIDES} and {ROUND_TRIP}"
    parser.add_argument("--tried", type=Path, help=f"file to go on from, {long}")
    parser.add_argument("--seconds", type=float, default=inf, help=f"after which to stop, {long}")
    options = parser.parse_args()
    if options.sections == [PREDICTION]:
        if options.tables is None:
            parser.error(f"{PREDICTION} takes --tables DIR, the folder of measured times")
        from benchmarks.prediction.report import prediction

        report = prediction(
            options.tables, options.cache, options.profiles, only_kept=options.kept, here=options.here
        )
        show(report, options.output)
        return
    if options.sections == [PICTURE]:
        picture()
        return
    if options.sections == [BAKEOFF]:
        show(bakeoff(), options.output)
        return
    if options.sections in ([TIMM], [TIMM_NAMES]):
        if find_spec("timm") is None:
            parser.exit(message="timm: skipped, as it is not installed: pip install timm\n")
        if options.sections == [TIMM_NAMES]:
            NAMES.write_text(as_csv(timm_names()), encoding="utf-8", newline="")
            return
        show([architectures()], options.output)
        return
    if options.sections == [UNHARMED]:
        if missing := [name for name in ("timm", "transformers") if find_spec(name) is None]:
            parser.exit(message=f"{UNHARMED}: skipped: pip install --no-deps {' '.join(missing)}\n")
        from benchmarks.unharmed import unharmed

        show([unharmed(tried(options, UNHARMED), options.seconds)], options.output)
        return
    if options.sections == [STRIDES]:
        if find_spec("timm") is None:
            parser.exit(message=f"{STRIDES}: skipped: pip install --no-deps timm\n")
        from benchmarks.strides import strides

        show([strides(tried(options, STRIDES), options.seconds)], options.output)
        return
    if options.sections == [ROUND_TRIP]:
        from benchmarks.round_trip import round_trip

        show([round_trip(tried(options, ROUND_TRIP), options.seconds)], options.output)
        return
    if options.sections == [ONNX]:
        from benchmarks.onnx_files import files, operators  # needs onnx and onnxruntime

        show([files(), operators()], options.output)
        return
    if unknown := set(options.sections) - SECTIONS.keys():
        parser.error(f"no section is called {', '.join(sorted(unknown))}")
    sections = options.sections or [name for name in SECTIONS if name not in SLOW]
    missing = [peer for peer in PEERS if peer != "FlopCounterMode" and find_spec(peer) is None]
    if missing and not set(BESIDE_PEERS).isdisjoint(sections):
        parser.exit(1, f"{', '.join(missing)}: not installed; `make .venv/bench-ready` installs the peers\n")
    rounds = QUICK if options.quick else ROUNDS
    before = load()
    rows: list[Row] = []
    for name in sections:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows += SECTIONS[name](rounds)
    run = f"{rounds} rounds; load average {before} before, {load()} after."
    show([table(rows, (*NOTES, f"{machine()}; {run}"))], options.output)


def tried(options: argparse.Namespace, section: str) -> Path:
    """The file that a long section goes on from."""
    return options.tried or Path(TRIED.format(section)).expanduser()


def show(tables: Iterable[Table], output: Path | None) -> None:
    """Print tables, and write them to a file as Markdown."""
    listed = list(tables)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    sys.stdout.write("\n".join(render_text(each, width=width) for each in listed))
    if output:
        output.write_text("\n".join(map(render_markdown, listed)), encoding="utf-8")


if __name__ == "__main__":
    main()
