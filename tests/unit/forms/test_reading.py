"""Nested data out of paths, and the way back to the inputs."""

from app.errors import FieldProblem
from app.forms.reading import Reading, value_at


def test_paths_make_objects_and_lists() -> None:
    reading = Reading("pl")
    reading.put("a", 1, "a")
    reading.put("list.0.x", 2, "b")
    reading.put("list.1.x", 3, "c")
    reading.put("deep.er.still", 4, "d")
    assert reading.data == {"a": 1, "list": [{"x": 2}, {"x": 3}], "deep": {"er": {"still": 4}}}
    assert reading.size("list") == 2
    assert reading.size("nothing") == 0


def test_values_are_found_by_path() -> None:
    data = {"list": [{"x": 2}], "y": "text"}
    assert value_at(data, "list.0.x") == 2
    assert value_at(data, "list.1.x") is None
    assert value_at(data, "y.z") is None
    assert value_at(None, "a") is None


def test_a_problem_goes_to_the_nearest_input_above_then_to_one_below() -> None:
    reading = Reading("pl")
    reading.put("place.position", {}, "position")
    reading.put("contacts.0.value", "x", "phones.3.value")
    found = reading.at_inputs(
        FieldProblem(path, "c", "m")
        for path in ("place.position.lng", "place", "contacts.0", "contacts.0.value", "unknown", "")
    )
    assert [problem.path for problem in found] == [
        "position",
        "position",
        "phones.3.value",
        "phones.3.value",
        "",
        "",
    ]
