"""The links that a submitter gets: each is made from the submission's id and the secret key, and stored nowhere.

Whoever reads the database cannot make one, and whoever has one can do with it what its purpose says and
nothing else. What a link may do only once is guarded by the state of the submission.

`confirm` and `status` come by mail alone, so that whoever has one reads the mails of the address. `sent` is for
the browser that sent the form, which may have typed anybody's address: it shows where the submission is and
can do nothing.
"""

import uuid
from typing import Literal

from app.errors import NotFound
from app.mail import links

Purpose = Literal["confirm", "status", "sent"]


class LinkNotFound(NotFound):
    """This link is not complete or no longer valid."""


def make_token(secret: str, purpose: Purpose, submission_id: uuid.UUID) -> str:
    """Give the last part of a link: 43 letters, digits, hyphens and underscores."""
    return links.make_token(secret, f"submission {purpose}", submission_id)


def read_token(secret: str, purpose: Purpose, token: str) -> uuid.UUID:
    """Give the submission that a token was made for; `LinkNotFound` for anything that we did not make."""
    submission_id = links.read_token(secret, f"submission {purpose}", token)
    if submission_id is None:
        raise LinkNotFound
    return submission_id


def mailed_link(
    public_url: str, language: str, purpose: Purpose, submission_id: uuid.UUID
) -> links.SecretLink:
    """Give the link for a mail to the submitter."""
    return links.SecretLink(f"{public_url}/{language}/{purpose}/", f"submission {purpose}", submission_id)
