"""fvcore's counts, and what it says that it passes over."""

import torch
from torch import nn

from archlens.studies.verification.counters import fvcore, has_products
from tests.studies.verification import networks


def test_products_alone_are_counted() -> None:
    counted = fvcore(networks.plain().eval(), [torch.zeros(1, 3, 8, 8)])
    assert (counted.multiply_adds, counted.passed_over, counted.failed) == (27 * 8 * 36 + 2880, (), "")


def test_what_it_passes_over_is_named() -> None:
    assert fvcore(networks.Recurrent().eval(), [torch.zeros(1, 6, 8)]).passed_over == ("aten::lstm",)
    names = fvcore(networks.Scaled().eval(), [torch.zeros(1, 6, 8)]).passed_over
    assert names == ("aten::scaled_dot_product_attention",)
    assert fvcore(networks.ruled(), [torch.zeros(1, 8)]).passed_over == ("verified::right",)


def test_a_run_that_fails_is_a_line() -> None:
    counted = fvcore(nn.Linear(8, 4), [torch.zeros(1, 7)])
    assert counted.multiply_adds is None
    assert counted.failed.startswith("RuntimeError: ")
    assert "\n" not in counted.failed


def test_which_operators_have_products() -> None:
    assert all(map(has_products, ("aten::gru", "aten::rnn_tanh", "aten::lstm_cell", "mine::op", "aten::dot")))
    assert not any(map(has_products, ("aten::add", "aten::softmax", "prim::Constant", "aten::gelu")))
