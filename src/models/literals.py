"""Values as literals of SQL, for the few calls that travel with BEGIN or COMMIT.

Messages of several statements take no arguments. Values are written as hexadecimal digits, so that
nothing that a caller sends can end a literal.
"""


def octets(value: bytes) -> str:
    """Bytes."""
    return f"'\\x{value.hex()}'::bytea"


def word(value: str) -> str:
    """A text."""
    return f"convert_from({octets(value.encode())}, 'UTF8')"
