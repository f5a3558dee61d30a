"""Places, added up to findings."""

from archlens.studies.lint.finding import GUIDELINES, Place, grouped


def place(path: str, position: int, saved: int) -> Place:
    return Place(
        path=path,
        position=position,
        now="",
        instead="",
        multiply_adds=None,
        memory_access=10 * saved,
        saved=saved,
        kernels=1,
        pair=None,
    )


def test_alike_places_are_one_finding() -> None:
    places = [
        ("a", place("x", 1, 5)),
        ("b", place("y", 2, 7)),
        ("a", place("z", 3, 6)),
        ("a", place("w", 0, 5)),
    ]
    first, second = grouped("g1", "advice", places)
    assert (first.subject, first.saved, first.memory_access, first.kernels) == ("a", 16, 160, 3)
    assert [each.path for each in first.places] == ["z", "w", "x"]
    assert first.worst.path == "z"
    assert (second.subject, second.saved) == ("b", 7)


def test_the_guidelines() -> None:
    assert [*GUIDELINES] == ["g1", "g2", "g3", "g4"]
