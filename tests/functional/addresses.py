"""Addresses of routes with parts that could be right, for tests that ask all of them."""

import re
import uuid
from typing import Final

_ID: Final = str(uuid.UUID(int=1))
#: By the name of the part. A new one has its line here.
RIGHT: Final = {
    **dict.fromkeys(("lang", "language", "name"), "pl"),
    **dict.fromkeys(("layer", "key"), "aid_points"),
    **dict.fromkeys(("feature_id", "submission_id", "report_id", "merge_id", "run_id", "row_id", "claim_id", "keep", "drop", "person_id"), _ID),
    **dict.fromkeys(("organisation_id", "entry_id", "passkey_id", "identity_id", "banner_id"), _ID),
    "letter_kind": "sign_in", "letter_language": "pl",
    "z": "6", "x": "35", "y": "21", "at": "1", "part": "1", "code": "PL-2661011", "slug": "x",
    "service_code": "local_bike_repair", "area_code": "PL-local_old_town", "service": "kielce",
    "draft": "A" * 22, "album": "A" * 22, "table_number": "a" * 32, "size": "small", "token": "A" * 43,
}  # fmt: skip
PART: Final = re.compile(r"{(\w+)(?::\w+)?}")


def written(path: str, **wrong: str) -> str:
    """The address of a route's path, with what is given in the place of what would be right."""
    return PART.sub(lambda part: wrong.get(part[1], RIGHT[part[1]]), path)
