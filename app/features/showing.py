"""A feature that was off the map stands on it again: what putting back and the end of a merge have in common."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.features.content import Content
from app.features.disclosure import check_disclosure
from app.features.layer import Layer
from app.features.models import FeatureState
from app.features.pyramid import Delta
from app.features.read_model import write
from app.features.revisions import NewRevision, tell, write_revisions
from app.features.setting import Setting
from app.features.spine import Spine


async def show_again(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    spine: Spine,
    content: Content,
    *,
    actor: Actor,
    action: str,
    reason: str | None,
) -> None:
    """Write revision, public rows and news of a feature that had none; `spine` is as it is from now on.

    The caller holds the layer and the feature. `InvalidInput` for a place that its services protect better by now.
    """
    await write_revisions(session, FeatureState.PUBLISHED, [NewRevision(spine)], actor, action, reason)
    delta = Delta(setting.vocabulary)
    await write(
        session,
        setting,
        layer,
        [(spine, content)],
        delta,
        check=lambda facets: check_disclosure(facets, setting.vocabulary),
    )
    await delta.apply(session)
    await tell(session, layer.key, [spine.id], "published")
