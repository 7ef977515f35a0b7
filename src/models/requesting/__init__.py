"""Statements of stock requests: their lines, reports and the search of products."""
