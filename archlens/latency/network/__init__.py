"""A network that is to be timed: what runs for it, under which conditions, with which weights and data."""
