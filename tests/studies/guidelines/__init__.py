"""The guidelines of ShuffleNet V2, recomputed."""
