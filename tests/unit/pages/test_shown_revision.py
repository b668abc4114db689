"""The signed revision in a page: read back for its feature, and for nothing else."""

import uuid

import pytest

from app.pages.shown_revision import shown_in, written

ONE, OTHER = uuid.uuid4(), uuid.uuid4()


def test_what_was_written_is_read_back_for_its_feature_alone() -> None:
    text = written("key", ONE, 12)
    assert shown_in(text, "key", ONE) == 12
    assert shown_in(text, "key", OTHER) is None
    assert shown_in(text, "another key", ONE) is None


@pytest.mark.parametrize("text", ["", "1", "1.", ".", "12.00", "²", "-1", "9" * 400, "1\u200f.x"])
def test_nothing_else_names_a_revision(text: str) -> None:
    assert shown_in(text, "key", ONE) is None


def test_the_signature_of_one_revision_is_none_of_another() -> None:
    _, _, mac = written("key", ONE, 2).partition(".")
    assert shown_in(f"1.{mac}", "key", ONE) is None
