"""What a report must say, whoever sends it: a form or a program."""

from app.errors import FieldProblem
from app.i18n import N_
from app.taxonomy.vocabulary import load_vocabulary

#: Signs of a report at most.
LONGEST = 1000
#: Reports from one connection in an hour.
AN_HOUR = 10
WHAT_IS_WRONG = N_("Choose what is wrong.")
IN_WORDS = N_("Write in a sentence or two what is wrong.")
#: Reasons of which nobody knows what to do without a word.
NEED_WORDS = frozenset({"other"})


def problem_of_reason(reason: str, body: str) -> FieldProblem | None:
    """What is missing in a report; None when nothing is."""
    known = load_vocabulary().report_reasons.get(reason)
    if known is None or known.retired:
        return FieldProblem("reason", "unknown_code" if reason else "missing", WHAT_IS_WRONG)
    if reason in NEED_WORDS and not body:
        return FieldProblem("body", "missing", IN_WORDS)
    return None
