"""GraphQL types, fields, rights and loaders; they translate and never decide."""
