"""The four guidelines of ShuffleNet V2, recomputed: what the paper printed, beside our counts and times."""
