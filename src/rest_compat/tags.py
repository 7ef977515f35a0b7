"""Tags of answers, by which a caller asks whether the one that it has is still the one."""

import hashlib


def tag_of(content: bytes) -> str:
    """A weak tag: the same content is the same answer, in whatever coding it is sent."""
    return f'W/"{hashlib.blake2b(content, digest_size=16).hexdigest()}"'


def is_known(tag: str, header: str | None) -> bool:
    """Whether the If-None-Match header names the tag."""
    if header is None:
        return False
    opaque = tag.removeprefix("W/")
    tags = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in tags or opaque in tags
