"""Lint, savings, receptive fields and checks of networks, from Python."""

from typing import TYPE_CHECKING, Any

from archlens.answers.network import Network, graph_of
from archlens.errors import UsageError
from archlens.report.answer import Answer, chart_of_fields, chart_of_gradients
from archlens.report.result import Result

if TYPE_CHECKING:
    from archlens.studies.claims import Check
    from archlens.studies.lint import Lint
    from archlens.studies.savings.result import Saving

__all__ = ["lint", "receptive_field", "reconcile", "savings", "verify"]


def lint(network: Network, *guidelines: str) -> "Answer[Lint]":
    """Where a network breaks the four guidelines of ShuffleNet V2, and what that costs.

    guidelines  only these of g1, g2, g3, g4

    >>> answer = lint("mobilenet_v2")
    >>> round(answer.found.scores["g1"], 2)
    1.12
    """
    from archlens.models.place import places_of_nodes
    from archlens.report.lint import LintReport, lint_result
    from archlens.studies.lint import guidelines_named
    from archlens.studies.lint import lint as lint_graph

    found = lint_graph(graph_of(network))
    places = places_of_nodes(network, {}) if isinstance(network, str) else {}
    report = LintReport(found, guidelines_named(guidelines), 10, places)
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
    about = f"effective receptive field of {graph.model}"
    return Answer(measured, shown, about, lambda: chart_of_gradients(measured))


def reconcile(network: Network, *counters: str, claim: str | None = None) -> "Answer[tuple[list[Any], Any]]":
    """Why another number differs: other counters beside ours, and how one must count to get a printed figure.

    counters  such as "fvcore"; all that are installed unless there is a claim
    claim     a printed figure, such as "4.12G"

    >>> reconcile("lenet5", claim="0.42M").found[1].ways[0].terms
    ()
    """
    from archlens.models.loading import resizer
    from archlens.report.reconciliation import reconciliation_as_dict, reconciliation_table
    from archlens.spec.reference import Kind, kind_of
    from archlens.studies.reconciliation.claim import check_claim, parse_claim
    from archlens.studies.reconciliation.processes import chosen

    graph, printed = graph_of(network), parse_claim(claim)
    names = chosen(counters or None) if counters or printed is None else ()
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
    from archlens.report.verification import verification_result
    from archlens.studies.verification.task import asked, checked

    if not networks:
        raise UsageError("verify takes one network at least; `archlens verify` checks all")
    found = [each for task in asked(networks, {}, None, receptive_field) for each in checked(task)]
    shown = verification_result(found, receptive_field)
    return Answer(found, shown, f"verification of {', '.join(networks)}")
