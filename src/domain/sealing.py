"""Short secrets that must be kept for a while: only who knows the server's own key reads them."""

import hashlib
import secrets

_NONCE_BYTES = 16


def seal(key: bytes, text: str) -> bytes:
    """The text, unreadable without the key. Each call gives another result."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _masked(key, nonce, text.encode())


def unseal(key: bytes, sealed: bytes) -> str:
    """The text that was sealed with this key."""
    return _masked(key, sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]).decode()


def _masked(key: bytes, nonce: bytes, data: bytes) -> bytes:
    # A keyed extendable hash gives a mask that is used for this nonce alone.
    mask = hashlib.shake_256(len(key).to_bytes(2, "big") + key + nonce).digest(len(data))
    return bytes(one ^ other for one, other in zip(data, mask, strict=True))
