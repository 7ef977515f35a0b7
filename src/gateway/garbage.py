"""When the collector of garbage looks, and at what."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting() -> Iterator[None]:
    """What the block makes stays: it is not looked through for garbage, now or later.

    Looking at it again and again while it grows is a fifth of a start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
