"""The declaration of the layer `organisations`."""

from app.features.layer import Layer
from app.i18n import N_
from app.layers.organisations.content import Organisation
from app.layers.organisations.facets import facets
from app.layers.organisations.public import public_content

ORGANISATIONS = Layer(
    key="organisations",
    singular=N_("Organisation"),
    plural=N_("Organisations"),
    icon="building-2",
    content=Organisation,
    facets=facets,
    public_content=public_content,
)
