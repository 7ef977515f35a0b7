"""The documented REST API: each path runs one stored GraphQL operation of `schema/operations`."""
