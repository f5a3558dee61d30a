"""What a variant of a network costs: settings → numbers by the names of their metrics, again and again."""

from collections.abc import Iterable, Mapping
from typing import Any

from archlens.analyses.segments import Segments
from archlens.devices import Device, estimate
from archlens.devices import find as find_device
from archlens.devices.variants import Timer
from archlens.errors import DeviceError, UsageError, nearest
from archlens.graph import Graph
from archlens.report.engine import OF_SECTIONS, in_series, metrics_of
from archlens.report.metric import BY_KEY, number_of
from archlens.report.metric_name import LATENCY, SCORES, SEVERAL_NUMBERS
from archlens.report.profile import DTYPES, profile
from archlens.spec.catalog import Reference, as_value, find
from archlens.spec.lower import outline
from archlens.spec.memo import Memo
from archlens.spec.read import Value
from archlens.spec.section import Section
from archlens.studies.lint import lint

__all__ = ["Evaluator", "metrics_of_variants"]


def metrics_of_variants() -> tuple[str, ...]:
    """Every metric that a variant has: the columns of `profile` that are numbers, the time, the scores."""
    return (*(key for key in BY_KEY if key not in SEVERAL_NUMBERS), LATENCY, *SCORES)


class Evaluator:
    """The metrics of one network under any settings.

    >>> evaluate = Evaluator("shufflenet_v2", ("params", "layers"))
    >>> evaluate({"head": 2048})
    {'params': 3779788, 'layers': 51}

    model    a model reference: a name, a spec file, with settings in brackets
    metrics  by the names of `profile`'s columns; `latency`, in seconds; `g1` to `g4`
    device   what the latency is predicted for: a device, or the name of one
    batch    images at once
    dtype    what turns elements into bytes

    whole    whether a metric takes the whole graph of each variant: milliseconds and no fraction of one

    It is what it was made of that is pickled, so that each process of a pool can have one for little.

    Raises a UsageError for a metric that a variant does not have, or a latency without a device; what finding
    the model and the device raises.
    """

    def __init__(
        self,
        model: str,
        metrics: Iterable[str] = ("params", "multiply_adds", "memory_access"),
        device: Device | str | None = None,
        batch: int = 1,
        dtype: str = "float32",
    ) -> None:
        self.model = model
        self.metrics = tuple(metrics)
        self.device = find_device(device) if isinstance(device, str) else device
        self.batch = batch
        self.dtype = dtype
        known = metrics_of_variants()
        for name in self.metrics:
            if name not in known:
                raise UsageError(f"{name} is no metric of a variant{nearest(name, known)}")
        if LATENCY in self.metrics and self.device is None:
            raise UsageError("latency takes a device that it is predicted for: `archlens devices` lists them")
        if dtype not in DTYPES:
            raise UsageError(f"dtype {dtype} is not one of {', '.join(DTYPES)}")
        self.whole = not {*self.metrics} <= {*OF_SECTIONS, LATENCY}
        self.reference: Reference = find(model)
        self._timer = None if self.device is None else Timer(self.device, batch)
        self._memo = Memo()
        self._segments = Segments()

    def __reduce__(self) -> tuple[Any, ...]:
        return Evaluator, (self.model, self.metrics, self.device, self.batch, self.dtype)

    def __call__(
        self, settings: Mapping[str, object], input_shape: tuple[int, ...] | None = None
    ) -> dict[str, Any]:
        """The metrics of one variant, in the order in which they were asked for.

        settings     overrides of the spec's settings, and of those in the reference
        input_shape  of one image, without the batch; the spec's own unless given

        A metric that the variant does not have, such as a ratio of nothing, is None.

        Raises a UsageError or a SpecError that tells why a variant does not fit, and a DeviceError where it
        is too far from all that the device was seen to run.
        """
        overrides = {name: as_value(value) for name, value in settings.items()}
        if input_shape is not None:
            overrides["input"] = tuple(input_shape)
        if self.whole:
            return self.of_graph(self.reference.lower(overrides, batch=self.batch))
        chosen = self.reference.settings(overrides)
        section = outline(self.reference.spec, chosen, batch=self.batch, memo=self._memo)
        if not in_series(section):  # what comes behind the main output is not in series with it
            return self.of_graph(self.reference.lower(overrides, batch=self.batch))
        return self.of_section(section, overrides)

    def of_section(self, section: Section, overrides: Mapping[str, Value]) -> dict[str, Any]:
        """The metrics of a network, of its sections."""
        found = metrics_of(section, self._segments, self.metrics, self.dtype)
        if self._timer is not None and LATENCY in self.metrics:
            try:
                found[LATENCY] = self._timer.seconds(section, self._segments)
            except DeviceError as error:
                raise DeviceError(f"{self.reference.named(overrides)} {error}") from error
        return {name: found[name] for name in self.metrics}

    def of_graph(self, graph: Graph) -> dict[str, Any]:
        """The metrics of a graph, each as the command says it that is about it."""
        found: dict[str, Any] = {}
        if any(name in BY_KEY for name in self.metrics):
            made = profile(graph, dtype=self.dtype)
            found |= made.metrics(made.whole)
            found["receptive_field"] = number_of(found["receptive_field"])
        if LATENCY in self.metrics:
            assert self.device is not None
            told = estimate(graph, self.device)
            if told.refused:
                raise DeviceError(f"{graph.model} {told.refused}")
            found[LATENCY] = told.seconds
        if any(name in SCORES for name in self.metrics):
            found.update((str(name), score) for name, score in lint(graph).scores.items())
        return {name: found[name] for name in self.metrics}
