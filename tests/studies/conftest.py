"""Networks verified once for all tests."""

import pytest

from archlens.spec.catalog import find
from archlens.studies.claims import Check

VERIFIED = ("lenet5", "squeezenet1_1", "shufflenet_v2_x0_5")


@pytest.fixture(scope="session")
def verified() -> dict[str, tuple[Check, ...]]:
    """The checks of three small networks, by name."""
    from archlens.studies.verification import verify_model

    return {model: verify_model(find(model, until=None)) for model in VERIFIED}
