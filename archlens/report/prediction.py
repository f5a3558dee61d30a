"""How long a network is said to take on a device: in all, stage by stage, and by kind of work."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from archlens.analyses import Row, rows_by_stage, rows_by_work, totals
from archlens.devices import Device, estimate, told
from archlens.devices.estimate import PARTS, Estimate, Parts, binding
from archlens.errors import DeviceError
from archlens.graph import Graph
from archlens.ops import Shape
from archlens.quantity import duration, plural, spread
from archlens.report.render import framed, notebook, render_text
from archlens.report.table import AtLeast, Column, Table, of_a_hundred, seconds_shown, share, text

if TYPE_CHECKING:
    import pandas

    from archlens.report.charts.theme import Chart

__all__ = ["Prediction", "predict", "rate"]

By = Literal["stage", "work"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """How long one batch of a network takes on a device that need not be here.

    model, input  the network, and the shape of its input, batch first
    estimate      seconds node by node, with their interval
    stages        the rows by stage; `work` by kind of work
    intensity     multiply-adds for each byte read and written; None where nothing is
    uncosted      names of the nodes without a rule: with any, the time is a lower bound
    about         what the device is and how good its times are, a sentence each
    graph         that was predicted
    """

    model: str
    input: Shape
    estimate: Estimate
    stages: tuple[Row, ...]
    work: tuple[Row, ...]
    intensity: float | None
    uncosted: tuple[str, ...]
    about: tuple[str, ...]
    graph: Graph = field(repr=False, compare=False)

    @property
    def complete(self) -> bool:
        """Whether every operator was costed."""
        return not self.uncosted

    @property
    def latency(self) -> float | AtLeast:
        """Seconds of a batch; at least so many where some operator could not be costed."""
        return self.estimate.seconds if self.complete else AtLeast(self.estimate.seconds)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which seconds it lies; None for a lower bound, and where nobody knows."""
        return self.estimate.interval if self.complete else None

    @property
    def images_per_second(self) -> float | None:
        """Throughput at this batch; None where the time is a lower bound."""
        seconds = self.estimate.seconds
        return self.estimate.batch / seconds if self.complete and seconds else None

    @property
    def bound_by(self) -> str:
        """What most of the time goes to: arithmetic, memory, weights or launches."""
        return self.estimate.bound_by()

    def as_dict(self) -> dict[str, Any]:
        """The prediction as `--format json` prints it.

        latency_s and interval_s are null where an operator could not be costed: lower_bound_s is what is
        known then.
        """
        found = self.estimate
        result: dict[str, Any] = {
            "model": self.model,
            "device": found.device,
            "batch": found.batch,
            "latency_s": found.seconds if self.complete else None,
            "interval_s": list(self.interval) if self.interval else None,
            "level": found.level,
            "rows": [*self._rows("stage"), *self._rows("work")],
            "outside": list(found.outside),
            "input": list(self.input),
            "images_per_second": self.images_per_second,
            "bound_by": self.bound_by,
            "parts_s": dict(zip(PARTS, found.parts(), strict=True)),
            "constant_s": found.constant,
            "batch_beyond_launches": found.batch_beyond_launches,
            "multiply_adds_per_byte": self.intensity,
            "ridge": found.ridge,
            "about": list(self.about),
        }
        if not self.complete:
            result |= {"lower_bound_s": found.seconds, "uncosted": list(self.uncosted)}
        return result

    def _rows(self, by: By) -> list[dict[str, Any]]:
        shown = []
        for row in self.stages if by == "stage" else self.work:
            parts = self.estimate.parts(row.positions)
            shown.append(
                {
                    "by": by,
                    "name": row.name,
                    "seconds": sum(parts),
                    "share": sum(parts) / self.estimate.seconds if self.estimate.seconds else None,
                    "bound_by": binding(parts),
                    **{f"{name}_s": seconds for name, seconds in zip(PARTS, parts, strict=True)},
                    "complete": row.complete,
                }
            )
        return shown

    def table(self, by: By = "stage") -> Table:
        """The time of each stage or kind of work, and what it goes to."""
        rows = [
            self._cells(row.name, self.estimate.parts(row.positions), row.complete)
            for row in (self.stages if by == "stage" else self.work)
        ]
        if self.estimate.constant:
            rows.append(self._cells("once a run", (0.0, 0.0, 0.0, 0.0), True, self.estimate.constant))
        whole = self._cells("total", self.estimate.parts(), self.complete, self.estimate.constant)
        shape = "×".join(map(str, self.input))
        return Table(
            COLUMNS,
            tuple(rows),
            whole,
            f"{self.model} on {self.estimate.device}, input {shape}, predicted",
            self.notes() if by == "stage" else (),
        )

    def _cells(self, name: str, parts: Parts, complete: bool, constant: float = 0.0) -> tuple[Any, ...]:
        seconds = sum(parts) + constant
        whole = self.estimate.seconds
        return (
            name,
            seconds if complete else AtLeast(seconds),
            seconds / whole if whole else None,
            *(part / seconds if seconds else None for part in parts),
            binding(parts),
            complete,
        )

    def notes(self) -> tuple[str, ...]:
        """What stands below: the time with its interval, what binds, and how much to believe it."""
        lines = [self._headline()]
        if self.intensity is not None and self.estimate.ridge is not None:
            side = "below" if self.intensity < self.estimate.ridge else "above"
            lines.append(
                f"{self.intensity:.3g} multiply-adds a byte, {side} the device's ridge at "
                f"{self.estimate.ridge:.3g}"
            )
        lines.append(self._launches())
        lines += [f"outside: {sentence}" for sentence in self.estimate.outside]
        return (*lines, *self.about)

    def _headline(self) -> str:
        if not self.complete:
            names = ", ".join(self.uncosted[:3]) + (", …" if len(self.uncosted) > 3 else "")
            return (
                f"at least {duration(self.estimate.seconds)}: {plural(len(self.uncosted), 'operator')} "
                f"without a rule: {names}"
            )
        level = f", {spread(self.interval)} for {100 * self.estimate.level:.0f} % of networks"
        return (
            f"{duration(self.estimate.seconds)} a batch{level if self.interval else ''}; "
            f"{rate(self.images_per_second)} images a second"
        )

    def _launches(self) -> str:
        beyond = self.estimate.batch_beyond_launches
        if beyond is None:
            return "launches bind at any batch"
        return "launches do not bind" if beyond == 1 else f"launches stop to bind at a batch of {beyond}"

    def plot(self, kind: str = "breakdown", by: By = "stage") -> "Chart":
        """A chart of where the time goes: breakdown, by stage or by work, or roofline. Needs `[charts]`.

        Raises a UsageError for another kind.
        """
        from archlens.report.charts.plot import plot_forecast

        return plot_forecast(kind, self.graph, self.estimate, self.about, by)

    def frame(self) -> "pandas.DataFrame":
        """The rows by stage as a pandas DataFrame. Needs pandas."""
        return framed(self.table())

    def __str__(self) -> str:
        return "\n".join(render_text(self.table(by)) for by in ("stage", "work"))

    def _repr_html_(self) -> str | None:
        """What a notebook shows."""
        shown = [notebook(self.table(by)) for by in ("stage", "work")]
        return None if None in shown else "".join(map(str, shown))


def rate(value: Any) -> str:
    """Images a second: 1203, 17.4."""
    return "" if value is None else f"{value:.0f}" if value >= 1000 else f"{value:.3g}"


COLUMNS = (
    Column("name", "", text, right=False),
    Column("seconds", "time", seconds_shown),
    Column("share", "%", share, priority=1),
    Column("arithmetic", "arith\u00ad\nmetic", of_a_hundred),
    Column("memory", "memory", of_a_hundred),
    Column("weights", "weights", of_a_hundred),
    Column("launches", "launches", of_a_hundred),
    Column("bound_by", "bound by", text, right=False),
    Column("complete", "complete", machine=True),
)


def predict(graph: Graph, device: "Device | str", *, force: bool = False) -> Prediction:
    """How long a network takes on a device, which need not be here.

    device, force  as `archlens.predict` has them

    Raises a DeviceError for a device that nobody knows, and for a network that is too far away.
    """
    from archlens.devices import find

    known = find(device) if isinstance(device, str) else device
    found = estimate(graph, known)
    if found.refused and not force:
        raise DeviceError(f"{graph.model} {found.refused}; --force predicts it all the same")
    cost = totals(graph)
    moved = cost.memory_access * found.itemsize
    return Prediction(
        model=graph.model,
        input=graph.input_shape,
        estimate=found,
        stages=rows_by_stage(graph),
        work=rows_by_work(graph),
        intensity=cost.multiply_adds / moved if moved else None,
        uncosted=tuple(node.name for node in graph.uncosted),
        about=told(known),
        graph=graph,
    )
