"""The ledger as it is read: postings and their entries."""

from models.lists.ledger import LEDGER_ENTRIES, POSTINGS
from services.lists import Reader

postings = Reader(POSTINGS)
entries = Reader(LEDGER_ENTRIES)
