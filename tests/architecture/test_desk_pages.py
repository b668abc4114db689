"""No page of the desk escapes the inspection by axe: each route stands in one of three lists."""

from pathlib import Path

from tests.browser.desk_pages import NOT_SEEN, OPENED, SEEN
from tests.functional.desk.authz_matrix import MATRIX

BROWSER = Path(__file__).parents[1] / "browser"


def test_every_page_of_the_desk_is_looked_at_or_has_a_reason() -> None:
    # The matrix is compared with the routes themselves (test_matrix.py).
    routes = {path for method, path in MATRIX if method == "GET" and path.split("/")[1] == "desk"}
    assert len(OPENED) + len(SEEN) + len(NOT_SEEN) == len(OPENED | SEEN | NOT_SEEN)
    assert OPENED.keys() | SEEN.keys() | NOT_SEEN.keys() == routes


def test_what_another_test_looks_at_stands_there() -> None:
    lost = [path for path, (file, words) in SEEN.items() if words not in (BROWSER / file).read_text("utf-8")]
    assert lost == []
