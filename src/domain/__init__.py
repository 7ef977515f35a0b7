"""Words that every layer speaks: errors, permissions, actor, quantities, ids, pages."""
