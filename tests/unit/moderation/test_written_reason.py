"""The reason that somebody writes for what they do."""

import pytest

from app.errors import InvalidInput
from app.moderation.written_reason import reason_in


def test_a_reason_is_kept_without_the_blanks_around_it() -> None:
    assert reason_in(" Moved.\n", 6) == "Moved."


@pytest.mark.parametrize(("words", "code"), [("", "missing"), (" \n", "missing"), ("Moved.", "too_long")])
def test_none_and_a_whole_story_are_refused_at_their_field(words: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        reason_in(words, 5, field="note")
    assert [(one.path, one.code) for one in refused.value.problems] == [("note", code)]
