"""`archlens calibrate`"""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from archlens import __version__
from archlens.cli.latency_options import Device, Layout, Mode, Seed, StoreFile, Threads
from archlens.cli.model import load_graph
from archlens.cli.output import write
from archlens.cli.progress import Progress
from archlens.errors import ArchlensError, DeviceError, MissingDependencyError, StoreError, UsageError
from archlens.latency.requirements import conditions_for

if TYPE_CHECKING:
    from archlens.devices.calibration import Calibration
    from archlens.devices.plan import Task
    from archlens.devices.profile import DeviceProfile
    from archlens.latency.machine.description import Machine
    from archlens.latency.network.conditions import Conditions
    from archlens.latency.store.store import OpenRun, Store

__all__ = ["calibrate"]

SECONDS = {"cpu": 180.0, "cuda": 60.0}
"""How long a calibration takes unless it is told."""


def calibrate(
    device: Device = "cpu",
    threads: Threads = None,
    dtype: Annotated[
        str, typer.Option(help="Of weights and data: float32, bfloat16, float16 or float64.")
    ] = "float32",
    layout: Layout = "nchw",
    mode: Mode = "eager",
    seconds: Annotated[
        float | None,
        typer.Option(
            min=1.0, max=86400.0, help="How long it may take: 180 on a CPU, 60 on a GPU unless given."
        ),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="TIMES.CSV",
            readable=False,
            help="Fit a table instead of measuring: columns model, input, batch, and seconds, milliseconds "
            "or images_per_second.",
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=VALUE", help="Only these rows of the table; may be repeated."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="What the device is called; its own name unless given.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            readable=False,
            help="Write the profile there, and not where --device finds it by name.",
        ),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew, and not where an earlier try was interrupted.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Make a profile of noisy times, too, which says that it is one.")
    ] = False,
    seed: Seed = 0,
    store: StoreFile = None,
) -> None:
    """Make a device known, by measuring this machine or from a table of somebody's times.

    Twenty networks and some layers run in turns, in random order. Every time is kept as it is taken: after
    Ctrl-C the same command goes on. Where the machine was too noisy, there is no profile.
    """
    if table is None and where:
        raise UsageError(f"--where {where[0]} chooses rows of a table: --from TIMES.CSV")
    if table is not None:
        from_table(table, where or [], name, output)
        return
    conditions = conditions_for(device, dtype, layout, mode, threads, seed)
    from archlens.devices.calibrated import check_name, name_of_machine
    from archlens.devices.plan import tasks
    from archlens.latency.machine.description import describe

    here = describe()
    own = name_of_machine(here.processor, here.gpu, conditions, threads or here.threads)
    called = check_name(name or (output.stem if output else own))
    path = target(called, output)
    with open_kept(store) as keeper:
        notebook = Notebook(keeper)
        found = measured(tasks(device), conditions, seconds or SECONDS[device], notebook, fresh=fresh)
        finish(found, conditions, called, path, notebook, force=force)


def finish(
    found: "Calibration",
    conditions: "Conditions",
    name: str,
    path: Path,
    notebook: "Notebook",
    *,
    force: bool,
) -> None:
    """Fit the times and write the profile; where that came to no end, the times can be gone on from."""
    from archlens.devices.calibrated import doubted, of_machine

    for said in found.left_out:
        write(f"archlens: left out: {said}\n", error=True)
    if found.interrupted:
        notebook.finish(found, done=False)
        said = f"interrupted after {found.elapsed:.0f} s; all times are kept, and the same command goes on"
        write(f"archlens: {said}\n", error=True)
        raise typer.Exit(130)
    done = True
    try:
        if found.noise.refusals and not force:
            raise DeviceError(
                f"too noisy for a profile: {'; '.join(found.noise.refusals)}. Try again when nothing else "
                "runs, or see what it gives with --force"
            )
        with Progress() as progress:
            progress.show("fitting", 1.0, now=True)
            profile = of_machine(found, conditions, name, today())
        done = False
        save(doubted(profile, found.noise.warnings), path)
        done = True
    finally:
        notebook.finish(found, done=done)


class Notebook:
    """Writes what a calibration measures into a store, a run for each task, and remembers what goes wrong."""

    def __init__(self, store: "Store") -> None:
        self.store = store
        self.told: dict[str, Any] = {"archlens": __version__, "try": uuid4().hex[:8]}
        self.runs: dict[int, OpenRun] = {}
        self.problem: StoreError | None = None

    def begin(self, task: int, description: dict[str, Any], machine: "Machine") -> None:
        """Open the run of a task."""
        try:
            self.runs[task] = self.store.begin({**description, **self.told}, machine.as_dict())
        except StoreError as problem:
            self.problem = problem

    def add(self, task: int, seconds: float) -> None:
        """Keep a turn. What cannot be written now is written with a later one."""
        if (run := self.runs.get(task)) is not None:
            try:
                run.add(seconds)
            except StoreError as problem:
                self.problem = problem

    def finish(self, found: "Calibration", *, done: bool) -> None:
        """Close the runs with what came out; unless that was the end of it, it can be gone on from."""
        self.problem = None
        for task, measurement in zip(found.positions, found.measurements, strict=True):
            if (run := self.runs.get(task)) is not None:
                try:
                    run.finish({**measurement.results(), "calibrated": done})
                except StoreError as problem:
                    self.problem = problem
        if self.problem is not None:
            write(f"archlens: {self.problem}\n", error=True)


def measured(
    tasks: "Sequence[Task]", conditions: "Conditions", seconds: float, notebook: Notebook, *, fresh: bool
) -> "Calibration":
    """The tasks timed in turns; every turn is kept as it is taken, and what an earlier try left is used.

    Raises an ArchlensError for what cannot run here, and where Ctrl-C came before a round was whole.
    """
    from archlens.devices.calibration import Listener
    from archlens.devices.calibration import calibrate as take_times
    from archlens.devices.earlier import Earlier, earlier_tries, key_of
    from archlens.latency.machine.description import describe

    store, key = notebook.store, key_of(tasks, conditions)
    notebook.told["calibration"] = key
    fingerprint = describe().fingerprint
    earlier = Earlier() if fresh else earlier_tries(store.runs(), store.samples, key, fingerprint)
    if earlier.tries:
        said = f"goes on from {earlier.seconds:.0f} s of an earlier try; --fresh begins anew"
        write(f"archlens: {said}\n", error=True)
    try:
        with Progress() as progress:
            return take_times(
                tasks,
                conditions,
                seconds=seconds,
                earlier=earlier,
                listener=Listener(shown=progress.show, begun=notebook.begin, sampled=notebook.add),
            )
    except KeyboardInterrupt:
        write("archlens: interrupted before every network had its turn\n", error=True)
        raise typer.Exit(130) from None


def from_table(path: Path, where: list[str], name: str | None, output: Path | None) -> None:
    """Fit a table of times, and write the profile."""
    if find_spec("numpy") is None:
        raise MissingDependencyError("fitting needs NumPy", extra="measure")
    from archlens.devices.calibrated import check_name, of_table
    from archlens.devices.matching import matched
    from archlens.devices.table import read_table

    chosen = {}
    for each in where:
        column, equals, value = each.partition("=")
        if not equals or not column.strip():
            raise UsageError(f"--where {each}: expected a column and its value, such as engine=eager")
        chosen[column.strip().lower()] = value.strip()
    found = read_table(path, chosen)
    called = check_name(name or (output.stem if output else path.stem))
    to = target(called, output)
    with Progress() as progress:
        matches, said = matched(
            found.rows, lambda model, input, batch: load_graph(model, None, input, batch), path, progress.show
        )
        progress.show("fitting", 1.0, now=True)
        for line in said:
            write(f"archlens: left out: {line}\n", error=True)
        profile = of_table(matches, found.about, path, called, today())
    save(profile, to)


def target(name: str, output: Path | None) -> Path:
    """Where a profile goes. Raises an ArchlensError where nothing can be written, before time is spent."""
    from archlens.devices.catalog import own_folder

    if output is not None:
        if not output.resolve().parent.is_dir():
            raise ArchlensError(f"{output}: cannot be written: there is no folder {output.resolve().parent}")
        return output
    folder = own_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchlensError(f"{folder}: cannot be made: {error.strerror}; give -o FILE") from error
    return folder / f"{name}.json"


def save(profile: "DeviceProfile", path: Path) -> None:
    """Write a profile, and say what it is and how it is used."""
    from archlens.devices.catalog import own_folder
    from archlens.devices.device import told
    from archlens.devices.profile import write_profile

    write_profile(profile, path)
    for line in told(profile):
        write(f"{line}\n")
    device = profile.name if path.parent == own_folder() else str(path)
    write(f"kept in {path}: archlens predict resnet50 --device {device}\n")


def today() -> str:
    """The date, as ISO 8601 has it."""
    return datetime.now(UTC).date().isoformat()


def open_kept(store: Path | None) -> "Store":
    """The store that times go to. Raises a StoreError."""
    from archlens.latency.store.store import Store

    return Store.open(store)
