"""How each list is filtered and sorted: the input types, by area."""
