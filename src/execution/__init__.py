"""A library that runs GraphQL documents; it knows no inventory."""
