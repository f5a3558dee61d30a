"""One network: its stages, blocks and layers."""

from tests.report.page.conftest import Open


def test_a_tree_opens_to_its_layers(look: Open) -> None:
    with look("network/resnet50") as found:
        page = found.page
        rows = found.texts("table.tree tbody tr")
        assert [row.split("\t")[0].split(" ")[0].strip("▸\n ") for row in rows] == [
            "stem", "stage1", "stage2", "stage3", "stage4", "head",
        ]  # fmt: skip
        page.get_by_role("button", name="open stage1").click()
        page.get_by_role("button", name="open stage1.0").click()
        page.locator('tr[data-path="stage1.0.conv2"] .row-name').click()
        aside = page.inner_text("aside")
        assert "specs/resnet.yaml line " in aside
        assert "36.86k" in aside  # 3 · 3 · 64 · 64
        assert "at=stage1.0.conv2" in page.url
        page.locator("aside").get_by_role("button", name="stage1.0.relu1").click()
        assert "at=stage1.0.relu1" in page.url
