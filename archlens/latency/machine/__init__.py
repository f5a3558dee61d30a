"""The machine that times are taken on: what it is, what else it does meanwhile, and its memory."""
