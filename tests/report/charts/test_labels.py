"""Names of dots: none covers another, and all are inside."""

from itertools import combinations

from archlens.report.charts.front import Point
from archlens.report.charts.labels import HEIGHT, LETTER, LINE, place
from archlens.report.charts.pareto import pareto
from archlens.report.charts.quantity import Quantity
from archlens.report.charts.theme import WIDTH
from tests.report.charts.drawn import datasets

COST, ERROR = Quantity("multiply-adds"), Quantity("error", "%", logarithmic=False)


def test_labels_cover_no_other_label_and_stay_inside() -> None:
    points = [Point(name=f"network_number_{i}", x=100 + i, y=200 - i) for i in range(40)]
    chart = pareto(points, COST, ERROR, labels=40)
    boxes = []
    x_domain, y_domain = COST.domain(p.x for p in points), ERROR.domain(p.y for p in points)
    for table in datasets(chart):
        for row in table:
            if "dx" in row:
                left = WIDTH * place(row["x"], x_domain, COST) + row["dx"]
                middle = HEIGHT * (1 - place(row["y"], y_domain, ERROR)) + row["dy"]
                boxes.append((left, middle - LINE / 2, left + LETTER * len(row["name"]), middle + LINE / 2))
    assert len(boxes) > 3
    for box in boxes:
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= WIDTH
        assert box[3] <= HEIGHT
    for (a, b, c, d), (e, f, g, h) in combinations(boxes, 2):
        assert c <= e + 1e-9 or g <= a + 1e-9 or d <= f + 1e-9 or h <= b + 1e-9


def test_names_stand_beside_intervals_and_not_on_them() -> None:
    """Where a prediction lies is a line through its dot: left and right of it a name would be struck out."""
    points = [
        Point(name=f"net_{i}", x=10.0**i, y=20 * i, x_range=(10.0**i / 9, 10.0**i * 9)) for i in (1, 2, 3)
    ]
    rows = [row for table in datasets(pareto(points, COST, ERROR)) for row in table if "dx" in row]
    assert rows
    assert all(abs(row["dy"]) > LINE / 2 for row in rows)
    plain = [Point(name=point.name, x=point.x, y=point.y) for point in points]
    rows = [row for table in datasets(pareto(plain, COST, ERROR)) for row in table if "dx" in row]
    assert any(row["dy"] == 0 for row in rows)
