"""Every list that clients page through, by area."""
