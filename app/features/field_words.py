"""What the members of a content are called, for people: in the past of a feature and at the desk."""

from collections.abc import Mapping
from typing import Final

from app.i18n import N_

FIELD_WORDS: Final[Mapping[str, str]] = {
    "name": N_("Name"),
    "also_known_as": N_("Other names"),
    "description": N_("Description"),
    "services": N_("Services"),
    "channel": N_("How help is given"),
    "address": N_("Address"),
    "place": N_("Place on the map"),
    "area_served": N_("Area served"),
    "areas": N_("Area served"),
    "contacts": N_("Contact"),
    "website": N_("Website"),
    "accessibility": N_("Accessibility"),
    "organisation": N_("Organisation"),
    "photos": N_("Photos"),
    "notices": N_("Notices"),
    "status": N_("Status"),
    "valid_from": N_("Valid from"),
    "valid_until": N_("Valid until"),
    "audiences": N_("For whom"),
    "audience_mode": N_("Who may come"),
    "ages": N_("Age"),
    "languages": N_("Languages"),
    "access": N_("How to get in"),
    "documents": N_("Documents"),
    "cost": N_("Cost"),
    "hours": N_("Opening hours"),
    "appointment": N_("By appointment"),
    "sector": N_("Sector"),
    "legal_form": N_("Legal form"),
    "identifiers": N_("Register numbers"),
}
