"""Positions: moments of a database's recorded history, opaque to clients."""

from base64 import urlsafe_b64encode


def encode(cluster: int, transaction: int) -> str:
    """The position up to which every transaction of this database cluster is seen.

    A position of another cluster (after a restore, say) is told by its first half.
    """
    raw = cluster.to_bytes(8, "big") + transaction.to_bytes(8, "big")
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
