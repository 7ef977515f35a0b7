"""Rules and use cases; each takes a session and runs inside one transaction."""
