"""What else can be asked in Python: each function answers as the command of its name does.

A network is a graph, or what finds one: a name such as "resnet50[groups=32]", a spec, "file.py:Net",
"timm:NAME", a file.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archlens.errors import UsageError
from archlens.graph import Graph
from archlens.report.answer import Answer, chart_of_fields, chart_of_speeds
from archlens.report.result import Result

if TYPE_CHECKING:
    from archlens.budgets.check import Check as BudgetCheck
    from archlens.budgets.config import Budget
    from archlens.budgets.difference import Difference
    from archlens.latency.network.conditions import Conditions
    from archlens.latency.sampling.measurement import Measurement
    from archlens.studies.claims import Check
    from archlens.studies.guidelines.study import Study
    from archlens.studies.lint import Lint
    from archlens.studies.savings.result import Saving

__all__ = [
    "check", "diff", "guidelines", "lint", "measure", "receptive_field", "reconcile", "savings", "verify",
]  # fmt: skip

Network = Graph | str


def graph_of(network: Network, input: str | None = None, batch: int = 1) -> Graph:
    """The graph of a network. Raises an ArchlensError for a name that finds none."""
    if isinstance(network, Graph):
        return network
    from archlens.cli.model import load_graph

    return load_graph(network, None, input, batch)


def lint(network: Network, *guidelines: str) -> "Answer[Lint]":
    """Where a network breaks the four guidelines of ShuffleNet V2, and what that costs.

    guidelines  only these of g1, g2, g3, g4

    >>> answer = lint("mobilenet_v2")
    >>> round(answer.found.scores["g1"], 2)
    1.12
    """
    from archlens.cli.lint import parse_guidelines, written
    from archlens.report.lint import LintReport, lint_result
    from archlens.studies.lint import lint as lint_graph

    found = lint_graph(graph_of(network))
    places = written(network, None, None) if isinstance(network, str) else {}
    report = LintReport(found, parse_guidelines(",".join(guidelines)), 10, places)
    return Answer(found, lint_result(report), f"lint of {found.graph.model}")


def savings(name: str | None = None, **settings: int | float) -> "Answer[tuple[Saving, ...]]":
    """What each classic block saves, or one of them for your numbers.

    settings  parameters of the saving, under the names of its formulas: channels=512, kernel=5

    >>> savings("bottleneck", channels=512).found[0].settings["channels"]
    512

    Raises a UsageError for a saving that nobody knows, and for parameters that do not fit.
    """
    from archlens.report.savings import saving_as_dict, saving_table, savings_as_dict, savings_table
    from archlens.studies.savings.entry import find_entry
    from archlens.studies.savings.result import compute
    from archlens.studies.savings.result import savings as every

    if name is None:
        if settings:
            raise UsageError(f"{', '.join(settings)}: say of which saving")
        found = every()
        shown = Result.of(lambda: savings_table(found), lambda: savings_as_dict(found))
        return Answer(found, shown, f"{len(found)} savings")
    one = compute(find_entry(name), settings)
    return Answer(
        (one,), Result.of(lambda: saving_table(one), lambda: saving_as_dict(one)), f"what {name} saves"
    )


def receptive_field(
    network: Network,
    *,
    depth: int = 1,
    node: str | None = None,
    effective: bool = False,
    samples: int = 16,
    seed: int = 0,
) -> "Answer[Any]":
    """How much of the input each stage sees, or with `effective`, how much of that counts, by gradients.

    depth  1 for stages, 2 for the blocks in them
    node   one node or stage only

    >>> receptive_field("resnet18").found.model
    'resnet18'
    """
    graph = graph_of(network)
    if not effective:
        from archlens.report.receptive_field import receptive_field_report

        report = receptive_field_report(graph, depth=depth, node=node)
        shown, about = Result.of(report.table, report.as_dict), f"receptive fields of {graph.model}"
        return Answer(report, shown, about, lambda: chart_of_fields(graph, depth))
    from archlens.report.effective_receptive_field import effective_table
    from archlens.report.receptive_field import position_of
    from archlens.studies.effective_receptive_field import effective_receptive_field

    position = None if node is None else position_of(graph, node)
    measured = effective_receptive_field(graph, position, samples=samples, seed=seed)
    shown = Result.of(lambda: effective_table(measured), measured.as_dict)
    return Answer(measured, shown, f"effective receptive field of {graph.model}")


def reconcile(network: Network, *counters: str, claim: str | None = None) -> "Answer[tuple[list[Any], Any]]":
    """Why another number differs: other counters beside ours, and how one must count to get a printed figure.

    counters  such as "fvcore"; all that are installed unless there is a claim
    claim     a printed figure, such as "4.12G"

    >>> reconcile("lenet5", claim="0.42M").found[1].ways[0].terms
    ()
    """
    from archlens.cli.model import Kind, kind_of
    from archlens.cli.reconcile import chosen, parse_claim, resizer
    from archlens.report.reconciliation import reconciliation_as_dict, reconciliation_table
    from archlens.studies.reconciliation.claim import check_claim

    graph, printed = graph_of(network), parse_claim(claim)
    names = chosen(",".join(counters) or None) if counters or printed is None else ()
    differences: list[Any] = []
    if names:
        from archlens.studies.reconciliation.reconcile import reconcile as compare

        module = network if isinstance(network, str) and kind_of(network) is not Kind.spec else ""
        differences = list(compare(graph, names, module=module))
    other = resizer(network, None, graph) if isinstance(network, str) else None
    found = check_claim(graph, printed, other) if printed else None
    shown = Result.of(
        lambda: reconciliation_table(graph, differences, found),
        lambda: reconciliation_as_dict(graph, differences, found),
    )
    return Answer((differences, found), shown, f"{graph.model} beside other counts")


def verify(*networks: str, receptive_field: bool = False) -> "Answer[list[Check]]":
    """Every count of networks against PyTorch, other counters and the papers, one after the other.

    networks         names, specs, modules or files
    receptive_field  check the fields against gradients in place of the counts
    """
    from archlens.cli.verify import asked, checked, result_of

    if not networks:
        raise UsageError("verify takes one network at least; `archlens verify` checks all")
    found = [each for task in asked(networks, None, None, receptive_field) for each in checked(task)]
    return Answer(found, result_of(found, receptive_field), f"verification of {', '.join(networks)}")


def diff(before: Network, after: Network, *, device: str | None = None) -> "Answer[Difference]":
    """What changed between two networks, layer by layer, and what each change costs.

    device  one whose predicted time is told, too

    >>> diff("resnet18", "resnet34").found.empty
    False
    """
    from archlens.budgets.difference import diff as make_difference
    from archlens.budgets.rows import difference_table
    from archlens.devices import find

    both = graph_of(before), graph_of(after)
    found = make_difference(*both, device=find(device) if device else None)
    shown = Result.of(lambda: difference_table(found), found.as_dict)
    return Answer(found, shown, f"{both[0].model} → {both[1].model}")


def check(config: str | Path | None = None, *names: str) -> "Answer[tuple[BudgetCheck, ...]]":
    """Networks held against their budgets, and against the baseline that is committed.

    config  archlens.toml, or a pyproject.toml with [tool.archlens]; the nearest one unless given
    names   only these budgets

    Raises a UsageError for a configuration that cannot be read.
    """
    from dataclasses import replace

    from archlens.budgets.baseline import read_baseline
    from archlens.budgets.check import check as make_check
    from archlens.budgets.config import find_config, read_config
    from archlens.budgets.place import anchored
    from archlens.budgets.report import checks_as_list, checks_table
    from archlens.cli.check import chosen

    def load(budget: "Budget", folder: Path) -> Graph:
        return graph_of(anchored(budget.model, folder), budget.input, budget.batch)

    read = read_config(Path(config or os.path.relpath(find_config(Path.cwd()))))
    read = replace(read, budgets=chosen(read, [*names]))
    found = make_check(read, load, read_baseline(read.baseline))
    return Answer(
        found, Result.of(lambda: checks_table(found), lambda: checks_as_list(found)), "networks and budgets"
    )


def measure(
    *networks: Network,
    threads: int | None = None,
    device: str = "cpu",
    batch: int = 1,
    dtype: str = "float32",
    layout: str = "nchw",
    mode: str = "eager",
    min_time: float = 2.0,
    seed: int = 0,
) -> "Answer[tuple[Measurement, ...]]":
    """How long networks take on this machine, and whether to believe it; several take turns.

    threads   on the CPU; PyTorch's choice unless given
    batch     images at once, of networks that are named
    min_time  seconds of samples of each network, at least

    What is named runs as `archlens measure` runs it; a graph is built with random weights. Nothing is kept
    in a store.

    Raises a MissingDependencyError without the packages that measuring needs.
    """
    from archlens.cli.latency_options import conditions_for
    from archlens.report.latency import latency_table

    conditions = conditions_for(device, dtype, layout, mode, threads, seed)
    found = _timed(networks, conditions, batch, min_time)
    shown = Result.of(lambda: latency_table(found), lambda: [each.as_dict() for each in found])
    return Answer(found, shown, "latency of " + ", ".join(each.subject.model for each in found))


def _timed(
    networks: Sequence[Network], conditions: "Conditions", batch: int, min_time: float
) -> "tuple[Measurement, ...]":
    """What was measured of each network, of several in turns."""
    from archlens.cli.candidate import candidate
    from archlens.latency.network.candidate import Candidate
    from archlens.latency.sampling.measure import measure as measure_one
    from archlens.latency.sampling.turns import contest

    candidates = [
        candidate(graph_of(each, None, batch), each, None, None, batch, device=conditions.device)
        if isinstance(each, str)
        else Candidate(each)
        for each in networks
    ]
    if not candidates:
        raise UsageError("measure takes one network at least")
    if len(candidates) == 1:
        return (measure_one(candidates[0], conditions, min_time=min_time),)
    return contest(candidates, conditions, min_time=min_time).measurements


def guidelines(
    *parts: str,
    measured: bool = False,
    scales: Iterable[int] = (1,),
    threads: int | None = None,
    min_time: float = 0.25,
) -> "Answer[Study]":
    """What ShuffleNet V2's guidelines say: its Tables 1 to 4 and 8, and its decomposition of run time.

    parts     of g1, g2, g3, g4, table8, breakdown; the four unless given
    measured  run the networks here, too, in turns
    scales    what channels are multiplied by: 1, 2, 4

    >>> guidelines("table8").found.networks[0].cost.multiply_adds
    40476448
    """
    from archlens.cli.guidelines import parts_of
    from archlens.report.study import study_result
    from archlens.studies.guidelines.study import counted

    asked = parts_of(parts, "text")
    study = counted(asked, scales=tuple(scales), channels="arm")
    if measured:
        from archlens.cli.latency_options import conditions_for
        from archlens.studies.guidelines.decomposition import node_times
        from archlens.studies.guidelines.speed import stopwatch
        from archlens.studies.guidelines.study import measured as run

        conditions = conditions_for("cpu", "float32", "nchw", "eager", threads, 0)
        watch, times = stopwatch(conditions, min_time), node_times(conditions, min_time)
        study = run(study, watch, times, lambda name, share: None)
    chart = (lambda: chart_of_speeds(study.networks)) if study.networks else None
    return Answer(study, study_result(study, asked), f"guidelines: {', '.join(asked)}", chart)
