"""Reads channels, their policies and their quotas."""

from models.lists.channels import CHANNEL_POLICIES, CHANNEL_QUOTAS, CHANNELS
from services.lists import Reader

channels = Reader(CHANNELS)
policies = Reader(CHANNEL_POLICIES)
quotas = Reader(CHANNEL_QUOTAS)
