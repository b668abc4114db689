"""Forms for people: declared once, read strictly, shown again with everything that was typed.

A `Form` has steps, a step has blocks, a block has fields. Nothing is kept on the server between two
steps: what was typed travels as `Answers` in the page itself, and `Form.read` turns them into the
nested data that a content is read from. A problem of the content finds its field again by its path.
"""

from app.forms.answers import Answers
from app.forms.choices import Choice, Option, Section, Tick, Ticks
from app.forms.fields import Field, Text
from app.forms.form import Block, Form, Step
from app.forms.reading import Reading

__all__ = [
    "Answers",
    "Block",
    "Choice",
    "Field",
    "Form",
    "Option",
    "Reading",
    "Section",
    "Step",
    "Text",
    "Tick",
    "Ticks",
]
