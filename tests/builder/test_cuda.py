"""The same network on a GPU."""

import copy

import pytest
import torch

import archlens

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device"),
]


def test_resnet18_computes_the_same_as_on_the_cpu() -> None:
    graph = archlens.load("resnet18", batch=2)
    torch.manual_seed(0)
    on_cuda = archlens.build(graph, device="cuda").eval()
    assert {parameter.device.type for parameter in on_cuda.parameters()} == {"cuda"}
    assert {buffer.device.type for buffer in on_cuda.buffers()} == {"cuda"}
    on_cpu = copy.deepcopy(on_cuda).cpu()
    x = torch.randn(2, 3, 224, 224)
    with torch.no_grad(), torch.backends.cudnn.flags(allow_tf32=False):
        expected, found = on_cpu(x), on_cuda(x.cuda()).cpu()
    assert torch.allclose(found, expected, rtol=1e-3, atol=1e-3)
