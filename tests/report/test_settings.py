"""The settings of a network as a table."""

from archlens.report.render import render_csv
from archlens.report.settings import settings_as_dict, settings_table
from archlens.spec.catalog import find


def test_a_row_a_setting_with_the_network_s_own_value() -> None:
    rows = render_csv(settings_table(find("resnet18"))).splitlines()
    assert rows[0] == "setting,value,allowed,about"
    assert rows[1] == "block,basic,basic or bottleneck,the block that is repeated"
    assert rows[-1].startswith('input,"[3,224,224]",')


def test_the_dictionary_holds_the_default_beside_it() -> None:
    reference = find("resnet18")
    shown = settings_as_dict(reference)
    assert shown["model"] == "resnet18"
    found = {each["setting"]: each for each in shown["settings"]}
    assert [*found] == [*reference.spec.declared, "input"]
    assert (found["block"]["value"], found["block"]["default"]) == ("basic", "bottleneck")
    assert found["squeeze_excite"]["choices"] == ["none", "standard", "pre", "post", "identity"]
