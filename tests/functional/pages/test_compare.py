"""Places side by side, for somebody who holds an answer already."""

import uuid

import httpx2

from tests.functional.conftest import Publish, aid_point

Client = httpx2.AsyncClient


async def test_a_comparison_of_nothing_is_not_found_whatever_the_client_has(
    client: Client, publish: Publish
) -> None:
    [made] = await publish(aid_point())
    gone = f"/en/compare?ids={uuid.uuid4()},{uuid.uuid4()}"
    for headers in ({}, {"If-None-Match": "*"}):
        assert (await client.get(gone, headers=headers)).status_code == 404
    there = f"/en/compare?ids={made.feature_id},{uuid.uuid4()}"
    etag = (await client.get(there)).headers["etag"]
    for held in ("*", etag):
        assert (await client.get(there, headers={"If-None-Match": held})).status_code == 304
