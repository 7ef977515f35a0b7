"""Tables, every SQL statement, and sessions that see one tenant."""
