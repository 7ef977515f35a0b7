"""The company that `./run` shows: made by code from a fixed seed, through the import."""

from services.demo.making import CODE, Made, State, make, state

__all__ = ["CODE", "Made", "State", "make", "state"]
