"""The reason that somebody writes for what they do: it is there, and it is no whole story."""

from app.errors import FieldProblem, InvalidInput
from app.i18n import N_


def reason_in(words: str, longest: int, *, field: str = "reason") -> str:
    """Give the reason as it is kept, without the blanks around it.

    `InvalidInput` at `field` where there is none, or one of more than `longest` characters.
    """
    said = words.strip()
    if not 0 < len(said) <= longest:
        code = "too_long" if said else "missing"
        raise InvalidInput(FieldProblem(field, code, N_("Write the reason in a sentence or two.")))
    return said
