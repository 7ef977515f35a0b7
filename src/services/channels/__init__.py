"""Channels, their policies and their quotas."""
