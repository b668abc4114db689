"""For whom, in which language, when, at what cost: conditions that a place gives to all of its services."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.features.codes import AccessConditions, Audiences, Documents, Languages
from app.features.content import Part
from app.features.cost import Cost
from app.features.opening_hours import OpeningHours
from app.features.problems import refusal
from app.features.text import TranslatedNote

AudienceMode = Literal["everyone", "preferred", "only"]
Age = Annotated[int, Field(ge=0, le=120)]


class Ages(Part):
    """Ages that are welcome, in years, both ends included."""

    least: Age | None = None
    """The lowest age."""
    most: Age | None = None
    """The highest age."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least is None and self.most is None:
            raise refusal("missing", field="least")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise refusal("age_reversed", field="most")
        return self


class Conditions(Part):
    """Conditions of a place or of one service; what a service does not say, it inherits from its place."""

    audience_mode: AudienceMode | None = None
    """Everyone is welcome, the audiences come first, or only they are helped."""
    audiences: Audiences = ()
    """Who is meant by the mode."""
    ages: Ages | None = None
    """Ages that are welcome."""
    languages: Languages = ()
    """Languages spoken."""
    access: AccessConditions = ()
    """How to get in (walk-in, appointment, referral), the rules inside, further ways of help."""
    documents: Documents = ()
    """What to bring."""
    cost: Cost | None = None
    """What it costs."""
    hours: OpeningHours | None = None
    """Opening hours in the OSM syntax, dated exceptions at the end; empty text: not known."""
    appointment: TranslatedNote | None = None
    """How to arrange a time."""

    @model_validator(mode="after")
    def _mode_names_somebody(self) -> Self:
        if self.audience_mode in ("preferred", "only") and not self.audiences:
            raise refusal("audience_missing", field="audiences")
        return self
