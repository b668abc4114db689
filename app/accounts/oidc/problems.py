"""What can go wrong when a municipality's service says who somebody is. None of them says anything about an account."""

from typing import ClassVar

from app.errors import Forbidden, Gone, Overloaded, PomapaError


class NoSuchService(Gone):
    """This way of signing in is not offered any more. Sign in with a link by mail."""


class AttemptOver(Gone):
    """This attempt to sign in is over: it was used already, is older than ten minutes, or began in another browser. Begin again."""


class NotSignedInThere(Forbidden):
    """You have not signed in there. Begin again, or sign in with a link by mail."""


class NobodyHere(Forbidden):
    """You have signed in there, but that does not open the desk. Sign in with a link by mail, or ask whoever invited you. If this way in was disconnected once, you can connect it again in your account, or an administrator can allow it."""


class ServiceUnreachable(Overloaded):
    """The other service does not answer. Try again in a few minutes, or sign in with a link by mail."""

    logged_at_its_cause: ClassVar[bool] = True


class ServiceAnswersWrongly(PomapaError):  # noqa: N818 - named by what is wrong
    """What the other service says cannot be relied on, so nobody was signed in. Sign in with a link by mail, and tell an administrator."""

    status = 502
    logged_at_its_cause: ClassVar[bool] = True

    def __init__(self, reason: str = "") -> None:
        """Keep for the log why, in words of ours."""
        super().__init__()
        self.reason = reason
