"""Devices: what is known about how fast they are, and how it is learnt."""
