"""A private PostGIS on Debian's packages: a Unix socket, its own user, nothing to configure."""

from app.localdb.cluster import ClusterUrls, LocalCluster
from app.localdb.problems import LocalDatabaseError

__all__ = ["ClusterUrls", "LocalCluster", "LocalDatabaseError"]
