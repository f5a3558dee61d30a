"""A page of some networks, written once, and a browser to open it in."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archlens.report.page import Model, catalogue, page
from tests.report.page.browser import Opened, chromium, opened
from tests.wiring import incomplete

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = (
    "alexnet", "resnet18", "resnet50", "resnext50_32x4d", "seresnet50", "densenet121", "mobilenet_v1",
    "mobilenet_v2", "shufflenet_v1_g3", "shufflenet_v2_x1_0", "nasnet_a_mobile", "vit_b_16", "swin_t",
    "lenet5", "pyramidnet110_a48", "efficientnet_b0", "squeezenet1_1", "googlenet", "inception_v3",
)  # fmt: skip

Open = Callable[..., AbstractContextManager[Opened]]


@pytest.fixture(scope="session")
def models() -> tuple[Model, ...]:
    """Networks of many forms, and one whose costs are lower bounds."""
    return (*catalogue(NAMES), Model(incomplete(), title="one operator without a rule"))


@pytest.fixture(scope="session")
def written(models: tuple[Model, ...]) -> str:
    """The page of these networks."""
    return page(models)


@pytest.fixture(scope="session")
def url(written: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where it lies, as a browser opens it."""
    path: Path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_text(written, encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="package")
def browser() -> "Iterator[Browser]":
    """Chromium."""
    with chromium() as found:
        yield found


@pytest.fixture
def look(browser: "Browser", url: str) -> Open:
    """Opens a view of the page: `look("network/resnet50", color_scheme="dark")`."""

    def view(hash: str = "", **options: Any) -> AbstractContextManager[Opened]:
        return opened(browser, f"{url}#{hash}", **options)

    return view
