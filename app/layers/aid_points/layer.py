"""The declaration of the layer `aid_points`."""

from app.features.layer import Layer
from app.i18n import N_
from app.layers.aid_points.content import AidPoint
from app.layers.aid_points.facets import facets
from app.layers.aid_points.public import public_content

AID_POINTS = Layer(
    key="aid_points",
    singular=N_("Help point"),
    plural=N_("Help points"),
    icon="heart-handshake",
    content=AidPoint,
    facets=facets,
    public_content=public_content,
)
