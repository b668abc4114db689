"""Which form a layer is entered with."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.forms import Form
from app.i18n import N_
from app.layers.aid_points.form import aid_point_form
from app.layers.organisations.form import organisation_form

FORMS: Mapping[str, Callable[[tuple[str, ...]], Form]] = MappingProxyType(
    {"aid_points": aid_point_form, "organisations": organisation_form}
)

#: What one does with the form, and what that means, in the list of what can be added.
HEADINGS: Mapping[str, str] = MappingProxyType(
    {"aid_points": N_("Add a place of help"), "organisations": N_("Add an organisation")}
)
EXPLANATIONS: Mapping[str, str] = MappingProxyType(
    {
        "aid_points": N_("A place, a phone or a page where people get help. Five steps, about five minutes."),
        "organisations": N_("Who stands behind the places of help. Three steps, about three minutes."),
    }
)
