"""A run as PyTorch sees it."""

import torch
from torch import nn

from archlens.recorder.loading import Loaded
from archlens.studies.verification.observed import observe, plainly
from tests.studies.verification import networks


def test_on_the_meta_device_and_in_earnest_it_is_the_same() -> None:
    loaded = Loaded(networks.plain().eval(), (torch.zeros(1, 3, 8, 8),), {})
    run = observe(loaded, inside=False)
    assert run == observe(loaded, inside=True)
    assert run.shapes["0"] == (1, 8, 6, 6)
    assert run.shapes["3"] == (1, 288)
    assert run.outputs == ((1, 10),)
    assert run.unread == {}


def test_a_module_stays_as_it_was() -> None:
    module = networks.plain().eval()
    before = {name: (id(x), x.clone()) for name, x in module.state_dict(keep_vars=True).items()}
    observe(Loaded(module, (torch.zeros(1, 3, 8, 8),), {}), inside=False)
    after = module.state_dict(keep_vars=True)
    assert all(
        id(after[name]) == place and torch.equal(after[name], x) for name, (place, x) in before.items()
    )
    assert not any(each._forward_hooks for each in module.modules())


def test_a_module_that_ran_twice_has_no_shape_of_its_own() -> None:
    run = observe(Loaded(networks.Twice().eval(), (torch.zeros(1, 3, 8, 8),), {}), inside=False)
    assert "conv" not in run.shapes


def test_values_are_there_where_a_module_insists() -> None:
    run = observe(Loaded(networks.Asking().eval(), (torch.ones(1, 8),), {}), inside=False)
    assert run.counted.multiply_adds == 64
    assert run.unread == {"b.weight": 32, "b.bias": 4}


def test_settings_of_pytorch_stay_as_they_were() -> None:
    before = torch.backends.mha.get_fastpath_enabled(), torch.backends.mkldnn.enabled
    with plainly():
        assert not torch.backends.mha.get_fastpath_enabled()
    assert before == (torch.backends.mha.get_fastpath_enabled(), torch.backends.mkldnn.enabled)


def test_inside_pytorch_s_own_transformer_no_shape_is_noted() -> None:
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
    run = observe(Loaded(layer, (torch.zeros(1, 6, 8),), {}), inside=False)
    assert run.shapes == {}
    assert run.outputs == ((1, 6, 8),)
