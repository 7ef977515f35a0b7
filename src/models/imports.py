"""Imports: their state, their staged rows, and the movements that they have taken."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from models.base import Instant, Key, created_at, optional, required, tenant_table, to, updated_at

imports = tenant_table(
    "imports",
    required("id", Key),
    required("state", Text, "'STAGING'"),
    required("options", JSONB),
    required("report", JSONB, "'{}'"),
    required("progress", JSONB, "'{}'"),
    required("atomic", Boolean, "false"),
    required("fingerprint", LargeBinary),  # of the folder: the same folder resumes
    created_at(),
    updated_at(),
    optional("finished_at", Instant),
    CheckConstraint(
        "state in ('STAGING', 'CHECKED', 'POSTING', 'DONE', 'REFUSED', 'ABANDONED')",
        name="state_known",
    ),
)

# Rows of the files as they stand there, checked whole before anything is posted.
import_rows = tenant_table(
    "import_rows",
    required("import_id", Key),
    required("file", Key),
    required("line", Integer),
    required("cells", ARRAY(Text)),
    to("imports", "import_id"),
    key=("import_id", "file", "line"),
)

# Movements at a location that are in the ledger: a movement's identity is taken once.
imported_movements = tenant_table(
    "imported_movements",
    required("identity", LargeBinary),
    required("posting_id", Key),
    required("ordinal", Integer),
    required("sequence", BigInteger),  # the order in which they stood in their file
    required("cells", ARRAY(Text)),
    to("postings", "posting_id"),
    Index("ix_imported_movements_sequence", "tenant_id", "sequence"),
    key=("identity",),
)
