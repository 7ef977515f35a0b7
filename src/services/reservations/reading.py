"""Reads reservations."""

from models.lists.reservations import RESERVATIONS
from services.lists import Reader

reservations = Reader(RESERVATIONS)
