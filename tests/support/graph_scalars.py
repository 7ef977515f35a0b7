"""Literals for the graph's own scalars, right ones and wrong ones, for tests that make them up."""

from graphql import FloatValueNode
from hypothesis import strategies as st
from hypothesis_graphql import nodes

TEXT = st.text(st.characters(codec="utf-8"), max_size=20).map(nodes.String)
NUMBER = st.decimals(allow_nan=False, allow_infinity=False, places=6).map(
    lambda number: FloatValueNode(value=f"{number:f}")
)
SCALARS = {
    "Quantity": NUMBER | st.integers(-3, 3).map(nodes.Int),
    "Money": NUMBER,
    "DateTime": TEXT | st.datetimes().map(lambda at: nodes.String(at.isoformat() + "Z")),
    "Date": TEXT | st.dates().map(lambda day: nodes.String(day.isoformat())),
    "Cursor": TEXT,
    "Position": TEXT,
    "JSON": TEXT | NUMBER,
}
