"""How a place can be reached and used by people with disabilities."""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from app.features.codes import AccessibilityConditions
from app.features.content import Part
from app.features.text import TranslatedNote

Answer = Literal["yes", "limited", "no", "unknown"]

#: Which condition of access an answer means, for the filter.
_MEANS: Final[Mapping[tuple[str, Answer], str]] = {
    ("step_free", "yes"): "step_free",
    ("step_free", "limited"): "partly_step_free",
    ("step_free", "no"): "not_step_free",
    ("lift", "yes"): "lift",
    ("toilet", "yes"): "accessible_toilet",
    ("hearing_loop", "yes"): "hearing_loop",
    ("sign_language", "yes"): "sign_language",
    ("quiet_room", "yes"): "quiet_room",
    ("assistance_dog", "yes"): "assistance_dog",
    ("parking", "yes"): "accessible_parking",
}


class Accessibility(Part):
    """Answers to the questions that decide whether somebody can come; each with a fourth: unknown."""

    step_free: Answer = "unknown"
    """Whether the entrance and the rooms are reached without steps."""
    lift: Answer = "unknown"
    """Whether there is a lift that takes a wheelchair."""
    toilet: Answer = "unknown"
    """Whether there is a toilet for wheelchair users."""
    hearing_loop: Answer = "unknown"
    """Whether there is a hearing loop."""
    sign_language: Answer = "unknown"
    """Whether somebody signs, in person or by video."""
    quiet_room: Answer = "unknown"
    """Whether there is a quiet room."""
    assistance_dog: Answer = "unknown"
    """Whether an assistance dog may come in."""
    parking: Answer = "unknown"
    """Whether there is parking for disabled people."""
    others: AccessibilityConditions = ()
    """Further conditions: changing table, tactile guidance, easy language, help of a companion."""
    note: TranslatedNote | None = None
    """What else to know, such as the height of a step."""

    def answers(self) -> Iterator[tuple[str, Answer]]:
        """The questions that have an answer, with it."""
        for question in dict.fromkeys(question for question, _ in _MEANS):
            answer: Answer = getattr(self, question)
            if answer != "unknown":
                yield question, answer

    def access_codes(self) -> frozenset[str]:
        """The conditions of access that the answers mean."""
        meant = {_MEANS[pair] for pair in self.answers() if pair in _MEANS}
        return frozenset((*meant, *self.others))
