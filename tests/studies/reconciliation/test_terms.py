"""Differences in named terms, on a graph and conventions that are easy to follow."""

from collections.abc import Callable

import pytest

from archlens.graph import Graph, Node
from archlens.studies.reconciliation.conventions import BIASED, PRODUCTS, Convention, Rate, table
from archlens.studies.reconciliation.terms import Call, Part, Term, terms
from tests.spec.written import network

SMALL = "[{conv: {out: 4, kernel: 1, bias: true}}, batch_norm, relu, global_average_pool, {linear: {out: 5}}]"
"""On 4×8×8: 4·4·64 = 1024 and 4·5 = 20 multiply-adds; 256 outputs of convolution, norm and relu."""


def by(call: Call) -> Callable[[Node], Call]:
    """Everything is run by the same."""
    return lambda node: call


def summed(graph: Graph, convention: Convention, call: Call | None = None) -> dict[str, int]:
    """The terms by name."""
    return {term.name: term.amount for term in terms(graph, convention, by(call or Call()))}


def test_who_counts_as_we_do_differs_in_nothing() -> None:
    convention = Convention(operators=table({"conv, linear": PRODUCTS}))
    assert terms(network(SMALL), convention, by(Call())) == ()


def test_who_sees_nothing_misses_everything() -> None:
    assert summed(network(SMALL), Convention()) == {"convolution missed": -1024, "linear missed": -20}
    hooks = Convention(modules=table({"Conv2d": PRODUCTS}))
    assert summed(network(SMALL), hooks) == {"functional calls missed": -1044}


def test_terms_come_the_largest_first_with_their_parts() -> None:
    convention = Convention(
        operators=table({
            "conv, linear": BIASED,
            "batch_norm": (Rate("normalisation", "inputs", 2),),
            "relu": (Rate("activations", "outputs", 3), Rate("activations", "channels", -1)),
        })
    )  # fmt: skip
    assert terms(network(SMALL), convention, by(Call())) == (
        Term("activations", 3 * 256 - 4, (Part(256, "outputs", 3), Part(4, "channels", -1))),
        Term("normalisation", 512, (Part(256, "inputs", 2),)),
        Term("bias", 256 + 5, (Part(261, "biases", 1),)),
    )


def test_two_per_multiply_add() -> None:
    doubled = table({"conv, linear": (Rate("2 per multiply-add", "multiply-adds", 2, instead=True),)})
    assert summed(network(SMALL), Convention(operators=doubled)) == {"2 per multiply-add": 1044}


def test_something_else_in_the_place_of_multiply_adds() -> None:
    once = table({
        "conv": PRODUCTS,
        "linear": (Rate("once", "biases once", 1, instead=True),),
    })  # fmt: skip
    (term,) = terms(network(SMALL), Convention(operators=once), by(Call()))
    assert term == Term("once", 5 - 20, (Part(5, "biases once", 1), Part(20, "multiply-adds", -1)))


@pytest.mark.parametrize(("exponent", "times"), [(0, 1), (1, 3), (2, 9)])
def test_modules_with_several_parents(exponent: int, times: int) -> None:
    hooks = Convention(modules=table({"Conv2d": BIASED}), modules_again=exponent)
    found = summed(network("[{conv: {out: 4, bias: true}}]"), hooks, Call("Conv2d", "torch", ways=3))
    again = (times - 1) * (1024 + 256)
    assert found == {"bias": 256} | ({"shared modules counted again": again} if again else {})


def test_hooks_see_only_modules_of_pytorch() -> None:
    hooks = Convention(modules=table({"Conv2d": PRODUCTS, "Linear": PRODUCTS}))
    assert summed(network(SMALL), hooks, Call("Conv2d", "torch")) == {}
    assert summed(network(SMALL), hooks, Call("Conv2d", "")) == {"functional calls missed": -1044}


def test_layers_by_what_their_name_contains() -> None:
    layers = Convention(layers=table({"Conv": PRODUCTS, "": (Rate("weights", "weights"),)}))
    assert summed(network(SMALL), layers, Call("MyConv", "", layer=True)) == {}
    parameters = (4 * 4 + 4) + 8 + (4 * 5 + 5)
    assert summed(network(SMALL), layers, Call("Mine", "", layer=True)) == {
        "functional calls missed": -1044,
        "weights": parameters,
    }


def test_an_entry_for_a_module_goes_before_that_for_the_operator() -> None:
    convention = Convention(operators=table({"conv, linear": PRODUCTS, "GRU.linear": ()}))
    assert summed(network(SMALL), convention, Call("GRU", "torch")) == {"recurrent layers missed": -20}


def test_what_runs_behind_a_padding_is_a_term_of_its_own() -> None:
    """On 4×8×8 a pool of 2 sees 256 elements; padded to 9×9 they are 324, and a map of ones has 81 more."""
    convention = Convention(operators=table({"average_pool": (Rate("pooling", "inputs", 2),)}))
    runs = (((1, 4, 9, 9), (1, 4, 4, 4)), ((1, 1, 9, 9), (1, 1, 4, 4)))
    graph = network("[{average_pool: {kernel: 2}}]")
    assert terms(graph, convention, by(Call(runs=runs))) == (
        Term("pooling", 512, (Part(256, "inputs", 2),)),
        Term("padding that is pooled, too", 2 * (324 + 81 - 256), (Part(324 + 81 - 256, "inputs", 2),)),
    )
