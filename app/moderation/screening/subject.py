"""What is screened: a submission as it was sent, or as somebody wants to publish it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from app.moderation.models import Submission
from app.moderation.screening.names import ORGANISATIONS


@dataclass(frozen=True, slots=True)
class Subject:
    """A content, JSON-ready, and what is known of the submission that it is of; `email` is its author's, if any."""

    id: uuid.UUID
    layer: str
    kind: str
    channel: str
    feature_id: uuid.UUID | None
    email: str | None
    content: Mapping[str, Any]

    @classmethod
    def of(cls, submission: Submission) -> Self:
        """Give a submission as it was sent."""
        return cls(
            submission.id,
            submission.layer,
            submission.kind,
            submission.channel,
            submission.feature_id,
            submission.contact_email,
            submission.content,
        )

    @property
    def is_new_organisation(self) -> bool:
        """Whether somebody proposes an organisation that is not on the map."""
        return self.layer == ORGANISATIONS and self.kind == "new"

    @property
    def is_imported(self) -> bool:
        """Whether it came in a file with others like it."""
        return self.channel == "import"
