"""Imports: their state, staged rows and planned lines, and the movements that they have taken."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from models.base import (
    Instant,
    Key,
    Money,
    Quantity,
    created_at,
    optional,
    required,
    tenant_table,
    to,
    updated_at,
)

# STAGING: rows come in, are checked and reference data is put in place; starts anew after a crash.
# POSTING: all that is to be posted is planned; goes on after the last posted batch.
STATES = ("STAGING", "POSTING", "DONE", "REFUSED", "REHEARSED", "ABANDONED")

imports = tenant_table(
    "imports",
    required("id", Key),
    required("state", Text, "'STAGING'"),
    required("folder", Text),  # its name, for people
    required("fingerprint", LargeBinary),  # of its files and options: the same folder resumes
    required("options", JSONB),
    required("report", JSONB, "'{}'"),
    required("planned_batches", Integer, "0"),
    required("posted_batches", Integer, "0"),
    created_at(),
    updated_at(),
    optional("finished_at", Instant),
    CheckConstraint(f"state in {STATES}", name="state_known"),
    CheckConstraint("posted_batches between 0 and planned_batches", name="posted_are_planned"),
    Index("ix_imports_created", "tenant_id", "created_at"),
)

# Rows of the files as they stand there, checked whole before anything is posted. The cells are in
# the order of the format; a column that the file does not have is null, an empty cell is ''.
# Without foreign keys: both tables are filled by the million and emptied when the import ends.
import_rows = tenant_table(
    "import_rows",
    required("import_id", Key),
    required("file", Key),
    required("line", Integer),
    optional("record_id", Key),  # the id of the record that the row is about
    optional("made", Boolean),  # whether that record is a new one
    optional("identity", LargeBinary),  # of a movement
    Column("cells", ARRAY(Text), nullable=False),
    key=("import_id", "file", "line"),
    rooted=False,
)

# What is to be posted, in order; a batch is one posting in one transaction.
import_lines = tenant_table(
    "import_lines",
    required("import_id", Key),
    required("batch", Integer),
    required("position", BigInteger),
    required("kind", Text),
    required("product_id", Key),
    required("location_id", Key),
    optional("bin_id", Key),
    optional("lot_id", Key),
    optional("delta", Quantity),  # either a change, or
    optional("level", Quantity),  # what the bucket is to hold, whatever it holds by then
    optional("occurred_at", Instant),
    optional("unit_cost", Money),
    optional("unit_price", Money),
    optional("channel_id", Key),
    optional("reference", Text),
    optional("identity", LargeBinary),
    optional("cells", ARRAY(Text)),
    CheckConstraint("(delta is null) <> (level is null)", name="delta_or_level"),
    key=("import_id", "batch", "position"),
    rooted=False,
)

# Movements at a location that are in the ledger: a movement's identity is taken once.
imported_movements = tenant_table(
    "imported_movements",
    required("identity", LargeBinary),
    required("posting_id", Key),
    required("ordinal", Integer),
    required("occurred_at", Instant),
    required("cells", ARRAY(Text)),  # as they stood in their file, in the order of the format
    to("postings", "posting_id"),
    Index("ix_imported_movements_occurred", "tenant_id", "occurred_at"),
    key=("identity",),
)
