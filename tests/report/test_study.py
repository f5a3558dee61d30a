"""The parts of the study of the guidelines in the order asked for."""

from archlens.report.study import study_result
from archlens.studies.guidelines.study import counted


def test_tables_stand_in_the_order_asked_for() -> None:
    study = counted(("g2", "g1"), scales=(1,), channels="arm")
    page = study_result(study, ("g2", "g1")).page()
    assert [table.title[:2] for table in page.tables] == ["G2", "G1"]
    assert set(study_result(study, ("g1",)).dictionary()) == {"guidelines"}


def test_one_table_of_records() -> None:
    study = counted(("table8",), scales=(1,), channels="arm")
    result = study_result(study, ("table8",))
    assert len(result.page().tables) == 2
    assert len(result.records().rows) == 22
