"""The program itself: HTTP, commands, settings and the built-in database, put together."""
